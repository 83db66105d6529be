//! Networks for clips, trained, scored and saved by what trains, scores and saves those for images.

use std::sync::mpsc;

use burn::data::dataset::DatasetError;
use memae_core::QueryUnit;
use memae_core::items::{ItemUpdateConfig, ItemUpdateRule};
use memae_data::sample::ClipShape;
use memae_models::artefact::ModelFileError;
use memae_models::detect::{Detector, DetectorConfig, DetectorError};
use memae_models::network::{AutoencoderConfig, Variant, VideoAutoencoder, VideoAutoencoderConfig};
use memae_models::samples::Samples;
use memae_models::score::{ScoreRule, evaluate_samples};
use memae_models::train::{
    Figure, InitialItems, ProgressDisplay, TrainConfig, TrainError, Trained, Trainer,
};

use crate::support::{
    Crossing, any_draws, assert_line, device, digits, seeded_draws, small_network,
    small_video_network, train, weight_bits,
};

const NORMAL: Crossing = Crossing {
    clips: 44,
    speed: 1,
};

fn config() -> TrainConfig {
    TrainConfig::video()
        .with_learning_rate(3e-3)
        .with_epochs(2)
        .with_batch_size(4)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn errors(model: &VideoAutoencoder, clips: &Crossing) -> Vec<f64> {
    let evaluation = evaluate_samples(model, clips, 5, &device()).unwrap();
    evaluation.scores.reconstruction
}

#[test]
fn every_form_learns_and_tells_another_speed() {
    let _draws = any_draws();
    let fast = Crossing { speed: 4, ..NORMAL };
    for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
        let network = small_video_network(variant, 20);
        let config = config().with_loss(variant.loss(config().loss));
        let trained = train(&network, config.with_epochs(25), &NORMAL);
        let losses: Vec<f64> = trained
            .history
            .epochs
            .iter()
            .map(|epoch| epoch.train[Figure::Loss.name()])
            .collect();
        assert_eq!(losses.len(), 25);
        assert!(losses[24] < 0.5 * losses[0], "{variant:?}: {losses:?}");
        let (normal, anomalous) = (
            errors(&trained.model, &NORMAL),
            errors(&trained.model, &fast),
        );
        assert!(
            mean(&anomalous) > 1.2 * mean(&normal),
            "{variant:?}: {} and {}",
            mean(&normal),
            mean(&anomalous)
        );
    }
}

/// Everything that draws.
fn everything() -> TrainConfig {
    config()
        .with_epochs(3)
        .with_warm_up_epochs(1)
        .with_samples_per_epoch(Some(13))
        .with_initial_items(InitialItems::Encodings)
        .with_item_update(
            ItemUpdateConfig::new()
                .with_rule(ItemUpdateRule::MovingAverage)
                .with_revival_share(0.5),
        )
        .with_initial_temperature(Some(2.0))
        .with_prototype_weight(0.1)
        .with_validation_share(0.2)
}

#[test]
fn a_seed_gives_one_network() {
    let _draws = seeded_draws();
    let network = small_video_network(Variant::MemAe, 20).with_reference_settings();
    for config in [
        config(),
        config().with_samples_per_epoch(Some(9)),
        everything(),
    ] {
        let run = |seed| train(&network, config.clone().with_seed(seed), &NORMAL);
        let (first, second, other) = (run(5), run(5), run(6));
        assert_eq!(first.history, second.history);
        assert_eq!(weight_bits(&first.model), weight_bits(&second.model));
        assert_ne!(weight_bits(&first.model), weight_bits(&other.model));
    }
}

#[test]
fn samples_per_epoch_bound_the_steps() {
    let _draws = any_draws();
    let network = small_video_network(Variant::Ae, 1);
    let batches = |trained: &Trained<VideoAutoencoderConfig>| {
        let layers = trained.model.encoder.iter();
        let counts: Vec<_> = layers.map(|layer| layer.batches_tracked).collect();
        assert!(counts.iter().all(|count| *count == counts[0]));
        assert_eq!(trained.model.decoder[0].batches_tracked, counts[0]);
        // The last layer has no norm.
        assert_eq!(trained.model.decoder[1].batches_tracked, None);
        counts[0].unwrap()
    };
    let all = train(&network, config().with_epochs(3), &NORMAL);
    assert_eq!(batches(&all), 3 * 11);
    for (count, steps) in [(2, 1), (9, 3), (43, 11), (1000, 11)] {
        let config = config().with_epochs(3).with_samples_per_epoch(Some(count));
        assert_eq!(batches(&train(&network, config, &NORMAL)), 3 * steps);
    }
    let error = Trainer::new(config().with_samples_per_epoch(Some(1)), device())
        .fit(&network, &NORMAL)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "training: samples_per_epoch is 1, expected at least 2"
    );
}

#[test]
fn the_network_is_shown_after_every_epoch() {
    let _draws = seeded_draws();
    let network = small_video_network(Variant::MemAe, 7);
    let run = |epochs: usize| {
        let config = config().with_epochs(epochs).with_warm_up_epochs(2);
        let (sender, shown) = mpsc::channel();
        let trained = Trainer::new(config, device())
            .with_display(ProgressDisplay::Silent)
            .fit_watched(&network, &NORMAL, move |epoch, model: &VideoAutoencoder| {
                sender.send((epoch, model.clone())).unwrap();
            })
            .unwrap();
        (trained, shown.into_iter().collect::<Vec<_>>())
    };
    let (trained, shown) = run(5);
    let epochs: Vec<usize> = shown.iter().map(|(epoch, _)| *epoch).collect();
    assert_eq!(epochs, [1, 2, 3, 4, 5]);
    let with_memory: Vec<bool> = shown
        .iter()
        .map(|(_, model)| model.memory.is_some())
        .collect();
    assert_eq!(with_memory, [false, false, true, true, true]);
    assert_eq!(weight_bits(&shown[4].1), weight_bits(&trained.model));
    assert_ne!(weight_bits(&shown[3].1), weight_bits(&trained.model));
    // For inference: nothing of it depends on the rest of a batch.
    let alone = Crossing { clips: 1, ..NORMAL };
    let difference = errors(&shown[3].1, &alone)[0] - errors(&shown[3].1, &NORMAL)[0];
    assert!(difference.abs() < 1e-3, "{difference}");

    // Watching changes nothing.
    let config = config().with_epochs(5).with_warm_up_epochs(2);
    let unwatched = train(&network, config, &NORMAL);
    assert_eq!(weight_bits(&unwatched.model), weight_bits(&trained.model));
}

#[test]
fn clips_of_another_shape_are_an_error() {
    let network = small_video_network(Variant::Ae, 1).with_frame_size(6, 12);
    let error = Trainer::new(config(), device())
        .fit(&network, &NORMAL)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "training clips are 1x4x6x11, expected 1x4x6x12 as the network's input"
    );
    let error = Trainer::new(config(), device())
        .fit(
            &small_video_network(Variant::Ae, 1),
            &Crossing { clips: 1, ..NORMAL },
        )
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 training clips are left, expected at least 2"
    );
}

/// Clips of which one can't be read.
#[derive(Debug, Clone)]
struct Broken;

#[derive(Debug, thiserror::Error)]
#[error("frames/007.jpg: cut off")]
struct CutOff;

impl Samples for Broken {
    type Shape = ClipShape;

    fn shape(&self) -> ClipShape {
        NORMAL.shape()
    }

    fn len(&self) -> usize {
        NORMAL.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        match index {
            7 => Err(DatasetError::new(CutOff)),
            _ => NORMAL.values(index),
        }
    }
}

#[test]
fn a_clip_that_cannot_be_read_stops_everything_with_its_message() {
    let _draws = any_draws();
    let network = small_video_network(Variant::MemAe, 5);
    for config in [
        config(),
        config().with_samples_per_epoch(Some(44)),
        config()
            .with_warm_up_epochs(1)
            .with_initial_items(InitialItems::Encodings),
    ] {
        let error = Trainer::new(config, device())
            .with_display(ProgressDisplay::Silent)
            .fit(&network, &Broken)
            .unwrap_err();
        assert_line(
            &error.to_string(),
            &["training stopped: ", "frames/007.jpg: cut off"],
        );
        assert!(
            matches!(error, TrainError::Training(_) | TrainError::Sample(_)),
            "{error:?}"
        );
    }
    let detector = untrained(&network);
    let error = detector.evaluate(&Broken, &device()).unwrap_err();
    assert_eq!(error.to_string(), "frames/007.jpg: cut off");
}

fn untrained(network: &VideoAutoencoderConfig) -> Detector<VideoAutoencoderConfig> {
    let model = network.init(&device());
    let config = DetectorConfig {
        rule: ScoreRule::Sum,
        quantile: 0.9,
    };
    Detector::fit(model, network.clone(), config, &NORMAL, &device()).unwrap()
}

#[test]
fn a_detector_of_clips_survives_its_file_to_the_bit() {
    let _draws = any_draws();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crossing.safetensors");
    let network = small_video_network(Variant::MemAe, 7).with_reference_settings();
    let trained = train(&network, config(), &NORMAL);
    let settings = DetectorConfig {
        rule: ScoreRule::Sum,
        quantile: 0.8,
    };
    let detector =
        Detector::fit(trained.model, trained.network, settings, &NORMAL, &device()).unwrap();
    detector.save(&path).unwrap();
    let loaded = Detector::<VideoAutoencoderConfig>::load_as(&path, &device()).unwrap();
    assert_eq!(loaded.network, detector.network);
    assert_eq!(loaded.threshold().to_bits(), detector.threshold().to_bits());
    assert_eq!(weight_bits(&loaded.model), weight_bits(&detector.model));
    let found = loaded.detect(&NORMAL, &device()).unwrap();
    assert_eq!(found, detector.detect(&NORMAL, &device()).unwrap());
    let flagged = found.iter().filter(|verdict| verdict.anomalous).count();
    // 80 % of 44 lie at or below the threshold.
    assert!(flagged <= 8, "{flagged}");

    let error = detector.evaluate(&Short, &device()).unwrap_err();
    assert!(matches!(error, DetectorError::SampleShape { .. }));
    assert_eq!(
        error.to_string(),
        "clips are 1x3x6x11, the detector expects 1x4x6x11"
    );
}

/// No clips of one frame less.
struct Short;

impl Samples for Short {
    type Shape = ClipShape;

    fn shape(&self) -> ClipShape {
        ClipShape {
            frames: 3,
            ..NORMAL.shape()
        }
    }

    fn len(&self) -> usize {
        0
    }

    fn values(&self, _index: usize) -> Result<Vec<f32>, DatasetError> {
        Ok(Vec::new())
    }
}

#[test]
fn a_file_says_what_its_network_is_for() {
    let _draws = any_draws();
    let folder = tempfile::tempdir().unwrap();
    let [clips, images] = ["clips", "images"].map(|name| folder.path().join(name));
    let network = small_video_network(Variant::MemAe, 7);
    assert_eq!(network.queries_per_sample().unwrap(), 2 * 3 * 3);
    untrained(&network).save(&clips).unwrap();
    let error = Detector::load(&clips, &device()).unwrap_err();
    assert!(matches!(error, ModelFileError::OtherKind { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "{}: found a detector of kind \"video\", expected one of kind \"image\"",
            clips.display()
        )
    );

    let network = small_network(Variant::MemAe, 5, QueryUnit::Encoding);
    let settings = DetectorConfig::default();
    let model = network.init(&device());
    Detector::fit(model, network, settings, &digits(3, 4), &device())
        .unwrap()
        .save(&images)
        .unwrap();
    let error = Detector::<VideoAutoencoderConfig>::load_as(&images, &device()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: found a detector of kind \"image\", expected one of kind \"video\"",
            images.display()
        )
    );
}
