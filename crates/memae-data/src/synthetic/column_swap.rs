use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::error::SyntheticError;
use crate::random::Random;
use crate::sample::Vectors;

/// Random stream of the swaps, apart from those of protocols.
const STREAM: u64 = 5;

/// How often a row is tried with another one, before it is left out.
const ATTEMPTS: usize = 20;

/// Rows with some of their columns taken from another row: each value is one that occurs, what they are together is not.
///
/// Whether a detector finds them tells whether it knows how columns depend on each other.
///
/// ```
/// use memae_data::sample::Vectors;
/// use memae_data::synthetic::ColumnSwap;
///
/// // A category in two values, and a number that depends on it.
/// let rows = Vectors::new(3, vec![1.0, 0.0, 0.2, 0.0, 1.0, 0.9, 1.0, 0.0, 0.3])?;
/// let swapped = ColumnSwap::default().apply(&rows, &[0..2, 2..3])?;
/// for (row, &from) in swapped.of.iter().enumerate() {
///     assert_ne!(swapped.rows.row(row), rows.row(from));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ColumnSwap {
    /// Share of the columns that are taken from the other row, on average, in (0, 1); at least one is taken, and one is left.
    /// Default: 0.3.
    pub share: f64,
    /// Seed of the draws. Default: 0.
    pub seed: u64,
}

impl Default for ColumnSwap {
    fn default() -> Self {
        Self {
            share: 0.3,
            seed: 0,
        }
    }
}

/// What [`ColumnSwap::apply`] gives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SwappedRows {
    /// Rows with swapped columns, `[swapped, width]`.
    pub rows: Vectors,
    /// The row that each was made of, `[swapped]`, in ascending order.
    pub of: Vec<usize>,
}

impl ColumnSwap {
    /// Swaps another share of the columns.
    pub fn with_share(self, share: f64) -> Self {
        Self { share, ..self }
    }

    /// Draws by another seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Makes one anomaly of each row: some columns of it are those of another row, drawn at random. A row that is like all those
    /// drawn for it, so that nothing would change, is left out.
    ///
    /// # Shapes
    ///
    /// - `rows`: `[rows, width]`
    /// - `columns`: the values of a row that each column became, as
    ///   [`TableEncoder::column_ranges`](crate::encode::TableEncoder::column_ranges) gives them
    ///
    /// # Errors
    ///
    /// A share that is not between 0 and 1; fewer than two rows or columns; a column that lies not within a row.
    pub fn apply(
        &self,
        rows: &Vectors,
        columns: &[Range<usize>],
    ) -> Result<SwappedRows, SyntheticError> {
        let width = rows.width();
        self.check(rows, columns)?;
        let mut random = Random::new(self.seed, STREAM);
        let (mut values, mut of) = (Vec::new(), Vec::new());
        for index in 0..rows.len() {
            let row = rows.row(index);
            for _ in 0..ATTEMPTS {
                // Any but the row itself.
                let other = random.below(rows.len() as u64 - 1) as usize;
                let other = rows.row(other + usize::from(other >= index));
                let mut swapped = row.to_vec();
                for column in self.drawn(columns.len(), &mut random) {
                    let column = columns[column].clone();
                    swapped[column.clone()].copy_from_slice(&other[column]);
                }
                if swapped != row {
                    values.extend(swapped);
                    of.push(index);
                    break;
                }
            }
        }
        Ok(SwappedRows {
            rows: Vectors::from_checked(width, values),
            of,
        })
    }

    fn check(&self, rows: &Vectors, columns: &[Range<usize>]) -> Result<(), SyntheticError> {
        if !(self.share > 0.0 && self.share < 1.0) {
            return Err(SyntheticError::Share {
                name: "share of swapped columns",
                found: self.share,
            });
        }
        if columns.len() < 2 {
            return Err(SyntheticError::TooFewColumns {
                columns: columns.len(),
            });
        }
        if rows.len() < 2 {
            return Err(SyntheticError::TooFewRows { found: rows.len() });
        }
        let width = rows.width();
        let outside = |column: &&Range<usize>| column.is_empty() || column.end > width;
        match columns.iter().find(outside) {
            Some(column) => Err(SyntheticError::ColumnRange {
                found: column.clone(),
                width,
            }),
            None => Ok(()),
        }
    }

    /// Some of `count` columns, neither none nor all.
    fn drawn(&self, count: usize, random: &mut Random) -> Vec<usize> {
        let mut drawn: Vec<usize> = (0..count).filter(|_| random.unit() < self.share).collect();
        if drawn.is_empty() {
            drawn.push(random.below(count as u64) as usize);
        }
        if drawn.len() == count {
            drawn.remove(random.below(count as u64) as usize);
        }
        drawn
    }
}
