//! Files that are no detectors: each gives one line that names the file, no panic, and no memory for
//! what it only claims to hold.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use memae_core::QueryUnit;
use memae_data::sample::{FrameColour, ImagePreprocessing, Region, VectorShape, Vectors};
use memae_models::artefact::ModelFileError;
use memae_models::detect::{Detector, DetectorConfig, Verdict};
use memae_models::network::{
    ImageAutoencoderConfig, LayerConfig, Variant, VectorAutoencoderConfig, VectorLayerConfig,
    VideoAutoencoderConfig,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::artefact::{detector, network};
use crate::support::{any_draws, assert_line, device, digits, shape, small_network};

/// A saved detector in a folder of its own.
struct Saved {
    _folder: TempDir,
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Saved {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("digits.safetensors");
        detector(network()).save(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        Self {
            _folder: folder,
            path,
            bytes,
        }
    }

    /// Loads the file with `bytes` in place of its own.
    fn load(&self, bytes: &[u8]) -> Result<Detector, ModelFileError> {
        std::fs::write(&self.path, bytes).unwrap();
        Detector::load(&self.path, &device())
    }

    /// The one line that says why `bytes` are no detector.
    fn message(&self, bytes: &[u8]) -> String {
        let message = match self.load(bytes) {
            Ok(_) => panic!("loaded"),
            Err(error) => error.to_string(),
        };
        let start = format!("{}: ", self.path.display());
        assert_line(&message, &[]);
        let rest = message.strip_prefix(&start);
        rest.unwrap_or_else(|| panic!("{message:?} does not start with the file"))
            .to_string()
    }

    /// The file with other settings in its header; `None` leaves them out.
    fn with_settings(&self, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut settings: Value = serde_json::from_str(&metadata(&self.bytes)["memae"]).unwrap();
        change(&mut settings);
        rewrite(&self.bytes, &[("memae", settings.to_string())], |_| ())
    }
}

fn metadata(bytes: &[u8]) -> HashMap<String, String> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).unwrap();
    metadata.metadata().clone().unwrap()
}

/// Type, shape and bytes of each tensor.
type Tensors = BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

/// The tensors of a safetensors file, changed, under the given metadata.
fn rewrite(
    bytes: &[u8],
    metadata: &[(&str, String)],
    change: impl FnOnce(&mut Tensors),
) -> Vec<u8> {
    let mut tensors: Tensors = SafeTensors::deserialize(bytes)
        .unwrap()
        .iter()
        .map(|(name, tensor)| {
            let parts = (
                tensor.dtype(),
                tensor.shape().to_vec(),
                tensor.data().to_vec(),
            );
            (name.to_string(), parts)
        })
        .collect();
    change(&mut tensors);
    let views = tensors.iter().map(|(name, (dtype, shape, data))| {
        (name, TensorView::new(*dtype, shape.clone(), data).unwrap())
    });
    let metadata = metadata
        .iter()
        .map(|(key, value)| (key.to_string(), value.clone()))
        .collect();
    safetensors::serialize(views, Some(metadata)).unwrap()
}

#[test]
fn files_cut_at_any_length_are_errors() {
    let saved = Saved::new();
    let header = 8 + u64::from_le_bytes(saved.bytes[..8].try_into().unwrap()) as usize;
    let length = saved.bytes.len();
    let lengths = prop_oneof![0..header + 8, 0..length, Just(length - 1)];
    runner(120)
        .run(&lengths, |length| {
            let message = saved.message(&saved.bytes[..length]);
            prop_assert!(
                message.starts_with("not a whole safetensors file: "),
                "{message}"
            );
            Ok(())
        })
        .unwrap();
    let longer = [&saved.bytes[..], &[0]].concat();
    assert_line(&saved.message(&longer), &["not a whole safetensors file"]);
    let mut endless = saved.bytes.clone();
    endless[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_line(&saved.message(&endless), &["not a whole safetensors file"]);
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..Config::default()
    })
}

#[test]
fn flipped_bytes_in_the_header_are_errors_or_other_settings() {
    let saved = Saved::new();
    let images = digits(4, 2);
    let header = 8 + u64::from_le_bytes(saved.bytes[..8].try_into().unwrap()) as usize;
    let flips = (0..header, 1u8..=255);
    let errors = std::cell::Cell::new(0);
    runner(600)
        .run(&flips, |(index, flip)| {
            let mut bytes = saved.bytes.clone();
            bytes[index] ^= flip;
            match saved.load(&bytes) {
                // A digit became another digit, say: as good a detector as any.
                Ok(detector) => {
                    if let Ok(verdicts) = detector.detect(&images, &device()) {
                        let finite = |verdict: &Verdict| verdict.score.is_finite();
                        prop_assert!(verdicts.iter().all(finite), "{index} {flip}: {verdicts:?}");
                    }
                }
                Err(_) => {
                    errors.set(errors.get() + 1);
                    saved.message(&bytes);
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(errors.get() > 300, "{} errors", errors.get());
}

#[test]
fn settings_that_are_not_ours_are_errors() {
    let saved = Saved::new();
    let pixels = json!({
        "sigma": "1.5",
        "threshold": { "value": "0.1", "origin": "given" }
    });
    let with_pixels = |change: &dyn Fn(&mut Value)| {
        saved.with_settings(|settings| {
            let mut pixels = pixels.clone();
            change(&mut pixels);
            settings["detector"]["pixel_threshold"] = pixels;
        })
    };
    let cases: [(Vec<u8>, &[&str]); 17] = [
        (
            rewrite(&saved.bytes, &[], |_| ()),
            &["header metadata `memae`: found nothing"],
        ),
        (
            rewrite(&saved.bytes, &[("memae", "[3".to_string())], |_| ()),
            &[
                "found other settings",
                "expected the settings of a saved detector",
            ],
        ),
        (
            saved.with_settings(|settings| settings["version"] = json!(3)),
            &["found version 3, expected one from 1 to 2", "a later memae"],
        ),
        (
            // Whatever else a later version changes, its number is read first.
            saved.with_settings(|settings| *settings = json!({"version": 9, "what": []})),
            &["found version 9, expected one from 1 to 2"],
        ),
        (
            saved.with_settings(|settings| settings["more"] = json!(1)),
            &["found other settings (unknown field `more`"],
        ),
        (
            saved.with_settings(|settings| settings["detector"]["threshold"]["value"] = json!("x")),
            &["found other settings (found \"x\", expected a finite number as text"],
        ),
        (
            saved.with_settings(|settings| settings["detector"]["threshold"]["of"] = json!(1)),
            &["found other settings (unknown field `of`"],
        ),
        (
            saved.with_settings(|settings| {
                settings["detector"]["threshold"]["origin"] = json!({
                    "held-out": { "rate": "0.1", "calibration": { "scores": "1 2 3" } }
                });
            }),
            &[
                "found a threshold of",
                "expected that of its held-out scores, 3",
            ],
        ),
        (
            saved.with_settings(|settings| settings["detector"] = Value::Null),
            &["found a network without score rule and threshold"],
        ),
        (
            saved.with_settings(|settings| settings["detector"]["threshold"] = json!("NaN")),
            &["found other settings"],
        ),
        (
            saved.with_settings(|settings| {
                settings["detector"]["read_distance_spread"] = json!("0");
            }),
            &["found a spread of scores that is not above 0"],
        ),
        (
            with_pixels(&|pixels| pixels["sigma"] = json!("100.5")),
            &[
                "found a pixel threshold whose sigma is 100.5, expected a number of pixels from 0 to 100",
            ],
        ),
        (
            with_pixels(&|pixels| pixels["sigma"] = json!(1.5)),
            &["found other settings (invalid type: floating point `1.5`"],
        ),
        (
            with_pixels(&|pixels| pixels["of"] = json!(1)),
            &["found other settings (unknown field `of`"],
        ),
        (
            with_pixels(&|pixels| pixels["threshold"]["value"] = json!("NaN")),
            &["found other settings (found \"NaN\", expected a finite number as text"],
        ),
        (
            saved.with_settings(|settings| settings["network"]["decoder"] = json!([])),
            &["header metadata `memae`: network: 2 encoder and 0 decoder layers"],
        ),
        (
            saved.with_settings(|settings| {
                settings["network"]["memory"]["temperature"] = json!(0);
            }),
            &["header metadata `memae`: memory: temperature is 0"],
        ),
    ];
    for (bytes, parts) in cases {
        assert_line(&saved.message(&bytes), parts);
    }
}

#[test]
fn a_pixel_threshold_is_of_images() {
    let network = VectorAutoencoderConfig::new(
        VectorShape { width: 4 },
        vec![VectorLayerConfig::new(3)],
        vec![VectorLayerConfig::new(4)],
    );
    let model = {
        let _draws = any_draws();
        network.init(&device())
    };
    let rows = Vectors::new(4, vec![0.5; 8]).unwrap();
    let config = DetectorConfig::default();
    let detector = Detector::fit(model, network, config, &rows, &device()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    detector.save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut settings: Value = serde_json::from_str(&metadata(&bytes)["memae"]).unwrap();
    settings["detector"]["pixel_threshold"] = json!({
        "sigma": "1.5",
        "threshold": { "value": "0.1", "origin": "given" }
    });
    let bytes = rewrite(&bytes, &[("memae", settings.to_string())], |_| ());
    let error = Detector::<VectorAutoencoderConfig>::from_bytes_as(bytes, "a", &device());
    assert_line(
        &error.unwrap_err().to_string(),
        &["a: ", "found a pixel threshold for vectors"],
    );
}

#[test]
fn sizes_that_the_file_does_not_hold_are_never_allocated() {
    let saved = Saved::new();
    for (num_items, parts) in [
        (
            10_000_000u64,
            ["the network has 392000", "parameters, the file only"],
        ),
        (
            1_000_000_000_000,
            [
                "memory: 1000000000000 items of 392 values",
                "expected at most",
            ],
        ),
    ] {
        let bytes = saved.with_settings(|settings| {
            settings["network"]["memory"]["num_items"] = json!(num_items);
        });
        assert_line(&saved.message(&bytes), &parts);
    }
    for path in ["kernel", "stride", "channels"] {
        for part in ["encoder", "decoder"] {
            for size in [1_000_000_000_000, u64::MAX] {
                let bytes = saved.with_settings(|settings| {
                    settings["network"][part][0][path] = json!(size);
                });
                saved.message(&bytes);
            }
        }
    }
}

/// A network of single pixels has few parameters, whatever size it says that images have.
#[test]
fn sizes_of_images_that_a_header_claims_are_never_allocated() {
    let small = || {
        let layers = || vec![LayerConfig::new(1, 1, 1)];
        let network = ImageAutoencoderConfig::new(shape(1, 28, 28), layers(), layers());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        let region = Region::rectangle(0.5, 0.5, 0.25, 0.25).unwrap();
        let preprocessing = ImagePreprocessing::default()
            .with_colour(FrameColour::Grey)
            .with_region(region);
        let detector = detector(network).with_preprocessing(preprocessing);
        detector.unwrap().save(&path).unwrap();
        std::fs::read(&path).unwrap()
    };
    let bytes = small();
    let with_side = |side: u64, size: Value| {
        let mut settings: Value = serde_json::from_str(&metadata(&bytes)["memae"]).unwrap();
        settings["network"]["input"]["height"] = json!(side);
        settings["network"]["input"]["width"] = json!(side);
        settings["preprocessing"]["size"] = size;
        let bytes = rewrite(&bytes, &[("memae", settings.to_string())], |_| ());
        Detector::from_bytes(bytes, "a", &device())
    };
    assert_eq!(with_side(16_384, Value::Null).unwrap().batch_size(), 1);
    for side in [16_385, 1 << 20, 1 << 32, u64::MAX] {
        for size in [Value::Null, json!([28, 28]), json!([side, side])] {
            let error = with_side(side, size).unwrap_err().to_string();
            assert_line(&error, &["a: header metadata `memae`: found ", " 16384"]);
        }
    }

    // Without a way from files to samples nothing says how large they may be, and nothing is made of it.
    let mut settings: Value = serde_json::from_str(&metadata(&bytes)["memae"]).unwrap();
    settings["network"]["input"]["height"] = json!(1u64 << 33);
    settings["network"]["input"]["width"] = json!(1u64 << 33);
    settings["preprocessing"].take();
    let bytes = rewrite(&bytes, &[("memae", settings.to_string())], |_| ());
    let detector = Detector::from_bytes(bytes, "a", &device()).unwrap();
    assert_eq!(detector.batch_size(), 1);
    assert!(detector.detect(&digits(4, 1), &device()).is_err());
}

/// Files that end far away, or never: what they are said to hold must not decide what is read.
#[test]
fn files_without_end_are_errors() {
    let saved = Saved::new();
    let lengthened = |bytes: &[u8], length: u64| {
        std::fs::write(&saved.path, bytes).unwrap();
        let file = std::fs::File::options().write(true).open(&saved.path);
        // Not written, so that the disk need not have room for it.
        file.unwrap().set_len(length).unwrap();
        let error = Detector::load(&saved.path, &device()).unwrap_err();
        assert_line(&error.to_string(), &[saved.path.to_str().unwrap()]);
        error.to_string()
    };
    let error = lengthened(&saved.bytes, 1 << 40);
    assert_line(
        &error,
        &["1099511627776 bytes", "expected at most 4294967296"],
    );
    let error = lengthened(&saved.bytes, 1 << 31);
    assert_line(&error, &["its tensors take", "bytes, found 21474"]);
    // A tensor that would fill the file, if it were the network's.
    let tensors = SafeTensors::deserialize(&saved.bytes).unwrap();
    let most: usize = tensors.iter().map(|(_, tensor)| tensor.data().len()).sum();
    let settings = serde_json::to_string(&metadata(&saved.bytes)["memae"]).unwrap();
    let header = format!(
        r#"{{"__metadata__":{{"memae":{settings}}},"x":{{"dtype":"F32","shape":[536870912],"data_offsets":[0,2147483648]}}}}"#
    );
    let start = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    let error = lengthened(&start, start.len() as u64 + (1 << 31));
    assert_line(
        &error,
        &["the tensors take 2147483648 bytes, expected at most"],
    );
    let most_allowed: usize = error.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(
        (most..3 * most).contains(&most_allowed),
        "{most_allowed}, {most}"
    );
    let header = [&(1u64 << 30).to_le_bytes()[..], b"{"].concat();
    let error = lengthened(&header, 1 << 31);
    assert_line(&error, &["a header of 1073741824 bytes, expected at most"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("endless.safetensors");
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let error = Detector::load(&path, &device()).unwrap_err().to_string();
    assert_line(&error, &["found a device, expected a regular file"]);
    let network = VideoAutoencoderConfig::video(Variant::MemAe);
    let error = network.init_from_pytorch(&path, &device()).unwrap_err();
    assert_line(
        &error.to_string(),
        &["found a device, expected a regular file"],
    );

    let pipe = folder.path().join("pipe.pt");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: no mkfifo");
        return;
    }
    let error = Detector::load(&pipe, &device()).unwrap_err().to_string();
    assert_line(&error, &["found a pipe, expected a regular file"]);
    let error = network.init_from_pytorch(&pipe, &device()).unwrap_err();
    assert_line(
        &error.to_string(),
        &["found a pipe, expected a regular file"],
    );
}

/// The places of all objects in a value.
fn objects(value: &Value, place: &str) -> Vec<String> {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(parts) => parts
            .iter()
            .map(|(key, part)| (key.clone(), part))
            .collect(),
        Value::Array(parts) => (0..).map(|at: usize| at.to_string()).zip(parts).collect(),
        _ => return Vec::new(),
    };
    let inner = parts
        .iter()
        .flat_map(|(key, part)| objects(part, &format!("{place}/{key}")));
    let own = value.is_object().then(|| place.to_string());
    own.into_iter().chain(inner).collect()
}

#[test]
fn settings_that_are_not_known_are_errors_at_every_depth() {
    let saved = Saved::new();
    let settings: Value = serde_json::from_str(&metadata(&saved.bytes)["memae"]).unwrap();
    let places = objects(&settings, "");
    for place in [
        "",
        "/network",
        "/network/encoder/1",
        "/network/memory",
        "/detector",
    ] {
        assert!(places.iter().any(|known| known == place), "{place}");
    }
    // Names in these are free.
    let free = ["/provenance/figures", "/provenance/samples"];
    for place in places
        .iter()
        .filter(|place| !free.contains(&place.as_str()))
    {
        let bytes = saved.with_settings(|settings| {
            settings.pointer_mut(place).unwrap()["of_later"] = json!({"a": [1]});
        });
        let message = saved.message(&bytes);
        // What is written as an object with a single key may have no other for a reason of its own.
        let is_a_kind = settings
            .pointer(place)
            .and_then(Value::as_object)
            .unwrap()
            .len()
            == 1;
        let shown = format!("{place}/of_later")[1..].replace('/', ".");
        let found = format!("the unknown setting `{shown}`");
        // Where serde refuses it by itself, it is not said where it stands.
        let refused = message.contains(&found) || message.contains("unknown field `of_later`");
        assert!(refused || is_a_kind, "{place}: {message}");
    }
}

#[test]
fn tensors_that_do_not_fit_are_errors() {
    let saved = Saved::new();
    let settings = [("memae", metadata(&saved.bytes)["memae"].clone())];
    let changed = |change: &dyn Fn(&mut Tensors)| {
        saved.message(&rewrite(&saved.bytes, &settings, |tensors| change(tensors)))
    };
    let items = |dtype, shape: &[usize], value: &[u8]| {
        let count = shape.iter().product();
        let tensor = (dtype, shape.to_vec(), value.repeat(count));
        changed(&|tensors| {
            tensors.insert("memory.items".to_string(), tensor.clone());
        })
    };
    let one = 1f32.to_le_bytes();
    let start = "tensors don't fit the network in the header: ";

    let missing = changed(&|tensors| {
        tensors.remove("encoder.1.norm.running_mean");
    });
    assert_line(&missing, &[start, "encoder.1.norm.running_mean"]);
    let extra = changed(&|tensors| {
        let bias = tensors["decoder.1.conv.bias"].clone();
        tensors.insert("decoder.2.conv.bias".to_string(), bias);
    });
    assert_line(&extra, &[start, "decoder.2.conv.bias belong to no layer"]);
    let shape = items(Dtype::F32, &[392, 9], &one);
    assert_line(&shape, &[start, "memory.items", "392", "9"]);
    // Burn would load these, and panic where they meet values of another type.
    let double = items(Dtype::F64, &[9, 392], &1f64.to_le_bytes());
    assert_line(
        &double,
        &[start, "memory.items is of type F64, expected F32"],
    );
    let integers = items(Dtype::I32, &[9, 392], &one);
    assert_line(
        &integers,
        &[start, "memory.items is of type I32, expected F32"],
    );
    let nan = items(Dtype::F32, &[9, 392], &f32::NAN.to_le_bytes());
    assert_line(
        &nan,
        &[start, "memory.items holds NaN, expected finite numbers"],
    );
    let variance = changed(&|tensors| {
        let variance = tensors.get_mut("encoder.0.norm.running_var").unwrap();
        variance.2 = (-1f32).to_le_bytes().repeat(4);
    });
    assert_line(
        &variance,
        &[
            start,
            "encoder.0.norm.running_var holds -1, expected",
            "0 or above",
        ],
    );
}

#[test]
fn tensors_of_another_network_are_errors() {
    let saved = Saved::new();
    for other in [
        small_network(Variant::Ae, 9, QueryUnit::Encoding),
        small_network(Variant::MemAe, 7, QueryUnit::Encoding),
        small_network(Variant::MemAe, 9, QueryUnit::Position),
        ImageAutoencoderConfig::mnist(Variant::Ae),
        ImageAutoencoderConfig::mnist(Variant::MemAe),
        ImageAutoencoderConfig::cifar10(Variant::MemAe),
    ] {
        let other = serde_json::to_value(other).unwrap();
        let bytes = saved.with_settings(|settings| settings["network"] = other);
        let message = saved.message(&bytes);
        assert_line(&message, &["tensors don't fit the network in the header: "]);
    }
}
