//! The motion in videos.

use std::path::Path;

use burn::tensor::Device;
use memae::artefact::Suspect;
use memae::data::encode::{MotionDraw, MotionPreprocessing};
use memae::data::format::shown;
use memae::data::protocol::{Calibration, NormalParts};
use memae::data::sample::{Vectors, Video, VideoConfig};
use memae::detect::{DetectionThreshold, MotionDetector, MotionScorer};
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
use crate::wording::in_options;

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
    frames.gaps(&mut found.left_out)?;
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
        .divide(frames.groups(), way.layout()?.frames() + 1)?;
    let folds = training.fold_by_fold(&division, |parts, _| {
        let (scorer, _) = lesson.taught(parts)?;
        let scores = lesson.scores(&scorer, Some(&parts.calibrate), &mut MotionNotes::default())?;
        lesson.calibration(&scores, &parts.calibrate)
    })?;
    let parts = &division.kept;
    let (scorer, queries) = lesson.taught(parts)?;
    let usage = evaluate_samples(&scorer.model, &queries, BATCH_SIZE, &device)
        .map_err(|error| Failure::Other(error.to_string()))?
        .usage;
    let mut notes = MotionNotes::default();
    let scores = lesson.scores(&scorer, None, &mut notes)?;
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
    let detector = MotionDetector::new(scorer, threshold);
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
    /// A scorer by what moves in the part to train on, and queries drawn from there.
    fn taught(&self, parts: &NormalParts) -> Result<(MotionScorer, Vectors), Failure> {
        let config = self.recipe.memory();
        let layout = self.way.layout()?;
        let mut drawn = MotionDraw::new(&layout, config.queries, config.seed);
        self.frames
            .visit(self.way, Some(&parts.train), |_, motion| {
                if let Some(field) = &motion.field {
                    drawn.push(field);
                }
                Ok(())
            })?;
        let queries = drawn.vectors();
        let (model, network) = config.fit(&layout, &queries, self.device)?;
        self.training.note(format_args!(
            "{} items of {} queries",
            network.memory.as_ref().map_or(0, |memory| memory.num_items),
            queries.len()
        ));
        let scorer = MotionScorer::new(model, network, self.way.clone())?;
        Ok((scorer, queries))
    }

    /// The score of each frame of a part, or of all; `None` of others, and where no motion is known.
    fn scores(
        &self,
        scorer: &MotionScorer,
        of: Option<&[usize]>,
        notes: &mut MotionNotes,
    ) -> Result<Vec<Option<f64>>, Failure> {
        let mut scores = vec![None; self.frames.len()];
        self.frames.visit(self.way, of, |frame, motion| {
            let (video, number) = self.frames.place(frame);
            notes.add(video, number as u64, motion);
            if let Some(field) = &motion.field {
                let distances = scorer.distances(frame as u64, field, self.device)?;
                scores[frame] = Some(distances.score);
            }
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

/// The rate that all videos can be brought to: that of the one which has the fewest frames a second. A file whose frames can't be
/// listed says nothing of it, if others do: what can't be decoded is left out later on.
fn slowest(videos: &[Video]) -> Result<f64, Failure> {
    let mut slowest = None;
    let mut problem = None;
    for video in videos {
        match video.frame_rate() {
            Ok(Some(rate)) => {
                slowest = Some(slowest.map_or(rate, |slowest: f64| slowest.min(rate)))
            }
            Ok(None) => return Err(without_rate(video.path())),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    match (slowest, problem) {
        (Some(rate), _) => Ok(rate),
        (None, Some(error)) => Err(Failure::Other(in_options(&error.to_string()))),
        (None, None) => Err(Failure::Other(
            "found no video, expected at least one".to_string(),
        )),
    }
}

fn without_rate(path: &Path) -> Failure {
    Failure::Other(format!(
        "{}: found frames without times, expected --image-rate, which says how many there are a second",
        shown(path)
    ))
}
