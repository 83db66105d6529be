//! The motion in videos.

use std::path::Path;

use burn::tensor::Device;
use memae::artefact::Suspect;
use memae::data::encode::{MotionDraw, MotionPreprocessing};
use memae::data::format::shown;
use memae::data::protocol::{Calibration, NormalParts};
use memae::data::sample::{Vectors, VideoConfig};
use memae::detect::{DetectionThreshold, MotionDetector};
use memae::score::evaluate_samples;
use serde::Serialize;

use super::motion_frames::{Frames, first_size};
use super::provenance::{Facts, provenance, suspects};
use super::training::{Training, listed, report};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::normal_videos;
use crate::motion_notes::MotionNotes;
use crate::recipe::{MotionRecipe, VideoSettings};

/// Nothing is known to move in a single frame.
const FEWEST_TRAINED_ON: usize = 2;
/// Queries that the network takes at once.
const BATCH_SIZE: usize = 4096;

/// How it was made, for the detector's file.
#[derive(Serialize)]
struct Settings {
    motion_memory: memae::train::MotionMemoryConfig,
}

pub(super) fn train(training: &Training<'_>, opening: VideoConfig) -> Result<Outcome, Failure> {
    let options = training.options;
    let device = training.shared.device()?;
    let opening = match options.image_rate {
        Some(rate) => opening.with_image_rate(rate),
        None => opening,
    };
    let recipe = MotionRecipe::new(VideoSettings {
        size: options.size,
        epochs: None,
        items: options.items,
        seed: options.seed,
    });
    let whole = normal_videos(&options.normal, &opening)?;
    let stored = first_size(&whole.videos)?;
    let way = recipe.way(&opening, stored, slowest(&whole.videos)?)?;
    // Opened again, as the detector will open others.
    let mut found = normal_videos(&options.normal, way.opening())?;
    for passed_over in &found.passed_over {
        training.note(passed_over);
    }
    let frames = Frames::of(&mut found, &way)?;
    let (height, width) = way.format().size.unwrap_or(stored);
    training.note(format_args!(
        "{} videos, {} frames of {height}x{width} at {:.2} a second{}",
        frames.videos(),
        frames.len(),
        way.rate(),
        frames
            .stretches()
            .map_or(String::new(), |stretches| format!(
                ", divided into {stretches} stretches"
            ))
    ));
    let lesson = Lesson {
        training,
        recipe: &recipe,
        frames: &frames,
        way: &way,
        device: &device,
    };
    let division = training
        .protocol()
        .divide(frames.groups(), FEWEST_TRAINED_ON)?;
    let folds = training.fold_by_fold(&division, |parts, _| {
        let (detector, _) = lesson.taught(parts)?;
        let scores = lesson.scores(
            &detector,
            Some(&parts.calibrate),
            &mut MotionNotes::default(),
        )?;
        lesson.calibration(&scores, &parts.calibrate)
    })?;
    let parts = &division.kept;
    let (detector, queries) = lesson.taught(parts)?;
    let usage = evaluate_samples(&detector.model, &queries, BATCH_SIZE, &device)
        .map_err(|error| Failure::Other(error.to_string()))?
        .usage;
    let mut notes = MotionNotes::default();
    let scores = lesson.scores(&detector, None, &mut notes)?;
    for text in notes.texts() {
        training.note(text);
    }
    let threshold = match folds.is_empty() {
        true => {
            let calibration = lesson.calibration(&scores, &parts.calibrate)?;
            DetectionThreshold::held_out(calibration, options.rate)?
        }
        false => DetectionThreshold::of_folds(&folds, options.rate)?,
    };
    let detector = detector.with_threshold(threshold);
    let (of_frames, scored): (Vec<f64>, Vec<usize>) = known(&scores).unzip();
    let suspects = suspects(&of_frames, |index, score| {
        Suspect::new(frames.name(scored[index]), score)
    });
    let of_select = parts.select.iter().filter_map(|&frame| scores[frame]);
    let of_select: Vec<bool> = of_select
        .map(|score| score > detector.threshold())
        .collect();
    let above = of_select.iter().filter(|above| **above).count();
    let flagged = (above, of_select.len());
    let facts = Facts {
        data: format!(
            "{} videos from {}",
            frames.videos(),
            listed(&options.normal)
        ),
        suspects,
        flagged,
        usage,
    };
    let settings = Settings {
        motion_memory: recipe.memory(),
    };
    let detector = detector.with_provenance(provenance(training, &settings, parts, facts)?);
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    found.left_out.report(training.shared.quiet);
    Ok(Outcome {
        left_out: found.left_out.count() > 0,
        anomalies: false,
    })
}

/// What every training on the same videos has in common.
struct Lesson<'a> {
    training: &'a Training<'a>,
    recipe: &'a MotionRecipe,
    frames: &'a Frames,
    way: &'a MotionPreprocessing,
    device: &'a Device,
}

impl Lesson<'_> {
    /// A detector of what moves in the part to train on, and queries drawn from there. Its threshold is yet to be chosen.
    fn taught(&self, parts: &NormalParts) -> Result<(MotionDetector, Vectors), Failure> {
        let config = self.recipe.memory();
        let mut drawn = MotionDraw::new(config.queries, config.seed);
        self.frames
            .visit(self.way, Some(&parts.train), |_, motion| {
                if let Some(field) = &motion.field {
                    drawn.push(field);
                }
                Ok(())
            })?;
        let queries = drawn.vectors();
        let (model, network) = config.fit(&queries, self.device)?;
        self.training.note(format_args!(
            "{} items of {} queries",
            network.memory.as_ref().map_or(0, |memory| memory.num_items),
            queries.len()
        ));
        let unknown = DetectionThreshold::given(0.0, None)
            .ok_or_else(|| Failure::Other("0 is no threshold".to_string()))?;
        let detector = MotionDetector::new(model, network, self.way.clone(), unknown)?;
        Ok((detector, queries))
    }

    /// The score of each frame of a part, or of all; `None` of others, and where no motion is known.
    fn scores(
        &self,
        detector: &MotionDetector,
        of: Option<&[usize]>,
        notes: &mut MotionNotes,
    ) -> Result<Vec<Option<f64>>, Failure> {
        let mut scores = vec![None; self.frames.len()];
        self.frames.visit(self.way, of, |frame, motion| {
            let verdict = detector.verdict(frame as u64, motion, self.device)?;
            let (video, number) = self.frames.place(frame);
            notes.add(video, number as u64, &verdict);
            scores[frame] = verdict.score.map(|score| score.verdict.score);
            Ok(())
        })?;
        Ok(scores)
    }

    /// The scores that a threshold is chosen by, in their groups.
    fn calibration(&self, scores: &[Option<f64>], part: &[usize]) -> Result<Calibration, Failure> {
        let groups = self.frames.groups();
        let known = part
            .iter()
            .filter_map(|&frame| Some((scores[frame]?, groups[frame])));
        let (scores, groups): (Vec<f64>, Vec<usize>) = known.unzip();
        Ok(Calibration::in_groups(&scores, &groups)?)
    }
}

/// The scores that are known, with their frames.
fn known(scores: &[Option<f64>]) -> impl Iterator<Item = (f64, usize)> {
    let numbered = scores.iter().zip(0..);
    numbered.filter_map(|(score, frame)| Some(((*score)?, frame)))
}

/// The rate that all videos can be brought to: that of the one which has the fewest frames a second.
fn slowest(videos: &[memae::data::sample::Video]) -> Result<f64, Failure> {
    let mut slowest = f64::INFINITY;
    for video in videos {
        match video.frame_rate()? {
            Some(rate) => slowest = slowest.min(rate),
            None => return Err(without_rate(video.path())),
        }
    }
    Ok(slowest)
}

fn without_rate(path: &Path) -> Failure {
    Failure::Other(format!(
        "{}: found frames without times, expected --image-rate, which says how many there are a second",
        shown(path)
    ))
}
