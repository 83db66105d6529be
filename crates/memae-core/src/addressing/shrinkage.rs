use burn::tensor::{Bool, Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::MemoryConfigError;
use crate::precision::{in_single, in_type};

/// Which addressing weights are shrunk to zero.
///
/// Without shrinkage a dense mixture of many items can rebuild anomalies too; with the paper's MNIST
/// network such a memory was measured to be worse than none.
///
/// ```
/// use memae_core::addressing::Shrinkage;
///
/// assert_eq!(Shrinkage::relative(3.0).threshold(100), Some(0.03));
/// assert_eq!(Shrinkage::absolute(0.0025).threshold(2000), Some(0.0025));
/// assert_eq!(Shrinkage::Off.threshold(100), None);
/// assert!(Shrinkage::TopK(5).validate(4).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Shrinkage {
    /// All weights are kept (`MemAE-nonSpar` in the paper).
    Off,
    /// Weights at or below the threshold λ become zero.
    Hard(Threshold),
    /// All weights but the k largest of a row become zero; of equal ones, those of the first items are kept.
    ///
    /// Every query reads k items, however far they are: no row is empty. `TopK(1)` reads the nearest neighbour.
    TopK(usize),
}

/// The shrinkage threshold λ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Threshold {
    /// λ = value / N: a multiple of the weight that each of N items has when all weigh the same.
    /// The paper uses 1 to 3. Cosine similarity with temperature 1 gives no weight much above e/N
    /// while the other items are about orthogonal to the query, so values near 3 empty almost every
    /// row there.
    Relative(f64),
    /// λ itself, above 0 and below 1.
    Absolute(f64),
}

/// What a query reads when all its weights were shrunk to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EmptyRow {
    /// The single best item, with weight 1 (the first of those that tie).
    ///
    /// The default: the decoder never sees a point without meaning (the zero vector is no normal
    /// pattern), and the best item keeps getting gradients, so that a memory whose threshold is
    /// high recovers in training instead of dying.
    #[default]
    BestItem,
    /// The zero vector, as in the code published by the paper's authors.
    Zeros,
}

impl Default for Shrinkage {
    /// λ = 1/N.
    fn default() -> Self {
        Shrinkage::relative(1.0)
    }
}

impl Shrinkage {
    /// Hard shrinkage with λ = `multiple` / N.
    pub fn relative(multiple: f64) -> Self {
        Shrinkage::Hard(Threshold::Relative(multiple))
    }

    /// Hard shrinkage with λ = `threshold`.
    pub fn absolute(threshold: f64) -> Self {
        Shrinkage::Hard(Threshold::Absolute(threshold))
    }

    /// The threshold λ for a memory of `num_items` items; `None` if there is none.
    pub fn threshold(&self, num_items: usize) -> Option<f64> {
        match self {
            Shrinkage::Off | Shrinkage::TopK(_) => None,
            Shrinkage::Hard(Threshold::Relative(multiple)) => Some(multiple / num_items as f64),
            Shrinkage::Hard(Threshold::Absolute(threshold)) => Some(*threshold),
        }
    }

    /// What a row keeps, for a memory of `num_items` items.
    pub(crate) fn selection(&self, num_items: usize) -> Selection {
        match (self, self.threshold(num_items)) {
            (Shrinkage::TopK(k), _) => Selection::Largest((*k).clamp(1, num_items.max(1))),
            (_, Some(threshold)) => Selection::Above(threshold),
            (_, None) => Selection::All,
        }
    }

    /// Checks that λ is above 0 and below 1 (a weight never exceeds 1, so λ ≥ 1 empties every row), and k from 1 to N.
    ///
    /// A single item always weighs 1; there `Relative(1.0)` is allowed and the row, empty by the
    /// letter, reads that item or zeros as [`EmptyRow`] says.
    ///
    /// # Errors
    ///
    /// λ is NaN, infinite, zero, negative, or too large; k is 0 or above the number of items.
    pub fn validate(&self, num_items: usize) -> Result<(), MemoryConfigError> {
        if let Shrinkage::TopK(k) = *self {
            return match (1..=num_items).contains(&k) {
                true => Ok(()),
                false => Err(MemoryConfigError::TopK {
                    found: k,
                    num_items,
                }),
            };
        }
        let Some(threshold) = self.threshold(num_items) else {
            return Ok(());
        };
        let single_item = num_items == 1 && threshold == 1.0;
        if (threshold > 0.0 && threshold < 1.0) || single_item {
            return Ok(());
        }
        Err(match self {
            Shrinkage::Hard(Threshold::Relative(multiple)) => {
                MemoryConfigError::RelativeThreshold {
                    found: *multiple,
                    num_items,
                }
            }
            _ => MemoryConfigError::AbsoluteThreshold { found: threshold },
        })
    }
}

/// What a row of weights keeps, once the number of items is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Selection {
    All,
    /// Weights above λ.
    Above(f64),
    /// The largest so many.
    Largest(usize),
}

/// Result of [`shrink`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ShrunkWeights {
    /// Shrunk weights ŵ, `[queries, items]`.
    pub shrunk: Tensor<2>,
    /// Rows in which every weight was at or below the threshold, `[queries]`.
    pub empty_rows: Tensor<1, Bool>,
}

/// Shrinks weights at or below `threshold` to zero and renormalises each row to sum 1.
///
/// ```text
/// ŵ_i = max(w_i − λ, 0)·w_i / (|w_i − λ| + ε),  ε → 0      then ŵ ← ŵ / ‖ŵ‖₁
/// ```
///
/// The first line is w_i where w_i > λ and 0 elsewhere, for value and gradient alike; it is
/// computed as that. Without a threshold the weights are returned as they are.
///
/// A row with a NaN in it becomes a row of NaN and touches no other.
///
/// # Shapes
///
/// - `weights`: `[queries, items]`, rows sum to 1
/// - output: `[queries, items]`
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::addressing::{EmptyRow, shrink};
///
/// let device = Device::flex();
/// let weights = Tensor::<2>::from_floats([[0.5, 0.25, 0.25], [0.35, 0.33, 0.32]], &device);
/// let output = shrink(weights, Some(0.4), EmptyRow::BestItem);
///
/// assert_eq!(output.shrunk.into_data().try_to_vec::<f32>().unwrap(), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
/// assert_eq!(output.empty_rows.int().try_into_vec_as::<i64>().unwrap(), [0, 1]);
/// ```
pub fn shrink(weights: Tensor<2>, threshold: Option<f64>, empty_row: EmptyRow) -> ShrunkWeights {
    let [rows, items] = weights.dims();
    let Some(threshold) = threshold else {
        return ShrunkWeights {
            empty_rows: no_rows(&weights),
            shrunk: weights,
        };
    };

    let below = weights.clone().lower_equal_elem(threshold);
    let (best, best_item) = weights.clone().detach().max_dim_with_indices(1);
    let empty_rows = best.lower_equal_elem(threshold);
    let dropped = match empty_row {
        EmptyRow::Zeros => below,
        // Outside empty rows the best weight is above the threshold anyway.
        EmptyRow::BestItem => {
            let item = Tensor::<1, Int>::arange(0..items as i64, &weights.device());
            below.bool_and(best_item.not_equal(item.unsqueeze::<2>()))
        }
    };
    let dtype = weights.dtype();
    let kept = in_single(weights.mask_fill(dropped, 0.0));
    // A row that is not empty sums to at least its best weight, which is no less than 1/N: the
    // clamp only turns 0/0 into 0. Its square, which the gradient divides by, must not underflow.
    let sum = kept.clone().sum_dim(1).clamp_min(1e-12);
    ShrunkWeights {
        shrunk: in_type(kept / sum, dtype),
        empty_rows: empty_rows.reshape([rows]),
    }
}

/// `false` for each row.
pub(crate) fn no_rows(weights: &Tensor<2>) -> Tensor<1, Bool> {
    Tensor::<1>::zeros([weights.dims()[0]], &weights.device()).bool()
}

/// Softmax over the `k` largest logits of each row, the first of those that tie; the other weights are 0.
///
/// That is what keeping the `k` largest weights and renormalising them gives. Chosen by their logits, whose order rounding
/// does not touch, two weights that differ by less than their type has are still told apart.
///
/// A row with a NaN in it becomes a row of NaN and touches no other.
///
/// # Shapes
///
/// - `logits`: `[queries, items]`, with `k` from 1 to items
/// - output: `[queries, items]`, rows sum to 1
pub(crate) fn softmax_of_largest(logits: Tensor<2>, k: usize) -> Tensor<2> {
    let fixed = logits.clone().detach();
    let largest = fixed.clone().topk(k, 1);
    let smallest_kept = largest.clone().min_dim(1);
    let above = fixed.clone().greater(smallest_kept.clone());
    let tied = fixed.clone().equal(smallest_kept);
    // As many of those that tie as there is room for, counted from the first.
    let room = above.clone().int().sum_dim(1).neg().add_scalar(k as i64);
    let place = tied.clone().int().cumsum(1);
    let kept = above.bool_or(tied.bool_and(place.lower_equal(room)));
    let dropped = kept.bool_or(fixed.is_nan()).bool_not();
    let weights = (logits - largest.max_dim(1)).exp().mask_fill(dropped, 0.0);
    weights.clone() / weights.sum_dim(1)
}
