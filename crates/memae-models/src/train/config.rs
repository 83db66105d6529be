use burn::config::Config;
use memae_core::MemoryConfigError;
use memae_core::items::{ItemUpdateConfig, ItemUpdateRule};
use memae_core::loss::{LossConfigError, MemAeLossConfig};
use memae_data::protocol::{NormalPartsConfig, ProtocolError};
use serde::{Deserialize, Serialize};

use super::best_epoch::BestEpochConfig;

/// Where the memory items start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum InitialItems {
    /// Drawn by the memory's initializer, as in the paper.
    Drawn,
    /// Centres of k-means clusters of the encodings, taken after the warm-up.
    Encodings,
}

/// Settings of a training run.
#[derive(Config, Debug, PartialEq)]
#[non_exhaustive]
pub struct TrainConfig {
    /// Passes over the training samples in all, warm-up included; 100,000 at most. Default: 15.
    #[config(default = 15)]
    pub epochs: usize,
    /// Of these, passes without the memory, so that encodings mean something before items are made
    /// of them; ignored by networks without memory. Default: 0.
    #[config(default = 0)]
    pub warm_up_epochs: usize,
    /// Samples a step, 2 to 2²⁴; one that is larger than there are samples takes all. Default: 64.
    #[config(default = 64)]
    pub batch_size: usize,
    /// Samples a pass, at least 2: a random subset of the training samples, drawn anew for each
    /// pass. Default: all of them.
    #[config(default = "None")]
    pub samples_per_epoch: Option<usize>,
    /// Learning rate of Adam. Default: 1e-3.
    #[config(default = 1e-3)]
    pub learning_rate: f64,
    /// The loss. Default: the paper's, squared error summed over each sample and 0.0002 times entropy.
    #[config(default = "MemAeLossConfig::paper()")]
    pub loss: MemAeLossConfig,
    /// Weight β ≥ 0 of the prototype loss: the reconstruction loss of what is decoded from the one
    /// item that each query reads most, so that single items decode to something one can look at.
    /// Default: 0 (off).
    #[config(default = 0.0)]
    pub prototype_weight: f64,
    /// Where the memory items start. Default: drawn.
    #[config(default = "InitialItems::Drawn")]
    pub initial_items: InitialItems,
    /// How the items learn. Default: by gradient.
    #[config(default = "ItemUpdateConfig::new()")]
    pub item_update: ItemUpdateConfig,
    /// Temperature that the training with memory starts from; it falls in a straight line to that
    /// of the memory. Ignored by networks without memory. Default: that of the memory throughout.
    #[config(default = "None")]
    pub initial_temperature: Option<f64>,
    /// Share of the samples kept out of training to watch the loss on, in `[0, 1)`; not used where there are `parts`.
    /// Default: 0.05.
    #[config(default = 0.05)]
    pub validation_share: f64,
    /// How the samples are divided, by [group](crate::samples::Samples::groups), into what is trained on, what the loss is
    /// watched on, and what nothing looks at, so that a threshold can be chosen by it: see
    /// [`Trained::parts`](super::Trained::parts). Default: nothing is kept for a threshold.
    #[config(default = "None")]
    pub parts: Option<NormalPartsConfig>,
    /// Gives back the network of the best epoch, told by the samples that the loss is watched on, of which there must be some, and ends the
    /// training early if asked to. Default: the network of the last epoch.
    #[config(default = "None")]
    pub best_epoch: Option<BestEpochConfig>,
    /// Seed of weights, shuffling, held-out samples and items. Default: 0.
    #[config(default = 0)]
    pub seed: u64,
}

/// What is wrong with the settings of a training run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainConfigError {
    /// A setting out of range.
    #[error("training: {name} is {found}, expected {expected}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// The value found.
        found: f64,
        /// The range expected.
        expected: &'static str,
    },
    /// No pass with the memory is left.
    #[error(
        "training: warm_up_epochs is {warm_up} of {epochs} epochs, expected fewer, so that the \
         memory is trained"
    )]
    WarmUp {
        /// Warm-up passes found.
        warm_up: usize,
        /// Passes in all.
        epochs: usize,
    },
    /// The loss.
    #[error(transparent)]
    Loss(#[from] LossConfigError),
    /// How the items learn.
    #[error(transparent)]
    Memory(#[from] MemoryConfigError),
    /// How the samples are divided.
    #[error(transparent)]
    Parts(#[from] ProtocolError),
}

impl TrainConfig {
    /// The most [`epochs`](Self::epochs).
    pub const MAX_EPOCHS: usize = 100_000;

    /// The largest [`batch_size`](Self::batch_size).
    pub const MAX_BATCH_SIZE: usize = 1 << 24;

    /// The training of the authors' code for video: the mean squared error over all values plus
    /// 0.0002 times the mean entropy of all queries, Adam with 1e-4; small batches, since clips are
    /// large, and no clips held out. Epochs and the rest are to be set for the data at hand.
    ///
    /// ```
    /// use memae_models::train::TrainConfig;
    ///
    /// let config = TrainConfig::video().with_epochs(20).with_samples_per_epoch(Some(1000));
    /// assert_eq!((config.learning_rate, config.batch_size), (1e-4, 8));
    /// ```
    pub fn video() -> Self {
        Self::new()
            .with_loss(MemAeLossConfig::reference())
            .with_learning_rate(1e-4)
            .with_batch_size(8)
            .with_validation_share(0.0)
    }

    /// The training that makes items one can look at: warm-up, items from encodings, moving averages
    /// with revival, a falling temperature, a little prototype loss. Meant for
    /// [`mnist_prototypes`](crate::network::ImageAutoencoderConfig::mnist_prototypes).
    pub fn prototypes() -> Self {
        Self::new()
            .with_epochs(8)
            .with_warm_up_epochs(4)
            .with_initial_items(InitialItems::Encodings)
            .with_item_update(
                ItemUpdateConfig::new()
                    .with_rule(ItemUpdateRule::MovingAverage)
                    .with_revival_share(0.05),
            )
            .with_initial_temperature(Some(0.1))
            .with_prototype_weight(0.01)
    }

    /// The same training over another number of passes, with the same share of warm-up.
    ///
    /// ```
    /// use memae_models::train::TrainConfig;
    ///
    /// let short = TrainConfig::prototypes().with_total_epochs(6);
    /// assert_eq!((short.epochs, short.warm_up_epochs), (6, 3));
    /// ```
    pub fn with_total_epochs(self, epochs: usize) -> Self {
        let share = self.warm_up_epochs as f64 / self.epochs.max(1) as f64;
        let warm_up = (share * epochs as f64).round() as usize;
        self.with_epochs(epochs)
            .with_warm_up_epochs(warm_up.min(epochs.saturating_sub(1)))
    }

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range.
    pub fn validate(&self) -> Result<(), TrainConfigError> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let checks = [
            (
                "epochs",
                self.epochs as f64,
                (1..=Self::MAX_EPOCHS).contains(&self.epochs),
                "1 to 100000",
            ),
            (
                "batch_size",
                self.batch_size as f64,
                // Batch norm has no variance to divide by on one sample of one position.
                (2..=Self::MAX_BATCH_SIZE).contains(&self.batch_size),
                "2 to 16777216",
            ),
            (
                "samples_per_epoch",
                self.samples_per_epoch.unwrap_or(2) as f64,
                self.samples_per_epoch.is_none_or(|count| count > 1),
                "at least 2",
            ),
            (
                "learning_rate",
                self.learning_rate,
                positive(self.learning_rate),
                "a finite number above 0",
            ),
            (
                "prototype_weight",
                self.prototype_weight,
                self.prototype_weight == 0.0 || positive(self.prototype_weight),
                "a finite number, 0 or above",
            ),
            (
                "initial_temperature",
                self.initial_temperature.unwrap_or(1.0),
                self.initial_temperature
                    .is_none_or(|temperature| (1e-30..=1e30).contains(&temperature)),
                "a number from 1e-30 to 1e30",
            ),
            (
                "patience",
                0.0,
                self.best_epoch.is_none_or(|best| best.patience != Some(0)),
                "at least 1 epoch",
            ),
            (
                "validation_share",
                self.validation_share,
                (0.0..1.0).contains(&self.validation_share),
                "0 or above and below 1",
            ),
        ];
        for (name, found, holds, expected) in checks {
            if !holds {
                return Err(TrainConfigError::OutOfRange {
                    name,
                    found,
                    expected,
                });
            }
        }
        if self.warm_up_epochs >= self.epochs {
            return Err(TrainConfigError::WarmUp {
                warm_up: self.warm_up_epochs,
                epochs: self.epochs,
            });
        }
        if let Some(parts) = &self.parts {
            parts.validate()?;
        }
        self.loss.try_init()?;
        self.item_update.validate()?;
        Ok(())
    }
}
