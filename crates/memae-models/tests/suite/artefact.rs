//! Files of detectors, written and read back.

use std::path::Path;

use memae_core::QueryUnit;
use memae_models::artefact::ModelFileError;
use memae_models::detect::{Detector, DetectorConfig, VideoDetector};
use memae_models::network::{ImageAutoencoderConfig, Variant};
use memae_models::score::ScoreRule;
use safetensors::{Dtype, SafeTensors};

use crate::support::{
    any_draws, assert_line, device, digits, init, small_network, train, weight_bits,
};

pub fn network() -> ImageAutoencoderConfig {
    small_network(Variant::MemAe, 9, QueryUnit::Encoding)
}

/// A detector with untrained weights.
pub fn detector(network: ImageAutoencoderConfig) -> Detector {
    let model = init(&network, &device());
    let config = DetectorConfig {
        rule: match network.memory {
            Some(_) => ScoreRule::Sum,
            None => ScoreRule::Reconstruction,
        },
        quantile: 0.9,
    };
    Detector::fit(model, network, config, &digits(4, 8), &device()).unwrap()
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_detector_survives_its_file_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let images = digits(5, 10);
    let trained = {
        let _draws = any_draws();
        let config = memae_models::train::TrainConfig::new()
            .with_epochs(2)
            .with_batch_size(16)
            .with_initial_temperature(Some(0.7));
        train(&network(), config, &digits(4, 40))
    };
    let config = DetectorConfig {
        rule: ScoreRule::Sum,
        quantile: 0.9,
    };
    let trained = Detector::fit(trained.model, trained.network, config, &images, &device());
    for detector in [
        trained.unwrap(),
        detector(network()),
        detector(small_network(
            Variant::MemAeNonSparse,
            4,
            QueryUnit::Position,
        )),
        detector(small_network(Variant::Ae, 1, QueryUnit::Encoding)),
    ] {
        detector.save(&path).unwrap();
        let loaded = Detector::load(&path, &device()).unwrap();
        assert_eq!(loaded.network, detector.network);
        assert_eq!(loaded.rule(), detector.rule());
        assert_eq!(loaded.scale(), detector.scale());
        assert_eq!(loaded.threshold().to_bits(), detector.threshold().to_bits());
        assert_eq!(weight_bits(&loaded.model), weight_bits(&detector.model));
        assert_eq!(
            loaded.evaluate(&images, &device()).unwrap(),
            detector.evaluate(&images, &device()).unwrap()
        );
        assert_eq!(
            loaded.detect(&images, &device()).unwrap(),
            detector.detect(&images, &device()).unwrap()
        );
    }
}

#[test]
fn the_bytes_of_a_file_are_the_same_detector() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let images = digits(5, 10);
    let saved = detector(network());
    saved.save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let read = Detector::from_bytes(bytes.clone(), "a page", &device()).unwrap();
    assert_eq!(weight_bits(&read.model), weight_bits(&saved.model));
    assert_eq!(
        read.detect(&images, &device()).unwrap(),
        saved.detect(&images, &device()).unwrap()
    );

    let cut = Detector::from_bytes(bytes[..99].to_vec(), "a page", &device()).unwrap_err();
    assert!(matches!(cut, ModelFileError::Format { .. }), "{cut:?}");
    assert_line(&cut.to_string(), &["a page: not a whole safetensors file"]);
    let video = VideoDetector::from_bytes(bytes, "a page", &device()).unwrap_err();
    assert_line(
        &video.to_string(),
        &["a page: ", "\"image\"", "\"video stream\""],
    );
}

#[test]
fn numbers_in_the_header_survive_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let (model, images) = (init(&network(), &device()), digits(4, 30));
    for count in 2..30 {
        let images = images.select(&(0..count).collect::<Vec<_>>());
        let config = DetectorConfig {
            rule: ScoreRule::Sum,
            quantile: 0.5,
        };
        let detector = Detector::fit(model.clone(), network(), config, &images, &device()).unwrap();
        detector.save(&path).unwrap();
        let loaded = Detector::load(&path, &device()).unwrap();
        assert_eq!(loaded.threshold(), detector.threshold());
        assert_eq!(loaded.scale(), detector.scale());
    }
}

#[test]
fn a_detector_for_other_images_than_expected_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    detector(network()).save(&path).unwrap();
    Detector::load_for(&path, network().input, &device()).unwrap();
    let cifar10 = ImageAutoencoderConfig::cifar10(Variant::Ae).input;
    let error = Detector::load_for(&path, cifar10, &device()).unwrap_err();
    assert_line(
        &error.to_string(),
        &[path.to_str().unwrap(), "1x28x28", "3x32x32"],
    );
}

#[test]
fn tensors_have_the_names_and_shapes_that_pytorch_gives_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    detector(network()).save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let mut found: Vec<(String, Vec<usize>)> = tensors
        .iter()
        .map(|(name, tensor)| (name.to_string(), tensor.shape().to_vec()))
        .collect();
    found.sort();
    let norm = |name: &str, channels: usize| {
        ["bias", "running_mean", "running_var", "weight"]
            .map(|part| (format!("{name}.{part}"), vec![channels]))
    };
    let conv = |name: &str, bias: usize, weight: [usize; 4]| {
        [
            (format!("{name}.bias"), vec![bias]),
            (format!("{name}.weight"), weight.to_vec()),
        ]
    };
    let expected = [
        conv("decoder.0.conv", 4, [8, 4, 3, 3]).to_vec(),
        norm("decoder.0.norm", 4).to_vec(),
        conv("decoder.1.conv", 1, [4, 1, 3, 3]).to_vec(),
        conv("encoder.0.conv", 4, [4, 1, 3, 3]).to_vec(),
        norm("encoder.0.norm", 4).to_vec(),
        conv("encoder.1.conv", 8, [8, 4, 3, 3]).to_vec(),
        norm("encoder.1.norm", 8).to_vec(),
        vec![("memory.items".to_string(), vec![9, 392])],
    ];
    assert_eq!(found, expected.concat());
    assert!(
        tensors
            .iter()
            .all(|(_, tensor)| tensor.dtype() == Dtype::F32)
    );
}

#[test]
fn saving_replaces_the_file_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    // Longer than what replaces it.
    std::fs::write(&path, vec![7; 100_000]).unwrap();
    #[cfg(unix)]
    let mut old = std::fs::File::open(&path).unwrap();
    detector(network()).save(&path).unwrap();
    Detector::load(&path, &device()).unwrap();
    assert_eq!(entries(folder.path()), ["a.safetensors"]);
    // Who has the old file open keeps it whole: the new one was not written into it.
    #[cfg(unix)]
    {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut old, &mut bytes).unwrap();
        assert_eq!(bytes, vec![7; 100_000]);
    }
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let detector = detector(network());
    let missing = folder.path().join("missing/a.safetensors");
    let message = detector.save(&missing).unwrap_err().to_string();
    assert_line(&message, &[missing.to_str().unwrap(), "can't be written"]);
    assert!(entries(folder.path()).is_empty());

    let occupied = folder.path().join("occupied");
    std::fs::create_dir(&occupied).unwrap();
    std::fs::write(occupied.join("inside"), "here").unwrap();
    let message = detector.save(&occupied).unwrap_err().to_string();
    assert_line(&message, &[occupied.to_str().unwrap(), "can't be written"]);
    assert_eq!(entries(folder.path()), ["occupied"]);
    assert_eq!(entries(&occupied), ["inside"]);
}

#[test]
fn a_file_that_is_not_there_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.safetensors");
    for (path, found) in [
        (missing, "cannot be read"),
        (
            folder.path().into(),
            "found a folder, expected a regular file",
        ),
    ] {
        let error = Detector::load(&path, &device()).unwrap_err();
        assert!(matches!(error, ModelFileError::File(_)), "{error:?}");
        assert_line(&error.to_string(), &[path.to_str().unwrap(), found]);
    }
}
