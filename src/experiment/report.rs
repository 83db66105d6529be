use std::io::Write;
use std::path::Path;

use super::replace_file::replace_file;
use memae_models::network::ImageAutoencoderConfig;
use memae_models::train::{TrainConfig, TrainHistory};
use serde::{Deserialize, Serialize};

use super::{ExperimentError, ModelOutcome, Outcome};

/// Every figure of an experiment, with the settings and the seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of memae that made it.
    pub version: String,
    /// Name of the data set.
    pub dataset: String,
    /// The class that was trained on.
    pub normal_class: u8,
    /// Seed of the run.
    pub seed: u64,
    /// Passes over the training images.
    pub epochs: usize,
    /// Name of the device.
    pub device: String,
    /// Training images of the normal class.
    pub train_images: usize,
    /// Test images of the normal class.
    pub test_normal: usize,
    /// Test images of all other classes.
    pub test_anomalous: usize,
    /// The plain autoencoder.
    pub ae: ModelReport,
    /// The same network with memory.
    pub memae: MemAeReport,
    /// Settings of the network with memory.
    pub network: ImageAutoencoderConfig,
    /// Settings of the training.
    pub training: TrainConfig,
}

/// Figures of one network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// Area under the ROC curve by reconstruction error.
    pub auc: f64,
    /// Area under the ROC curve by the distance between the encodings of an image and of its
    /// reconstruction.
    pub auc_encoding_distance: f64,
    /// Time that training took, in seconds.
    pub seconds: f64,
    /// Mean reconstruction error of normal test images.
    pub normal_error: f64,
    /// Mean reconstruction error of anomalous test images.
    pub anomalous_error: f64,
    /// Score above which the saved detector flags an image.
    pub threshold: f64,
    /// Figures of every epoch.
    pub history: TrainHistory,
}

/// Figures of the network with memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemAeReport {
    /// What a network without memory has too.
    #[serde(flatten)]
    pub model: ModelReport,
    /// Area under the ROC curve by the distance between query and read.
    pub auc_read_distance: f64,
    /// Area under the ROC curve by the sum of both scores, each divided by its spread.
    pub auc_sum: f64,
    /// Area under the ROC curve by the sum of all three scores, each divided by its spread.
    pub auc_sum_of_three: f64,
    /// Mean number of items that a test image reads.
    pub mean_active_items: f64,
    /// Mean entropy of the shrunk weights of test images, in nats.
    pub entropy: f64,
    /// Share of test images whose weights were all shrunk away.
    pub empty_row_share: f64,
    /// Number of items that no training image reads.
    pub dead_items: usize,
    /// Median, over the 40 items that training images read most, of the squared distance from the
    /// item decoded alone to its nearest training image.
    pub prototype_distance: f64,
    /// The same of the reconstructions of normal test images.
    pub reconstruction_distance: f64,
}

impl ModelReport {
    fn new(outcome: &ModelOutcome, anomalous: &[bool]) -> Self {
        let errors = &outcome.test.scores.reconstruction;
        let mean = |wanted: bool| {
            let of_class = errors
                .iter()
                .zip(anomalous)
                .filter(|(_, is)| **is == wanted);
            let (sum, count) = of_class.fold((0.0, 0), |(sum, count), (error, _)| {
                (sum + error, count + 1)
            });
            sum / f64::from(count.max(1))
        };
        Self {
            auc: outcome.auc.reconstruction,
            auc_encoding_distance: outcome.auc.encoding_distance,
            seconds: outcome.seconds,
            normal_error: mean(false),
            anomalous_error: mean(true),
            threshold: outcome.detector.threshold(),
            history: outcome.history.clone(),
        }
    }
}

impl Report {
    pub(crate) fn new(outcome: &Outcome, dataset: &str, device: &str) -> Self {
        let (split, memae) = (&outcome.split, &outcome.memae);
        let usage = memae.test.usage.as_ref();
        let figure = |of: fn(&memae_core::MemoryUsage) -> f64| usage.map_or(0.0, of);
        let dead_items = memae.training.usage.as_ref();
        Self {
            version: env!("CARGO_PKG_VERSION").to_string(),
            dataset: dataset.to_string(),
            normal_class: split.normal_class,
            seed: outcome.train.seed,
            epochs: outcome.train.epochs,
            device: device.to_string(),
            train_images: split.train.len(),
            test_normal: split.normal(),
            test_anomalous: split.anomalies(),
            ae: ModelReport::new(&outcome.ae, &split.anomalous),
            memae: MemAeReport {
                model: ModelReport::new(memae, &split.anomalous),
                auc_read_distance: memae.auc.read_distance.unwrap_or_default(),
                auc_sum: memae.auc.sum.unwrap_or_default(),
                auc_sum_of_three: memae.auc.sum_of_three.unwrap_or_default(),
                mean_active_items: figure(|usage| usage.mean_active_items()),
                entropy: figure(|usage| usage.mean_entropy()),
                empty_row_share: figure(|usage| usage.empty_row_share()),
                dead_items: dead_items.map_or(0, |usage| usage.dead_items().len()),
                prototype_distance: outcome.prototypes.item_distance,
                reconstruction_distance: outcome.prototypes.reconstruction_distance,
            },
            network: memae.detector.network.clone(),
            training: outcome.train.clone(),
        }
    }

    /// The figures as a table for the terminal.
    pub fn table(&self) -> String {
        let (ae, memae) = (&self.ae, &self.memae);
        let none = || "-".to_string();
        let three = |value: f64| format!("{value:.4}");
        let one = |value: f64| format!("{value:.1}");
        let rows = [
            (
                "AUC, reconstruction error",
                three(ae.auc),
                three(memae.model.auc),
            ),
            ("AUC, read distance", none(), three(memae.auc_read_distance)),
            ("AUC, sum of both", none(), three(memae.auc_sum)),
            (
                "AUC, encoding distance",
                three(ae.auc_encoding_distance),
                three(memae.model.auc_encoding_distance),
            ),
            (
                "AUC, sum of all three",
                none(),
                three(memae.auc_sum_of_three),
            ),
            (
                "error, normal images",
                one(ae.normal_error),
                one(memae.model.normal_error),
            ),
            (
                "error, anomalous images",
                one(ae.anomalous_error),
                one(memae.model.anomalous_error),
            ),
            ("mean active items", none(), one(memae.mean_active_items)),
            ("entropy, nats", none(), format!("{:.2}", memae.entropy)),
            (
                "empty rows",
                none(),
                format!("{:.1} %", 100.0 * memae.empty_row_share),
            ),
            ("dead items", none(), memae.dead_items.to_string()),
            (
                "decoded items to nearest image",
                none(),
                one(memae.prototype_distance),
            ),
            (
                "reconstructions to nearest image",
                none(),
                one(memae.reconstruction_distance),
            ),
            (
                "training, seconds",
                one(ae.seconds),
                one(memae.model.seconds),
            ),
        ];
        let mut table = format!("{:<34}{:>10}{:>10}\n", "", "AE", "MemAE");
        for (label, ae, memae) in rows {
            table.push_str(&format!("{label:<34}{ae:>10}{memae:>10}\n"));
        }
        table
    }

    /// Writes the report as JSON, beside its place first and then renamed.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ExperimentError> {
        let path = path.as_ref();
        let write_error = |reason: String| ExperimentError::Write {
            path: path.display().to_string(),
            reason,
        };
        let json =
            serde_json::to_string_pretty(self).map_err(|error| write_error(error.to_string()))?;
        replace_file(path, |file| file.write_all(json.as_bytes()))
            .map_err(|error| write_error(error.to_string()))
    }
}
