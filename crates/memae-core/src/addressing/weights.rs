use burn::tensor::{Bool, Tensor, activation};

use super::shrinkage::{Selection, no_rows, softmax_of_largest};
use super::{Addressing, ShrunkWeights, shrink, similarity};
use crate::precision::{in_single, in_type};

/// Weights of a batch of queries over the memory items.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AddressingWeights {
    /// Addressing weights w before shrinkage, `[queries, items]`, rows sum to 1.
    pub raw: Tensor<2>,
    /// Shrunk weights ŵ, `[queries, items]`; rows sum to 1, or to 0 where an empty row reads zeros.
    pub shrunk: Tensor<2>,
    /// Queries whose weights were all at or below the threshold, `[queries]`.
    pub empty_rows: Tensor<1, Bool>,
}

/// Addresses `items` with `queries`.
///
/// ```text
/// w_i = exp(d(z, m_i) / τ) / Σ_j exp(d(z, m_j) / τ)
/// ŵ   = shrink(w)
/// ```
///
/// Half precision inputs (f16, bf16) are computed in f32 and cast back at the end.
///
/// # Shapes
///
/// - `queries`: `[queries, item_dim]`
/// - `items`: `[items, item_dim]`
/// - output: `[queries, items]` each
///
/// # Panics
///
/// Panics if the widths differ, with both shapes in the message. Settings are taken as they are:
/// call [`Addressing::validate`] on settings that come from outside.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::addressing::{Addressing, address};
///
/// let device = Device::flex();
/// let items = Tensor::<2>::from_floats([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]], &device);
/// let queries = Tensor::<2>::from_floats([[5.0, 1.0]], &device);
///
/// let weights = address(queries, items, &Addressing::default());
/// let shrunk: Vec<f32> = weights.shrunk.into_data().try_to_vec().unwrap();
/// assert_eq!(shrunk[2], 0.0);
/// assert!(shrunk[0] > shrunk[1]);
/// ```
pub fn address(queries: Tensor<2>, items: Tensor<2>, addressing: &Addressing) -> AddressingWeights {
    let [num_items, _] = items.dims();
    let dtype = queries.dtype();
    let (queries, items) = (in_single(queries), in_single(items));

    let logits = similarity(queries, items, addressing.similarity);
    let logits = match addressing.temperature {
        1.0 => logits,
        temperature => logits.div_scalar(temperature),
    };
    let raw = activation::softmax(logits.clone(), 1);
    let ShrunkWeights { shrunk, empty_rows } = match addressing.shrinkage.selection(num_items) {
        Selection::All => shrink(raw.clone(), None, addressing.empty_row),
        Selection::Above(threshold) => shrink(raw.clone(), Some(threshold), addressing.empty_row),
        Selection::Largest(k) => ShrunkWeights {
            shrunk: softmax_of_largest(logits, k),
            empty_rows: no_rows(&raw),
        },
    };

    AddressingWeights {
        raw: in_type(raw, dtype),
        shrunk: in_type(shrunk, dtype),
        empty_rows,
    }
}
