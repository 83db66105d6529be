//! Weights as training scripts leave them: in checkpoints, behind prefixes, in half and double precision, twice, in whole modules.

use std::path::Path;

use burn::tensor::{bf16, f16};
use memae_models::network::Variant;
use safetensors::Dtype;

use crate::fixture::{device, path, small};
use crate::weights::{Tensors, changed, load, memory, message, read, write};

/// The weights that a file gives, as they are saved again.
fn given(file: &Path) -> Tensors {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved.safetensors");
    let model = load(&memory(), file).unwrap();
    model.save_for_pytorch(&saved).unwrap();
    read(&saved)
}

/// The tensors of the network with memory, their values in f32 changed.
fn expected(round: fn(f32) -> f32) -> Tensors {
    let mut tensors = read(&path("video_memory.safetensors"));
    for (dtype, _, bytes) in tensors.values_mut() {
        if *dtype == Dtype::F32 {
            for value in bytes.as_chunks_mut::<4>().0 {
                *value = round(f32::from_le_bytes(*value)).to_le_bytes();
            }
        }
    }
    tensors
}

/// The tensors of the network with memory under other names.
fn renamed(folder: &Path, name: impl Fn(&str) -> Vec<String>) -> std::path::PathBuf {
    changed(folder, |tensors| {
        let own = std::mem::take(tensors);
        for (key, parts) in own {
            tensors.extend(name(&key).into_iter().map(|key| (key, parts.clone())));
        }
    })
}

#[test]
fn checkpoints_give_the_weights_in_them_to_the_bit() {
    for file in ["video_checkpoint.pt", "video_nested.pth", "video_module.pt"] {
        assert!(given(&path(file)) == expected(|value| value), "{file}");
    }
}

#[test]
fn double_precision_becomes_single() {
    let folder = tempfile::tempdir().unwrap();
    let double = |change: fn(&mut f64)| {
        changed(folder.path(), |tensors| {
            for (name, (dtype, _, bytes)) in tensors {
                if *dtype == Dtype::F32 {
                    let (values, _) = bytes.as_chunks::<4>();
                    let mut values: Vec<f64> = values
                        .iter()
                        .map(|value| f64::from(f32::from_le_bytes(*value)))
                        .collect();
                    if name == "encoder.3.weight" {
                        change(&mut values[1]);
                    }
                    let values = values.iter().map(|value| value.to_le_bytes());
                    (*dtype, *bytes) = (Dtype::F64, values.collect::<Vec<_>>().concat());
                }
            }
        })
    };
    // A difference that single precision does not have.
    let near = double(|value| *value *= 1.0 + 1e-12);
    assert!(given(&near) == expected(|value| value));
    for (change, refused) in [
        (
            (|value| *value = -1e39) as fn(&mut f64),
            "holds -1e39, expected numbers of at most 3.4e38 in size",
        ),
        (
            |value| *value = f64::INFINITY,
            "holds inf, expected finite numbers",
        ),
        (
            |value| *value = f64::NAN,
            "holds NaN, expected finite numbers",
        ),
    ] {
        assert_eq!(
            message(&memory(), &double(change)),
            format!(": encoder.3.weight {refused}")
        );
    }
}

#[test]
fn half_precision_becomes_single() {
    let half = given(&path("video_half.pt"));
    assert!(half == expected(|value| f16::from_f32(value).to_f32()));
    let brain = given(&path("video_bfloat16.safetensors"));
    assert!(brain == expected(|value| bf16::from_f32(value).to_f32()));
    assert!(half != brain);

    let folder = tempfile::tempdir().unwrap();
    for (infinity, dtype) in [
        (f16::INFINITY.to_le_bytes(), Dtype::F16),
        (bf16::INFINITY.to_le_bytes(), Dtype::BF16),
    ] {
        let file = changed(folder.path(), |tensors| {
            let (own, shape, bytes) = tensors.get_mut("encoder.3.weight").unwrap();
            *own = dtype;
            *bytes = vec![0; 2 * shape.iter().product::<usize>()];
            bytes[2..4].copy_from_slice(&infinity);
        });
        assert_eq!(
            message(&memory(), &file),
            ": encoder.3.weight holds inf, expected finite numbers"
        );
    }
    // Only where a number may be a fraction.
    let file = changed(folder.path(), |tensors| {
        let (own, _, bytes) = tensors.get_mut("encoder.1.num_batches_tracked").unwrap();
        (*own, *bytes) = (Dtype::F16, vec![0; 2]);
    });
    assert_eq!(
        message(&memory(), &file),
        ": weights don't fit the network: encoder.1.num_batches_tracked is F16 [], expected I64 []"
    );
}

#[test]
fn any_prefix_that_all_names_share_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for prefix in [
        "module.",
        "_orig_mod.",
        "_orig_mod.module.",
        "module.module.",
        "net.0.",
    ] {
        let file = renamed(folder.path(), |name| vec![format!("{prefix}{name}")]);
        assert!(given(&file) == expected(|value| value), "{prefix}");
    }
    let file = renamed(folder.path(), |name| match name {
        "encoder.0.weight" => vec![name.to_string()],
        _ => vec![format!("module.{name}")],
    });
    assert_eq!(
        message(&memory(), &file),
        ": weights don't fit the network: missing encoder.0.weight; extra encoder.0.weight (without module.)"
    );
    let file = renamed(folder.path(), |name| match name {
        "encoder.0.weight" => vec![format!("module.{name}"), "loss.weight".to_string()],
        _ => vec![format!("module.{name}")],
    });
    assert_eq!(
        message(&memory(), &file),
        ": weights don't fit the network: extra loss.weight (without module.)"
    );
    let file = renamed(folder.path(), |name| {
        vec![name.to_string(), format!("module.{name}")]
    });
    let message = message(&memory(), &file);
    assert!(
        message.starts_with(": weights don't fit the network: extra module.decoder.0.bias, "),
        "{message}"
    );
}

#[test]
fn a_network_that_is_there_twice_is_refused_by_name() {
    assert_eq!(
        message(&memory(), &path("video_averaged.pt")),
        ": found the network in [\"ema\"] and in [\"model\"], expected it once; in Python \
         `torch.save(torch.load(\"old.pt\", map_location=\"cpu\")[\"ema\"], \"new.pt\")` takes one"
    );
}

#[test]
fn what_is_wrong_in_a_checkpoint_is_told_with_its_key() {
    assert_eq!(
        message(&small(Variant::Ae), &path("video_checkpoint.pt")),
        "[\"state_dict\"]: weights don't fit the network: extra mem_rep.memory.weight"
    );
    assert_eq!(
        message(&small(Variant::Ae), &path("video_nested.pth")),
        "[\"nets\"][\"net\"]: weights don't fit the network: extra mem_rep.memory.weight"
    );
}

#[test]
fn whole_modules_and_programs_that_do_not_fit_say_what_to_run() {
    assert_eq!(
        message(&small(Variant::Ae), &path("video_module.pt")),
        ": weights don't fit the network: extra mem_rep.memory.weight; it holds a whole module: in Python \
         `torch.save(model.state_dict(), \"new.pt\")` writes its weights alone"
    );
    assert_eq!(
        message(&memory(), &path("video_script.pt")),
        ": not a whole PyTorch file: it is a TorchScript program; in Python \
         `torch.save(torch.jit.load(\"old.pt\").state_dict(), \"new.pt\")` writes its weights"
    );
}

#[test]
fn names_without_end_take_no_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dots.safetensors");
    let bias = (Dtype::F32, vec![1], vec![0; 4]);
    let names = (0..50).map(|index| format!("{index}{}", ".".repeat(20_000)));
    write(&file, &names.map(|name| (name, bias.clone())).collect());
    let error = memory().init_from_pytorch(&file, &device()).map(|_| ());
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("missing encoder.0.weight")
    );
}

#[test]
fn damaged_checkpoints_load_numbers_or_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("damaged.pt");
    let (mut refused, mut state) = (0, 1_u32);
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for name in [
        "video_checkpoint.pt",
        "video_nested.pth",
        "video_module.pt",
        "video_half.pt",
    ] {
        let bytes = std::fs::read(path(name)).unwrap();
        for _ in 0..100 {
            let mut bytes = bytes.clone();
            let index = random(5000);
            bytes[index] = random(256) as u8;
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
    assert!(refused > 50, "{refused} refused");
}
