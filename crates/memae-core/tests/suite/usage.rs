//! Diagnostics against plain counting.

use burn::tensor::{Int, Tensor};
use memae_core::MemoryModuleConfig;
use memae_core::MemoryUsage;
use memae_core::addressing::{EmptyRow, ReadStatistics, Shrinkage};
use memae_core::loss::entropy;

use crate::cases::{cases, for_cases};
use crate::devices::{assert_close, devices, devices_and_autodiff, matrix};

#[test]
fn usage_agrees_with_plain_counting() {
    for (name, device) in devices() {
        for_cases(name, 250, cases(), |case| {
            let expected = case.forward();
            let memory = MemoryModuleConfig::new(case.num_items, case.width)
                .with_similarity(case.addressing.similarity)
                .with_temperature(case.addressing.temperature)
                .with_shrinkage(case.addressing.shrinkage)
                .with_empty_row(case.addressing.empty_row)
                .init_with_items(matrix(&case.items, [case.num_items, case.width], &device))
                .unwrap();
            let queries = matrix(&case.queries, [case.num_queries, case.width], &device);
            let output = memory.forward(queries);
            let mut usage = MemoryUsage::new(case.num_items);
            usage.update(output.entropy, output.statistics);

            let rows: Vec<&[f64]> = expected.shrunk.chunks(case.num_items).collect();
            let queries = case.num_queries as f64;
            // What f32 can't tell from zero is not active; a softmax never gets there by itself.
            let active = |item: usize| rows.iter().filter(|row| row[item] > 1e-40).count();
            let counts: Vec<u64> = (0..case.num_items)
                .map(|item| active(item) as u64)
                .collect();
            assert_eq!(usage.read_counts(), counts, "{name}");
            let dead: Vec<usize> = (0..case.num_items)
                .filter(|&item| counts[item] == 0)
                .collect();
            assert_eq!(usage.dead_items(), dead, "{name}");
            let empty = expected.empty.iter().filter(|empty| **empty).count() as f64;
            let figures = [
                usage.mean_active_items(),
                usage.mean_entropy(),
                usage.empty_row_share(),
            ];
            let expected_figures = [
                counts.iter().sum::<u64>() as f64 / queries,
                expected.entropy.iter().sum::<f64>() / queries,
                empty / queries,
            ];
            assert_close(name, &figures, &expected_figures, 0.1, 1e-4);
        });
    }
}

#[test]
fn empty_rows_are_counted_though_they_read_their_best_item() {
    for (name, device) in devices_and_autodiff() {
        let memory = MemoryModuleConfig::new(10, 2)
            .with_shrinkage(Shrinkage::absolute(0.9))
            .with_empty_row(EmptyRow::BestItem)
            .init(&device);
        let output = memory.forward(Tensor::ones([3, 2], &device));
        let mut usage = MemoryUsage::new(10);
        usage.update(output.entropy, output.statistics);
        assert_eq!(usage.empty_row_share(), 1.0, "{name}");
        assert_eq!(usage.mean_active_items(), 1.0, "{name}");
        assert_eq!(usage.dead_items().len(), 9, "{name}");
        assert_eq!(usage.most_read_items().len(), 1, "{name}");
    }
}

#[test]
fn merging_is_counting_both() {
    let device = &devices()[0].1;
    let none = Tensor::<1>::zeros([2], device).bool();
    let a = matrix(&[1.0, 0.0, 0.0, 0.5, 0.5, 0.0], [2, 3], device);
    let b = matrix(&[0.0, 1.0, 0.0, 0.0, 0.25, 0.75], [2, 3], device);
    let mut both = MemoryUsage::new(3);
    let count = |usage: &mut MemoryUsage, weights: &Tensor<2>| {
        let statistics = ReadStatistics::of_weights(weights.clone(), none.clone());
        usage.update(entropy(weights.clone()), statistics);
    };
    count(&mut both, &a);
    count(&mut both, &b);
    let (mut first, mut second) = (MemoryUsage::new(3), MemoryUsage::new(3));
    count(&mut first, &a);
    count(&mut second, &b);
    first.merge(&second);
    assert_eq!(first, both);
    assert_eq!(first.queries(), 4);
    assert_eq!(first.most_read_items(), [1, 0, 2]);
}

#[test]
fn merging_adds_what_was_left_out_and_what_was_empty() {
    let device = &devices()[0].1;
    let count = |entropies: &[f64], empty: [i32; 5]| {
        let empty = Tensor::<1, Int>::from_ints(empty, device).equal_elem(1);
        let weights = Tensor::<2>::zeros([5, 2], device);
        let mut usage = MemoryUsage::new(2);
        let entropies = matrix(entropies, [1, 5], device).reshape([5]);
        usage.update(entropies, ReadStatistics::of_weights(weights, empty));
        usage
    };
    let nan = f64::NAN;
    let mut usage = count(&[0.0, nan, 0.5, nan, 0.0], [1, 0, 0, 0, 1]);
    assert_eq!((usage.queries(), usage.not_finite()), (3, 2));
    assert_close(
        "share",
        &[usage.empty_row_share()],
        &[2.0 / 3.0],
        1.0,
        1e-12,
    );
    usage.merge(&count(&[0.5, 0.5, nan, 0.5, 0.5], [0, 1, 0, 0, 0]));
    assert_eq!((usage.queries(), usage.not_finite()), (7, 3));
    let figures = [usage.empty_row_share(), usage.mean_entropy()];
    assert_close("figures", &figures, &[3.0 / 7.0, 2.5 / 7.0], 1.0, 1e-12);
}

#[test]
fn nothing_counted_is_no_nan() {
    let usage = MemoryUsage::new(2);
    let figures = [
        usage.mean_active_items(),
        usage.mean_entropy(),
        usage.empty_row_share(),
    ];
    assert_eq!(figures, [0.0; 3]);
    assert_eq!(usage.read_shares(), [0.0; 2]);
}

#[test]
fn a_query_of_nan_is_counted_apart() {
    for (name, device) in devices() {
        let memory = MemoryModuleConfig::new(3, 2).init(&device);
        let usage = |queries: &[f64]| {
            let queries = matrix(queries, [queries.len() / 2, 2], &device);
            let output = memory.forward(queries);
            let mut usage = MemoryUsage::new(3);
            usage.update(output.entropy, output.statistics);
            usage
        };
        let clean = usage(&[1.0, 2.0, -1.0, 0.5]);
        let found = usage(&[1.0, 2.0, f64::NAN, 0.0, -1.0, 0.5]);
        assert_eq!((found.queries(), found.not_finite()), (2, 1), "{name}");
        assert_eq!(found.read_counts(), clean.read_counts(), "{name}");
        let figures = |usage: &MemoryUsage| {
            let figures = [usage.mean_entropy(), usage.mean_active_items()];
            [figures.to_vec(), usage.read_shares()].concat()
        };
        assert_close(name, &figures(&found), &figures(&clean), 0.1, 1e-6);
    }
}

#[test]
fn usage_that_contradicts_itself_is_refused() {
    let json = |active: &str, read: &str, empty_rows: u64| {
        format!(
            r#"{{"queries":4,"entropy":1.0,"empty_rows":{empty_rows},"active":{active},"read":{read}}}"#
        )
    };
    let loaded = |json: &str| serde_json::from_str::<MemoryUsage>(json);
    assert_eq!(loaded(&json("[4,0]", "[4.0,0.0]", 1)).unwrap().queries(), 4);
    for (json, message) in [
        (
            json("[4]", "[4.0,0.0]", 0),
            "reads of 1 items and sums weights of 2",
        ),
        (json("[5,0]", "[4.0,0.0]", 0), "counts 5 of 4 queries"),
        (json("[4,0]", "[4.0,0.0]", 7), "counts 7 of 4 queries"),
    ] {
        let error = loaded(&json).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
