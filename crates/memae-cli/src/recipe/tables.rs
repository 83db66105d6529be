//! What rows of tables are trained by.

use std::ops::Range;

use memae::data::encode::{
    InfiniteNumber, Logarithm, MissingNumber, TableEncoderConfig, UnknownCategory,
};
use memae::data::sample::VectorShape;
use memae::loss::MemAeLossConfig;
use memae::network::{
    Activation, ColumnMasks, NetworkConfigError, Variant, VectorAutoencoderConfig,
    VectorLayerConfig,
};
use memae::score::ScoreRule;
use memae::train::TrainConfig;

use super::{batch_size, items};

const MAX_ITEMS: usize = 100;
/// Masks that columns are dealt to.
const MASKS: usize = 8;
/// Encoding of a row that nothing can be hidden of, which must not be copied.
const NARROW: usize = 3;
/// Steps that a training takes, about: small networks need many.
const STEPS: usize = 4096;
const MAX_PASSES: usize = 200;
/// Sparse weights rebuild what lies between items badly, normal or not, and what is hidden can't be copied anyway.
const VARIANT: Variant = Variant::MemAeNonSparse;

/// How rows become vectors, and what is trained on them.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableRecipe {
    pub(crate) epochs: Option<usize>,
    pub(crate) items: Option<usize>,
    pub(crate) rule: Option<ScoreRule>,
    pub(crate) seed: u64,
}

impl TableRecipe {
    /// Numbers of many sizes by their signed logarithm, without which only the largest would count; what was not seen in training is
    /// neither an error nor left out.
    pub(crate) fn encoder(lenient: bool) -> TableEncoderConfig {
        let config = TableEncoderConfig::default()
            .with_log(Logarithm::HeavyTailed)
            .with_unknown(UnknownCategory::Zeros);
        match lenient {
            true => config
                .with_missing(MissingNumber::Median)
                .with_infinite(InfiniteNumber::Extreme)
                .with_gap_flags(true),
            false => config,
        }
    }

    /// Columns, given as ranges of values, are hidden in turn and rebuilt from the others; a column alone goes through a narrow encoding.
    pub(crate) fn network(
        &self,
        columns: &[Range<usize>],
        samples: usize,
    ) -> Result<VectorAutoencoderConfig, NetworkConfigError> {
        let items = self.items.unwrap_or_else(|| items(samples, MAX_ITEMS));
        if columns.len() > 1 {
            let masks = ColumnMasks::draw(columns.iter().cloned(), MASKS, self.seed)?;
            return Ok(VectorAutoencoderConfig::masked_columns(
                masks, VARIANT, items,
            ));
        }
        let input = VectorShape {
            width: columns.iter().map(Range::len).sum(),
        };
        let layers = |width| {
            let hidden = VectorLayerConfig::new(input.width.max(NARROW));
            vec![
                hidden.with_activation(Activation::Tanh),
                VectorLayerConfig::new(width),
            ]
        };
        let network = VectorAutoencoderConfig::new(input, layers(NARROW), layers(input.width));
        Ok(network.with_variant(VARIANT, items))
    }

    pub(crate) fn training(&self, samples: usize) -> TrainConfig {
        let batch_size = match samples {
            ..20_000 => batch_size(samples),
            _ => 128,
        };
        let passes = (STEPS * batch_size).div_ceil(samples.max(1));
        TrainConfig::new()
            .with_epochs(self.epochs.unwrap_or(passes.clamp(1, MAX_PASSES)))
            .with_batch_size(batch_size)
            .with_loss(VARIANT.loss(MemAeLossConfig::paper()))
            .with_seed(self.seed)
    }

    pub(crate) fn rule(&self) -> ScoreRule {
        self.rule.unwrap_or(ScoreRule::Reconstruction)
    }
}
