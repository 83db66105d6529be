//! How videos look and how they move.

use std::collections::HashMap;

use memae::data::encode::{Clips, JointPreprocessing};
use memae::data::protocol::NormalParts;
use memae::data::sample::VideoConfig;
use memae::detect::{
    DetectionThreshold, JointDetector, JointDetectorError, JointParts, JointRule, JointScale,
};
use memae::samples::{Grouped, Selection};
use memae::train::{MotionMemoryConfig, TrainConfig};
use serde::Serialize;

use super::clip_lesson::ClipLesson;
use super::footage::{Footage, Opened};
use super::frame_scores::FrameScores;
use super::motion_frames::Frames;
use super::motion_lesson::MotionLesson;
use super::provenance::{Facts, provenance};
use super::training::{Training, listed, report};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::motion_notes::MotionNotes;
use crate::recipe::{MotionRecipe, VideoRecipe, VideoSettings};

/// How it was made, for the detector's file.
#[derive(Serialize)]
struct Settings {
    network: TrainConfig,
    motion_memory: MotionMemoryConfig,
}

pub(super) fn train(training: &Training<'_>, opening: &VideoConfig) -> Result<Outcome, Failure> {
    let options = training.options;
    let device = training.shared.device()?;
    // The options are of the network: motion has settings of its own, which need none.
    let of_clips = VideoRecipe::new(VideoSettings {
        size: options.size,
        epochs: options.epochs,
        items: options.items,
        seed: options.seed,
    });
    let of_motion = MotionRecipe::new(VideoSettings {
        seed: options.seed,
        ..VideoSettings::default()
    });
    let cutting = of_clips.clips();
    let span = cutting.layout.span();
    let mut opened = Opened::open(training, opening, &of_motion)?;
    let way = JointPreprocessing::new(&cutting, opened.way.clone());
    let way = way.map_err(JointDetectorError::from)?;
    // Before frames are divided: a video without clips has no part in anything.
    let clips = opened.found.clips(&cutting)?;
    let reach = span.max(way.motion().layout()?.frames() + 1) + span;
    let footage = opened.decode(training, reach)?;
    let Footage { frames, .. } = &footage;
    let (indices, groups) = within_groups(&clips, frames);
    let samples = Grouped::new(Selection::new(clips.clone(), indices), groups.clone());
    let about = format!("{} videos, {} clips", clips.videos(), groups.len());
    let lesson = Lesson {
        clips: ClipLesson {
            training,
            recipe: &of_clips,
            samples: &samples,
            about: &about,
            preprocessing: way.appearance(),
            device: &device,
        },
        motion: MotionLesson {
            training,
            recipe: &of_motion,
            frames,
            way: way.motion(),
            device: &device,
        },
        groups_of_clips: &groups,
    };
    let division = training.protocol().divide(frames.groups(), 2 * span)?;
    let folds = training.fold_by_fold(&division, |parts, label| {
        let taught = lesson.taught(parts, label)?;
        let scored: Vec<usize> = [parts.select.as_slice(), &parts.calibrate].concat();
        let both = lesson.scored(&taught.parts, Some(&scored), &mut MotionNotes::default())?;
        let scale = scale(&both, &parts.select, &taught.parts)?;
        joined(&both, &scale, frames).calibration(&parts.calibrate)
    })?;
    let parts = &division.kept;
    let taught = lesson.taught(parts, "training")?;
    let mut notes = MotionNotes::default();
    let both = lesson.scored(&taught.parts, None, &mut notes)?;
    for text in notes.texts() {
        training.note(text);
    }
    let scale = scale(&both, &parts.select, &taught.parts)?;
    let scores = joined(&both, &scale, frames);
    let threshold = match folds.is_empty() {
        true => DetectionThreshold::held_out(scores.calibration(&parts.calibrate)?, options.rate)?,
        false => DetectionThreshold::of_folds(&folds, options.rate)?,
    };
    let flagged = scores.flagged(&parts.select, &threshold);
    let usage = lesson
        .clips
        .usage(taught.parts.appearance(), &lesson.of_clips(parts))?;
    training.note_memory(usage.as_ref());
    let facts = Facts {
        data: format!(
            "{} videos from {}",
            frames.videos().len(),
            listed(&options.normal)
        ),
        suspects: scores.suspects(),
        flagged,
        usage,
    };
    let settings = Settings {
        network: taught.config,
        motion_memory: of_motion.memory(),
    };
    let detector = JointDetector::new(taught.parts, scale, threshold)
        .with_provenance(provenance(training, &settings, parts, facts)?);
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    footage.left_out.report(training.shared.quiet);
    Ok(Outcome {
        left_out: footage.left_out.count() > 0,
        anomalies: false,
    })
}

/// What every training on the same videos has in common.
struct Lesson<'a> {
    clips: ClipLesson<'a>,
    motion: MotionLesson<'a>,
    groups_of_clips: &'a [usize],
}

/// What was learned.
struct Taught {
    parts: JointParts,
    config: TrainConfig,
}

impl Lesson<'_> {
    fn taught(&self, parts: &NormalParts, label: &str) -> Result<Taught, Failure> {
        let (motion, _) = self.motion.taught(parts)?;
        let (appearance, config) = self.clips.taught(&self.of_clips(parts), label)?;
        Ok(Taught {
            parts: JointParts::new(appearance, motion)?,
            config,
        })
    }

    /// The clips of parts of the frames.
    fn of_clips(&self, parts: &NormalParts) -> NormalParts {
        let groups = self.motion.frames.groups();
        let mut part_of = HashMap::new();
        for (part, frames) in [&parts.train, &parts.select, &parts.calibrate]
            .into_iter()
            .enumerate()
        {
            part_of.extend(frames.iter().map(|&frame| (groups[frame], part)));
        }
        let of = |part: usize| {
            let numbered = self.groups_of_clips.iter().enumerate();
            let clips = numbered.filter(|(_, group)| part_of.get(*group) == Some(&part));
            clips.map(|(clip, _)| clip).collect()
        };
        NormalParts::new(of(0), of(1), of(2))
    }

    /// What both parts say of each frame of a part, or of all that both score.
    fn scored(
        &self,
        parts: &JointParts,
        part: Option<&[usize]>,
        notes: &mut MotionNotes,
    ) -> Result<Vec<Option<[f64; 2]>>, Failure> {
        let frames = self.motion.frames;
        let mut both = vec![None; frames.len()];
        let mut stream = parts.stream(self.motion.device)?;
        // Which frame the stream calls by each number.
        let mut pushed = Vec::new();
        let format = parts.preprocessing().format();
        frames.visit(&format, part, |frame, begins, pixels| {
            if begins {
                stream.restart();
            }
            pushed.push(frame);
            let found = stream.push(pixels)?;
            let (video, number) = frames.place(frame);
            notes.add(video, number as u64, found.cut, found.camera);
            if let Some(scores) = found.scores {
                both[pushed[scores.frame as usize]] = Some(scores.both());
            }
            Ok(())
        })?;
        Ok(both)
    }
}

/// The clips that lie in one group of frames, with that.
fn within_groups(clips: &Clips, frames: &Frames) -> (Vec<usize>, Vec<usize>) {
    let last = clips.layout().span() - 1;
    let groups = frames.groups();
    let within = (0..clips.videos()).flat_map(|video| {
        let path = clips.video(video).path();
        // Frames are of fewer videos where some can't be decoded as motion needs them.
        let whole = frames.videos().iter();
        let place = whole.into_iter().position(|other| other.path() == path);
        clips.clips_of(video).filter_map(move |clip| {
            let first = frames.frame_of(place?, clips.first_frame(clip));
            (groups[first] == groups[first + last]).then_some((clip, groups[first]))
        })
    });
    within.unzip()
}

/// How rare scores are among those of a part that nothing was trained on.
fn scale(
    both: &[Option<[f64; 2]>],
    part: &[usize],
    parts: &JointParts,
) -> Result<JointScale, Failure> {
    let normal: Vec<[f64; 2]> = part.iter().filter_map(|&frame| both[frame]).collect();
    if normal.is_empty() {
        let expected = parts.reach()?;
        return Err(JointDetectorError::NoFrames { expected }.into());
    }
    Ok(JointScale::fit(JointRule::default(), normal)?)
}

fn joined<'a>(
    both: &[Option<[f64; 2]>],
    scale: &JointScale,
    frames: &'a Frames,
) -> FrameScores<'a> {
    let scores = both.iter();
    FrameScores {
        frames,
        scores: scores
            .map(|both| both.map(|both| scale.score(both)))
            .collect(),
    }
}
