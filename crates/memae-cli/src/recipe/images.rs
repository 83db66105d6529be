//! What pictures are trained by.

use memae::data::format::ImageHeader;
use memae::data::sample::{
    FrameColour, ImagePreprocessing, ImageShape, Region, StoredRange, Tiling,
};
use memae::network::{ImageAutoencoderConfig, LayerConfig, Variant};
use memae::score::ScoreRule;
use memae::train::TrainConfig;
use memae::{QueryUnit, addressing::Shrinkage};

use super::{batch_size, items, passes};

/// Pictures up to this side keep their size, if all have it.
const MAX_OWN_SIDE: usize = 64;
/// The longer side that others are brought to.
const SIDE: usize = 64;
/// Sides are multiples of what the network divides them by.
const MULTIPLE: usize = 8;
/// Sides up to which three layers are enough.
const SMALL: usize = 40;
const MAX_ITEMS: usize = 100;

/// What was said of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ImageSettings {
    pub(crate) size: Option<(usize, usize)>,
    pub(crate) region: Option<Region>,
    pub(crate) tiles: Option<Tiling>,
    pub(crate) grey: Option<bool>,
    pub(crate) epochs: Option<usize>,
    pub(crate) items: Option<usize>,
    pub(crate) rule: Option<ScoreRule>,
    pub(crate) seed: u64,
}

/// How pictures become samples, and what is trained on them.
#[derive(Debug, Clone)]
pub(crate) struct ImageRecipe {
    pub(crate) preprocessing: ImagePreprocessing,
    pub(crate) rule: ScoreRule,
    settings: ImageSettings,
}

impl ImageRecipe {
    /// By the headers of some of the pictures; at least one.
    pub(crate) fn choose(headers: &[ImageHeader], settings: ImageSettings) -> Self {
        let grey = settings
            .grey
            .unwrap_or_else(|| headers.iter().all(|header| header.grey));
        let mut preprocessing = ImagePreprocessing::default().with_colour(if grey {
            FrameColour::Grey
        } else {
            FrameColour::Rgb
        });
        preprocessing = match settings.tiles {
            Some(tiles) => preprocessing.with_tiles(tiles),
            None => {
                let own = || size(headers, settings.region.as_ref());
                let (height, width) = settings.size.unwrap_or_else(own);
                preprocessing.with_size(height, width)
            }
        };
        preprocessing.region = settings.region.clone();
        preprocessing = preprocessing.with_range(match headers.iter().all(|header| header.deep) {
            true => StoredRange::Measured,
            false => StoredRange::bytes(),
        });
        Self {
            preprocessing,
            rule: settings.rule.unwrap_or(ScoreRule::SumOfThree),
            settings,
        }
    }

    /// The network for so many pictures to train on: the paper's for MNIST, one layer deeper for larger pictures, with a memory
    /// whose items one can look at.
    pub(crate) fn network(&self, input: ImageShape, samples: usize) -> ImageAutoencoderConfig {
        let layer = LayerConfig::new;
        let last = input.channels;
        let (encoder, decoder) = match input.height.max(input.width) {
            ..=SMALL => (
                vec![layer(1, 2, 16), layer(3, 2, 32), layer(3, 2, 64)],
                vec![layer(3, 2, 64), layer(3, 2, 32), layer(3, 2, last)],
            ),
            _ => (
                vec![
                    layer(3, 2, 16),
                    layer(3, 2, 32),
                    layer(3, 2, 64),
                    layer(3, 2, 64),
                ],
                vec![
                    layer(3, 2, 64),
                    layer(3, 2, 64),
                    layer(3, 2, 32),
                    layer(3, 2, last),
                ],
            ),
        };
        let items = self
            .settings
            .items
            .unwrap_or_else(|| items(samples, MAX_ITEMS));
        let network = ImageAutoencoderConfig::new(input, encoder, decoder).with_variant(
            Variant::MemAe,
            items,
            QueryUnit::Encoding,
        );
        let memory = network.memory.clone().map(|memory| {
            memory
                .with_temperature(0.05)
                // Below the weight that all items have if none is nearer than the others, times their number.
                .with_shrinkage(Shrinkage::relative(3.0_f64.min(items as f64 / 2.0)))
        });
        network.with_memory(memory)
    }

    /// The training on so many pictures.
    pub(crate) fn training(&self, samples: usize) -> TrainConfig {
        let batch_size = batch_size(samples);
        let epochs = self
            .settings
            .epochs
            .unwrap_or_else(|| passes(samples, batch_size));
        TrainConfig::prototypes()
            .with_total_epochs(epochs)
            .with_batch_size(batch_size)
            .with_seed(self.settings.seed)
    }
}

/// The size that what is looked at of pictures is brought to: its own, if it is one and small; else the longer side as it is here and the other as
/// most have it.
fn size(headers: &[ImageHeader], region: Option<&Region>) -> (usize, usize) {
    let sizes = headers.iter().map(|header| {
        let picture = (header.height, header.width);
        let bounds = region.and_then(|region| region.bounds(picture));
        bounds.map_or(picture, |bounds| bounds.size())
    });
    let sizes: Vec<(usize, usize)> = sizes.collect();
    let first = sizes[0];
    let same = sizes.iter().all(|size| *size == first);
    if same && first.0.max(first.1) <= MAX_OWN_SIDE {
        return first;
    }
    let mut ratios: Vec<f64> = sizes
        .iter()
        .map(|(height, width)| *height as f64 / *width as f64)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[ratios.len() / 2];
    let shorter = |ratio: f64| {
        let side = SIDE as f64 * ratio / MULTIPLE as f64;
        (side.round() as usize * MULTIPLE).clamp(2 * MULTIPLE, SIDE)
    };
    match ratio > 1.0 {
        true => (SIDE, shorter(1.0 / ratio)),
        false => (shorter(ratio), SIDE),
    }
}
