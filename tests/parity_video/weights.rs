//! Files of weights that PyTorch wrote: loaded, saved again, damaged.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use memae_core::QueryUnit;
use memae_models::network::{Variant, VideoAutoencoder, VideoAutoencoderConfig};
use memae_models::weights::WeightsError;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::fixture::{device, path, small};

/// Type, shape and bytes of each tensor, by name.
pub type Tensors = BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

pub fn read(file: &Path) -> Tensors {
    let bytes = std::fs::read(file).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let parts = |tensor: TensorView<'_>| {
        let shape = tensor.shape().to_vec();
        (tensor.dtype(), shape, tensor.data().to_vec())
    };
    tensors
        .iter()
        .map(|(name, tensor)| (name.to_string(), parts(tensor)))
        .collect()
}

pub fn write(file: &Path, tensors: &Tensors) {
    let views: HashMap<&str, TensorView<'_>> = tensors
        .iter()
        .map(|(name, (dtype, shape, bytes))| {
            let view = TensorView::new(*dtype, shape.clone(), bytes).unwrap();
            (name.as_str(), view)
        })
        .collect();
    std::fs::write(file, safetensors::serialize(views, None).unwrap()).unwrap();
}

pub fn load(
    config: &VideoAutoencoderConfig,
    file: &Path,
) -> Result<VideoAutoencoder, WeightsError> {
    config.init_from_pytorch(file, &device())
}

pub fn memory() -> VideoAutoencoderConfig {
    small(Variant::MemAe)
}

/// What a file says when it is loaded into a network.
#[track_caller]
pub fn message(config: &VideoAutoencoderConfig, file: &Path) -> String {
    let error = load(config, file).map(|_| ()).unwrap_err().to_string();
    assert!(!error.contains('\n'), "more than one line: {error}");
    let shown = file.display().to_string();
    let rest = error.strip_prefix(&shown);
    rest.unwrap_or_else(|| panic!("{error:?} does not name {shown}"))
        .to_string()
}

/// A file with what `change` makes of the tensors of the network with memory.
pub fn changed(folder: &Path, change: impl FnOnce(&mut Tensors)) -> std::path::PathBuf {
    let mut tensors = read(&path("video_memory.safetensors"));
    change(&mut tensors);
    let file = folder.join("changed.safetensors");
    write(&file, &tensors);
    file
}

#[test]
fn every_format_gives_the_same_network_and_comes_back_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved.safetensors");
    let expected = read(&path("video_memory.safetensors"));
    assert_eq!(expected.len(), 8 * 2 + 7 * 5 + 1);
    for file in [
        "video_memory.pt",
        "video_memory_legacy.pth",
        "video_memory_parallel.pt",
        "video_memory.safetensors",
    ] {
        let model = load(&memory(), &path(file)).unwrap();
        model.save_for_pytorch(&saved).unwrap();
        assert!(read(&saved) == expected, "{file}");
    }
}

#[test]
fn the_network_without_memory_comes_back_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["a", "b"].map(|name| folder.path().join(name));
    let plain = small(Variant::Ae);
    let model = load(&plain, &path("video_plain.pt")).unwrap();
    model.save_for_pytorch(&first).unwrap();
    let tensors = read(&first);
    assert_eq!(tensors.len(), 8 * 2 + 7 * 5);
    load(&plain, &first)
        .unwrap()
        .save_for_pytorch(&second)
        .unwrap();
    assert!(read(&second) == tensors);
}

#[test]
fn counts_of_batches_may_be_absent() {
    let folder = tempfile::tempdir().unwrap();
    let is_count = |name: &str| name.ends_with("num_batches_tracked");
    let file = changed(folder.path(), |tensors| {
        tensors.retain(|name, _| !is_count(name));
    });
    let model = load(&memory(), &file).unwrap();
    assert!(model.encoder[0].batches_tracked.is_none());
    let saved = folder.path().join("saved.safetensors");
    model.save_for_pytorch(&saved).unwrap();
    assert!(read(&saved) == read(&file));

    // A network of our own has seen no batch.
    let own = memory().init(&device());
    own.save_for_pytorch(&saved).unwrap();
    let counts: Vec<_> = read(&saved)
        .into_iter()
        .filter(|(name, _)| is_count(name))
        .collect();
    assert_eq!(counts.len(), 7);
    for (name, parts) in counts {
        assert_eq!(parts, (Dtype::I64, vec![], vec![0; 8]), "{name}");
    }
}

#[test]
fn everything_that_differs_is_listed_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = changed(folder.path(), |tensors| {
        tensors.remove("encoder.0.weight").unwrap();
        tensors.remove("decoder.7.running_var").unwrap();
        let bias = tensors["decoder.9.bias"].clone();
        tensors.insert("decoder.12.bias".to_string(), bias.clone());
        tensors.insert("a name\nof two lines".to_string(), bias);
        tensors.get_mut("mem_rep.memory.weight").unwrap().1 = vec![7, 11];
        let (dtype, _, bytes) = tensors.get_mut("encoder.1.num_batches_tracked").unwrap();
        (*dtype, *bytes) = (Dtype::I32, vec![0; 4]);
        let (dtype, shape, bytes) = tensors.get_mut("encoder.4.bias").unwrap();
        (*dtype, *bytes) = (Dtype::I64, vec![0; 8 * shape[0]]);
    });
    assert_eq!(
        message(&memory(), &file),
        ": weights don't fit the network: missing encoder.0.weight, decoder.7.running_var; \
         extra a name\\nof two lines, decoder.12.bias; \
         encoder.4.bias is I64 [3], expected F32 [3], \
         mem_rep.memory.weight is F32 [7, 11], expected F32 [11, 7], \
         encoder.1.num_batches_tracked is I32 [], expected I64 []"
    );
}

#[test]
fn the_other_of_the_two_networks_says_what_differs() {
    assert_eq!(
        message(&small(Variant::Ae), &path("video_memory.pt")),
        ": weights don't fit the network: extra mem_rep.memory.weight"
    );
    assert_eq!(
        message(&memory(), &path("video_plain.pt")),
        ": weights don't fit the network: missing mem_rep.memory.weight"
    );
    let more_items = memory().with_variant(Variant::MemAe, 13, QueryUnit::Position);
    assert_eq!(
        message(&more_items, &path("video_memory_legacy.pth")),
        ": weights don't fit the network: mem_rep.memory.weight is F32 [11, 7], expected F32 [13, 7]"
    );
}

#[test]
fn endless_lists_of_names_are_cut() {
    let folder = tempfile::tempdir().unwrap();
    let file = changed(folder.path(), |tensors| {
        let bias = tensors["decoder.9.bias"].clone();
        tensors.extend((0..1000).map(|index| (format!("x{index:03}"), bias.clone())));
    });
    let message = message(&memory(), &file);
    assert!(message.ends_with("x098, x099 and 900 more"), "{message}");
}

#[test]
fn values_that_are_no_numbers_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, expected) in [
        ("encoder.3.weight", f32::NAN, "NaN, expected finite numbers"),
        (
            "mem_rep.memory.weight",
            f32::INFINITY,
            "inf, expected finite numbers",
        ),
        (
            "decoder.4.running_var",
            -0.5,
            "-0.5, expected finite numbers, 0 or above",
        ),
    ] {
        let file = changed(folder.path(), |tensors| {
            let (_, _, bytes) = tensors.get_mut(name).unwrap();
            bytes[4..8].copy_from_slice(&value.to_le_bytes());
        });
        let message = message(&memory(), &file);
        assert_eq!(message, format!(": {name} holds {expected}"));
    }
}

#[test]
fn a_malicious_pickle_is_not_run() {
    assert_eq!(
        message(&memory(), &path("video_evil.pt")),
        ": not a whole PyTorch file: invalid PyTorch file format: Expected a dictionary at the root \
         of the PyTorch file, found posix.system"
    );
    assert_eq!(
        message(&memory(), &path("video_evil_inside.pt")),
        ": weights don't fit the network: extra extra (posix.system, no tensor)"
    );
}

#[test]
fn huge_claims_are_errors() {
    assert_eq!(
        message(&memory(), &path("video_huge_pickle.pt")),
        ": not a whole PyTorch file: entry archive/data.pkl claims 2000000 bytes, expected at most \
         1048576"
    );
    let message_of_claim = message(&memory(), &path("video_huge_claim.pt"));
    assert!(
        message_of_claim
            .ends_with("; mem_rep.memory.weight is F32 [1048576, 1024], expected F32 [11, 7]"),
        "{message_of_claim}"
    );

    // Of the old format nothing but its length says how much there is to read.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.pth");
    let mut bytes = std::fs::read(path("video_memory_legacy.pth")).unwrap();
    bytes.resize(3 << 20, b'N');
    std::fs::write(&file, bytes).unwrap();
    let message = message(&memory(), &file);
    assert!(
        message.starts_with(": not a whole PyTorch file: it has 3145728 bytes, expected about "),
        "{message}"
    );
}

#[test]
fn other_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weights.pt");
    for (bytes, expected) in [
        (&b""[..], "found a file that starts with \"\""),
        (
            b"\x89PNG\r\n\x1a\n",
            "found a file that starts with \"\u{fffd}PNG\\r\\n\\u{1a}\\n\"",
        ),
        (b"}.", "found a file that starts with \"}.\""),
    ] {
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(
            message(&memory(), &file),
            format!(": not a whole PyTorch or safetensors file: {expected}")
        );
    }
    std::fs::remove_file(&file).unwrap();
    assert!(message(&memory(), &file).starts_with(": cannot be read: "));
    std::fs::create_dir(&file).unwrap();
    assert_eq!(
        message(&memory(), &file),
        ": found a folder, expected a regular file"
    );
    let missing = folder.path().join("missing/weights.safetensors");
    let model = memory().init(&device());
    let error = model.save_for_pytorch(&missing).unwrap_err();
    assert!(matches!(error, WeightsError::Write { .. }), "{error}");
}

const FILES: [&str; 3] = [
    "video_memory.pt",
    "video_memory_legacy.pth",
    "video_memory.safetensors",
];

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cut.pt");
    for name in FILES {
        let bytes = std::fs::read(path(name)).unwrap();
        for length in (0..bytes.len()).step_by(211).chain([bytes.len() - 1]) {
            std::fs::write(&file, &bytes[..length]).unwrap();
            let message = message(&memory(), &file);
            assert!(
                message.starts_with(": not a whole ") || length == 0,
                "{name} cut to {length} bytes: {message}"
            );
        }
    }
}

#[test]
fn a_damaged_file_loads_numbers_or_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("damaged.pt");
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut refused = 0;
    for name in FILES {
        let bytes = std::fs::read(path(name)).unwrap();
        for _ in 0..300 {
            let mut bytes = bytes.clone();
            // Most of a file is values; what describes them is at its ends.
            let near_an_end = random.random_range(0..3);
            for _ in 0..random.random_range(1..4) {
                let index = match near_an_end {
                    0 => random.random_range(0..bytes.len()),
                    1 => random.random_range(0..bytes.len().min(5000)),
                    _ => bytes.len() - 1 - random.random_range(0..bytes.len().min(5000)),
                };
                bytes[index] = random.random();
            }
            std::fs::write(&file, &bytes).unwrap();
            match load(&memory(), &file) {
                Ok(model) => {
                    let items = model.memory.unwrap().items.val().into_data();
                    assert!(items.iter::<f32>().all(f32::is_finite));
                }
                Err(error) => {
                    refused += 1;
                    let error = error.to_string();
                    assert!(!error.contains('\n'), "{error}");
                    assert!(error.starts_with(&file.display().to_string()), "{error}");
                }
            }
        }
    }
    assert!(refused > 100, "{refused} refused");
}
