//! How far addressing is from the oracle of the tests.

use burn::tensor::{Device, Tensor};

use crate::oracle::{Case, ENTROPY_WEIGHT};
use crate::run::{Setup, Way, matrix};

/// Rows that are held to the oracle, at most: all of an image batch, a sample of the video clips.
pub const CHECKED_ROWS: usize = 64;

/// Rows nearer than this to reading something else (a weight to λ, relative to λ) are left out of the
/// check: f32 may land on the other side, where the true result is another.
pub const JUMP_MARGIN: f64 = 1e-5;

/// Distance to the oracle, over the rows checked: norm of the error over norm of the oracle's values.
pub struct Errors {
    pub way: Way,
    pub rows: usize,
    pub read: f64,
    pub entropy: f64,
    pub query_gradient: f64,
    pub item_gradient: f64,
}

impl Errors {
    /// Runs the size in full, so that every kernel does what it does when timed, but with a loss
    /// that only the checked rows enter: the gradients of the items are then theirs alone, and the
    /// oracle, slow as it is, gives all of them.
    pub fn of(case: &Case, way: Way, device: &Device) -> Self {
        let rows = rows_to_check(case);
        let subset = rows_of(case, &rows);
        let expected = subset.forward();
        let expected_gradients = subset.gradients();

        let output = Setup::new(case, device).forward(way);
        let read = pick(&values(output.read), &rows, case.width);
        let entropy = pick(&values(output.entropy), &rows, 1);

        let mut share = vec![0.0; case.num_queries];
        let mut masked = case.clone();
        masked.probe.fill(0.0);
        // Rows that are not checked must get a gradient of zero.
        let mut query_gradient = vec![0.0; case.queries.len()];
        for (place, &row) in rows.iter().enumerate() {
            let (from, to) = (span(place, case.width), span(row, case.width));
            share[row] = ENTROPY_WEIGHT / rows.len() as f64;
            masked.probe[to.clone()].copy_from_slice(&case.probe[to.clone()]);
            query_gradient[to].copy_from_slice(&expected_gradients.queries[from]);
        }
        let autodiff = device.clone().autodiff();
        let share = matrix(&share, [case.num_queries, 1], &autodiff).reshape([case.num_queries]);
        let found = Setup::new(&masked, &autodiff)
            .gradients(way, |entropy| (entropy * share).sum())
            .map(values);

        Self {
            way,
            rows: rows.len(),
            read: relative_error(&read, &expected.read),
            entropy: relative_error(&entropy, &expected.entropy),
            query_gradient: relative_error(&found[0], &query_gradient),
            item_gradient: relative_error(&found[1], &expected_gradients.items),
        }
    }
}

/// Rows spread over the case, the last one among them, none with a weight on the kink at λ.
fn rows_to_check(case: &Case) -> Vec<usize> {
    // Steps of a prime that doesn't divide the number of queries visit every row once.
    let rows =
        (0..case.num_queries).map(|step| (case.num_queries - 1 + step * 1009) % case.num_queries);
    rows.filter(|&row| case.distance_to_jump_of(row) > JUMP_MARGIN)
        .take(CHECKED_ROWS)
        .collect()
}

/// The case with these queries only.
fn rows_of(case: &Case, rows: &[usize]) -> Case {
    Case {
        queries: pick(&case.queries, rows, case.width),
        items: case.items.clone(),
        probe: pick(&case.probe, rows, case.width),
        num_queries: rows.len(),
        ..*case
    }
}

fn pick(values: &[f64], rows: &[usize], width: usize) -> Vec<f64> {
    rows.iter()
        .flat_map(|&row| &values[span(row, width)])
        .copied()
        .collect()
}

fn span(row: usize, width: usize) -> std::ops::Range<usize> {
    row * width..(row + 1) * width
}

fn relative_error(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len(), "number of values");
    let pairs = found.iter().zip(expected);
    let error: f64 = pairs
        .map(|(found, expected)| (found - expected).powi(2))
        .sum();
    let size: f64 = expected.iter().map(|value| value.powi(2)).sum();
    match size > 0.0 {
        true => (error / size).sqrt(),
        false => error.sqrt(),
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor
        .without_autodiff()
        .try_into_vec_as()
        .expect("floats convert to f64")
}
