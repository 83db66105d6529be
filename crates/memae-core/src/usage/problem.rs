use std::fmt;

use super::counts::MemoryUsage;

/// Share of all that is read above which one item is taken to serve every query.
const COLLAPSED: f64 = 0.9;
/// Share of queries that read nothing above which the threshold is taken to be too high.
const EMPTY: f64 = 0.05;
/// Share of items that nothing reads above which there are taken to be too many.
const DEAD: f64 = 0.5;

/// What is wrong with how a memory between an encoder and a decoder is read, and, as text, what to do about it.
///
/// A memory of samples without a network is another matter: each of its items serves few queries, and that of what is usual most of
/// them, as it should.
///
/// ```
/// use memae_core::MemoryProblem;
///
/// let problem = MemoryProblem::EmptyRows { share: 0.63 };
/// assert_eq!(
///     problem.to_string(),
///     "63 % of queries read nothing, since none of their weights is above λ: lower λ or the temperature"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum MemoryProblem {
    /// One item has nearly all that is read: every sample is rebuilt as the same.
    Collapse {
        /// The item.
        item: usize,
        /// Its share of all that is read, in `[0, 1]`.
        share: f64,
        /// Number of items N.
        num_items: usize,
    },
    /// Many queries have no weight above the threshold, and read nothing.
    EmptyRows {
        /// Share of queries, in `[0, 1]`.
        share: f64,
    },
    /// No query reads most of the items.
    DeadItems {
        /// Items that are read by none.
        dead: usize,
        /// Number of items N.
        num_items: usize,
    },
    /// Queries that are no numbers, as of weights that have diverged.
    NotFinite {
        /// How many.
        queries: u64,
    },
}

impl MemoryUsage {
    /// What is wrong with how the memory is read: above 90 % of all that is read from one of several items, above 5 % of queries that
    /// read nothing, above half of the items dead, queries that are no numbers. Count many samples before: of a few, most items are
    /// dead.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use memae_core::addressing::ReadStatistics;
    /// use memae_core::loss::entropy;
    /// use memae_core::{MemoryProblem, MemoryUsage};
    ///
    /// let device = Device::flex();
    /// let weights = Tensor::<2>::from_floats([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]], &device);
    /// let empty_rows = Tensor::<1>::zeros([2], &device).bool();
    /// let mut usage = MemoryUsage::new(3);
    /// usage.update(entropy(weights.clone()), ReadStatistics::of_weights(weights, empty_rows));
    /// assert!(matches!(usage.problems()[0], MemoryProblem::Collapse { item: 1, .. }));
    /// ```
    pub fn problems(&self) -> Vec<MemoryProblem> {
        let num_items = self.num_items();
        let mut problems = Vec::new();
        let shares = self.read_shares();
        let most = shares
            .iter()
            .copied()
            .enumerate()
            .max_by(|(_, a), (_, b)| a.total_cmp(b));
        let collapse = most.filter(|&(_, share)| share > COLLAPSED && num_items > 1);
        if let Some((item, share)) = collapse {
            problems.push(MemoryProblem::Collapse {
                item,
                share,
                num_items,
            });
        }
        let share = self.empty_row_share();
        if share > EMPTY {
            problems.push(MemoryProblem::EmptyRows { share });
        }
        let dead = self.dead_items().len();
        // What has collapsed, or reads nothing, has dead items for that reason.
        if problems.is_empty() && self.queries() > 0 && dead as f64 > DEAD * num_items as f64 {
            problems.push(MemoryProblem::DeadItems { dead, num_items });
        }
        if self.not_finite() > 0 {
            let queries = self.not_finite();
            problems.push(MemoryProblem::NotFinite { queries });
        }
        problems
    }
}

impl fmt::Display for MemoryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Collapse {
                item,
                share,
                num_items,
            } => write!(
                f,
                "1 of {num_items} items, number {item}, serves {:.0} % of all that is read: raise the temperature, lower λ, or take \
                 items from encodings",
                100.0 * share
            ),
            Self::EmptyRows { share } => write!(
                f,
                "{:.0} % of queries read nothing, since none of their weights is above λ: lower λ or the temperature",
                100.0 * share
            ),
            Self::DeadItems { dead, num_items } => write!(
                f,
                "{dead} of {num_items} items are read by no query: take fewer, or items from encodings"
            ),
            Self::NotFinite { queries } => write!(
                f,
                "{queries} queries are no numbers: the weights of the encoder have diverged; lower the learning rate"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor};

    use super::*;
    use crate::addressing::ReadStatistics;
    use crate::loss::entropy;

    fn problems<const N: usize>(weights: &[[f32; N]]) -> Vec<MemoryProblem> {
        let device = Device::flex();
        let empty: Vec<i32> = weights
            .iter()
            .map(|row| i32::from(row.iter().all(|&weight| weight == 0.0)))
            .collect();
        let rows = Tensor::<1>::from_floats(weights.concat().as_slice(), &device);
        let rows = rows.reshape([weights.len(), N]);
        let empty = Tensor::<1, burn::tensor::Int>::from_ints(empty.as_slice(), &device).bool();
        let mut usage = MemoryUsage::new(N);
        let statistics = ReadStatistics::of_weights(rows.clone(), empty);
        usage.update(entropy(rows), statistics);
        usage.problems()
    }

    #[test]
    fn a_memory_that_is_used_has_none() {
        assert_eq!(MemoryUsage::new(5).problems(), []);
        assert_eq!(problems(&[[0.5, 0.5], [0.1, 0.9]]), []);
        // One item can't be shared out.
        assert_eq!(problems(&[[1.0], [1.0]]), []);
        // Half of the items may be dead, and one of twenty queries empty.
        assert_eq!(problems(&[[0.5, 0.5, 0.0, 0.0]]), []);
        let mut rows = [[0.5, 0.5]; 20];
        rows[3] = [0.0; 2];
        assert_eq!(problems(&rows), []);
    }

    #[test]
    fn what_is_wrong_has_its_words() {
        let said = |problems: Vec<MemoryProblem>| -> Vec<String> {
            problems.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            said(problems(&[[0.0, 0.97, 0.03], [0.0, 0.97, 0.03]])),
            [
                "1 of 3 items, number 1, serves 97 % of all that is read: raise the temperature, lower λ, or take items from encodings"
            ]
        );
        assert_eq!(
            said(problems(&[[0.0, 0.0], [0.5, 0.5]])),
            [
                "50 % of queries read nothing, since none of their weights is above λ: lower λ or the temperature"
            ]
        );
        assert_eq!(
            said(problems(&[[0.5, 0.5, 0.0, 0.0, 0.0]])),
            ["3 of 5 items are read by no query: take fewer, or items from encodings"]
        );
        let mut weights = [[0.5, 0.5], [0.5, 0.5]];
        weights[1][0] = f32::NAN;
        assert!(matches!(
            problems(&weights)[..],
            [MemoryProblem::NotFinite { queries: 1 }]
        ));
    }
}
