//! Tensors that PyTorch computed, networks to hold to them, and comparisons.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use memae_core::QueryUnit;
use memae_core::addressing::Shrinkage;
use memae_data::sample::ClipShape;
use memae_models::network::{Variant, VideoAutoencoderConfig, VideoLayerConfig};
use safetensors::{Dtype, SafeTensors};

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

/// Path of a committed file.
pub fn path(name: &str) -> PathBuf {
    Path::new("tests/fixtures").join(name)
}

/// Tensors of a file by name: shape and values.
pub struct Fixture {
    tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
}

impl Fixture {
    /// The tensors whose names start with `prefix`, by the rest of their names.
    pub fn new(file: &Path, prefix: &str) -> Self {
        let bytes = std::fs::read(file).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let mut found = BTreeMap::new();
        for (name, tensor) in tensors.iter() {
            let Some(name) = name.strip_prefix(prefix) else {
                continue;
            };
            assert_eq!(tensor.dtype(), Dtype::F32, "{name}");
            let (values, _) = tensor.data().as_chunks::<4>();
            let values = values.iter().map(|bytes| f32::from_le_bytes(*bytes));
            let parts = (tensor.shape().to_vec(), values.collect());
            found.insert(name.to_string(), parts);
        }
        assert!(!found.is_empty(), "{prefix}");
        Self { tensors: found }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    pub fn values(&self, name: &str) -> Vec<f64> {
        let (_, values) = &self.tensors[name];
        values.iter().copied().map(f64::from).collect()
    }

    pub fn tensor<const D: usize>(&self, name: &str, device: &Device) -> Tensor<D> {
        let (shape, values) = &self.tensors[name];
        Tensor::from_data(TensorData::new(values.clone(), shape.clone()), device)
    }
}

/// The small network of the fixtures.
pub fn small(variant: Variant) -> VideoAutoencoderConfig {
    let clip = ClipShape {
        channels: 1,
        frames: 8,
        height: 16,
        width: 32,
    };
    let layer = |stride, channels| VideoLayerConfig::new([3; 3], stride, channels);
    let config = VideoAutoencoderConfig::new(
        clip,
        vec![
            layer([1, 2, 2], 2),
            layer([2; 3], 3),
            layer([2; 3], 5),
            layer([2; 3], 7),
        ],
        vec![
            layer([2; 3], 5),
            layer([2; 3], 3),
            layer([2; 3], 2),
            layer([1, 2, 2], 1),
        ],
    )
    .with_variant(variant, 11, QueryUnit::Position)
    .with_reference_settings();
    let memory = config.memory.clone();
    config.with_memory(memory.map(|memory| memory.with_shrinkage(Shrinkage::absolute(0.08))))
}

pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.without_autodiff().try_into_vec_as().unwrap()
}

pub fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// Norm of the difference over the norm expected.
pub fn difference(what: &str, found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len(), "{what}: number of values");
    let difference: Vec<f64> = found.iter().zip(expected).map(|(a, b)| a - b).collect();
    norm(&difference)
}

/// Asserts that the norm of the difference is within `tolerance` of the norm expected, and returns
/// their ratio.
#[track_caller]
pub fn assert_relative(what: &str, found: &[f64], expected: &[f64], tolerance: f64) -> f64 {
    let relative = difference(what, found, expected) / norm(expected);
    // A NaN fails too.
    assert!(
        relative <= tolerance,
        "{what}: the difference is {relative:.1e} of the norm, allowed {tolerance:.0e}"
    );
    relative
}
