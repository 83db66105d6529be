//! The module: shapes, feature maps, settings.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use memae_core::addressing::{EmptyRow, Shrinkage, Similarity};
use memae_core::items::ItemInitializer;
use memae_core::{MemoryModuleConfig, QueryUnit};

use crate::devices::{assert_close, devices_and_autodiff, matrix, values};

fn device() -> Device {
    crate::devices::devices().remove(0).1
}

#[test]
fn feature_maps_of_any_rank_read_as_their_positions_do() {
    for (name, device) in devices_and_autodiff() {
        let memory = MemoryModuleConfig::new(7, 5).init(&device);
        let volume = numbers([2, 5, 3, 2, 11], &device);
        let output = memory.forward_features(volume.clone(), QueryUnit::Position);
        assert_eq!(output.read.dims(), [2, 5, 3, 2, 11]);
        assert_eq!(output.entropy.dims(), [2 * 3 * 2 * 11]);
        assert_eq!(output.statistics.active_items.dims(), [2 * 3 * 2 * 11]);
        let queries = QueryUnit::Position.to_queries(volume.clone());
        let weights = values(memory.address(queries).shrunk);
        assert_eq!(weights.len(), 2 * 3 * 2 * 11 * 7);

        // One position alone, in the order batch, depth, height, width.
        let (sample, depth, row, column) = (1, 2, 0, 7);
        let at = |tensor: Tensor<5>| {
            tensor
                .slice([
                    sample..sample + 1,
                    0..5,
                    depth..depth + 1,
                    row..row + 1,
                    column..column + 1,
                ])
                .reshape([1, 5])
        };
        let query = ((sample * 3 + depth) * 2 + row) * 11 + column;
        let alone = memory.forward(at(volume.clone()));
        assert_close(
            &name,
            &values(at(output.read)),
            &values(alone.read),
            0.1,
            1e-5,
        );
        let entropy = values(output.entropy)[query];
        assert_close(&name, &[entropy], &values(alone.entropy), 0.1, 1e-5);
        let weights = &weights[query * 7..(query + 1) * 7];
        let alone = memory.address(at(volume)).shrunk;
        assert_close(&name, weights, &values(alone), 0.1, 1e-5);
    }
}

#[test]
fn whole_encodings_read_as_their_flat_rows_do() {
    for (name, device) in devices_and_autodiff() {
        let memory = MemoryModuleConfig::new(11, 5 * 3 * 2).init(&device);
        let features = numbers([7, 5, 3, 2], &device);
        let output = memory.forward_features(features.clone(), QueryUnit::Encoding);
        let flat = memory.forward(features.reshape([7, 30]));
        assert_eq!(output.read.dims(), [7, 5, 3, 2]);
        assert_close(&name, &values(output.read), &values(flat.read), 0.1, 1e-6);
    }
}

#[test]
fn rank_two_features_are_queries_under_both_units() {
    let device = device();
    let memory = MemoryModuleConfig::new(3, 5).init(&device);
    let queries = Tensor::<2>::ones([2, 5], &device);
    let encoding = memory.forward_features(queries.clone(), QueryUnit::Encoding);
    let position = memory.forward_features(queries, QueryUnit::Position);
    assert_eq!(values(encoding.read), values(position.read));
}

#[test]
fn a_query_is_as_wide_as_an_encoding_or_as_its_channels() {
    assert_eq!(QueryUnit::Encoding.item_dim(&[7, 3, 2]), 42);
    assert_eq!(QueryUnit::Position.item_dim(&[7, 3, 2]), 7);
    assert_eq!(QueryUnit::Encoding.item_dim(&[usize::MAX, 2]), usize::MAX);
}

#[test]
fn a_query_that_is_an_item_reads_it_at_low_temperature() {
    let device = device();
    let items = matrix(&[1.0, 0.0, 0.0, 1.0, -1.0, 0.0], [3, 2], &device);
    let memory = MemoryModuleConfig::new(3, 2)
        .with_temperature(0.01)
        .init_with_items(items)
        .unwrap();
    let output = memory.forward(matrix(&[0.0, 4.0], [1, 2], &device));
    assert_close("read", &values(output.read), &[0.0, 1.0], 1.0, 1e-6);
}

#[test]
fn items_take_gradients() {
    let device = device().autodiff();
    let memory = MemoryModuleConfig::new(3, 2).init(&device);
    let output = memory.forward(matrix(&[0.5, 4.0], [1, 2], &device));
    let gradients = output.read.sum().backward();
    let gradient = memory.items.val().grad(&gradients).unwrap();
    assert!(values(gradient).iter().any(|value| *value != 0.0));
}

#[test]
fn initial_items_lie_in_the_bound_and_follow_the_seed() {
    let device = device();
    let draw = || {
        device.seed(11);
        let memory = MemoryModuleConfig::new(50, 16).init(&device);
        values(memory.items.val())
    };
    let items = draw();
    assert!(items.iter().all(|value| value.abs() <= 0.25));
    assert!(items.iter().any(|value| value.abs() > 0.2));
    let std = 3.0;
    let normal = MemoryModuleConfig::new(50, 16).with_initializer(ItemInitializer::Normal { std });
    let normal = values(normal.init(&device).items.val());
    let variance = normal.iter().map(|v| v * v).sum::<f64>() / normal.len() as f64;
    assert!((variance.sqrt() - std).abs() < 0.5);
}

#[test]
fn one_copy_of_items_counts_as_parameters() {
    let memory = MemoryModuleConfig::new(2000, 256).init(&device());
    assert_eq!(memory.num_params(), 512_000);
}

#[test]
fn settings_out_of_range_say_what_is_wrong() {
    let good = || MemoryModuleConfig::new(100, 16);
    let cases = [
        (
            MemoryModuleConfig::new(0, 16),
            "num_items is 0, expected at least 1",
        ),
        (
            MemoryModuleConfig::new(100, 0),
            "item_dim is 0, expected at least 1",
        ),
        (
            MemoryModuleConfig::new(usize::MAX, 2),
            "expected at most 4294967295 values in all",
        ),
        (
            MemoryModuleConfig::new(1 << 31, 2),
            "2147483648 items of 2 values",
        ),
        (
            good().with_temperature(0.0),
            "temperature is 0, expected a number from 1e-30 to 1e30",
        ),
        (good().with_temperature(-1.0), "temperature is -1"),
        // Not 0 in f64; by such a one, similarities are infinite in f32.
        (good().with_temperature(1e-39), "temperature is "),
        (good().with_temperature(1e39), "temperature is 1000"),
        (good().with_temperature(f64::NAN), "temperature is NaN"),
        (good().with_temperature(f64::INFINITY), "temperature is inf"),
        (
            good().with_shrinkage(Shrinkage::relative(0.0)),
            "shrinkage threshold is 0/N with N = 100",
        ),
        (
            good().with_shrinkage(Shrinkage::relative(f64::NAN)),
            "threshold is NaN/N",
        ),
        (
            good().with_shrinkage(Shrinkage::relative(100.0)),
            "a multiple below 100",
        ),
        (
            good().with_shrinkage(Shrinkage::absolute(-0.1)),
            "threshold is -0.1",
        ),
        (
            good().with_shrinkage(Shrinkage::absolute(f64::NAN)),
            "threshold is NaN",
        ),
        (
            good().with_shrinkage(Shrinkage::absolute(1.0)),
            "above 0 and below 1",
        ),
        (
            good().with_shrinkage(Shrinkage::TopK(0)),
            "read 0 items, expected 1 to 100",
        ),
        (
            good().with_shrinkage(Shrinkage::TopK(101)),
            "read 101 items, expected 1 to 100",
        ),
        (
            good().with_initializer(ItemInitializer::Normal { std: f64::NAN }),
            "standard deviation of the initial items is NaN",
        ),
        (
            good().with_initializer(ItemInitializer::Normal { std: 0.0 }),
            "standard deviation of the initial items is 0",
        ),
    ];
    for (config, expected) in cases {
        let message = config.try_init(&device()).unwrap_err().to_string();
        assert!(message.contains(expected), "{message:?} lacks {expected:?}");
        assert!(
            !message.contains('\n'),
            "{message:?} has more than one line"
        );
    }
}

#[test]
fn given_items_of_another_shape_are_an_error() {
    let items = Tensor::<2>::zeros([4, 3], &device());
    let error = MemoryModuleConfig::new(4, 5)
        .init_with_items(items)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "memory: the given items have shape [4, 3], expected [4, 5]"
    );
}

#[test]
#[should_panic(expected = "queries [2, 4], items [7, 5]")]
fn queries_of_another_width_panic_with_both_shapes() {
    let memory = MemoryModuleConfig::new(7, 5).init(&device());
    memory.forward(Tensor::zeros([2, 4], &device()));
}

#[test]
fn settings_survive_saving_and_loading() {
    let config = MemoryModuleConfig::new(2000, 256)
        .with_similarity(Similarity::Dot)
        .with_temperature(0.1)
        .with_shrinkage(Shrinkage::absolute(0.0025))
        .with_empty_row(EmptyRow::Zeros)
        .with_initializer(ItemInitializer::Normal { std: 0.02 });
    let json = serde_json::to_string(&config).unwrap();
    assert_eq!(
        serde_json::from_str::<MemoryModuleConfig>(&json).unwrap(),
        config
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.json");
    config.save(&path).unwrap();
    assert_eq!(MemoryModuleConfig::load(&path).unwrap(), config);
}

#[test]
fn the_module_shows_its_settings() {
    let memory = MemoryModuleConfig::new(20, 4).init(&device());
    let shown = memory.to_string();
    assert!(
        shown.contains("num_items: 20") && shown.contains("item_dim: 4"),
        "{shown}"
    );
    assert!(!shown.contains('\n'), "{shown}");
}

/// Distinct small numbers in a tensor of any shape.
fn numbers<const D: usize>(dims: [usize; D], device: &Device) -> Tensor<D> {
    let count: usize = dims.iter().product();
    let values: Vec<f64> = (0..count).map(|i| (i as f64 * 0.7).sin()).collect();
    matrix(&values, [count, 1], device).reshape(dims)
}
