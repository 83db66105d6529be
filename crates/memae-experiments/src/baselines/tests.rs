//! Against NumPy and scikit-learn, and on bad input; `tests/fixtures/baselines.py` makes the fixture.

use proptest::prelude::*;
use serde::Deserialize;

use super::{Baseline, BaselineError, Neighbors, OneClassSvm, Pca, Rows};

#[derive(Deserialize)]
struct Case {
    name: String,
    width: usize,
    train: Vec<f32>,
    test: Vec<f32>,
    pca: Vec<PcaScores>,
    neighbors: Vec<NeighborScores>,
    svm: Vec<SvmScores>,
}

#[derive(Deserialize)]
struct PcaScores {
    variance: f64,
    scores: Vec<f64>,
}

#[derive(Deserialize)]
struct NeighborScores {
    neighbors: usize,
    scores: Vec<f64>,
}

#[derive(Deserialize)]
struct SvmScores {
    nu: f64,
    scores: Vec<f64>,
}

impl Case {
    fn all() -> Vec<Self> {
        serde_json::from_str(include_str!("../../tests/fixtures/baselines.json"))
            .expect("written by the script")
    }

    fn train(&self) -> Rows<'_> {
        rows(&self.train, self.width)
    }

    fn test(&self) -> Rows<'_> {
        rows(&self.test, self.width)
    }
}

fn rows(values: &[f32], width: usize) -> Rows<'_> {
    Rows { values, width }
}

fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "{what}: row {row}: found {found}, expected {expected}"
        );
    }
}

#[test]
fn pca_errors_agree_with_scikit_learn() {
    for case in Case::all() {
        for PcaScores { variance, scores } in &case.pca {
            let pca = Pca {
                variance: *variance,
            };
            let found = pca.scores(case.train(), case.test()).expect("good rows");
            assert_close(&format!("{}, {variance}", case.name), &found, scores, 1e-9);
        }
    }
}

#[test]
fn neighbor_distances_agree_with_scikit_learn() {
    for case in Case::all() {
        for NeighborScores { neighbors, scores } in &case.neighbors {
            let method = Neighbors {
                neighbors: *neighbors,
                ..Default::default()
            };
            let found = method
                .scores(case.train(), case.test(), 0)
                .expect("good rows");
            assert_close(
                &format!("{}, {neighbors}", case.name),
                &found,
                scores,
                1e-12,
            );
        }
    }
}

#[test]
fn kernel_sums_agree_with_scikit_learn() {
    for case in Case::all() {
        for SvmScores { nu, scores } in &case.svm {
            let method = OneClassSvm {
                nu: *nu,
                ..Default::default()
            };
            let found = method
                .scores(case.train(), case.test(), 0)
                .expect("good rows");
            assert_close(&format!("{}, {nu}", case.name), &found, scores, 1e-6);
        }
    }
}

/// Points near a line, then one beside it and one far along it.
fn line() -> (Vec<f32>, Vec<f32>) {
    let point = |place: usize| {
        let place = place as f32;
        [place, 2.0 * place + 0.1 * (place * 7.0).sin(), 1.0]
    };
    let mut test: Vec<f32> = (0..13).flat_map(|place| point(2 * place + 3)).collect();
    test.extend([15.0, 70.0, 1.0]);
    test.extend([9.0, 18.0, 41.0]);
    ((0..31).flat_map(point).collect(), test)
}

#[test]
fn each_baseline_ranks_anomalies_above_normal_rows() {
    let (train, test) = line();
    for baseline in Baseline::ALL {
        let scores = baseline
            .scores(rows(&train, 3), rows(&test, 3), 0)
            .expect("good rows");
        let (normal, anomalous) = scores.split_at(13);
        let highest = normal.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for score in anomalous {
            assert!(*score > highest, "{}: {scores:?}", baseline.name());
        }
    }
}

#[test]
fn names_are_those_of_files_and_tables() {
    let written = serde_json::to_string(&Baseline::ALL).expect("writes");
    assert_eq!(written, r#"["pca","neighbors","one-class-svm"]"#);
    let read: Vec<Baseline> = serde_json::from_str(&written).expect("reads");
    assert_eq!(read, Baseline::ALL);
    assert_eq!(Baseline::ALL.map(Baseline::name), ["PCA", "k-NN", "OC-SVM"]);
}

/// Enough rows for several blocks, from a fixed sequence.
fn many_rows(count: usize, width: usize) -> Vec<f32> {
    let mut state = 7u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0
    };
    (0..count * width).map(|_| next()).collect()
}

#[test]
fn scores_do_not_depend_on_the_number_of_threads() {
    let (train, test) = (many_rows(2311, 5), many_rows(1051, 5));
    for baseline in Baseline::ALL {
        let scores = |threads| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool")
                .install(|| baseline.scores(rows(&train, 5), rows(&test, 5), 3))
                .expect("good rows")
        };
        assert_eq!(scores(1), scores(3), "{}", baseline.name());
    }
}

#[test]
fn seeds_draw_the_training_rows() {
    let (train, test) = (many_rows(97, 3), many_rows(11, 3));
    let (train, test) = (rows(&train, 3), rows(&test, 3));
    let neighbors = |most, seed| {
        let method = Neighbors {
            rows: most,
            ..Default::default()
        };
        method.scores(train, test, seed).expect("good rows")
    };
    assert_eq!(neighbors(29, 1), neighbors(29, 1));
    assert_ne!(neighbors(29, 1), neighbors(29, 2));
    assert_eq!(neighbors(97, 1), neighbors(97, 2));
    let svm = |most, seed| {
        let method = OneClassSvm {
            rows: most,
            ..Default::default()
        };
        method.scores(train, test, seed).expect("good rows")
    };
    assert_eq!(svm(29, 1), svm(29, 1));
    assert_ne!(svm(29, 1), svm(29, 2));
    assert_eq!(svm(97, 1), svm(97, 2));
}

#[test]
fn more_training_rows_than_a_block_are_searched() {
    let (train, test) = (many_rows(4507, 3), many_rows(307, 3));
    let found = Neighbors::default()
        .scores(rows(&train, 3), rows(&test, 3), 0)
        .expect("good rows");
    assert_close("blocks", &found, &mean_nearest(&train, &test, 3, 5), 1e-12);
}

/// Every distance taken and sorted.
fn mean_nearest(train: &[f32], test: &[f32], width: usize, count: usize) -> Vec<f64> {
    let mut distinct: Vec<&[f32]> = Vec::new();
    for row in train.chunks(width) {
        if !distinct.contains(&row) {
            distinct.push(row);
        }
    }
    let mean = |row: &[f32]| {
        let mut distances: Vec<f64> = distinct
            .iter()
            .map(|other| {
                let squares = row
                    .iter()
                    .zip(*other)
                    .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
                squares.sum::<f64>().sqrt()
            })
            .collect();
        distances.sort_by(f64::total_cmp);
        distances.truncate(count);
        distances.iter().sum::<f64>() / distances.len() as f64
    };
    test.chunks(width).map(mean).collect()
}

/// Width, training values and test values, from numbers so few that rows are often equal.
fn small_rows() -> impl Strategy<Value = (usize, Vec<f32>, Vec<f32>)> {
    (1usize..7, 1usize..19, 1usize..11).prop_flat_map(|(width, train, test)| {
        let values = || prop_oneof![(-2i8..3).prop_map(f32::from), -1e3f32..1e3];
        (
            Just(width),
            prop::collection::vec(values(), width * train),
            prop::collection::vec(values(), width * test),
        )
    })
}

proptest! {
    #[test]
    fn neighbor_distances_are_those_of_a_full_sort(
        (width, train, test) in small_rows(),
        neighbors in 1usize..9,
    ) {
        let method = Neighbors { neighbors, ..Default::default() };
        let found = method.scores(rows(&train, width), rows(&test, width), 0).expect("good rows");
        assert_close("sorted", &found, &mean_nearest(&train, &test, width, neighbors), 1e-9);
    }

    #[test]
    fn scores_are_numbers((width, train, test) in small_rows(), seed: u64) {
        for baseline in Baseline::ALL {
            let scores = baseline
                .scores(rows(&train, width), rows(&test, width), seed)
                .expect("good rows");
            prop_assert_eq!(scores.len(), test.len() / width);
            prop_assert!(scores.iter().all(|score| score.is_finite()), "{:?}", scores);
        }
    }

    #[test]
    fn more_variance_never_means_more_error((width, train, test) in small_rows()) {
        let errors = |variance| {
            Pca { variance }.scores(rows(&train, width), rows(&test, width)).expect("good rows")
        };
        let (few, many) = (errors(0.5), errors(0.9));
        for (few, many) in few.into_iter().zip(many) {
            prop_assert!(0.0 <= many && many <= few * (1.0 + 1e-9) + 1e-6, "{few} {many}");
        }
    }

    #[test]
    fn whole_variance_rebuilds_training_rows((width, train, _) in small_rows()) {
        let pca = Pca { variance: 1.0 };
        for error in pca.scores(rows(&train, width), rows(&train, width)).expect("good rows") {
            prop_assert!(error <= 1e-6, "{error}");
        }
    }
}

fn refusal(train: Rows, test: Rows) -> String {
    let messages = Baseline::ALL.map(|baseline| {
        let error = baseline.scores(train, test, 0).expect_err("bad rows");
        error.to_string()
    });
    assert!(messages.iter().all(|message| *message == messages[0]));
    messages[0].clone()
}

#[test]
fn bad_rows_are_refused() {
    let good = rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3);
    assert_eq!(
        refusal(rows(&[], 3), good),
        "training rows: found none, expected at least one"
    );
    assert_eq!(
        refusal(good, rows(&[], 3)),
        "test rows: found none, expected at least one"
    );
    assert_eq!(
        refusal(good, rows(&[1.0; 7], 3)),
        "test rows: found 7 values, expected whole rows of 3"
    );
    assert_eq!(
        refusal(rows(&[1.0; 7], 0), good),
        "training rows: found 7 values, expected whole rows of 0"
    );
    assert_eq!(
        refusal(good, rows(&[1.0; 10], 5)),
        "test rows: found 5 values in a row, expected 3 as in the training rows"
    );
    let mut bad = [1.0; 6];
    bad[4] = f32::NAN;
    assert_eq!(
        refusal(rows(&bad, 3), good),
        "training rows: row 2, column 2: found NaN, expected a finite number"
    );
    bad[4] = f32::NEG_INFINITY;
    assert_eq!(
        refusal(good, rows(&bad, 3)),
        "test rows: row 2, column 2: found -inf, expected a finite number"
    );
}

#[test]
fn bad_settings_are_refused() {
    let good = rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3);
    let message = |result: Result<Vec<f64>, BaselineError>| result.expect_err("bad").to_string();
    for (share, found) in [(0.0, "0"), (-0.5, "-0.5"), (1.5, "1.5"), (f64::NAN, "NaN")] {
        assert_eq!(
            message(Pca { variance: share }.scores(good, good)),
            format!("variance: found {found}, expected a share in (0, 1]")
        );
        let method = OneClassSvm { nu: share, rows: 5 };
        assert_eq!(
            message(method.scores(good, good, 0)),
            format!("nu: found {found}, expected a share in (0, 1]")
        );
    }
    for (neighbors, rows, setting) in [(0, 5, "neighbors"), (5, 0, "rows")] {
        let method = Neighbors { neighbors, rows };
        assert_eq!(
            message(method.scores(good, good, 0)),
            format!("{setting}: found 0, expected at least 1")
        );
    }
    let method = OneClassSvm { nu: 0.1, rows: 0 };
    assert_eq!(
        message(method.scores(good, good, 0)),
        "rows: found 0, expected at least 1"
    );
}

/// Equal rows have no direction, no spread and only one neighbour.
#[test]
fn equal_training_rows_are_scored_by_their_distance() {
    let (train, test) = ([0.5; 15], [0.5, 0.5, 0.5, 0.5, 0.5, 3.5]);
    let (train, test) = (rows(&train, 3), rows(&test, 3));
    let scores = |baseline: Baseline| baseline.scores(train, test, 0).expect("good rows");
    assert_eq!(scores(Baseline::Pca), [0.0, 9.0]);
    assert_eq!(scores(Baseline::Neighbors), [0.0, 3.0]);
    let svm = scores(Baseline::OneClassSvm);
    assert_close("equal", &svm, &[-0.5, -0.5 * (-9.0f64).exp()], 1e-12);
}

#[test]
fn the_largest_numbers_overflow_nothing() {
    let (train, test) = ([f32::MAX, -f32::MAX, 0.0, 1.0], [f32::MAX, f32::MAX]);
    for baseline in Baseline::ALL {
        let scores = baseline
            .scores(rows(&train, 2), rows(&test, 2), 0)
            .expect("good rows");
        assert!(scores[0].is_finite(), "{}: {scores:?}", baseline.name());
    }
}
