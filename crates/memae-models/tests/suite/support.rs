//! What several modules need: devices, small networks, images, comparisons.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use burn::data::dataset::DatasetError;
use burn::module::{Module, ModuleVisitor, Param};
use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot};
use burn::tensor::{Device, Tensor};
use memae_core::QueryUnit;
use memae_data::drawn::DigitsConfig;
use memae_data::sample::ClipShape;
use memae_data::sample::{ImageShape, LabeledImages};
use memae_models::network::{
    AutoencoderConfig, ImageAutoencoder, ImageAutoencoderConfig, LayerConfig, Variant,
    VideoAutoencoderConfig, VideoLayerConfig,
};
use memae_models::samples::Samples;
use memae_models::train::{ProgressDisplay, TrainConfig, Trained, Trainer};

/// Every backend compiled in, by name, without autodiff.
// Burn deprecates ndarray, but it is asked for.
#[allow(deprecated)]
pub fn devices() -> Vec<(&'static str, Device)> {
    vec![
        #[cfg(feature = "flex")]
        ("flex", Device::flex()),
        #[cfg(feature = "ndarray")]
        ("ndarray", Device::ndarray()),
        #[cfg(feature = "wgpu")]
        (
            "wgpu",
            Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
        ),
        #[cfg(feature = "cuda")]
        ("cuda", Device::cuda(0)),
        #[cfg(feature = "rocm")]
        ("rocm", Device::rocm(0)),
    ]
}

/// The device of tests that say nothing about backends.
pub fn device() -> Device {
    devices()[0].1.clone()
}

/// Random numbers come from one generator for the whole process.
static GENERATOR: RwLock<()> = RwLock::new(());

/// To be held while drawing random numbers that may be any.
pub fn any_draws() -> RwLockReadGuard<'static, ()> {
    GENERATOR.read().unwrap_or_else(PoisonError::into_inner)
}

/// To be held while drawing random numbers that must follow from a seed.
pub fn seeded_draws() -> RwLockWriteGuard<'static, ()> {
    GENERATOR.write().unwrap_or_else(PoisonError::into_inner)
}

/// Layers from (kernel, stride, channels).
pub fn layers(list: &[(usize, usize, usize)]) -> Vec<LayerConfig> {
    list.iter()
        .map(|&(kernel, stride, channels)| LayerConfig::new(kernel, stride, channels))
        .collect()
}

pub fn shape(channels: usize, height: usize, width: usize) -> ImageShape {
    ImageShape {
        channels,
        height,
        width,
    }
}

/// A network for the embedded digits that trains in a moment.
pub fn small_network(
    variant: Variant,
    num_items: usize,
    query: QueryUnit,
) -> ImageAutoencoderConfig {
    ImageAutoencoderConfig::new(
        shape(1, 28, 28),
        layers(&[(3, 2, 4), (3, 2, 8)]),
        layers(&[(3, 2, 4), (3, 2, 1)]),
    )
    .with_variant(variant, num_items, query)
}

/// `count` embedded digits of one class.
pub fn digits(class: u8, count: usize) -> LabeledImages {
    let digits = DigitsConfig::default()
        .with_train_per_class(count)
        .with_test_per_class(0)
        .generate();
    digits.train.select(&digits.train.indices_of(class))
}

/// Clips of a bright square that crosses the picture: clip `i` starts `i` columns to the right.
#[derive(Debug, Clone)]
pub struct Crossing {
    pub clips: usize,
    /// Columns that the square moves from one frame to the next.
    pub speed: usize,
}

impl Crossing {
    pub const SHAPE: ClipShape = ClipShape {
        channels: 1,
        frames: 4,
        height: 6,
        width: 11,
    };

    /// Pixels of one frame.
    pub fn frame(&self, clip: usize, frame: usize) -> Vec<f32> {
        let left = clip + frame * self.speed;
        let ClipShape { height, width, .. } = Self::SHAPE;
        let lit = |row: usize, column: usize| {
            let column = (column + 3 * width - left % width) % width;
            (2..4).contains(&row) && column < 2
        };
        let pixels = (0..height * width).map(|i| lit(i / width, i % width));
        pixels.map(|lit| if lit { 1.0 } else { -1.0 }).collect()
    }
}

impl Samples for Crossing {
    type Shape = ClipShape;

    fn shape(&self) -> ClipShape {
        Self::SHAPE
    }

    fn len(&self) -> usize {
        self.clips
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let frames = 0..Self::SHAPE.frames;
        Ok(frames.flat_map(|frame| self.frame(index, frame)).collect())
    }
}

/// A network for [`Crossing`] that trains in a moment.
pub fn small_video_network(variant: Variant, num_items: usize) -> VideoAutoencoderConfig {
    let layer = |stride, channels| VideoLayerConfig::new([3; 3], stride, channels);
    VideoAutoencoderConfig::new(
        Crossing::SHAPE,
        vec![layer([1, 2, 2], 6), layer([2, 1, 2], 8)],
        vec![layer([2, 1, 2], 6), layer([1, 2, 2], 1)],
    )
    .with_variant(variant, num_items, QueryUnit::Position)
}

/// Trains without a display; the caller holds the generator.
pub fn train<N: AutoencoderConfig>(
    network: &N,
    config: TrainConfig,
    samples: &(impl Samples<Shape = N::Shape> + Clone + 'static),
) -> Trained<N> {
    Trainer::new(config, device())
        .with_display(ProgressDisplay::Silent)
        .fit(network, samples)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A network with drawn weights, the same each time, for inference.
pub fn init(config: &ImageAutoencoderConfig, device: &Device) -> ImageAutoencoder {
    let _draws = seeded_draws();
    device.seed(1);
    // Weights are drawn when they are first used.
    config.init(device).materialized().valid()
}

/// Draws what is still to be drawn.
pub trait Materialized {
    fn materialized(self) -> Self;
}

impl<M: Module> Materialized for M {
    fn materialized(self) -> Self {
        struct Touch;
        impl ModuleVisitor for Touch {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                param.val();
            }
        }
        self.visit(&mut Touch);
        self
    }
}

/// Every weight and running statistic by its PyTorch name, in the bits of its f32.
pub fn weight_bits(model: &impl Module) -> Vec<(String, Vec<u32>)> {
    model
        .collect(None, Some(Box::new(BurnToPyTorchAdapter)), false)
        .into_iter()
        .map(|tensor| {
            let bytes = tensor.to_bytes().unwrap();
            let bits = bytes
                .chunks_exact(4)
                .map(|bytes| u32::from_le_bytes(bytes.try_into().unwrap()))
                .collect();
            (tensor.name, bits)
        })
        .collect()
}

/// Values of a tensor as f64.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.without_autodiff().try_into_vec_as().unwrap()
}

/// Asserts that each value is within `tolerance` of the expected one.
#[track_caller]
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: number of values");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs();
        // A NaN error fails too.
        assert!(
            error <= tolerance,
            "{what}: value {index} is {found}, expected {expected} within {tolerance:.0e}"
        );
    }
}

/// Asserts one line that says all of `parts`.
#[track_caller]
pub fn assert_line(message: &str, parts: &[&str]) {
    assert!(!message.contains('\n'), "more than one line: {message}");
    for part in parts {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
}
