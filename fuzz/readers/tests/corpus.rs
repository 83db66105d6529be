//! What fuzzing kept, and what it found, run by every test run.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae_data::encode::{
    MotionConfig, MotionPreprocessing, TablePreprocessing, VideoPreprocessing,
};
use memae_data::protocol::{Calibration, FoldsConfig, NormalPartsConfig};
use memae_data::sample::ImagePreprocessing;
use memae_models::detect::{
    DetectionThreshold, Detector, MotionDetector, ThresholdOrigin, VideoDetector,
};
use memae_models::network::VectorAutoencoderConfig;
use serde::de::DeserializeOwned;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

fn files_of(reader: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(corpus().join(reader)).expect("a folder for each reader");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn readers_keep_their_word_on_every_file() {
    for (name, reader) in fuzz_readers::READERS {
        let files = files_of(name);
        assert!(!files.is_empty(), "{name}: no files");
        for file in files {
            println!("{name}: {}", file.display());
            reader(&fs::read(&file).unwrap());
        }
    }
}

/// Each file cut off anywhere is read or refused, too.
#[test]
fn readers_keep_their_word_on_files_that_are_cut_off() {
    for (name, reader) in fuzz_readers::READERS {
        for file in files_of(name) {
            let bytes = fs::read(&file).unwrap();
            let step = bytes.len() / 40 + 1;
            for length in (0..bytes.len()).step_by(step) {
                println!("{name}: {length} bytes of {}", file.display());
                reader(&bytes[..length]);
            }
        }
    }
}

/// Each part of a detector's file is in some file that is read whole, so that what is made of it is read far, too.
#[test]
fn detectors_with_all_that_they_may_keep_are_read() {
    let device = Device::flex();
    let bytes = |name: &str| fs::read(corpus().join(name)).unwrap();
    let image = |name: &str| {
        let detector = Detector::from_bytes(bytes(name), name, &device);
        detector.unwrap_or_else(|error| panic!("{error}"))
    };
    let groups = |threshold: &DetectionThreshold| match threshold.origin() {
        ThresholdOrigin::HeldOut { calibration, .. } => {
            (calibration.num_groups(), calibration.num_scores())
        }
        origin => panic!("{origin:?}"),
    };
    let masked = image("detector/image_groups");
    assert_eq!(groups(masked.detection_threshold()), (3, 6));
    let pixels = masked
        .pixel_threshold()
        .map(|pixels| groups(pixels.threshold()));
    assert_eq!(pixels, Some((9, 9)));
    assert_eq!(masked.provenance().suspects.len(), 1);
    let of_folds = image("detector/image_folds");
    let pixels = of_folds.pixel_threshold().expect("of pixels").threshold();
    for (threshold, expected) in [(of_folds.detection_threshold(), (2, 6)), (pixels, (3, 9))] {
        let ThresholdOrigin::Folds {
            folds, calibration, ..
        } = threshold.origin()
        else {
            panic!("{threshold:?}");
        };
        assert_eq!((*folds, calibration.num_scores()), expected);
    }
    let few = image("detector/image_few_scores");
    assert_eq!(groups(few.detection_threshold()), (3, 70_006));
    for detector in [masked, few] {
        assert!(
            detector
                .preprocessing()
                .is_some_and(|way| way.region.is_some())
        );
    }

    let name = "detector/vector_table";
    let rows = Detector::<VectorAutoencoderConfig>::from_bytes_as(bytes(name), name, &device);
    let rows = rows.unwrap_or_else(|error| panic!("{error}"));
    let way = rows.preprocessing().expect("of tables");
    assert_eq!((way.encoder.width(), &way.reading.label), (7, &None));
    let name = "video_detector/video_groups";
    let video = VideoDetector::from_bytes(bytes(name), name, &device);
    let video = video.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(groups(video.detection_threshold()), (2, 4));
    let way = video.preprocessing().expect("of videos");
    assert_eq!(way.opening().rate, Some(5.0));
    let name = "video_detector/motion";
    let motion = MotionDetector::from_bytes(bytes(name), name, &device);
    let motion = motion.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(groups(motion.detection_threshold()), (1, 16));
    assert_eq!(motion.preprocessing().rate(), 10.0);
}

/// The same for settings that are saved by themselves.
#[test]
fn settings_of_the_corpus_are_what_their_names_say() {
    fn is<T: DeserializeOwned>(name: &str) {
        let text = fs::read_to_string(corpus().join("settings").join(name)).unwrap();
        if let Err(error) = serde_json::from_str::<T>(&text) {
            panic!("{name}: {error}");
        }
    }
    is::<ImagePreprocessing>("ImagePreprocessing_0");
    is::<ImagePreprocessing>("ImagePreprocessing_1");
    is::<TablePreprocessing>("TablePreprocessing_0");
    is::<VideoPreprocessing>("VideoPreprocessing_0");
    is::<MotionPreprocessing>("MotionPreprocessing_0");
    is::<MotionConfig>("MotionConfig_0");
    is::<Calibration>("Calibration_0");
    is::<Calibration>("Calibration_1");
    is::<DetectionThreshold>("DetectionThreshold_0");
    is::<NormalPartsConfig>("NormalPartsConfig_0");
    is::<FoldsConfig>("FoldsConfig_0");
}

#[test]
fn every_reader_has_a_target() {
    let manifest = fs::read_to_string(corpus().join("../Cargo.toml")).unwrap();
    for (name, _) in fuzz_readers::READERS {
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "fuzz/Cargo.toml: no target {name}"
        );
        assert!(
            corpus()
                .join(format!("../fuzz_targets/{name}.rs"))
                .is_file()
        );
    }
}
