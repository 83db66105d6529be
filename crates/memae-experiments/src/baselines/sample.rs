//! Which rows are taken: each kind once, or some drawn at random.

use std::cmp::Ordering;

use memae_data::protocol::permutation;
use ndarray::ArrayView2;

/// Rows without their repetitions.
pub(super) struct Distinct {
    /// Index of one row of each kind.
    pub rows: Vec<usize>,
    /// The kind of each row, an index into `rows`.
    pub kinds: Vec<usize>,
}

impl Distinct {
    pub fn of(matrix: ArrayView2<f32>) -> Self {
        let by_value = |&a: &usize, &b: &usize| {
            let (a, b) = (matrix.row(a), matrix.row(b));
            // All values are finite, so that they always compare.
            a.iter().partial_cmp(b.iter()).unwrap_or(Ordering::Equal)
        };
        let mut order: Vec<usize> = (0..matrix.nrows()).collect();
        order.sort_by(by_value);

        let mut rows: Vec<usize> = Vec::new();
        let mut kinds = vec![0; order.len()];
        for row in order {
            if rows
                .last()
                .is_none_or(|last| by_value(last, &row) != Ordering::Equal)
            {
                rows.push(row);
            }
            kinds[row] = rows.len() - 1;
        }
        Self { rows, kinds }
    }
}

/// All of `rows`, or `most` of them drawn at random and in the order that they had.
pub(super) fn thin(rows: Vec<usize>, most: usize, seed: u64) -> Vec<usize> {
    if rows.len() <= most {
        return rows;
    }
    let mut drawn = permutation(rows.len(), seed);
    drawn.truncate(most);
    drawn.sort_unstable();
    drawn.into_iter().map(|index| rows[index]).collect()
}
