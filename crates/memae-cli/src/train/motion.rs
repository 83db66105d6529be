//! The motion in videos.

use burn::tensor::Device;
use memae::data::protocol::NormalParts;
use memae::data::sample::VideoConfig;
use memae::detect::{DetectionThreshold, MotionDetector, MotionScorer};
use memae::score::evaluate_samples;
use serde::Serialize;

use super::footage::{Footage, Opened};
use super::frame_scores::FrameScores;
use super::motion_lesson::MotionLesson;
use super::provenance::{Facts, provenance};
use super::training::{Training, listed, report};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::motion_notes::MotionNotes;
use crate::recipe::{MotionRecipe, VideoSettings};

/// Queries that the network takes at once.
const BATCH_SIZE: usize = 4096;

/// How it was made, for the detector's file.
#[derive(Serialize)]
struct Settings {
    motion_memory: memae::train::MotionMemoryConfig,
}

pub(super) fn train(training: &Training<'_>, opening: &VideoConfig) -> Result<Outcome, Failure> {
    let options = training.options;
    let device = training.shared.device()?;
    let recipe = MotionRecipe::new(VideoSettings {
        size: options.size,
        epochs: None,
        items: options.items,
        seed: options.seed,
    });
    let opened = Opened::open(training, opening, &recipe)?;
    let reach = opened.way.layout()?.frames() + 1;
    let footage = opened.decode(training, reach)?;
    let Footage { frames, way, .. } = &footage;
    let lesson = MotionLesson {
        training,
        recipe: &recipe,
        frames,
        way,
        device: &device,
    };
    let division = training.protocol().divide(frames.groups(), reach)?;
    let folds = training.fold_by_fold(&division, |parts, _| {
        let (scorer, _) = lesson.taught(parts)?;
        let part = Some(parts.calibrate.as_slice());
        let scores = scored(
            &footage,
            &scorer,
            part,
            &mut MotionNotes::default(),
            &device,
        )?;
        scores.calibration(&parts.calibrate)
    })?;
    let parts: &NormalParts = &division.kept;
    let (scorer, queries) = lesson.taught(parts)?;
    let usage = evaluate_samples(&scorer.model, &queries, BATCH_SIZE, &device)
        .map_err(|error| Failure::Other(error.to_string()))?
        .usage;
    let mut notes = MotionNotes::default();
    let scores = scored(&footage, &scorer, None, &mut notes, &device)?;
    for text in notes.texts() {
        training.note(text);
    }
    let threshold = match folds.is_empty() {
        true => DetectionThreshold::held_out(scores.calibration(&parts.calibrate)?, options.rate)?,
        false => DetectionThreshold::of_folds(&folds, options.rate)?,
    };
    let flagged = scores.flagged(&parts.select, &threshold);
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
        motion_memory: recipe.memory(),
    };
    let detector = MotionDetector::new(scorer, threshold)
        .with_provenance(provenance(training, &settings, parts, facts)?);
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    footage.left_out.report(training.shared.quiet);
    Ok(Outcome {
        left_out: footage.left_out.count() > 0,
        anomalies: false,
    })
}

/// The score of each frame of a part, or of all whose motion is known.
fn scored<'a>(
    footage: &'a Footage,
    scorer: &MotionScorer,
    part: Option<&[usize]>,
    notes: &mut MotionNotes,
    device: &Device,
) -> Result<FrameScores<'a>, Failure> {
    let frames = &footage.frames;
    let mut scores = vec![None; frames.len()];
    frames.visit_motion(&footage.way, part, |frame, motion| {
        let (video, number) = frames.place(frame);
        notes.add(video, number as u64, motion.cut, motion.camera);
        if let Some(field) = &motion.field {
            let distances = scorer.distances(frame as u64, field, device)?;
            scores[frame] = Some(distances.score);
        }
        Ok(())
    })?;
    Ok(FrameScores { frames, scores })
}
