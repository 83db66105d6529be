//! Videos.

use std::path::PathBuf;

use memae::artefact::Suspect;
use memae::data::dataset::videos_in;
use memae::data::encode::{Clips, VideoPreprocessing};
use memae::data::format::shown;
use memae::data::sample::{Video, VideoConfig};
use memae::detect::VideoDetector;
use memae::samples::{Grouped, Runs, Samples, Selection};

use super::held_out::flagged;
use super::provenance::{provenance, suspects};
use super::training::{Training, listed, report, trained_on};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::recipe::{VideoRecipe, VideoSettings};

/// Clips that the rule's scale is fitted on.
const FIT_CLIPS: usize = 512;
/// Stretches that a recording is divided into where there are too few for each part to have its own.
const STRETCHES: usize = 10;

pub(super) fn train(training: &Training<'_>) -> Result<Outcome, Failure> {
    let options = training.options;
    let device = training.shared.device()?;
    let opening = VideoConfig::default();
    let videos = videos(training, &opening)?;
    let recipe = VideoRecipe::new(VideoSettings {
        size: options.size,
        epochs: options.epochs,
        items: options.items,
        seed: options.seed,
    });
    let cutting = recipe.clips();
    let clips = cutting.open(&videos)?;
    let (indices, groups) = groups(&clips);
    let in_stretches = videos.len() < 3;
    let samples = Grouped::new(
        Selection::new(clips.clone(), indices.clone()),
        groups.clone(),
    );
    let parts = training.parts();
    let network = recipe.network()?;
    let config = recipe
        .training(trained_on(samples.len(), &parts))
        .with_parts(Some(parts));
    training.note(format_args!(
        "{} videos, {} clips{}, {} passes",
        videos.len(),
        clips.len(),
        match in_stretches {
            true => format!(", divided into stretches of each video: {STRETCHES}"),
            false => String::new(),
        },
        config.epochs
    ));
    let trained = training.trainer(&config, &device).fit(&network, &samples)?;
    let parts = trained.parts;

    let on = Selection::new(samples.clone(), parts.train.clone());
    let fit_on = Runs::spread(on, FIT_CLIPS, 1);
    let detector = VideoDetector::fit(trained.model, network, recipe.detector(), &fit_on, &device)?
        .with_preprocessing(VideoPreprocessing::new(&opening, &cutting))?;
    let held_out = Selection::new(samples.clone(), parts.calibrate.clone());
    let held_out_groups: Vec<usize> = parts.calibrate.iter().map(|&index| groups[index]).collect();
    let detector = detector.calibrate(&held_out, Some(&held_out_groups), options.rate, &device)?;
    let verdicts = detector.detect(&samples, &device)?;
    let data = format!("{} videos from {}", videos.len(), listed(&options.normal));
    let suspects = suspects(&verdicts, |sample, score| {
        let clip = indices[sample];
        let video = (0..clips.videos()).find(|&video| clips.clips_of(video).contains(&clip));
        let name = video.map_or(String::new(), |video| clips.video(video).name().to_string());
        Suspect::new(format!("{name}: frame {}", clips.scored_by(clip)), score)
    });
    let provenance = provenance(options, data, &config, &parts, suspects)?;
    let detector = detector.with_provenance(provenance);
    detector.save(&options.out)?;
    report(
        training,
        detector.detection_threshold(),
        flagged(&verdicts, &parts.select),
    )?;
    Ok(Outcome::default())
}

fn videos(training: &Training<'_>, opening: &VideoConfig) -> Result<Vec<Video>, Failure> {
    let mut videos = Vec::new();
    for path in &training.options.normal {
        if !path.is_dir() {
            videos.push(opening.open_file(path)?);
            continue;
        }
        let found = videos_in(sets(path), opening)?;
        if !found.passed_over.is_empty() {
            training.note(format_args!("{}: {}", shown(path), found.passed_over));
        }
        videos.extend(found.videos);
    }
    Ok(videos)
}

/// The folder of videos, in a folder of training and test videos that of the training.
fn sets(folder: &std::path::Path) -> PathBuf {
    let training = ["training/frames", "training/videos", "training", "train"];
    let sets = training.iter().map(|set| folder.join(set));
    sets.into_iter()
        .find(|set| set.is_dir())
        .unwrap_or_else(|| folder.to_path_buf())
}

/// The clips that are used, and the group of each: its video; of one or two videos a stretch of it, without the clips that reach
/// from one into the next.
fn groups(clips: &Clips) -> (Vec<usize>, Vec<usize>) {
    if clips.videos() >= 3 {
        let groups = Samples::groups(clips).unwrap_or_default();
        return ((0..clips.len()).collect(), groups);
    }
    let reach = clips.layout().span();
    let mut used = (Vec::new(), Vec::new());
    for video in 0..clips.videos() {
        let frames = clips.frames_in(video);
        let length = frames.div_ceil(STRETCHES).max(1);
        for clip in clips.clips_of(video) {
            let first = clips.first_frame(clip);
            let stretch = first / length;
            if (first + reach - 1) / length == stretch || length < 2 * reach {
                used.0.push(clip);
                used.1.push(video * STRETCHES + stretch.min(STRETCHES - 1));
            }
        }
    }
    used
}
