use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::precision::{in_single, in_type};

/// Vectors with a norm below this count as zero: similar to nothing (d = 0).
pub(crate) const MIN_NORM: f64 = 1e-12;

/// How a query z is compared with a memory item m.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Similarity {
    /// `z·m / (‖z‖ ‖m‖)`, in `[-1, 1]`: the paper.
    Cosine,
    /// `z·m`, unbounded: the code published by the paper's authors.
    Dot,
    /// `−‖z − m‖²`, the squared Euclidean distance with its sign turned: the nearest item is the most similar one.
    ///
    /// Computed as `2 z·m − ‖z‖² − ‖m‖²`, by a matrix product: differences far below 1e-7 ‖m‖² are lost in f32.
    Euclidean,
}

/// Similarity d(z, m) of every query with every item.
///
/// A query or an item of norm zero has cosine similarity 0 with everything; one whose squared norm is infinite in its
/// type (in f32 a norm above 1.8e19) has cosine and Euclidean similarity NaN. Half precision is computed in f32 and cast
/// back at the end.
///
/// # Shapes
///
/// - `queries`: `[queries, item_dim]`
/// - `items`: `[items, item_dim]`
/// - output: `[queries, items]`
///
/// # Panics
///
/// Panics if the widths differ, with both shapes in the message.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::addressing::{Similarity, similarity};
///
/// let device = Device::flex();
/// let query = Tensor::<2>::from_floats([[3.0, 4.0]], &device);
/// let items = Tensor::<2>::from_floats([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]], &device);
///
/// let cosine = similarity(query.clone(), items.clone(), Similarity::Cosine);
/// let dot = similarity(query.clone(), items.clone(), Similarity::Dot);
/// let euclidean = similarity(query, items, Similarity::Euclidean);
/// assert_eq!(dot.into_data().try_to_vec::<f32>().unwrap(), [8.0, 3.0, 0.0]);
/// assert_eq!(euclidean.into_data().try_to_vec::<f32>().unwrap(), [-13.0, -20.0, -25.0]);
/// let cosine = cosine.into_data().try_to_vec::<f32>().unwrap();
/// assert!((cosine[0] - 0.8).abs() < 1e-6 && (cosine[1] - 0.6).abs() < 1e-6 && cosine[2] == 0.0);
/// ```
pub fn similarity(queries: Tensor<2>, items: Tensor<2>, similarity: Similarity) -> Tensor<2> {
    let (query_dims, item_dims) = (queries.dims(), items.dims());
    assert!(
        query_dims[1] == item_dims[1],
        "queries and memory items differ in width: queries {query_dims:?}, items {item_dims:?}"
    );
    let dtype = queries.dtype();
    let (queries, items) = (in_single(queries), in_single(items));
    let similarities = match similarity {
        Similarity::Cosine => normalize_rows(queries).matmul(normalize_rows(items).transpose()),
        Similarity::Dot => queries.matmul(items.transpose()),
        Similarity::Euclidean => {
            let (of_queries, of_items) = (
                squared_norms(queries.clone()),
                squared_norms(items.clone()).transpose(),
            );
            queries.matmul(items.transpose()).mul_scalar(2.0) - of_queries - of_items
        }
    };
    in_type(similarities, dtype)
}

/// Distance `1 − cos(a, b)` of each row of `a` to the same row of `b`, in `[0, 2]`.
///
/// Between a query and what it read this is an anomaly score: how far the normal patterns in the
/// memory are from what was asked for. A zero row is at distance 1 from everything. Half precision is computed in f32 and
/// cast back at the end.
///
/// # Shapes
///
/// - `a`, `b`: `[rows, width]`
/// - output: `[rows]`
///
/// # Panics
///
/// Panics if the shapes differ.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::addressing::cosine_distance;
///
/// let device = Device::flex();
/// let a = Tensor::<2>::from_floats([[1.0, 0.0], [1.0, 0.0]], &device);
/// let b = Tensor::<2>::from_floats([[2.0, 0.0], [0.0, 3.0]], &device);
/// let distance = cosine_distance(a, b).into_data().try_to_vec::<f32>().unwrap();
/// assert_eq!(distance, [0.0, 1.0]);
/// ```
pub fn cosine_distance(a: Tensor<2>, b: Tensor<2>) -> Tensor<1> {
    let (a_dims, b_dims) = (a.dims(), b.dims());
    assert!(
        a_dims == b_dims,
        "rows to compare differ in shape: {a_dims:?} and {b_dims:?}"
    );
    let dtype = a.dtype();
    let cosine = (normalize_rows(in_single(a)) * normalize_rows(in_single(b))).sum_dim(1);
    let distance = (cosine.neg() + 1.0).reshape([a_dims[0]]);
    in_type(distance, dtype)
}

/// Scales each row to norm 1; zero rows stay zero, and rows whose squared norm is infinite become NaN.
fn normalize_rows(rows: Tensor<2>) -> Tensor<2> {
    let squared_norm = squared_norms(rows.clone());
    // Divided by 1 rather than by a tiny number, whose gradient would swamp all others; and before
    // the root, whose gradient at zero is infinite.
    let zero = squared_norm.clone().lower_elem(MIN_NORM * MIN_NORM);
    rows / squared_norm.mask_fill(zero, 1.0).sqrt()
}

/// ‖v‖² of each row, `[rows, 1]`; NaN where it is infinite.
fn squared_norms(rows: Tensor<2>) -> Tensor<2> {
    let squared_norm = rows.square().sum_dim(1);
    let infinite = squared_norm.clone().is_inf();
    squared_norm.mask_fill(infinite, f64::NAN)
}
