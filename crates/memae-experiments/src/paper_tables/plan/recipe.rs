use memae_core::loss::MemAeLossConfig;
use memae_models::network::{ImageAutoencoderConfig, Variant};
use memae_models::train::TrainConfig;

use super::cell::Work;
use crate::paper_tables::paper::Table;

/// What the setting that memae recommends is called in tables.
pub(crate) const RECOMMENDED: &str = "MemAE, recommended";

/// Passes of the networks in the paper's setting, which it does not give.
const PAPER_EPOCHS: usize = 10;

/// Network and training of a method.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    pub(super) network: ImageAutoencoderConfig,
    pub(super) train: TrainConfig,
}

impl Recipe {
    /// The paper's setting: items drawn at random and moved by gradient, cosine, τ = 1, λ = 1/N.
    pub(super) fn paper(table: Table, variant: Variant) -> Self {
        Self {
            network: match table {
                Table::Cifar10 => ImageAutoencoderConfig::cifar10(variant),
                _ => ImageAutoencoderConfig::mnist(variant),
            },
            train: TrainConfig::new()
                .with_epochs(PAPER_EPOCHS)
                .with_loss(variant.loss(MemAeLossConfig::paper())),
        }
    }

    /// The same network with the memory and the training that memae recommends.
    pub(super) fn recommended(table: Table) -> Self {
        let paper = Self::paper(table, Variant::MemAe);
        let mut network = paper.network;
        let sharp = ImageAutoencoderConfig::mnist_prototypes().memory;
        if let (Some(memory), Some(sharp)) = (&mut network.memory, sharp) {
            memory.temperature = sharp.temperature;
            memory.shrinkage = sharp.shrinkage;
        }
        Self {
            network,
            train: TrainConfig::prototypes(),
        }
    }

    pub(super) fn work(
        &self,
        label: u8,
        seed: u64,
        epochs: Option<usize>,
        every_epoch: bool,
    ) -> Work {
        let train = self.train.clone().with_seed(seed);
        Work::Images {
            label,
            network: Box::new(self.network.clone()),
            train: Box::new(match epochs {
                Some(epochs) => train.with_total_epochs(epochs),
                None => train,
            }),
            every_epoch,
        }
    }
}
