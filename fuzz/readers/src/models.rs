use burn::tensor::Device;
use memae_core::{MemoryModuleConfig, MemoryUsage, QueryUnit};
use memae_data::encode::{ClipsConfig, TableEncoder, TableEncoderConfig};
use memae_data::protocol::{OneClassConfig, TableOneClassConfig};
use memae_data::sample::{ClipShape, ImagePreprocessing, TableConfig};
use memae_models::detect::{Detector, VideoDetector};
use memae_models::network::{
    ImageAutoencoderConfig, Variant, VectorAutoencoderConfig, VideoAutoencoderConfig,
    VideoLayerConfig,
};
use memae_models::train::TrainConfig;
use serde::de::DeserializeOwned;

use crate::file::in_file;

pub fn detector(bytes: &[u8]) {
    let device = Device::flex();
    if let Ok(detector) = Detector::from_bytes(bytes.to_vec(), "a file", &device) {
        assert!(detector.threshold().is_finite());
    }
    let _ = Detector::<VectorAutoencoderConfig>::from_bytes_as(bytes.to_vec(), "a file", &device);
}

pub fn video_detector(bytes: &[u8]) {
    if let Ok(detector) = VideoDetector::from_bytes(bytes.to_vec(), "a file", &Device::flex()) {
        assert!(detector.threshold().is_finite());
    }
}

/// Weights of a small video network with a memory, in a file of either format.
pub fn pytorch(bytes: &[u8]) {
    let clip = ClipShape {
        channels: 1,
        frames: 8,
        height: 16,
        width: 32,
    };
    let layer = |stride, channels| VideoLayerConfig::new([3; 3], stride, channels);
    let encoder = vec![
        layer([1, 2, 2], 2),
        layer([2; 3], 3),
        layer([2; 3], 5),
        layer([2; 3], 7),
    ];
    let decoder = vec![
        layer([2; 3], 5),
        layer([2; 3], 3),
        layer([2; 3], 2),
        layer([1, 2, 2], 1),
    ];
    let config = VideoAutoencoderConfig::new(clip, encoder, decoder)
        .with_variant(Variant::MemAe, 11, QueryUnit::Position)
        .with_reference_settings();
    let _ = in_file("weights", bytes, |path| {
        config.init_from_pytorch(path, &Device::flex())
    });
}

/// JSON of every kind of settings that is saved; what can be checked is checked.
pub fn settings(bytes: &[u8]) {
    fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
        serde_json::from_slice(bytes).ok()
    }
    if let Some(config) = read::<TrainConfig>(bytes) {
        let _ = config.validate();
    }
    if let Some(config) = read::<MemoryModuleConfig>(bytes) {
        let _ = config.validate();
    }
    if let Some(config) = read::<ImageAutoencoderConfig>(bytes) {
        let _ = config.validate();
    }
    if let Some(config) = read::<VideoAutoencoderConfig>(bytes) {
        let _ = config.validate();
    }
    if let Some(config) = read::<VectorAutoencoderConfig>(bytes) {
        let _ = config.validate();
    }
    if let Some(usage) = read::<MemoryUsage>(bytes) {
        assert!(usage.mean_entropy().is_finite() && usage.mean_active_items().is_finite());
        assert!(usage.read_shares().iter().all(|share| share.is_finite()));
    }
    if let Some(preprocessing) = read::<ImagePreprocessing>(bytes) {
        let _ = preprocessing.validate();
    }
    read::<TableConfig>(bytes);
    read::<TableEncoder>(bytes);
    read::<TableEncoderConfig>(bytes);
    read::<ClipsConfig>(bytes);
    read::<OneClassConfig>(bytes);
    read::<TableOneClassConfig>(bytes);
}
