use burn::tensor::Device;
use memae_data::dataset::Kddcup99;
use memae_data::encode::{TableEncoder, TableEncoderConfig};
use memae_data::protocol::{TableOneClassConfig, TableVectors};
use memae_models::network::{NetworkConfigError, VectorAutoencoderConfig};
use memae_models::score::evaluate_samples;
use memae_models::train::{ProgressDisplay, SampleMemoryConfig, TrainConfig, TrainError};

use super::found::Found;
use super::judge::flagged;
use super::trial::found;
use crate::baselines::{Baseline, Rows};
use crate::paper_tables::error::TableError;
use crate::{ExperimentError, Trial};

/// Connections that are scored at once.
const BATCH_SIZE: usize = 1024;

/// Trains a network on network connections, made for how they are encoded.
pub(super) fn network(
    data: &Kddcup99,
    network: impl FnOnce(&TableEncoder) -> Result<VectorAutoencoderConfig, NetworkConfigError>,
    encoder: &TableEncoderConfig,
    train: &TrainConfig,
    every_epoch: bool,
    device: &Device,
    display: ProgressDisplay,
) -> Result<Found, TableError> {
    let (vectors, anomalous) = connections(data, encoder, train.seed)?;
    let network = network(&vectors.encoder)
        .map_err(TrainError::from)
        .map_err(ExperimentError::from)?;
    let outcome = Trial::new(network, train.clone(), device.clone())
        .with_display(display)
        .with_scores_every_epoch(every_epoch)
        .run(&vectors.train, &vectors.test)?;
    Ok(found(&outcome, &|scores| flagged(scores, &anomalous))?)
}

/// Fits a baseline on network connections.
pub(super) fn baseline(
    data: &Kddcup99,
    encoder: &TableEncoderConfig,
    baseline: Baseline,
    seed: u64,
) -> Result<Found, TableError> {
    let (vectors, anomalous) = connections(data, encoder, seed)?;
    let width = vectors.train.width();
    let rows = |values| Rows { values, width };
    let (train, test) = (rows(vectors.train.values()), rows(vectors.test.values()));
    let scores = baseline.scores(train, test, seed)?;
    Ok(Found::of_baseline(flagged(&scores, &anomalous)?))
}

/// Makes a memory of network connections; the score is the squared distance to what is read.
pub(super) fn memory(
    data: &Kddcup99,
    encoder: &TableEncoderConfig,
    memory: &SampleMemoryConfig,
    device: &Device,
) -> Result<Found, TableError> {
    let (vectors, anomalous) = connections(data, encoder, memory.seed)?;
    let fitted = memory.fit(&vectors.train, device);
    let (model, _) = fitted.map_err(ExperimentError::from)?;
    let evaluation = evaluate_samples(&model, &vectors.test, BATCH_SIZE, device)
        .map_err(TrainError::from)
        .map_err(ExperimentError::from)?;
    let scores = evaluation.scores.reconstruction;
    Ok(Found::of_baseline(flagged(&scores, &anomalous)?))
}

/// Attacks to train on, and test connections of both kinds with whether they are anomalous.
fn connections(
    data: &Kddcup99,
    encoder: &TableEncoderConfig,
    seed: u64,
) -> Result<(TableVectors, Vec<bool>), TableError> {
    let split = TableOneClassConfig::kddcup99()
        .with_seed(seed)
        .apply(&data.table)?;
    let vectors = split.encode(&data.table, encoder)?;
    Ok((vectors, split.anomalous))
}
