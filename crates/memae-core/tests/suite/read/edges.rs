//! Zero vectors, rows that are shrunk away altogether, sizes of one and none, numbers near the ends of
//! their range.

use burn::tensor::{DType, Device, Tensor};
use memae_core::addressing::{Addressing, EmptyRow, Shrinkage, Similarity, read};

use super::{Graph, READERS, Results, Run, results};
use crate::devices::{devices, matrix_of};
use crate::oracle::Case;

const SIMILARITIES: [Similarity; 3] = [Similarity::Cosine, Similarity::Dot, Similarity::Euclidean];
const EMPTY_ROWS: [EmptyRow; 2] = [EmptyRow::BestItem, EmptyRow::Zeros];

/// Every similarity and both readings of an empty row, with each shrinkage.
fn settings(shrinkages: &[Shrinkage]) -> Vec<Addressing> {
    let mut settings = Vec::new();
    for similarity in SIMILARITIES {
        for empty_row in EMPTY_ROWS {
            for &shrinkage in shrinkages {
                settings.push(
                    Addressing::default()
                        .with_similarity(similarity)
                        .with_shrinkage(shrinkage)
                        .with_empty_row(empty_row),
                );
            }
        }
    }
    settings
}

/// Runs `check` on every device with both readers.
fn for_runs(check: impl Fn(Run)) {
    for (device_name, device) in devices() {
        for (reader_name, reader) in READERS {
            let name = format!("{reader_name} on {device_name}");
            check(Run {
                name: &name,
                reader,
                device: &device,
                dtype: DType::F32,
            });
        }
    }
}

fn check(run: Run, case: &Case) {
    let name = format!("{}, {:?}", run.name, case.addressing);
    let run = Run { name: &name, ..run };
    run.check_forward(case);
    run.check_gradients(case, Graph::WHOLE);
}

/// Results of the loss `Σ read ∘ probe + entropy_weight · mean entropy`.
fn results_of(run: Run, case: &Case) -> Results {
    let device = run.device.clone().autodiff();
    let [queries, items, probe] = Run {
        device: &device,
        ..run
    }
    .tensors(case);
    results(run.reader, [queries, items], &case.addressing, |output| {
        (output.read.clone() * probe).sum() + output.entropy.clone().mean() * case.entropy_weight
    })
}

fn assert_finite(what: &str, results: &Results) {
    let parts = [
        ("read", &results.read),
        ("entropy", &results.entropy),
        ("read sums", &results.read_sums),
        ("gradient of queries", &results.query_gradients),
        ("gradient of items", &results.item_gradients),
    ];
    for (part, values) in parts {
        let finite = values.iter().all(|value| value.is_finite());
        assert!(finite, "{what}, {part}: {values:?}");
    }
}

#[test]
fn zero_vectors_agree_with_the_oracle() {
    // A zero query weighs all items alike, so λ must not be 1/N.
    let shrinkages = [
        Shrinkage::Off,
        Shrinkage::relative(0.5),
        Shrinkage::relative(1.9),
        Shrinkage::TopK(1),
        Shrinkage::TopK(2),
    ];
    for_runs(|run| {
        for addressing in settings(&shrinkages) {
            for dims in [[3, 7, 5], [11, 2, 3], [5, 13, 1]] {
                let mut case = (0..)
                    .map(|seed| {
                        let mut case = Case::random(seed, dims, addressing);
                        case.items[dims[2]..2 * dims[2]].fill(0.0);
                        case.with_queries(|case, q| case.distance_to_jump_of(q) > 1e-3)
                    })
                    .find(|case| case.num_queries > 1)
                    .unwrap();
                case.queries[..dims[2]].fill(0.0);
                check(run, &case);
            }
        }
    });
}

#[test]
fn nothing_but_zero_vectors_stays_finite() {
    let shrinkages = [
        Shrinkage::Off,
        Shrinkage::relative(1.0),
        Shrinkage::relative(2.9),
        Shrinkage::TopK(2),
    ];
    for_runs(|run| {
        for addressing in settings(&shrinkages) {
            let mut case = Case::random(1, [2, 3, 5], addressing);
            case.queries.fill(0.0);
            case.items.fill(0.0);
            assert_finite(
                &format!("{}, {addressing:?}", run.name),
                &results_of(run, &case),
            );
        }
    });
}

#[test]
fn rows_shrunk_away_have_no_gradient_of_their_query() {
    for_runs(|run| {
        for addressing in settings(&[Shrinkage::absolute(0.9)]) {
            for dims in [[7, 11, 5], [2, 17, 67]] {
                let case = (0..)
                    .map(|seed| Case::random(seed, dims, addressing))
                    .find(|case| case.distance_to_jump() > 1e-3)
                    .unwrap();
                check(run, &case);
                let results = results_of(run, &case);
                let what = format!("{}, {addressing:?}", run.name);
                assert_eq!(results.empty_rows, vec![1; dims[0]], "{what}");
                if addressing.empty_row == EmptyRow::Zeros {
                    let all = [
                        results.read,
                        results.query_gradients,
                        results.item_gradients,
                    ];
                    assert!(all.concat().iter().all(|value| *value == 0.0), "{what}");
                }
            }
        }
    });
}

#[test]
fn the_first_of_equally_good_items_is_read() {
    for_runs(|run| {
        for similarity in [Similarity::Cosine, Similarity::Dot] {
            let addressing = Addressing::default()
                .with_similarity(similarity)
                .with_shrinkage(Shrinkage::relative(1.9));
            let mut case = Case::random(5, [3, 67, 2], addressing);
            // All weights are the same.
            case.queries.fill(0.0);
            check(run, &case);
            let results = results_of(run, &case);
            assert_eq!(results.most_read, [0; 3], "{}", run.name);
        }
    });
}

#[test]
fn sides_of_one_agree_with_the_oracle() {
    let shrinkages = [
        Shrinkage::Off,
        Shrinkage::relative(0.7),
        Shrinkage::absolute(0.4),
        Shrinkage::TopK(2),
    ];
    let one_item = [
        Shrinkage::Off,
        Shrinkage::relative(0.7),
        Shrinkage::relative(1.0),
        Shrinkage::TopK(1),
    ];
    for_runs(|run| {
        for dims in [[1, 1, 1], [1, 1, 5], [5, 1, 1], [5, 1, 3]] {
            for addressing in settings(&one_item) {
                check(run, &Case::random(3, dims, addressing));
            }
        }
        for dims in [[1, 5, 1], [1, 5, 3], [5, 3, 1], [1, 67, 37]] {
            for addressing in settings(&shrinkages) {
                let case = (0..1000)
                    .map(|seed| Case::random(seed, dims, addressing))
                    .find(|case| case.distance_to_jump() > 1e-3)
                    .unwrap();
                check(run, &case);
            }
        }
    });
}

#[test]
fn exponentials_that_underflow_are_zeros() {
    // The second query weighs all items but one alike.
    let queries = [[200.0, 0.0, 0.0], [0.0, -300.0, 0.0], [150.0, 149.0, 0.0]].concat();
    let items = [
        [1.0, 0.0, 0.0],
        [0.0, 1.0, 0.0],
        [0.0, 0.0, 1.0],
        [-1.0, 0.0, 0.0],
    ]
    .concat();
    for_runs(|run| {
        for shrinkage in [
            Shrinkage::Off,
            Shrinkage::relative(0.5),
            Shrinkage::absolute(0.6),
            Shrinkage::TopK(2),
        ] {
            let addressing = Addressing::default()
                .with_similarity(Similarity::Dot)
                .with_shrinkage(shrinkage)
                .with_empty_row(EmptyRow::Zeros);
            let case = Case::random(2, [3, 4, 3], addressing);
            let case = Case {
                queries: queries.clone(),
                items: items.clone(),
                ..case
            };
            check(run, &case);
            let mut active = results_of(run, &case).active_items;
            active.truncate(1);
            assert_eq!(active, [1], "{}, {shrinkage:?}", run.name);
        }
    });
}

#[test]
fn a_norm_counts_as_zero_only_below_the_smallest() {
    for_runs(|run| {
        for addressing in settings(&[Shrinkage::Off, Shrinkage::relative(0.5)]) {
            let mut case = Case::random(3, [2, 5, 3], addressing);
            let scaled = |values: &mut [f64], norm: f64| {
                let found = values.iter().map(|value| value * value).sum::<f64>().sqrt();
                values
                    .iter_mut()
                    .for_each(|value| *value = f64::from((*value * norm / found) as f32));
            };
            // The smallest norm is 1e-12.
            scaled(&mut case.queries[..3], 2e-12);
            scaled(&mut case.queries[3..], 0.5e-12);
            scaled(&mut case.items[3..6], 3e-12);
            scaled(&mut case.items[6..9], 0.7e-12);
            scaled(&mut case.items[9..12], 1e-7);
            run.check_forward(&case);
        }
    });
}

/// Where few items are read, they are read one by one, by as many vectors at a time as a row of that width has.
#[test]
fn few_items_of_any_width_agree_with_the_oracle() {
    let addressing = Addressing::default()
        .with_temperature(0.01)
        .with_shrinkage(Shrinkage::absolute(0.05));
    for_runs(|run| {
        for width in [
            15, 16, 17, 31, 33, 63, 65, 79, 81, 97, 127, 130, 145, 161, 200, 256, 273,
        ] {
            let case = Case::random(width as u64, [9, 211, width], addressing);
            let case = case.with_queries(|case, q| case.distance_to_jump_of(q) > 1e-2);
            assert!(
                case.num_queries > 3,
                "{width}: only {} queries",
                case.num_queries
            );
            check(run, &case);
            let active = results_of(run, &case).active_items;
            assert!(active.iter().all(|&active| active < 12), "{active:?}");
        }
    });
}

#[test]
fn entropies_are_never_negative_and_zero_of_a_single_item() {
    for_runs(|run| {
        for similarity in SIMILARITIES {
            for (shrinkage, temperature) in
                [(Shrinkage::Off, 0.02), (Shrinkage::absolute(0.5), 0.1)]
            {
                let addressing = Addressing::default()
                    .with_similarity(similarity)
                    .with_temperature(temperature)
                    .with_shrinkage(shrinkage)
                    .with_empty_row(EmptyRow::Zeros);
                let mut case = Case::random(11, [301, 7, 3], addressing);
                // Far from each other, so that most rows are nearly one item; with some that are not.
                let lengths = (0..301).map(|row| 1.0 + f64::from(row) / 10.0);
                for (query, length) in case.queries.chunks_mut(3).zip(lengths) {
                    query.iter_mut().for_each(|value| *value *= length);
                }
                let found = results_of(run, &case);
                let what = format!("{}, {addressing:?}", run.name);
                let least = found.entropy.iter().copied().fold(f64::INFINITY, f64::min);
                assert!(least >= 0.0, "{what}: {least}");
                let rows = found.entropy.iter().zip(&found.active_items);
                let of_one = rows.filter(|(_, active)| **active <= 1);
                let of_one: Vec<f64> = of_one.map(|(&entropy, _)| entropy).collect();
                assert!(
                    of_one.iter().all(|entropy| *entropy == 0.0),
                    "{what}: {of_one:?}"
                );
                let shrunk = shrinkage != Shrinkage::Off;
                assert_eq!(
                    of_one.len() > 100,
                    shrunk,
                    "{what}: {} of one item",
                    of_one.len()
                );
            }
        }
    });
}

#[test]
fn very_large_and_very_small_numbers_stay_finite() {
    let scales = [1e-18, 1e-9, 1.0, 1e9, 1e18];
    let shrinkages = [
        Shrinkage::Off,
        Shrinkage::relative(1.0),
        Shrinkage::absolute(0.5),
        Shrinkage::TopK(2),
    ];
    for_runs(|run| {
        for addressing in settings(&shrinkages) {
            for query_scale in scales {
                for item_scale in scales {
                    let mut case = Case::random(4, [5, 7, 3], addressing);
                    case.queries
                        .iter_mut()
                        .for_each(|value| *value *= query_scale);
                    case.items.iter_mut().for_each(|value| *value *= item_scale);
                    let what = format!(
                        "{}, {addressing:?}, queries of {query_scale:e}, items of {item_scale:e}",
                        run.name
                    );
                    let results = results_of(run, &case);
                    assert_finite(&what, &results);
                    let reads_zeros = |row: usize| {
                        results.empty_rows[row] == 1 && addressing.empty_row == EmptyRow::Zeros
                    };
                    let reading = (0..5).filter(|&row| !reads_zeros(row)).count() as f64;
                    let sum: f64 = results.read_sums.iter().sum();
                    assert!((sum - reading).abs() < 1e-4, "{what}: weights sum to {sum}");
                }
            }
        }
    });
}

#[test]
fn one_item_by_euclidean_distance_is_the_nearest_neighbour() {
    let addressing = Addressing::default()
        .with_similarity(Similarity::Euclidean)
        .with_shrinkage(Shrinkage::TopK(1));
    for_runs(|run| {
        let case = Case::random(8, [101, 211, 5], addressing);
        let results = results_of(run, &case);
        let rows = case.queries.chunks(5).zip(results.read.chunks(5));
        for (row, (query, read)) in rows.enumerate() {
            let distance = |item: &[f64]| {
                let squares = query.iter().zip(item).map(|(z, m)| (z - m).powi(2));
                squares.sum::<f64>()
            };
            let items = case.items.chunks(5).map(distance);
            let nearest = items.fold(f64::INFINITY, f64::min);
            let what = format!("{}, query {row}", run.name);
            assert!((distance(read) - nearest).abs() < 1e-6, "{what}");
        }
        assert_eq!(results.active_items, [1; 101], "{}", run.name);
        assert_eq!(results.entropy, [0.0; 101], "{}", run.name);
        assert_eq!(results.empty_rows, [0; 101], "{}", run.name);
    });
}

#[test]
fn of_equal_items_the_first_are_among_the_largest() {
    for_runs(|run| {
        for k in [1, 2, 5, 64, 65, 99] {
            let addressing = Addressing::default().with_shrinkage(Shrinkage::TopK(k));
            let mut case = Case::random(5, [3, 100, 2], addressing);
            // All weights are the same.
            case.queries.fill(0.0);
            check(run, &case);
            let mut counts = vec![3; k];
            counts.resize(100, 0);
            let what = format!("{}, {k} of 100", run.name);
            assert_eq!(results_of(run, &case).read_counts, counts, "{what}");
        }
    });
}

// Not on wgpu, which has no buffers of size zero.
#[cfg(feature = "flex")]
#[test]
fn no_queries_read_nothing() {
    for (reader_name, reader) in READERS {
        for device in [Device::flex(), Device::flex().autodiff()] {
            let queries = Tensor::<2>::zeros([0, 3], &device);
            let items = Tensor::<2>::ones([5, 3], &device);
            let output = reader(queries, items, &Addressing::default());
            assert_eq!(output.read.dims(), [0, 3], "{reader_name}");
            assert_eq!(output.entropy.dims(), [0], "{reader_name}");
            assert_eq!(output.statistics.active_items.dims(), [0], "{reader_name}");
            assert_eq!(output.statistics.most_read.dims(), [0], "{reader_name}");
            assert_eq!(output.statistics.empty_rows.dims(), [0], "{reader_name}");
        }
        let device = Device::flex().autodiff();
        let inputs = [[0, 3], [5, 3]].map(|dims| Tensor::<2>::ones(dims, &device));
        let results = results(reader, inputs, &Addressing::default(), |output| {
            output.read.clone().sum() + output.entropy.clone().sum()
        });
        assert_eq!(results.read_counts, [0; 5], "{reader_name}");
        assert_eq!(results.read_sums, [0.0; 5], "{reader_name}");
        assert!(results.query_gradients.is_empty(), "{reader_name}");
        assert_eq!(results.item_gradients, [0.0; 15], "{reader_name}");
    }
}

#[test]
#[should_panic(expected = "differ in width: queries [2, 3], items [4, 5]")]
fn widths_that_differ_panic_with_both_shapes() {
    let device = &devices()[0].1;
    let queries = Tensor::<2>::zeros([2, 3], device);
    read(
        queries,
        Tensor::zeros([4, 5], device),
        &Addressing::default(),
    );
}

#[cfg(feature = "flex")]
#[test]
#[should_panic(expected = "differ in type: queries [2, 3] F32, items [4, 3] F64")]
fn types_that_differ_panic_with_both() {
    let device = Device::flex();
    let queries = matrix_of(&[0.0; 6], [2, 3], DType::F32, &device);
    let items = matrix_of(&[0.0; 12], [4, 3], DType::F64, &device);
    read(queries, items, &Addressing::default());
}

#[cfg(all(feature = "flex", feature = "ndarray"))]
#[test]
#[should_panic(expected = "are on different devices: queries [2, 3] on")]
fn devices_that_differ_panic_with_both() {
    let [flex, ndarray] = ["flex", "ndarray"].map(|wanted| {
        let mut devices = devices().into_iter();
        devices.find(|(name, _)| *name == wanted).unwrap().1
    });
    let queries = Tensor::<2>::zeros([2, 3], &flex);
    read(
        queries,
        Tensor::zeros([4, 3], &ndarray),
        &Addressing::default(),
    );
}

// Not on wgpu, which has no buffers of size zero.
#[cfg(feature = "flex")]
#[test]
fn items_without_values_are_read_alike() {
    let addressing = Addressing::default().with_shrinkage(Shrinkage::Off);
    for (reader_name, reader) in READERS {
        let [queries, items] = [[2, 0], [3, 0]].map(|dims| Tensor::zeros(dims, &Device::flex()));
        let output = reader(queries, items, &addressing);
        assert_eq!(output.read.dims(), [2, 0], "{reader_name}");
        let counts = crate::devices::whole_numbers(output.statistics.read_counts);
        assert_eq!(counts, [2; 3], "{reader_name}");
    }
}
