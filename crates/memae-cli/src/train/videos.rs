//! Videos.

use memae::artefact::Suspect;
use memae::data::encode::{Clips, VideoPreprocessing};
use memae::data::format::DamagePolicy;
use memae::data::protocol::NormalParts;
use memae::data::sample::VideoConfig;
use memae::detect::DetectionThreshold;
use memae::samples::{Grouped, Samples, Selection};

use super::clip_lesson::ClipLesson;
use super::held_out::flagged;
use super::method::Method;
use super::provenance::{Facts, provenance, scores_of, suspects};
use super::stretches::{FEWEST, STRETCHES, stretch};
use super::training::{Training, listed, report};
use super::{joint, motion};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::normal_videos;
use crate::left_out::GapFound;
use crate::recipe::{VideoRecipe, VideoSettings};

/// A network learns nothing of one clip.
const FEWEST_TRAINED_ON: usize = 2;

pub(super) fn train(training: &Training<'_>) -> Result<Outcome, Failure> {
    let options = training.options;
    let opening = match options.leave_out_damage {
        true => VideoConfig::default().with_damage(DamagePolicy::LeaveOut),
        false => VideoConfig::default(),
    };
    match options.method {
        Some(Method::Memory) => motion::train(training, &opening),
        Some(Method::Both) => joint::train(training, &opening),
        _ => train_network(training, &opening),
    }
}

fn train_network(training: &Training<'_>, opening: &VideoConfig) -> Result<Outcome, Failure> {
    let options = training.options;
    let device = training.shared.device()?;
    let mut found = normal_videos(&options.normal, opening)?;
    for passed_over in &found.passed_over {
        training.note(passed_over);
    }
    let recipe = VideoRecipe::new(VideoSettings {
        size: options.size,
        epochs: options.epochs,
        items: options.items,
        seed: options.seed,
    });
    let cutting = recipe.clips();
    let clips = found.clips(&cutting)?;
    let Cut {
        indices,
        groups,
        stretches,
    } = divided(&clips)?;
    for video in 0..clips.videos() {
        for gap in clips.gaps_of(video) {
            let gap = GapFound::in_file(clips.video(video).path(), *gap);
            found.left_out.add_gap(&gap);
        }
    }
    let samples = Grouped::new(
        Selection::new(clips.clone(), indices.clone()),
        groups.clone(),
    );
    let protocol = training.protocol();
    let division = protocol.divide(&groups, FEWEST_TRAINED_ON)?;
    let stretches = stretches.map_or(String::new(), |stretches| {
        format!(", divided into {stretches} stretches")
    });
    let lesson = ClipLesson {
        training,
        recipe: &recipe,
        samples: &samples,
        about: &format!(
            "{} videos, {} clips{stretches}",
            clips.videos(),
            samples.len()
        ),
        preprocessing: &VideoPreprocessing::new(opening, &cutting),
        device: &device,
    };
    let held_out = |parts: &NormalParts| {
        let of: Vec<usize> = parts.calibrate.iter().map(|&index| groups[index]).collect();
        (Selection::new(samples.clone(), parts.calibrate.clone()), of)
    };
    let folds = training.fold_by_fold(&division, |parts, label| {
        let (detector, _) = lesson.taught(parts, label)?;
        let (clips, of) = held_out(parts);
        Ok(detector.calibration(&clips, Some(&of), &device)?)
    })?;
    let parts = &division.kept;
    let (detector, config) = lesson.taught(parts, "training")?;
    let usage = lesson.usage(&detector, parts)?;
    training.note_memory(usage.as_ref());
    let detector = match folds.is_empty() {
        true => {
            let (clips, of) = held_out(parts);
            detector.calibrate(&clips, Some(&of), options.rate, &device)?
        }
        false => detector.with_threshold(DetectionThreshold::of_folds(&folds, options.rate)?),
    };
    let verdicts = detector.detect(&samples, &device)?;
    let data = format!("{} videos from {}", clips.videos(), listed(&options.normal));
    let suspects = suspects(&scores_of(&verdicts), |sample, score| {
        let clip = indices[sample];
        let video = (0..clips.videos()).find(|&video| clips.clips_of(video).contains(&clip));
        let name = video.map_or(String::new(), |video| clips.video(video).name().to_string());
        Suspect::new(format!("{name}: frame {}", clips.scored_by(clip)), score)
    });
    let flagged = flagged(&verdicts, &parts.select);
    let facts = Facts {
        data,
        suspects,
        flagged,
        usage,
    };
    let provenance = provenance(training, &config, parts, facts)?;
    let detector = detector.with_provenance(provenance);
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    found.left_out.report(training.shared.quiet);
    Ok(Outcome {
        left_out: found.left_out.count() > 0,
        anomalies: false,
    })
}

/// Clips in groups that may be held out.
struct Cut {
    /// The clips that are used.
    indices: Vec<usize>,
    /// The group of each of them.
    groups: Vec<usize>,
    /// How many stretches the videos are divided into, if they are.
    stretches: Option<usize>,
}

/// A group is a whole video; of one or two videos a stretch of it, without the clips that reach from one into the next.
fn divided(clips: &Clips) -> Result<Cut, Failure> {
    if clips.videos() >= 3 {
        let groups = Samples::groups(clips).unwrap_or_default();
        return Ok(Cut {
            indices: (0..clips.len()).collect(),
            groups,
            stretches: None,
        });
    }
    let reach = clips.layout().span();
    let (mut indices, mut groups) = (Vec::new(), Vec::new());
    for video in 0..clips.videos() {
        let frames = clips.frames_in(video);
        let length = stretch(frames, reach);
        for clip in clips.clips_of(video) {
            let first = clips.first_frame(clip);
            if first / length == (first + reach - 1) / length {
                indices.push(clip);
                groups.push(video * STRETCHES + first / length);
            }
        }
    }
    let stretches = groups.chunk_by(|a, b| a == b).count();
    match stretches >= FEWEST {
        true => Ok(Cut {
            indices,
            groups,
            stretches: Some(stretches),
        }),
        false => {
            let longest = (0..clips.videos())
                .map(|video| clips.frames_in(video))
                .max();
            Err(Failure::Other(format!(
                "{}: found {} frames, expected at least {} in one video, or {FEWEST} videos, so that frames can be held out that no \
                 clip of the training reaches",
                clips.video(0).name(),
                longest.unwrap_or(0),
                FEWEST * 2 * reach
            )))
        }
    }
}
