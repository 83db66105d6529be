//! First items from encodings, moving averages, revival.

use burn::tensor::{Device, Tensor};
use memae_core::items::{
    BatchReads, ItemUpdate, ItemUpdateConfig, ItemUpdateRule, KCentersConfig, KMeansConfig,
};
use memae_core::{MemoryModule, MemoryModuleConfig};

use crate::devices::{assert_close, devices, devices_and_autodiff, matrix, values};

/// Points in tight groups around `centers`, `per_group` each.
fn groups(centers: &[[f64; 2]], per_group: usize) -> Vec<f64> {
    (0..centers.len() * per_group)
        .flat_map(|i| {
            let center = centers[i % centers.len()];
            let jitter = |phase: f64| 0.05 * (i as f64 * 1.3 + phase).sin();
            [center[0] + jitter(0.0), center[1] + jitter(1.0)]
        })
        .collect()
}

#[test]
fn endless_k_means_is_an_error_that_says_the_most() {
    let encodings = matrix(&groups(&[[1.0, 2.0]], 3), [3, 2], &devices()[0].1);
    let error = KMeansConfig::new()
        .with_iterations(1_000_000_000_000_000_000)
        .centers(encodings, 1)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "memory: iterations is 1000000000000000000, expected at most 10000"
    );
}

#[test]
fn as_many_rounds_of_k_means_as_are_allowed_are_no_error() {
    let error = KMeansConfig::new()
        .with_iterations(KMeansConfig::MAX_ITERATIONS)
        .centers(Tensor::zeros([1, 2], &devices()[0].1), 0)
        .unwrap_err();
    // Their number is looked at after that of the rounds.
    assert_eq!(
        error.to_string(),
        "memory: num_items is 0, expected at least 1"
    );
}

#[test]
fn k_means_finds_separate_groups() {
    let centers = [[5.0, 0.0], [0.0, 5.0], [-5.0, 0.0], [0.0, -5.0], [9.0, 9.0]];
    let points = groups(&centers, 13);
    for (name, device) in devices() {
        for seed in 0..5 {
            let encodings = matrix(&points, [65, 2], &device);
            let found = KMeansConfig::new()
                .with_seed(seed)
                .centers(encodings, 5)
                .unwrap();
            let found = values(found);
            for center in centers {
                let nearest = found
                    .chunks(2)
                    .map(|f| (f[0] - center[0]).hypot(f[1] - center[1]))
                    .fold(f64::INFINITY, f64::min);
                assert!(
                    nearest < 0.1,
                    "{name}, seed {seed}: {center:?} is missed by {nearest}"
                );
            }
        }
    }
}

#[test]
fn k_means_of_as_many_points_as_items_is_those_points() {
    let device = &devices()[0].1;
    let points = [1.0, 2.0, -3.0, 0.0, 5.0, 5.0];
    let encodings = matrix(&points, [3, 2], device);
    let mut found: Vec<Vec<f64>> = values(KMeansConfig::new().centers(encodings, 3).unwrap())
        .chunks(2)
        .map(<[f64]>::to_vec)
        .collect();
    found.sort_by(|a, b| a[0].total_cmp(&b[0]));
    assert_eq!(found, [[-3.0, 0.0], [1.0, 2.0], [5.0, 5.0]]);
}

#[test]
fn k_means_of_equal_points_stays_finite() {
    let device = &devices()[0].1;
    let found = KMeansConfig::new()
        .centers(Tensor::ones([9, 4], device), 5)
        .unwrap();
    assert_eq!(values(found), [1.0; 20]);
}

/// Greedy k-centre as it is defined, one distance at a time.
fn farthest_first(points: &[Vec<f64>], first: usize, count: usize) -> Vec<usize> {
    let distance = |a: usize, b: usize| -> f64 {
        let differences = points[a].iter().zip(&points[b]);
        differences.map(|(a, b)| (a - b).powi(2)).sum()
    };
    let mut chosen = vec![first];
    while chosen.len() < count {
        let nearest = |point: usize| {
            let distances = chosen.iter().map(|&center| distance(point, center));
            distances.fold(f64::INFINITY, f64::min)
        };
        let farthest = (0..points.len()).max_by(|&a, &b| nearest(a).total_cmp(&nearest(b)));
        chosen.push(farthest.unwrap());
    }
    chosen
}

#[test]
fn k_centers_are_chosen_farthest_first() {
    let points: Vec<Vec<f64>> = groups(&[[5.0, 0.0], [0.0, 7.0], [-2.0, 0.5], [4.0, -9.0]], 9)
        .chunks(2)
        .map(<[f64]>::to_vec)
        .collect();
    for (name, device) in devices() {
        let mut firsts = Vec::new();
        for seed in 0..5 {
            let encodings = matrix(&points.concat(), [36, 2], &device);
            let found = KCentersConfig::new().with_seed(seed);
            let found = values(found.centers(encodings, 7).unwrap());
            let near = |point: &&Vec<f64>| (point[0] - found[0]).hypot(point[1] - found[1]) < 1e-5;
            let first = points.iter().position(|point| near(&point)).unwrap();
            let expected: Vec<f64> = farthest_first(&points, first, 7)
                .into_iter()
                .flat_map(|index| points[index].clone())
                .collect();
            assert_close(
                &format!("{name}, seed {seed}"),
                &found,
                &expected,
                1.0,
                1e-6,
            );
            firsts.push(first);
        }
        firsts.dedup();
        assert!(firsts.len() > 1, "{name}: all seeds begin with {firsts:?}");
    }
}

#[test]
fn k_centers_of_equal_points_are_all_chosen_once() {
    let device = &devices()[0].1;
    for other in 0..4 {
        let mut points = [1.0; 16];
        points[4 * other..4 * other + 4].fill(3.0);
        let items = KCentersConfig::new().centers(matrix(&points, [4, 4], device), 4);
        let mut items = values(items.unwrap());
        items.sort_by(f64::total_cmp);
        let expected = [[1.0; 12].as_slice(), &[3.0; 4]].concat();
        assert_eq!(items, expected, "the other is point {other}");
    }
}

#[test]
fn of_points_equally_far_the_first_is_the_next_center() {
    for (name, device) in devices() {
        // Each is as far from each.
        let points: Vec<f64> = (0..25).map(|i| f64::from(i % 6 == 0)).collect();
        let encodings = matrix(&points, [5, 5], &device);
        let items = values(KCentersConfig::new().centers(encodings, 5).unwrap());
        let mut chosen = items.chunks(5).map(|item| {
            let place = item.iter().position(|&value| value == 1.0);
            place.unwrap()
        });
        let first = chosen.next().unwrap();
        let others: Vec<usize> = (0..5).filter(|&point| point != first).collect();
        assert_eq!(chosen.collect::<Vec<_>>(), others, "{name}, after {first}");
    }
}

#[test]
fn k_centers_refuse_what_k_means_refuses() {
    let device = &devices()[0].1;
    let centers = |values: &[f64], num_items| {
        let encodings = matrix(values, [values.len() / 2, 2], device);
        let error = KCentersConfig::new().centers(encodings, num_items);
        error.unwrap_err().to_string()
    };
    assert_eq!(
        centers(&[1.0, 2.0], 0),
        "memory: num_items is 0, expected at least 1"
    );
    assert_eq!(
        centers(&[1.0, 2.0], 2),
        "memory: 1 encodings given for 2 items, expected at least as many"
    );
    assert_eq!(
        centers(&[1.0, f64::NAN, 2.0, 3.0], 1),
        "memory: 1 of 2 encodings hold NaN or infinity, expected finite numbers"
    );
}

#[test]
fn a_single_center_is_the_mean() {
    for (name, device) in devices() {
        let encodings = matrix(&[1.0, 2.0, -3.0, 0.0, 5.0, 7.0], [3, 2], &device);
        let found = KMeansConfig::new().centers(encodings, 1).unwrap();
        assert_close(name, &values(found), &[1.0, 3.0], 0.1, 1e-6);
    }
}

#[test]
fn encodings_that_are_not_finite_are_an_error() {
    for (name, device) in devices() {
        let encodings = [
            [1.0, 2.0],
            [f64::NAN, 0.0],
            [5.0, f64::INFINITY],
            [3.0; 2],
            [4.0; 2],
        ];
        let error = KMeansConfig::new()
            .centers(matrix(&encodings.concat(), [5, 2], &device), 2)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "memory: 2 of 5 encodings hold NaN or infinity, expected finite numbers",
            "{name}"
        );
    }
}

#[test]
fn too_few_encodings_are_an_error() {
    let device = &devices()[0].1;
    let error = KMeansConfig::new()
        .centers(Tensor::zeros([3, 2], device), 5)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "memory: 3 encodings given for 5 items, expected at least as many"
    );
}

fn moving_average() -> ItemUpdateConfig {
    ItemUpdateConfig::new().with_rule(ItemUpdateRule::MovingAverage)
}

#[test]
fn moving_averages_follow_their_equation() {
    for (name, device) in devices_and_autodiff() {
        let items = matrix(&[1.0, 0.0, 0.0, 1.0], [2, 2], &device);
        let memory = MemoryModuleConfig::new(2, 2)
            .init_with_items(items)
            .unwrap();
        let config = moving_average().with_decay(0.75);
        let (update, memory) = config.init(memory, 6).unwrap();
        // Two queries read the first item most, one the second.
        let queries = matrix(&[3.0, 1.0, 5.0, 1.0, 1.0, 2.0], [3, 2], &device);
        let output = memory.forward(queries.clone());
        let (_, memory) = update.step(memory, BatchReads::new(queries, &output.statistics));
        // n = 0.75 · 3 + 0.25 · count,  s = 0.75 · 3 · item + 0.25 · sum
        let first = (
            0.75 * 3.0 + 0.25 * 2.0,
            [0.75 * 3.0 + 0.25 * 8.0, 0.25 * 2.0],
        );
        let second = (0.75 * 3.0 + 0.25, [0.25, 0.75 * 3.0 + 0.25 * 2.0]);
        let expected = [
            first.1[0] / first.0,
            first.1[1] / first.0,
            second.1[0] / second.0,
            second.1[1] / second.0,
        ];
        assert_close(&name, &values(memory.items.val()), &expected, 0.1, 1e-5);
    }
}

#[test]
fn moving_averages_reach_the_mean_of_what_reads_them() {
    for (name, device) in devices() {
        let centers = [[4.0, 1.0], [-1.0, 4.0]];
        let points = groups(&centers, 10);
        let queries = matrix(&points, [20, 2], &device);
        let memory = MemoryModuleConfig::new(2, 2)
            .init_with_items(matrix(&[1.0, 0.0, 0.0, 1.0], [2, 2], &device))
            .unwrap();
        let (mut update, mut memory) = moving_average().with_decay(0.9).init(memory, 20).unwrap();
        for _ in 0..100 {
            let output = memory.forward(queries.clone());
            let reads = BatchReads::new(queries.clone(), &output.statistics);
            (update, memory) = update.step(memory, reads);
        }
        let mean = |group: usize, axis: usize| {
            (0..10)
                .map(|i| points[2 * (2 * i + group) + axis])
                .sum::<f64>()
                / 10.0
        };
        let expected = [mean(0, 0), mean(0, 1), mean(1, 0), mean(1, 1)];
        assert_close(name, &values(memory.items.val()), &expected, 0.1, 1e-3);
    }
}

#[test]
fn dead_items_become_encodings_of_the_batch() {
    for (name, device) in devices() {
        for rule in [ItemUpdateRule::MovingAverage, ItemUpdateRule::Gradient] {
            // The third item points away from every query.
            let items = [1.0, 0.1, 0.1, 1.0, -1.0, -1.0];
            let memory = MemoryModuleConfig::new(3, 2)
                .init_with_items(matrix(&items, [3, 2], &device))
                .unwrap();
            let points = groups(&[[3.0, 0.0], [0.0, 3.0]], 8);
            let queries = matrix(&points, [16, 2], &device);
            let config = ItemUpdateConfig::new()
                .with_rule(rule)
                .with_decay(0.5)
                .with_revival_share(0.1);
            let (mut update, mut memory) = config.init(memory, 16).unwrap();
            let mut revived = Vec::new();
            for _ in 0..6 {
                let output = memory.forward(queries.clone());
                let reads = BatchReads::new(queries.clone(), &output.statistics);
                (update, memory) = update.step(memory, reads);
                let third = values(memory.items.val())[4..6].to_vec();
                if third[0] > -0.5 {
                    revived = third;
                    break;
                }
            }
            let is_a_query = points
                .chunks(2)
                .any(|p| (p[0] - revived[0]).abs() < 1e-5 && (p[1] - revived[1]).abs() < 1e-5);
            assert!(is_a_query, "{name}, {rule:?}: {revived:?}");
        }
    }
}

/// A step of moving averages over `queries`, from items that all are read.
fn items_after_a_step(items: &[f64], queries: &[f64], revival: f64, device: &Device) -> Vec<f64> {
    let dims = [items.len() / 2, 2];
    let memory = MemoryModuleConfig::new(dims[0], 2)
        .init_with_items(matrix(items, dims, device))
        .unwrap();
    let config = moving_average().with_decay(0.5).with_revival_share(revival);
    let (update, memory) = config.init(memory, 4).unwrap();
    let queries = matrix(queries, [queries.len() / 2, 2], device);
    let output = memory.forward(queries.clone());
    let (_, memory) = update.step(memory, BatchReads::new(queries, &output.statistics));
    values(memory.items.val())
}

#[test]
fn a_query_that_is_not_finite_moves_no_item() {
    let items = [1.0, 0.0, 0.0, 1.0];
    for (name, device) in devices_and_autodiff() {
        let clean = items_after_a_step(&items, &[3.0, 1.0, 1.0, 2.0], 0.0, &device);
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let queries = [3.0, 1.0, wrong, 1.0, 1.0, 2.0];
            let found = items_after_a_step(&items, &queries, 0.0, &device);
            assert_close(&name, &found, &clean, 0.1, 1e-6);
        }
    }
}

#[test]
fn queries_that_are_not_finite_are_counted() {
    for (name, device) in devices() {
        let memory = MemoryModuleConfig::new(2, 2).init(&device);
        let queries = [1.0, 2.0, f64::NAN, 0.0, 5.0, f64::INFINITY];
        let queries = matrix(&queries, [3, 2], &device);
        let output = memory.forward(queries.clone());
        let reads = BatchReads::new(queries, &output.statistics);
        assert_eq!(reads.left_out().into_scalar::<i64>(), 2, "{name}");
    }
}

#[test]
fn no_dead_item_becomes_a_query_that_is_not_finite() {
    // The third item is dead at once: its share is above what decay leaves of it.
    let items = [1.0, 0.1, 0.1, 1.0, -1.0, -1.0];
    for (name, device) in devices() {
        let queries = [3.0, 0.0, f64::NAN, f64::NAN, f64::NAN, 1.0, 0.0, 3.0];
        for _ in 0..20 {
            let found = items_after_a_step(&items, &queries, 0.9, &device);
            assert!(
                found.iter().all(|value| value.is_finite()),
                "{name}: {found:?}"
            );
        }
    }
}

#[test]
fn dead_items_become_different_encodings() {
    for (name, device) in devices() {
        // All dead at once, as nothing of what decay leaves is above the share.
        let items: Vec<f64> = (0..60).flat_map(|item| [-1.0, f64::from(item)]).collect();
        let queries: Vec<f64> = (0..8).flat_map(|query| [5.0, f64::from(query)]).collect();
        let found = items_after_a_step(&items, &queries, 0.999, &device);
        let mut drawn = [0; 8];
        let revived = found.chunks(2).filter(|item| item[0] == 5.0);
        revived.for_each(|item| drawn[item[1] as usize] += 1);
        // Each query is drawn by one of 8 or so of the items; one that none draws is as rare as 3 in 1000.
        assert!(
            drawn.iter().filter(|&&count| count > 0).count() >= 6,
            "{name}: {drawn:?}"
        );
        assert!(drawn.iter().all(|&count| count < 30), "{name}: {drawn:?}");
    }
}

#[test]
fn a_revived_item_counts_as_read_like_all_others() {
    for (name, device) in devices_and_autodiff() {
        let memory = MemoryModuleConfig::new(2, 2)
            .init_with_items(matrix(&[1.0, 0.0, -1.0, -1.0], [2, 2], &device))
            .unwrap();
        let config = moving_average().with_decay(0.5).with_revival_share(0.6);
        // Read alike, each item has 2 reads a batch; one with less than 1.2 is dead.
        let (update, memory) = config.init(memory, 4).unwrap();
        let step = |(update, memory): (ItemUpdate, MemoryModule), query: [f64; 2]| {
            let query = matrix(&query, [1, 2], &device);
            let output = memory.forward(query.clone());
            update.step(memory, BatchReads::new(query, &output.statistics))
        };
        let (update, memory) = step((update, memory), [3.0, 1.0]);
        // The first has 0.5 · 2 + 0.5 · 1 reads, the second 0.5 · 2: it becomes the only query there is.
        let expected = [(1.0 + 1.5) / 1.5, 0.5 / 1.5, 3.0, 1.0];
        assert_close(&name, &values(memory.items.val()), &expected, 0.1, 1e-5);
        let (_, memory) = step((update, memory), [1.0, 2.0]);
        // n = 0.5 · 2 + 0.5 · 1,  s = 0.5 · 2 · (3, 1) + 0.5 · (1, 2)
        let second = &values(memory.items.val())[2..];
        assert_close(&name, second, &[3.5 / 1.5, 2.0 / 1.5], 0.1, 1e-5);
    }
}

#[test]
fn either_rule_moves_items_if_it_is_asked_to() {
    let gradient = ItemUpdateConfig::new().with_rule(ItemUpdateRule::Gradient);
    assert!(!gradient.is_active());
    assert!(gradient.with_revival_share(0.1).is_active());
    assert!(moving_average().is_active());
    assert!(moving_average().with_revival_share(0.1).is_active());
}

#[test]
fn a_single_item_follows_all_queries() {
    for (name, device) in devices_and_autodiff() {
        let found = items_after_a_step(&[1.0, 1.0], &[3.0, 1.0, 1.0, 2.0], 0.0, &device);
        // n = 0.5 · 4 + 0.5 · 2,  s = 0.5 · 4 · item + 0.5 · sum
        let expected = [(2.0 + 2.0) / 3.0, (2.0 + 1.5) / 3.0];
        assert_close(&name, &found, &expected, 0.1, 1e-6);
    }
}

#[test]
fn moving_averages_take_no_gradients() {
    let device = devices()[0].1.clone().autodiff();
    let memory = MemoryModuleConfig::new(3, 2).init(&device);
    assert!(memory.items.val().is_require_grad());
    let (_, memory) = moving_average().init(memory, 4).unwrap();
    assert!(!memory.items.val().is_require_grad());
}

#[test]
fn a_batch_without_queries_changes_nothing() {
    let device = Device::flex();
    let memory = MemoryModuleConfig::new(3, 2).init(&device);
    let before = values(memory.items.val());
    let (update, memory) = moving_average().init(memory, 4).unwrap();
    let none = Tensor::<2>::zeros([0, 2], &device);
    let output = memory.forward(none.clone());
    let reads = BatchReads::new(none, &output.statistics);
    let (_, memory) = update.step(memory, reads);
    assert_eq!(values(memory.items.val()), before);
}

#[test]
fn settings_out_of_range_are_errors() {
    for config in [
        ItemUpdateConfig::new().with_decay(0.0),
        ItemUpdateConfig::new().with_decay(1.0),
        ItemUpdateConfig::new().with_decay(f64::NAN),
        ItemUpdateConfig::new().with_revival_share(1.0),
        ItemUpdateConfig::new().with_revival_share(f64::NAN),
    ] {
        assert!(config.validate().is_err(), "{config:?}");
    }
}
