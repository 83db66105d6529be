//! What rows of tables are trained by.

use memae::data::encode::{InfiniteNumber, MissingNumber, TableEncoderConfig, UnknownCategory};
use memae::data::sample::VectorShape;
use memae::network::{Activation, Variant, VectorAutoencoderConfig, VectorLayerConfig};
use memae::score::ScoreRule;
use memae::train::TrainConfig;

use super::{batch_size, items, passes};

const MAX_ITEMS: usize = 50;
const MIN_ENCODING: usize = 3;
const MAX_WIDTH: usize = 256;

/// How rows become vectors, and what is trained on them.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableRecipe {
    pub(crate) epochs: Option<usize>,
    pub(crate) items: Option<usize>,
    pub(crate) rule: Option<ScoreRule>,
    pub(crate) seed: u64,
}

impl TableRecipe {
    /// Numbers by their signed logarithm, which is what matters most where they have many sizes; what was not seen in training is
    /// neither an error nor left out.
    pub(crate) fn encoder(lenient: bool) -> TableEncoderConfig {
        let config = TableEncoderConfig::default()
            .with_log(true)
            .with_unknown(UnknownCategory::Zeros);
        match lenient {
            true => config
                .with_missing(MissingNumber::Median)
                .with_infinite(InfiniteNumber::Extreme)
                .with_gap_flags(true),
            false => config,
        }
    }

    /// Layers that halve the width down to a few values, and back; tanh after every layer but the last of each list, as the
    /// paper has it for KDDCUP99.
    pub(crate) fn network(&self, input: VectorShape, samples: usize) -> VectorAutoencoderConfig {
        let mut widths = vec![(input.width / 2).clamp(MIN_ENCODING, MAX_WIDTH)];
        while let Some(&last) = widths.last()
            && last > MIN_ENCODING
        {
            widths.push((last / 2).max(MIN_ENCODING));
        }
        let layers = |widths: &[usize]| -> Vec<VectorLayerConfig> {
            let last = widths.len() - 1;
            let layers = widths.iter().enumerate().map(|(index, &width)| {
                let activation = (index < last).then_some(Activation::Tanh);
                VectorLayerConfig::new(width).with_activation(activation)
            });
            layers.collect()
        };
        let encoder = layers(&widths);
        widths.pop();
        widths.reverse();
        widths.push(input.width);
        let items = self.items.unwrap_or_else(|| items(samples, MAX_ITEMS));
        VectorAutoencoderConfig::new(input, encoder, layers(&widths))
            .with_variant(Variant::MemAe, items)
    }

    pub(crate) fn training(&self, samples: usize) -> TrainConfig {
        let batch_size = match samples {
            ..20_000 => batch_size(samples),
            _ => 256,
        };
        let most = (1 << 22) / samples.max(1);
        let epochs = passes(samples, batch_size).min(most.max(1));
        TrainConfig::new()
            .with_epochs(self.epochs.unwrap_or(epochs))
            .with_batch_size(batch_size)
            .with_seed(self.seed)
    }

    pub(crate) fn rule(&self) -> ScoreRule {
        self.rule.unwrap_or(ScoreRule::Reconstruction)
    }
}
