use std::path::Path;

use memae_core::MemoryUsage;
use memae_data::metrics::roc_curve;
use memae_data::sample::LabeledImages;
use memae_models::samples::ImageBatcher;
use memae_models::score::{error_maps, reconstruct};
use memae_models::train::TrainHistory;
use memae_pictures::{
    AddressedSample, AddressingPicture, Curve, CurvesPicture, ErrorMapRow, ImageStack,
    MemoryPicture, PictureError, ReconstructionRow, ReconstructionsPicture, ScoredModel,
    ScoresPicture,
};

use super::outcome::{ModelOutcome, Outcome};
use super::prototypes::to_host;
use crate::ExperimentError;

const BATCH_SIZE: usize = 128;
/// Columns of a picture of reconstructions.
const NORMAL_SAMPLES: usize = 9;
const ANOMALOUS_SAMPLES: usize = 9;
/// Lines of the picture of the addressing, normal and anomalous each.
const ADDRESSED_SAMPLES: usize = 4;
/// Items shown for each of them.
const ITEMS_SHOWN: usize = 6;

pub(super) fn save_all(outcome: &Outcome, folder: &Path) -> Result<(), ExperimentError> {
    save_memory(outcome, &folder.join("memory.png"))?;
    let samples = [
        normal_samples(outcome, NORMAL_SAMPLES),
        anomalous_samples(outcome, ANOMALOUS_SAMPLES),
    ]
    .concat();
    save_reconstructions(outcome, &samples, &folder.join("reconstructions.png"))?;
    save_addressing(outcome, &folder.join("addressing.png"))?;
    save_scores(outcome, &folder.join("scores.png"))?;
    save_training(outcome, &folder.join("training.png"))
}

pub(super) fn save_class(outcome: &Outcome, class: u8, path: &Path) -> Result<(), ExperimentError> {
    let mut samples = outcome.split.test.indices_of(class);
    samples.truncate(NORMAL_SAMPLES + ANOMALOUS_SAMPLES);
    save_reconstructions(outcome, &samples, path)
}

fn normal_samples(outcome: &Outcome, most: usize) -> Vec<usize> {
    let split = &outcome.split;
    let normal = (0..split.test.len()).filter(|&index| !split.anomalous[index]);
    normal.take(most).collect()
}

/// Test images of the other classes in turn.
fn anomalous_samples(outcome: &Outcome, most: usize) -> Vec<usize> {
    let split = &outcome.split;
    let by_class: Vec<Vec<usize>> = split
        .test
        .classes()
        .into_iter()
        .filter(|&class| class != split.normal_class)
        .map(|class| split.test.indices_of(class))
        .collect();
    let longest = by_class.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest)
        .flat_map(|turn| by_class.iter().filter_map(move |class| class.get(turn)))
        .copied()
        .take(most)
        .collect()
}

fn stack(images: &LabeledImages, values: Vec<f32>) -> Result<ImageStack, PictureError> {
    let shape = images.shape();
    ImageStack::new(shape.channels, shape.height, shape.width, values)
}

fn scaled(images: &LabeledImages) -> Vec<f32> {
    (0..images.len())
        .flat_map(|index| images.scaled(index))
        .collect()
}

fn title(outcome: &Outcome, text: &str) -> String {
    format!("{text} (trained on {})", outcome.split.normal_class)
}

fn save_memory(outcome: &Outcome, path: &Path) -> Result<(), ExperimentError> {
    let items = stack(&outcome.split.train, outcome.prototypes.images.clone())?;
    let usage = outcome.memae.training.usage.as_ref();
    let read_shares = usage.map(MemoryUsage::read_shares).unwrap_or_default();
    let indices: Vec<usize> = (0..items.len()).collect();
    MemoryPicture {
        items: &items,
        read_shares: &read_shares,
        indices: &indices,
        title: &title(outcome, "Memory items, each decoded alone"),
    }
    .save(path)?;
    Ok(())
}

fn save_reconstructions(
    outcome: &Outcome,
    samples: &[usize],
    path: &Path,
) -> Result<(), ExperimentError> {
    let images = outcome.split.test.select(samples);
    let anomalous: Vec<bool> = samples
        .iter()
        .map(|&i| outcome.split.anomalous[i])
        .collect();
    let rebuilt = |model: &ModelOutcome| {
        let values = reconstruct(&model.detector.model, &images, BATCH_SIZE, &outcome.device);
        stack(&images, values)
    };
    let map = |model: &ModelOutcome| {
        error_maps(&model.detector.model, &images, BATCH_SIZE, &outcome.device)
    };
    let input = stack(&images, scaled(&images))?;
    let (ae, memae) = (rebuilt(&outcome.ae)?, rebuilt(&outcome.memae)?);
    let (ae_map, memae_map) = (map(&outcome.ae), map(&outcome.memae));
    let captions: Vec<String> = samples
        .iter()
        .map(|&index| {
            let error = |model: &ModelOutcome| model.test.scores.reconstruction[index];
            format!("{:.0} | {:.0}", error(&outcome.ae), error(&outcome.memae))
        })
        .collect();
    ReconstructionsPicture {
        title: &title(outcome, "Reconstructions, with the errors of AE | MemAE"),
        rows: &[
            ReconstructionRow {
                label: "input",
                images: &input,
            },
            ReconstructionRow {
                label: "AE",
                images: &ae,
            },
            ReconstructionRow {
                label: "MemAE",
                images: &memae,
            },
        ],
        error_maps: &[
            ErrorMapRow {
                label: "AE error",
                maps: &ae_map,
            },
            ErrorMapRow {
                label: "MemAE error",
                maps: &memae_map,
            },
        ],
        anomalous: &anomalous,
        captions: &captions,
    }
    .save(path)?;
    Ok(())
}

fn save_addressing(outcome: &Outcome, path: &Path) -> Result<(), ExperimentError> {
    let samples = [
        normal_samples(outcome, ADDRESSED_SAMPLES),
        anomalous_samples(outcome, ADDRESSED_SAMPLES),
    ]
    .concat();
    let images = outcome.split.test.select(&samples);
    let model = &outcome.memae.detector.model;
    let batch = ImageBatcher::new(images.shape()).batch_of(&images, &outcome.device);
    let output = model.forward(batch.images);
    let rebuilt = to_host(output.reconstruction);
    let weights = model
        .memory
        .as_ref()
        .zip(output.memory)
        .map(|(memory, read)| to_host(memory.address(read.queries).shrunk))
        .unwrap_or_default();
    let items = stack(&images, outcome.prototypes.images.clone())?;
    let width = images.shape().len();
    let inputs = scaled(&images);
    let captions: Vec<String> = samples
        .iter()
        .map(|&index| {
            let error = outcome.memae.test.scores.reconstruction[index];
            format!("{}, error {error:.0}", outcome.split.test.label(index))
        })
        .collect();
    let addressed: Vec<AddressedSample> = (0..samples.len())
        .map(|sample| AddressedSample {
            input: &inputs[sample * width..(sample + 1) * width],
            reconstruction: &rebuilt[sample * width..(sample + 1) * width],
            weights: &weights[sample * items.len()..(sample + 1) * items.len()],
            caption: &captions[sample],
            anomalous: outcome.split.anomalous[samples[sample]],
        })
        .collect();
    AddressingPicture {
        title: &title(
            outcome,
            "Shrunk weights over the memory items, and the items read most",
        ),
        samples: &addressed,
        items: &items,
        most: ITEMS_SHOWN,
    }
    .save(path)?;
    Ok(())
}

fn save_scores(outcome: &Outcome, path: &Path) -> Result<(), ExperimentError> {
    let models = [&outcome.ae, &outcome.memae];
    let mut curves = Vec::new();
    for model in models {
        let curve = roc_curve(&model.test.scores.reconstruction, &outcome.split.anomalous)?;
        let points: Vec<(f64, f64)> = curve
            .false_positive_rate
            .into_iter()
            .zip(curve.true_positive_rate)
            .collect();
        curves.push(points);
    }
    let scored: Vec<ScoredModel> = models
        .iter()
        .zip(&curves)
        .map(|(model, roc)| ScoredModel {
            label: model.variant.name(),
            scores: &model.test.scores.reconstruction,
            roc,
            auc: model.auc.reconstruction,
        })
        .collect();
    ScoresPicture {
        title: &title(outcome, "Reconstruction errors of test images"),
        models: &scored,
        anomalous: &outcome.split.anomalous,
    }
    .save(path)?;
    Ok(())
}

fn save_training(outcome: &Outcome, path: &Path) -> Result<(), ExperimentError> {
    let points = |history: &TrainHistory| -> Vec<(f64, f64)> {
        history
            .epochs
            .iter()
            .filter_map(|figures| {
                let loss = figures.train.get("Reconstruction")?;
                Some((figures.epoch as f64, *loss))
            })
            .collect()
    };
    let (ae, memae) = (points(&outcome.ae.history), points(&outcome.memae.history));
    CurvesPicture {
        title: &title(outcome, "Reconstruction loss while training"),
        x_label: "epoch",
        y_label: "loss",
        curves: &[
            Curve {
                label: "AE",
                points: &ae,
            },
            Curve {
                label: "MemAE",
                points: &memae,
            },
        ],
    }
    .save(path)?;
    Ok(())
}
