use burn::tensor::Device;
use memae_data::protocol::{OneClass, OneClassConfig, ProtocolError, Split};
use memae_data::sample::LabeledImages;
use memae_models::network::ImageAutoencoderConfig;
use memae_models::train::{ProgressDisplay, TrainConfig};

use super::found::Found;
use super::judge::ranking;
use super::trial::found;
use crate::Trial;
use crate::baselines::{Baseline, Rows};
use crate::paper_tables::error::TableError;

/// Trains a network on images of one class.
pub(super) fn network(
    split: &OneClass,
    network: &ImageAutoencoderConfig,
    train: &TrainConfig,
    every_epoch: bool,
    device: &Device,
    display: ProgressDisplay,
) -> Result<Found, TableError> {
    let outcome = Trial::new(network.clone(), train.clone(), device.clone())
        .with_display(display)
        .with_scores_every_epoch(every_epoch)
        .run(&split.train, &split.test)?;
    Ok(found(&outcome, &|scores| {
        ranking(scores, &split.anomalous)
    })?)
}

/// Fits a baseline on images of one class.
pub(super) fn baseline(
    split: &OneClass,
    baseline: Baseline,
    seed: u64,
) -> Result<Found, TableError> {
    let width = split.train.shape().len();
    let values = |images: &LabeledImages| -> Vec<f32> {
        (0..images.len())
            .flat_map(|index| images.scaled(index))
            .collect()
    };
    let (train, test) = (values(&split.train), values(&split.test));
    let rows = |values| Rows { values, width };
    let scores = baseline.scores(rows(&train), rows(&test), seed)?;
    Ok(Found::of_baseline(ranking(&scores, &split.anomalous)?))
}

/// Normal images of a class to train on, and test images of all.
pub(super) fn one_class(
    train: &LabeledImages,
    test: &LabeledImages,
    label: u8,
    seed: u64,
) -> Result<OneClass, ProtocolError> {
    let config = OneClassConfig::new(label);
    // Class folders of one set only have no official test images.
    let config = match test.is_empty() {
        true => config.with_split(Split::two_to_one(seed)),
        false => config,
    };
    config.apply(train, test)
}
