use std::path::Path;

use burn::tensor::Device;
use memae_core::{MemoryModuleConfig, MemoryUsage, QueryUnit};
use memae_data::drawn::{DigitsConfig, RoadConfig, WalkwayConfig};
use memae_data::encode::{
    ClipsConfig, FlowConfig, JointPreprocessing, MotionConfig, MotionPreprocessing, TableEncoder,
    TableEncoderConfig, TablePreprocessing, VideoPreprocessing,
};
use memae_data::protocol::{
    Calibration, FoldsConfig, NormalPartsConfig, OneClassConfig, TableOneClassConfig,
};
use memae_data::sample::{ClipShape, Frame, ImagePreprocessing, PixelSlice, TableConfig};
use memae_models::detect::{
    DetectionThreshold, Detector, DetectorConfig, JointDetector, JointDetectorError,
    MotionDetector, MotionDetectorError, StreamError, VideoDetector, VideoDetectorConfig,
};
use memae_models::network::{
    ImageAutoencoderConfig, Variant, VectorAutoencoderConfig, VideoAutoencoderConfig,
    VideoLayerConfig,
};
use memae_models::train::{MotionMemoryConfig, SampleMemoryConfig, TrainConfig};
use serde::de::DeserializeOwned;

use crate::file::in_file;

pub fn detector(bytes: &[u8]) {
    let device = Device::flex();
    if let Ok(detector) = Detector::from_bytes(bytes.to_vec(), "a file", &device) {
        keeps_its_word(detector.detection_threshold());
        if let Some(pixels) = detector.pixel_threshold() {
            keeps_its_word(pixels.threshold());
        }
        if let Some(preprocessing) = detector.preprocessing() {
            assert!(preprocessing.validate().is_ok());
        }
    }
    let of_rows =
        Detector::<VectorAutoencoderConfig>::from_bytes_as(bytes.to_vec(), "a file", &device);
    if let Ok(detector) = of_rows {
        keeps_its_word(detector.detection_threshold());
        if let Some(preprocessing) = detector.preprocessing() {
            let _ = preprocessing
                .reading
                .decode(&b"a,b\n1,2\n"[..], Path::new("a table"));
        }
    }
}

/// A threshold is a number, and so is what it says of scores.
fn keeps_its_word(threshold: &DetectionThreshold) {
    assert!(threshold.value().is_finite());
    assert!(threshold.typical().is_none_or(f64::is_finite));
    for score in [f64::MIN, -1.0, threshold.value(), f64::MAX, f64::NAN] {
        let verdict = threshold.verdict(score);
        assert_eq!(verdict.anomalous, score > threshold.value());
        assert!(
            verdict
                .p_value
                .is_none_or(|p_value| p_value > 0.0 && p_value <= 1.0)
        );
    }
    if let Some(calibration) = threshold.calibration() {
        keeps_its_scores(calibration);
    }
}

/// Thresholds of held-out scores are some of them, and come back as they are.
fn keeps_its_scores(calibration: &Calibration) {
    for rate in [1e-9, 0.01, 0.5, 0.999] {
        let threshold = calibration.threshold(rate).expect("a rate");
        assert!(threshold.threshold.is_finite() && threshold.typical.is_finite());
    }
    assert!((1..=calibration.num_scores()).contains(&calibration.num_groups()));
    // More are condensed.
    if calibration.num_scores() <= Calibration::MAX_SAVED {
        let saved = serde_json::to_string(calibration).expect("JSON");
        let again = serde_json::from_str::<Calibration>(&saved).expect("a calibration");
        assert_eq!(&again, calibration);
    }
}

/// The most pixels of a frame that is scored here: a file may ask for large ones, which take long.
const MAX_FRAME: usize = 64 * 64;

pub fn video_detector(bytes: &[u8]) {
    let device = Device::flex();
    if let Ok(detector) = VideoDetector::from_bytes(bytes.to_vec(), "a file", &device) {
        keeps_its_word(detector.detection_threshold());
    }
    if let Ok(detector) = MotionDetector::from_bytes(bytes.to_vec(), "a file", &device) {
        keeps_its_word(detector.detection_threshold());
        moves_as_it_says(&detector, &device);
    }
    if let Ok(detector) = JointDetector::from_bytes(bytes.to_vec(), "a file", &device) {
        keeps_its_word(detector.detection_threshold());
        both_are_of_one_frame(&detector, &device);
    }
}

/// Both parts take a few frames, and what they come to is a number.
fn both_are_of_one_frame(detector: &JointDetector, device: &Device) {
    let parts = detector.parts();
    let way = parts.preprocessing();
    let (height, width) = way.motion().format().size.expect("frames of one size");
    let reach = parts.reach().expect("one that was read");
    let clip = parts.appearance().network.input.len();
    if height * width > MAX_FRAME || clip > 8 * MAX_FRAME || reach > 20 {
        return;
    }
    let shape = way.format().shape_of(24, 36);
    let mut stream = detector.stream(device).expect("one that was read");
    for frame in 0..reach {
        let pixels = (0..shape.len()).map(|pixel| ((pixel + 3 * frame) * 37 % 251) as u8);
        let pixels = pixels.collect();
        let verdict = match stream.push(&Frame { shape, pixels }) {
            Ok(verdict) => verdict,
            // Of weights and items that are so large that what comes out is no number.
            Err(JointDetectorError::Motion(MotionDetectorError::Score { .. }))
            | Err(JointDetectorError::Stream(StreamError::Score { .. })) => return,
            Err(error) => panic!("{error}"),
        };
        if let Some(score) = verdict.score {
            assert!(score.verdict.score.is_finite() && score.verdict.score >= 0.0);
        }
    }
}

/// What moves in a few frames has as many places as the detector says, and scores that are numbers.
fn moves_as_it_says(detector: &MotionDetector, device: &Device) {
    let way = detector.preprocessing();
    let layout = way.layout().expect("one that was read");
    let (height, width) = way.format().size.expect("frames of one size");
    if height * width > MAX_FRAME || layout.frames() > 8 {
        return;
    }
    let mut stream = detector.stream(device).expect("one that was read");
    for frame in 0..=layout.frames() {
        let pixels: Vec<u8> = (0..height * width)
            .map(|pixel| ((pixel + 3 * frame) * 37 % 251) as u8)
            .collect();
        let verdict = match stream.push(PixelSlice::Bits8(&pixels)) {
            Ok(verdict) => verdict,
            // Of items that are so large that distances to them are none.
            Err(MotionDetectorError::Score { .. }) => return,
            Err(error) => panic!("{error}"),
        };
        if let Some(score) = verdict.score {
            assert!(score.verdict.score.is_finite());
            assert_eq!(score.distances.len(), layout.rows() * layout.columns());
        }
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
    if let Some(calibration) = read::<Calibration>(bytes) {
        keeps_its_scores(&calibration);
    }
    if let Some(threshold) = read::<DetectionThreshold>(bytes) {
        keeps_its_word(&threshold);
    }
    if let Some(config) = read::<NormalPartsConfig>(bytes) {
        let _ = config.divide_single(20);
    }
    if let Some(config) = read::<FoldsConfig>(bytes) {
        let _ = config.divide_single(20);
    }
    if let Some(way) = read::<TablePreprocessing>(bytes) {
        let again = TablePreprocessing::new(way.reading.clone(), way.encoder.clone());
        assert_eq!(again, way);
    }
    if let Some(way) = read::<MotionPreprocessing>(bytes)
        && way.validate().is_ok()
    {
        assert!(way.layout().is_ok());
    }
    if let Some(way) = read::<JointPreprocessing>(bytes) {
        let _ = way.validate();
    }
    if let Some(config) = read::<MotionConfig>(bytes) {
        let _ = config.validate();
    }
    if let Some(config) = read::<FlowConfig>(bytes) {
        let _ = config.validate();
    }
    if let Some(config) = read::<DigitsConfig>(bytes) {
        let _ = config.validate();
    }
    read::<WalkwayConfig>(bytes);
    read::<RoadConfig>(bytes);
    read::<MotionMemoryConfig>(bytes);
    read::<SampleMemoryConfig>(bytes);
    read::<VideoPreprocessing>(bytes);
    read::<DetectorConfig>(bytes);
    read::<VideoDetectorConfig>(bytes);
    read::<TableConfig>(bytes);
    read::<TableEncoder>(bytes);
    read::<TableEncoderConfig>(bytes);
    read::<ClipsConfig>(bytes);
    read::<OneClassConfig>(bytes);
    read::<TableOneClassConfig>(bytes);
}
