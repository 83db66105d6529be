//! Detectors that know how files become samples: the same scores from a file as from the samples that training saw.

use std::path::Path;

use burn::tensor::Device;
use memae_data::encode::{
    ClipLayout, ClipsConfig, PixelRange, TableEncoderConfig, TablePreprocessing, VideoPreprocessing,
};
use memae_data::sample::{
    FrameColour, ImagePreprocessing, Images, TableConfig, VectorShape, Video, VideoConfig,
};
use memae_models::artefact::{ModelFileError, Provenance};
use memae_models::detect::{
    AnyDetector, Detector, DetectorConfig, Place, VideoDetector, VideoDetectorConfig,
};
use memae_models::network::{Variant, VectorAutoencoderConfig, VectorLayerConfig};
use memae_models::score::{ClipScoreRule, ScoreRule, Smoothing, reconstruct_samples};
use tempfile::TempDir;

use crate::artefact::{detector, network};
use crate::clip_rules;
use crate::support::{Crossing, any_draws, assert_close, assert_line, device, devices};

/// A grey picture in a file.
fn picture(path: &Path, height: usize, width: usize, salt: usize) {
    let pixels = (0..height * width).map(|i| ((i * i + salt * (i + 7)) % 251) as u8);
    let header = format!("P5 {width} {height} 255\n").into_bytes();
    std::fs::write(path, header.into_iter().chain(pixels).collect::<Vec<u8>>()).unwrap();
}

fn preprocessing() -> ImagePreprocessing {
    let shape = network().input;
    ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_size(shape.height, shape.width)
}

/// A detector of pictures in a file, and pictures beside it.
fn of_pictures() -> (TempDir, Detector) {
    let folder = tempfile::tempdir().unwrap();
    for (name, height, width) in [("a.pgm", 40, 60), ("b.pgm", 17, 9), ("c.pgm", 100, 100)] {
        picture(&folder.path().join(name), height, width, height);
    }
    let detector = detector(network())
        .with_preprocessing(preprocessing())
        .unwrap()
        .with_provenance(Provenance::default().with_seed(7).with_command("by hand"));
    detector.save(folder.path().join("m.safetensors")).unwrap();
    (folder, detector)
}

#[test]
fn a_picture_scores_as_the_sample_made_of_it() {
    let (folder, detector) = of_pictures();
    let loaded = AnyDetector::load(folder.path().join("m.safetensors"), &device()).unwrap();
    assert_eq!(loaded.kind(), "image");
    assert_eq!(loaded.detection_threshold(), detector.detection_threshold());
    let provenance = loaded.provenance();
    assert_eq!(provenance.seed, Some(7));
    assert_eq!(provenance.command.as_deref(), Some("by hand"));
    assert_eq!(provenance.version, env!("CARGO_PKG_VERSION"));

    let paths = ["a.pgm", "b.pgm", "c.pgm"].map(|name| folder.path().join(name));
    // As training reads them, all at once.
    let mut all: Option<Images> = None;
    for path in &paths {
        let prepared = preprocessing().read(path).unwrap();
        let image = Images::new(prepared.shape, prepared.pixels).unwrap();
        all = Some(match all {
            Some(before) => before.concat(&image).unwrap(),
            None => image,
        });
    }
    let expected = detector.detect(&all.unwrap(), &device()).unwrap();
    for (path, expected) in paths.iter().zip(expected) {
        let found = loaded.detect_file(path, &device()).unwrap();
        assert_eq!((found.len(), found[0].place), (1, Place::Image));
        assert_eq!(found[0].verdict, expected, "{}", path.display());
    }
}

#[test]
fn frames_score_as_the_clips_made_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let frames = folder.path().join("frames");
    std::fs::create_dir(&frames).unwrap();
    for frame in 0..12 {
        picture(&frames.join(format!("{frame:03}.pgm")), 30, 40, frame);
    }
    let shape = Crossing::SHAPE;
    let clips = ClipsConfig::default()
        .with_layout(ClipLayout::new(shape.frames).unwrap())
        .with_size(shape.height, shape.width)
        .with_range(PixelRange::SignedUnit);
    let opened = |config: &ClipsConfig| {
        let video = VideoConfig::default().open_folder(&frames).unwrap();
        config.open(&[video]).unwrap()
    };
    let (network, model) = clip_rules::network();
    let config = VideoDetectorConfig {
        rule: ClipScoreRule::MeanError,
        smoothing: Smoothing::Mean { scores: 2 },
        quantile: 0.9,
    };
    let detector = VideoDetector::fit(model, network, config, &opened(&clips), &device()).unwrap();
    let other = clips.clone().with_range(PixelRange::Unit);
    for (wrong, said) in [
        (other, "with pixels Unit, expected frame"),
        (
            clips.clone().with_size(5, 5),
            "a preprocessing that gives clips of",
        ),
    ] {
        let wrong = VideoPreprocessing::new(&VideoConfig::default(), &wrong);
        let error = detector.clone().with_preprocessing(wrong).unwrap_err();
        assert_line(&error.to_string(), &[said]);
    }
    let preprocessing = VideoPreprocessing::new(&VideoConfig::default(), &clips);
    let detector = detector.with_preprocessing(preprocessing.clone()).unwrap();
    let path = folder.path().join("m.safetensors");
    detector.save(&path).unwrap();

    let loaded = AnyDetector::load(&path, &device()).unwrap();
    assert_eq!(loaded.kind(), "video");
    let AnyDetector::Video(video) = &loaded else {
        panic!("{loaded:?}");
    };
    assert_eq!(video.preprocessing(), Some(&preprocessing));
    let found = loaded.detect_file(&frames, &device()).unwrap();
    let expected = detector.detect(&opened(&clips), &device()).unwrap();
    assert_eq!(found.len(), 12 + 1 - shape.frames);
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found.verdict, expected);
        assert_eq!(found.place, Place::Frame(at + shape.frames / 2));
    }
    // A video in memory goes the same way.
    let pixels = vec![9; 12 * 30 * 40];
    let shape = memae_data::sample::ImageShape {
        channels: 1,
        height: 30,
        width: 40,
    };
    let video = Video::in_memory("any", shape, pixels).unwrap();
    assert!(preprocessing.clips().open(&[video]).is_ok());
}

#[test]
fn rows_score_as_the_vectors_made_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("rows.csv");
    let rows: String = (0..20)
        .map(|row| format!("{},{}\n", row % 3, row * row))
        .collect();
    std::fs::write(&table, format!("kind,size\n{rows}")).unwrap();
    let reading = TableConfig::default()
        .with_categorical(["kind"])
        .with_numeric(["size"]);
    let read = reading.read(&table).unwrap();
    let all: Vec<usize> = (0..20).collect();
    let encoder = TableEncoderConfig::default().fit(&read, &all).unwrap();
    let network = VectorAutoencoderConfig::new(
        VectorShape { width: 4 },
        vec![VectorLayerConfig::new(3)],
        vec![VectorLayerConfig::new(4)],
    )
    .with_variant(Variant::MemAe, 5);
    let model = {
        let _draws = any_draws();
        network.try_init(&device()).unwrap()
    };
    let vectors = encoder.encode(&read).unwrap();
    let config = DetectorConfig {
        rule: ScoreRule::Sum,
        quantile: 0.9,
    };
    let detector = Detector::fit(model, network, config, &vectors, &device())
        .unwrap()
        .with_preprocessing(TablePreprocessing::new(reading, encoder))
        .unwrap();
    let path = folder.path().join("m.safetensors");
    detector.save(&path).unwrap();

    let loaded = AnyDetector::load(&path, &device()).unwrap();
    assert_eq!(loaded.kind(), "table");
    let found = loaded.detect_file(&table, &device()).unwrap();
    let expected = detector.detect(&vectors, &device()).unwrap();
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found.verdict, expected);
        assert_eq!(found.place.to_string(), format!("line {}", row + 2));
    }
    assert_eq!(found.len(), 20);

    // What the columns add up to is the error of the row.
    let AnyDetector::Table(loaded_rows) = &loaded else {
        panic!("a detector of a table");
    };
    let errors = loaded_rows.column_errors(&vectors, &device()).unwrap();
    assert_eq!(errors.columns(), ["kind", "size"]);
    let rebuilt = reconstruct_samples(&loaded_rows.model, &vectors, 128, &device()).unwrap();
    let of_rows = errors.rows().zip(errors.shares()).enumerate();
    for (row, (columns, shares)) in of_rows {
        let values = vectors.row(row).iter().zip(&rebuilt[4 * row..]);
        let squares: Vec<f64> = values
            .map(|(value, rebuilt)| f64::from(value - rebuilt).powi(2))
            .collect();
        let expected = [squares[..3].iter().sum(), squares[3]];
        let sum: f64 = expected.iter().sum();
        for column in 0..2 {
            assert!((columns[column] - expected[column]).abs() <= 1e-6 * sum);
            assert!((shares[column] - expected[column] / sum).abs() <= 1e-6);
        }
    }
    assert_eq!(errors.rows().len(), 20);

    std::fs::write(&table, "kind,size\n7,1\n").unwrap();
    let error = loaded.detect_file(&table, &device()).unwrap_err();
    assert_line(&error.to_string(), &["rows.csv", "`7`"]);
}

/// To the bit on one device, however often it is loaded; to 1e-4 from one backend to another.
#[test]
fn files_score_alike_on_every_backend() {
    let (folder, _) = of_pictures();
    let scores = |device: &Device| -> Vec<f64> {
        let detector = AnyDetector::load(folder.path().join("m.safetensors"), device).unwrap();
        let files = ["a.pgm", "b.pgm", "c.pgm"].map(|name| folder.path().join(name));
        let verdicts = files.map(|file| detector.detect_file(file, device).unwrap());
        verdicts.map(|of_file| of_file[0].verdict.score).to_vec()
    };
    let expected = scores(&device());
    for (name, device) in devices() {
        let found = scores(&device);
        assert_eq!(found, scores(&device), "{name}");
        let ratios: Vec<f64> = found.iter().zip(&expected).map(|(a, b)| a / b).collect();
        assert_close(name, &ratios, &[1.0; 3], 1e-4);
    }
}

#[test]
fn what_cannot_go_the_way_is_an_error_and_no_score() {
    let (folder, _) = of_pictures();
    let loaded = AnyDetector::load(folder.path().join("m.safetensors"), &device()).unwrap();
    let error = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let error = loaded
            .detect_file(&path, &device())
            .unwrap_err()
            .to_string();
        assert_line(&error, &[path.to_str().unwrap()]);
        error
    };
    assert_line(&error("cut.pgm", b"P5 60 40 255\n123"), &["damaged"]);
    assert_line(&error("rows.csv", b"a,b\n1,2\n"), &["image"]);
    assert_line(&error("empty.png", b""), &["image"]);
    let error = loaded.detect_file(folder.path(), &device()).unwrap_err();
    assert_line(
        &error.to_string(),
        &["found a folder, expected a regular file"],
    );
    let absent = folder.path().join("absent.png");
    let error = loaded.detect_file(absent, &device()).unwrap_err();
    assert_line(&error.to_string(), &["absent.png: cannot be read"]);

    // One that says nothing of files, as those of version 1.
    let silent = AnyDetector::Image(Box::new(detector(network())));
    let error = silent.detect_file(folder.path().join("a.pgm"), &device());
    assert_line(
        &error.unwrap_err().to_string(),
        &["a.pgm: found a detector of kind image that does not say how files become samples"],
    );
}

#[test]
fn a_way_to_other_samples_is_refused() {
    let too_large = preprocessing().with_size(100, 100);
    let error = detector(network())
        .with_preprocessing(too_large)
        .unwrap_err();
    assert_line(
        &error.to_string(),
        &["found a preprocessing that gives images of 1x100x100, expected 1x"],
    );
    let colour = preprocessing().with_colour(FrameColour::Rgb);
    let error = detector(network()).with_preprocessing(colour).unwrap_err();
    assert_line(&error.to_string(), &["gives images of 3x"]);
}

#[test]
fn files_that_hold_no_detector_say_so() {
    let (folder, _) = of_pictures();
    let path = folder.path().join("m.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    let load = |bytes: &[u8]| -> ModelFileError {
        std::fs::write(&path, bytes).unwrap();
        let error = AnyDetector::load(&path, &device()).unwrap_err();
        assert_line(&error.to_string(), &[path.to_str().unwrap()]);
        error
    };
    // The same length, so that the rest of the header stays as it is.
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = bytes
            .windows(from.len())
            .position(|part| part == from.as_bytes());
        let mut bytes = bytes.clone();
        bytes[at.expect("in the header")..][..to.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    let version = load(&replaced(r#"\"version\":2"#, r#"\"version\":7"#));
    assert_line(
        &version.to_string(),
        &["found version 7, expected one from 1 to 2"],
    );
    let other = load(&replaced(
        r#"\"colour\":\"grey\""#,
        r#"\"colour\":\"rgb\" "#,
    ));
    assert_line(
        &other.to_string(),
        &["a preprocessing that gives images of 3x"],
    );
    let unknown = load(&replaced(r#"\"provenance\""#, r#"\"provenancy\""#));
    assert_line(&unknown.to_string(), &["unknown field `provenancy`"]);
    assert!(matches!(load(b"what"), ModelFileError::Format { .. }));
    assert!(matches!(load(&[]), ModelFileError::Format { .. }));
}
