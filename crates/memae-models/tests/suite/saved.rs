//! Detectors and settings that version 0.1.0 saved: they load for ever, and score the same.
//!
//! What lies in `fixtures/saved` is never written anew. A field that is added to what is saved has a default for serde
//! (`#[serde(default)]`) under which files without it mean what they meant; a field that goes away is read and ignored.

use std::collections::BTreeMap;
use std::path::PathBuf;

use burn::data::dataset::DatasetError;
use memae_core::addressing::{EmptyRow, Shrinkage, Similarity};
use memae_core::items::{ItemUpdateConfig, ItemUpdateRule};
use memae_core::loss::{MemAeLossConfig, ReconstructionReduction};
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::sample::LabeledImages;
use memae_data::sample::{ClipShape, VectorShape};
use memae_models::detect::{
    Detector, DetectorConfig, GapPolicy, ThresholdOrigin, Verdict, VideoDetector,
    VideoDetectorConfig,
};
use memae_models::network::{
    Activation, ImageAutoencoderConfig, InitialWeights, LayerConfig, VectorAutoencoderConfig,
    VectorLayerConfig, VideoAutoencoderConfig, VideoLayerConfig,
};
use memae_models::samples::Samples;
use memae_models::score::{ClipScoreRule, ScoreRule, Smoothing};
use memae_models::train::{InitialItems, TrainConfig};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::{assert_close, device, shape};

/// Most that a score may differ, as a share of the largest: machines round sums in different orders.
const TOLERANCE: f64 = 1e-6;

/// A level that depends on nothing but its arguments: a pattern that moves with `number`, with a mark of `depth`
/// beside it.
fn level(number: usize, row: usize, column: usize, depth: usize) -> u8 {
    let wave = (7 * row + 3 * column + 11 * number) % 16;
    let mark = if (row + number).is_multiple_of(5) && column < 4 {
        depth
    } else {
        0
    };
    (10 * wave + mark).min(255) as u8
}

/// Twelve images, the later ones with ever stronger marks.
fn images() -> LabeledImages {
    let shape = shape(1, 9, 12);
    let pixels = (0..12)
        .flat_map(|image| (0..9 * 12).map(move |i| level(image, i / 12, i % 12, 20 * image)));
    LabeledImages::new(shape, pixels.collect(), vec![0; 12]).unwrap()
}

/// Frames of two videos of nine frames each, as clips that begin at every frame.
struct Videos;

impl Videos {
    const SHAPE: ClipShape = ClipShape {
        channels: 1,
        frames: 4,
        height: 6,
        width: 10,
    };

    fn frame(number: usize) -> Vec<f32> {
        let ClipShape { height, width, .. } = Self::SHAPE;
        let depth = 15 * (number % 9);
        let levels = (0..height * width).map(|i| level(number, i / width, i % width, depth));
        levels.map(|level| f32::from(level) / 127.5 - 1.0).collect()
    }
}

impl Samples for Videos {
    type Shape = ClipShape;

    fn shape(&self) -> ClipShape {
        Self::SHAPE
    }

    fn len(&self) -> usize {
        12
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let first = index + 3 * (index / 6);
        Ok((first..first + 4).flat_map(Self::frame).collect())
    }

    fn sequences(&self) -> Vec<std::ops::Range<usize>> {
        vec![0..6, 6..12]
    }
}

/// Ten vectors.
struct Rows;

impl Samples for Rows {
    type Shape = VectorShape;

    fn shape(&self) -> VectorShape {
        VectorShape { width: 7 }
    }

    fn len(&self) -> usize {
        10
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let levels = (0..7).map(|column| level(index, index, column, 10 * index));
        Ok(levels.map(|level| f32::from(level) / 255.0).collect())
    }
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/saved");
    folder.join(name)
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let json = std::fs::read_to_string(path(name)).unwrap();
    serde_json::from_str(&json).unwrap()
}

/// What a saved detector said of the samples above.
#[derive(Deserialize)]
struct Said {
    threshold: f64,
    scores: Vec<f64>,
}

/// What was said by the detector in a file.
fn said(file: &str) -> Said {
    read::<BTreeMap<String, Said>>("scores.json")
        .remove(file)
        .unwrap()
}

#[track_caller]
fn assert_said(file: &str, threshold: f64, verdicts: &[Verdict]) {
    let said = said(file);
    assert_eq!(threshold.to_bits(), said.threshold.to_bits(), "{file}");
    let scores: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
    let largest = said
        .scores
        .iter()
        .fold(1f64, |most, score| most.max(score.abs()));
    assert_close(file, &scores, &said.scores, TOLERANCE * largest);
    let anomalous = verdicts.iter().filter(|verdict| verdict.anomalous).count();
    assert!(
        (1..verdicts.len()).contains(&anomalous),
        "{file}: {anomalous} are anomalous"
    );
    for verdict in verdicts {
        assert_eq!(verdict.anomalous, verdict.score > threshold, "{file}");
        assert_eq!(verdict.anomalous, verdict.normalized > 0.5, "{file}");
        assert_eq!(verdict.p_value, None, "{file}");
    }
}

fn memory(num_items: usize, item_dim: usize) -> MemoryModuleConfig {
    MemoryModuleConfig::new(num_items, item_dim)
        .with_similarity(Similarity::Dot)
        .with_temperature(0.5)
        .with_shrinkage(Shrinkage::absolute(0.0625))
        .with_empty_row(EmptyRow::Zeros)
}

fn image_network() -> ImageAutoencoderConfig {
    ImageAutoencoderConfig::new(
        shape(1, 9, 12),
        vec![LayerConfig::new(3, 2, 4), LayerConfig::new(1, 1, 5)],
        vec![LayerConfig::new(1, 1, 4), LayerConfig::new(3, 2, 1)],
    )
    .with_activation(Activation::Relu)
    .with_query(QueryUnit::Position)
    .with_memory(Some(memory(9, 5)))
}

fn video_network() -> VideoAutoencoderConfig {
    let layer = |stride, channels| VideoLayerConfig::new([3, 3, 3], stride, channels);
    VideoAutoencoderConfig::new(
        Videos::SHAPE,
        vec![layer([1, 2, 2], 4), layer([2, 1, 2], 5)],
        vec![layer([2, 1, 2], 4), layer([1, 2, 2], 1)],
    )
    .with_activation(Activation::LeakyRelu { slope: 0.2 })
    .with_initial_weights(InitialWeights::Reference)
    .with_query(QueryUnit::Position)
    .with_memory(Some(
        MemoryModuleConfig::new(11, 5)
            .with_similarity(Similarity::Cosine)
            .with_temperature(1.0)
            .with_shrinkage(Shrinkage::relative(1.0))
            .with_empty_row(EmptyRow::BestItem),
    ))
}

fn vector_network() -> VectorAutoencoderConfig {
    let tanh = |width| VectorLayerConfig::new(width).with_activation(Activation::Tanh);
    VectorAutoencoderConfig::new(
        VectorShape { width: 7 },
        vec![tanh(6), VectorLayerConfig::new(3)],
        vec![tanh(5).with_batch_norm(true), VectorLayerConfig::new(7)],
    )
    .with_memory(Some(
        MemoryModuleConfig::new(8, 3)
            .with_similarity(Similarity::Cosine)
            .with_temperature(0.25)
            .with_shrinkage(Shrinkage::Off)
            .with_empty_row(EmptyRow::BestItem),
    ))
}

/// Every rule there was.
fn video_rule() -> ClipScoreRule {
    ClipScoreRule::Sum(vec![
        ClipScoreRule::MeanError,
        ClipScoreRule::SquaredError,
        ClipScoreRule::WorstPixels { share: 0.125 },
        ClipScoreRule::RelativeError {
            side: 4,
            share: 0.5,
        },
        ClipScoreRule::WorstPatch {
            side: 3,
            power: 8.0,
        },
        ClipScoreRule::PatchDeviation {
            side: 4,
            share: 0.5,
        },
        ClipScoreRule::ReadDistance,
        ClipScoreRule::AddressingEntropy,
    ])
}

#[test]
fn an_image_detector_scores_as_it_did() {
    let file = "image_detector.safetensors";
    let detector = Detector::load(path(file), &device()).unwrap();
    assert_eq!(detector.network, image_network());
    assert_eq!(detector.rule(), ScoreRule::SumOfThree);
    assert_eq!(
        detector.detection_threshold().origin(),
        &ThresholdOrigin::Unknown
    );
    let verdicts = detector.detect(&images(), &device()).unwrap();
    assert_said(file, detector.threshold(), &verdicts);
}

#[test]
fn a_vector_detector_scores_as_it_did() {
    let file = "vector_detector.safetensors";
    let detector = Detector::<VectorAutoencoderConfig>::load_as(path(file), &device()).unwrap();
    assert_eq!(detector.network, vector_network());
    assert_eq!(detector.rule(), ScoreRule::Sum);
    let verdicts = detector.detect(&Rows, &device()).unwrap();
    assert_said(file, detector.threshold(), &verdicts);
}

#[test]
fn a_video_detector_scores_as_it_did() {
    let file = "video_detector.safetensors";
    let detector = VideoDetector::load(path(file), &device()).unwrap();
    assert_eq!(detector.network, video_network());
    assert_eq!(detector.rule().rule(), &video_rule());
    assert_eq!(detector.smoothing(), Smoothing::Mean { scores: 2 });
    assert_eq!((detector.pixels(), detector.scored_frame()), (None, 2));
    let verdicts = detector.detect(&Videos, &device()).unwrap();
    assert_said(file, detector.threshold(), &verdicts);

    let mut stream = detector.stream(GapPolicy::Refuse, &device());
    let mut streamed = Vec::new();
    for number in 0..18 {
        if number == 9 {
            stream.reset();
        }
        let (frame, shape) = (Videos::frame(number), shape(1, 6, 10));
        let score = stream.push(number as u64, shape, &frame).unwrap();
        streamed.extend(score.map(|score| score.score));
    }
    let scores: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
    assert_close("stream", &streamed, &scores, 1e-5);
}

#[test]
fn settings_of_networks_mean_what_they_meant() {
    let images = [
        image_network(),
        image_network()
            .with_memory(None)
            .with_activation(Activation::LeakyRelu { slope: 0.2 }),
        image_network()
            .with_query(QueryUnit::Encoding)
            .with_memory(Some(memory(9, 150).with_shrinkage(Shrinkage::Off))),
    ];
    let found: Vec<ImageAutoencoderConfig> = setting("ImageAutoencoderConfig");
    assert_eq!(found, images);
    found.iter().for_each(|network| network.validate().unwrap());

    let found: Vec<VideoAutoencoderConfig> = setting("VideoAutoencoderConfig");
    let uniform = video_network().with_initial_weights(InitialWeights::Uniform);
    assert_eq!(found, [video_network(), uniform.with_memory(None)]);
    found.iter().for_each(|network| network.validate().unwrap());

    let found: Vec<VectorAutoencoderConfig> = setting("VectorAutoencoderConfig");
    assert_eq!(
        found,
        [vector_network(), vector_network().with_memory(None)]
    );
    found.iter().for_each(|network| network.validate().unwrap());
}

/// Settings of a kind.
fn setting<T: DeserializeOwned>(kind: &str) -> T {
    let value = read::<BTreeMap<String, Value>>("settings.json").remove(kind);
    serde_json::from_value(value.unwrap()).unwrap()
}

fn trainings() -> [TrainConfig; 2] {
    [
        TrainConfig::new()
            .with_epochs(9)
            .with_warm_up_epochs(4)
            .with_batch_size(32)
            .with_samples_per_epoch(Some(1000))
            .with_learning_rate(0.0005)
            .with_loss(
                MemAeLossConfig::new(ReconstructionReduction::SumPerSample)
                    .with_entropy_weight(0.001),
            )
            .with_prototype_weight(0.01)
            .with_initial_items(InitialItems::Encodings)
            .with_item_update(
                ItemUpdateConfig::new()
                    .with_rule(ItemUpdateRule::MovingAverage)
                    .with_decay(0.9)
                    .with_revival_share(0.05),
            )
            .with_initial_temperature(Some(0.5))
            .with_validation_share(0.25)
            .with_seed(7),
        TrainConfig::new()
            .with_epochs(3)
            .with_warm_up_epochs(0)
            .with_batch_size(8)
            .with_samples_per_epoch(None)
            .with_learning_rate(0.0001)
            .with_loss(
                MemAeLossConfig::new(ReconstructionReduction::ElementMean)
                    .with_entropy_weight(0.0002),
            )
            .with_prototype_weight(0.0)
            .with_initial_items(InitialItems::Drawn)
            .with_item_update(
                ItemUpdateConfig::new()
                    .with_rule(ItemUpdateRule::Gradient)
                    .with_decay(0.99)
                    .with_revival_share(0.0),
            )
            .with_initial_temperature(None)
            .with_validation_share(0.0)
            .with_seed(0),
    ]
}

#[test]
fn settings_of_trainings_mean_what_they_meant() {
    let found: Vec<TrainConfig> = setting("TrainConfig");
    assert_eq!(found, trainings());
    found.iter().for_each(|config| config.validate().unwrap());
}

fn detectors() -> [DetectorConfig; 5] {
    ScoreRule::ALL.map(|rule| DetectorConfig {
        rule,
        quantile: 0.95,
    })
}

fn video_detectors() -> [VideoDetectorConfig; 3] {
    [
        (video_rule(), Smoothing::Mean { scores: 5 }),
        (ClipScoreRule::MeanError, Smoothing::Off),
        (
            ClipScoreRule::ReadDistance,
            Smoothing::Exponential { decay: 0.75 },
        ),
    ]
    .map(|(rule, smoothing)| VideoDetectorConfig {
        rule,
        smoothing,
        quantile: 0.95,
    })
}

#[test]
fn settings_of_detectors_mean_what_they_meant() {
    assert_eq!(
        setting::<Vec<DetectorConfig>>("DetectorConfig"),
        detectors()
    );
    let found: Vec<VideoDetectorConfig> = setting("VideoDetectorConfig");
    assert_eq!(found, video_detectors());
    found.iter().for_each(|config| config.validate().unwrap());
}
