use std::path::Path;

use burn::tensor::{Tensor, TensorData};
use memae_data::metrics::roc_curve;
use memae_pictures::{
    Curve, CurvesPicture, FrameScores, ImageStack, ScoredModel, ScoresPicture, VideoModel,
    VideoPanel, VideoScoresPicture, WorstFrame, WorstFramesPicture,
};

use super::frame_aucs::FrameAucs;
use super::outcome::{VideoModelOutcome, VideoOutcome};
use super::source::VideoData;
use crate::ExperimentError;

/// Frames in a picture of the worst.
const WORST_FRAMES: usize = 12;

/// Of frames this close to each other only the worst is shown: they show the same thing.
const WORST_FRAMES_APART: usize = 24;

pub(super) fn save_all(outcome: &VideoOutcome, folder: &Path) -> Result<(), ExperimentError> {
    save_scores(outcome, &folder.join("scores.png"))?;
    save_roc(outcome, &folder.join("roc.png"))?;
    save_training(outcome, &folder.join("training.png"))?;
    save_curve(outcome, &folder.join("curve.png"))?;
    for model in &outcome.models {
        let file = format!("worst_frames_{}.png", model.file_name());
        save_worst_frames(outcome, model, &folder.join(file))?;
    }
    Ok(())
}

/// First frame of a video that is scored.
fn first_frame(data: &VideoData, video: usize) -> usize {
    data.test.scored_by(data.test.clips_of(video).start)
}

fn save_scores(outcome: &VideoOutcome, path: &Path) -> Result<(), ExperimentError> {
    let data = &outcome.data;
    let models: Vec<VideoModel> = outcome
        .models
        .iter()
        .map(|model| VideoModel {
            label: &model.name,
            threshold: Some(model.detector.threshold()),
        })
        .collect();
    // [video][model][frame]
    let frames: Vec<Vec<Vec<Option<f64>>>> = (0..data.test.videos())
        .map(|video| {
            let of_model =
                |model: &VideoModelOutcome| by_frame(data, video, &model.detected.scores);
            outcome.models.iter().map(of_model).collect()
        })
        .collect();
    let scores: Vec<Vec<FrameScores>> = frames
        .iter()
        .enumerate()
        .map(|(video, models)| {
            let scores = models.iter().map(move |scores| FrameScores {
                first_frame: first_frame(data, video),
                scores,
            });
            scores.collect()
        })
        .collect();
    let panels: Vec<VideoPanel> = scores
        .iter()
        .enumerate()
        .map(|(video, scores)| VideoPanel {
            title: data.test.video(video).name(),
            note: "",
            scores,
            anomalous: data.labels[video].as_deref().unwrap_or_default(),
        })
        .collect();
    VideoScoresPicture {
        title: "Anomaly scores of test videos; shaded: labelled anomalous",
        y_label: "anomaly score",
        models: &models,
        videos: &panels,
    }
    .save(path)?;
    Ok(())
}

/// The scores of a video's frames from the first scored one on; frames between clips have none.
fn by_frame(data: &VideoData, video: usize, scores: &[f64]) -> Vec<Option<f64>> {
    let clips = data.test.clips_of(video);
    let first = first_frame(data, video);
    let mut frames = vec![None; data.test.scored_by(clips.end - 1) - first + 1];
    for clip in clips {
        frames[data.test.scored_by(clip) - first] = Some(scores[clip]);
    }
    frames
}

fn save_roc(outcome: &VideoOutcome, path: &Path) -> Result<(), ExperimentError> {
    let data = &outcome.data;
    let mut labelled = Vec::new();
    let mut anomalous = Vec::new();
    for (video, labels) in data.labels.iter().enumerate() {
        let Some(labels) = labels else { continue };
        for index in data.test.clips_of(video) {
            labelled.push(index);
            anomalous.push(labels[data.test.scored_by(index)]);
        }
    }
    let mut scored = Vec::new();
    for model in &outcome.models {
        let Some(auc) = model.detected.auc else {
            return Ok(());
        };
        let scores: Vec<f64> = labelled.iter().map(|&i| model.detected.scores[i]).collect();
        let curve = roc_curve(&scores, &anomalous)?;
        let rates = curve.false_positive_rate.into_iter();
        let roc: Vec<(f64, f64)> = rates.zip(curve.true_positive_rate).collect();
        scored.push((model, scores, roc, auc.raw));
    }
    let models: Vec<ScoredModel> = scored
        .iter()
        .map(|(model, scores, roc, auc)| ScoredModel {
            label: &model.name,
            scores,
            roc,
            auc: *auc,
        })
        .collect();
    ScoresPicture {
        title: "Anomaly scores of test frames, not normalised by video",
        models: &models,
        anomalous: &anomalous,
    }
    .save(path)?;
    Ok(())
}

/// A line of a picture over epochs: its name and its points.
type Line = (String, Vec<(f64, f64)>);

fn save_training(outcome: &VideoOutcome, path: &Path) -> Result<(), ExperimentError> {
    let lines = outcome.models.iter().map(|model| {
        let points = model.history.epochs.iter().filter_map(|figures| {
            let loss = figures.train.get("Reconstruction")?;
            Some((figures.epoch as f64, *loss))
        });
        (model.name.clone(), points.collect())
    });
    save_lines("Reconstruction loss while training", "loss", lines, path)
}

/// AUC after each epoch by the mean error, where it was asked for.
fn save_curve(outcome: &VideoOutcome, path: &Path) -> Result<(), ExperimentError> {
    let lines = outcome.models.iter().flat_map(|model| {
        let line = |protocol: &str, auc: fn(&FrameAucs) -> f64| {
            let points = model.curve.iter().map(|at| (at.epoch as f64, auc(&at.auc)));
            (format!("{}, {protocol}", model.name), points.collect())
        };
        [
            line("reference", |auc| auc.reference),
            line("raw", |auc| auc.raw),
        ]
    });
    let title = "Frame-level AUC of test videos by the mean error";
    save_lines(title, "AUC", lines, path)
}

/// Draws the lines that have points, if there are any.
fn save_lines(
    title: &str,
    y_label: &str,
    lines: impl Iterator<Item = Line>,
    path: &Path,
) -> Result<(), ExperimentError> {
    let lines: Vec<Line> = lines.filter(|(_, points)| !points.is_empty()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let curves: Vec<Curve> = lines
        .iter()
        .map(|(label, points)| Curve { label, points })
        .collect();
    CurvesPicture {
        title,
        x_label: "epoch",
        y_label,
        curves: &curves,
    }
    .save(path)?;
    Ok(())
}

fn save_worst_frames(
    outcome: &VideoOutcome,
    model: &VideoModelOutcome,
    path: &Path,
) -> Result<(), ExperimentError> {
    let data = &outcome.data;
    let layout = data.test.layout();
    let shape = data.test.frame_shape();
    let pixels = shape.height * shape.width;

    let (mut frames, mut images, mut rebuilt) = (Vec::new(), Vec::new(), Vec::new());
    let (mut error_maps, mut masks) = (Vec::new(), Vec::new());
    for index in worst_clips(data, &model.detected.scores) {
        let clip = data.test.clip(index)?;
        let frame = data.test.scored_by(index);
        frames.push(WorstFrame {
            video: data.test.video(clip.video).name(),
            frame,
            score: model.detected.scores[index],
            anomalous: data.labels[clip.video].as_ref().map(|labels| labels[frame]),
        });
        let dims = [
            1,
            shape.channels,
            layout.length(),
            shape.height,
            shape.width,
        ];
        let values = TensorData::new(clip.values.clone(), dims);
        let output = model
            .detector
            .model
            .forward(Tensor::from_data(values, &outcome.device));
        let output: Vec<f32> = output.reconstruction.into_data().iter::<f32>().collect();
        let mut squares = vec![0.0; pixels];
        for channel in 0..shape.channels {
            let start = (channel * layout.length() + layout.scored_frame()) * pixels;
            let (from, to) = (&clip.values[start..][..pixels], &output[start..][..pixels]);
            for ((square, from), to) in squares.iter_mut().zip(from).zip(to) {
                *square += (from - to) * (from - to);
            }
            let level = |value: &f32| unit_level(*value, data);
            images.extend(from.iter().map(level));
            rebuilt.extend(to.iter().map(level));
        }
        error_maps.extend(squares.into_iter().map(f32::sqrt));
        masks.push(match data.masks(clip.video)? {
            Some(masks) => masks[frame].anomalous().to_vec(),
            None => Vec::new(),
        });
    }
    // Outlines are drawn where all videos have masks.
    let masks = match masks.iter().any(Vec::is_empty) {
        true => Vec::new(),
        false => masks.concat(),
    };
    let stack = |values| ImageStack::new(shape.channels, shape.height, shape.width, values);
    let (images, rebuilt) = (stack(images)?, stack(rebuilt)?);
    WorstFramesPicture {
        title: &format!(
            "{}: frames with the highest scores, and their errors",
            model.name
        ),
        frames: &frames,
        images: &images,
        reconstructions: Some(&rebuilt),
        error_maps: &error_maps,
        masks: &masks,
    }
    .save(path)?;
    Ok(())
}

/// A value of the network as a level in `[0, 1]`.
fn unit_level(value: f32, data: &VideoData) -> f32 {
    let values = data.test.range().values();
    (value - values[0]) / (values[255] - values[0])
}

/// The clips with the highest scores, no two of them of neighbouring frames, the highest first.
fn worst_clips(data: &VideoData, scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let apart = WORST_FRAMES_APART.div_ceil(data.test.layout().stride());
    let video_of =
        |clip: usize| (0..data.test.videos()).find(|v| data.test.clips_of(*v).contains(&clip));
    let mut worst: Vec<usize> = Vec::new();
    for clip in order {
        let near =
            |other: &usize| clip.abs_diff(*other) < apart && video_of(clip) == video_of(*other);
        if worst.len() < WORST_FRAMES && !worst.iter().any(near) {
            worst.push(clip);
        }
    }
    worst
}
