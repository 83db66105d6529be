//! Distance to the nearest neighbours.

use ndarray::{ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;

use super::distances::squared_distances;
use super::error::{BaselineError, check_count};
use super::rows::{Rows, matrices};
use super::sample::{Distinct, thin};

/// Test rows and training rows that are compared at once.
const BLOCK: [usize; 2] = [256, 2048];

/// Mean Euclidean distance to the nearest training rows, found among all of them.
///
/// A training row that occurs many times counts once: in traffic records one flood has thousands of equal rows, and a
/// row beside one of them would have all its neighbours there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbors {
    /// Training rows that the mean is taken over; where there are fewer, all of them.
    pub neighbors: usize,
    /// Most distinct training rows; where there are more, so many are drawn at random.
    pub rows: usize,
}

impl Default for Neighbors {
    /// Five neighbours, as PyOD and scikit-learn have it, and so many rows that MNIST and CIFAR-10 keep all of theirs.
    fn default() -> Self {
        Self {
            neighbors: 5,
            rows: 20_000,
        }
    }
}

impl Neighbors {
    /// Mean distance of each row of `test`, ≥ 0.
    ///
    /// # Errors
    ///
    /// As [`Baseline::scores`](super::Baseline::scores), and a setting out of range.
    pub fn scores(&self, train: Rows, test: Rows, seed: u64) -> Result<Vec<f64>, BaselineError> {
        check_count("neighbors", self.neighbors)?;
        check_count("rows", self.rows)?;
        let (train, test) = matrices(train, test)?;
        let chosen = thin(Distinct::of(train).rows, self.rows, seed);
        let train = train.select(Axis(0), &chosen).mapv(f64::from);
        // Equal test rows have equal scores: each kind is scored once.
        let Distinct { rows, kinds } = Distinct::of(test);
        let scores: Vec<f64> = rows
            .par_chunks(BLOCK[0])
            .flat_map_iter(|block| {
                let block = test.select(Axis(0), block).mapv(f64::from);
                self.mean_distances(block.view(), train.view())
            })
            .collect();
        Ok(kinds.into_iter().map(|kind| scores[kind]).collect())
    }

    fn mean_distances(&self, rows: ArrayView2<f64>, train: ArrayView2<f64>) -> Vec<f64> {
        let mut nearest = vec![Nearest::new(self.neighbors.min(train.nrows())); rows.nrows()];
        for (block, others) in train.axis_chunks_iter(Axis(0), BLOCK[1]).enumerate() {
            let distances = squared_distances(rows, others);
            for (nearest, distances) in nearest.iter_mut().zip(distances.rows()) {
                for (index, &squared) in distances.iter().enumerate() {
                    nearest.offer(squared, block * BLOCK[1] + index);
                }
            }
        }
        let mean = |(row, nearest): (ArrayView1<f64>, Nearest)| {
            let count = nearest.found.len() as f64;
            let distances = nearest
                .found
                .iter()
                // Taken again from the rows: a difference of large squares loses the small ones.
                .map(|&(_, index)| distance(row, train.row(index)));
            distances.sum::<f64>() / count
        };
        rows.rows().into_iter().zip(nearest).map(mean).collect()
    }
}

/// Squared distance and index of the nearest rows seen so far, nearest first.
#[derive(Clone)]
struct Nearest {
    found: Vec<(f64, usize)>,
    count: usize,
}

impl Nearest {
    fn new(count: usize) -> Self {
        Self {
            found: Vec::with_capacity(count),
            count,
        }
    }

    fn offer(&mut self, squared: f64, index: usize) {
        let full = self.found.len() == self.count;
        if full && self.found.last().is_some_and(|last| squared >= last.0) {
            return;
        }
        if full {
            self.found.pop();
        }
        let place = self.found.partition_point(|nearer| nearer.0 <= squared);
        self.found.insert(place, (squared, index));
    }
}

fn distance(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f64>().sqrt()
}
