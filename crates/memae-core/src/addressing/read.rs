use burn::tensor::Tensor;

#[cfg(any(feature = "flex", feature = "cube"))]
use super::kernel::fused;
use super::output::MemoryOutput;
use super::{Addressing, AddressingWeights, ReadStatistics, address};
use crate::loss::entropy;

/// Addresses `items` with `queries` and reads them.
///
/// ```text
/// ŵ = shrink(softmax(d(z, M) / τ)),   ẑ = ŵ M,   E = Σ_i −ŵ_i log ŵ_i
/// ```
///
/// The same as [`address`] and a matrix product, but no matrix of size queries × items is made where
/// the backend has a kernel for it: Flex and the GPU backends, for every float type that they compute
/// with. Elsewhere it is [`read_composed`].
///
/// A query with a NaN or an infinity, or for cosine and Euclidean similarity one whose squared norm is infinite (in f32 a norm
/// above 1.8e19), reads NaN, has entropy NaN and reads no item; it touches no other query.
///
/// # Shapes
///
/// - `queries`: `[queries, item_dim]`
/// - `items`: `[items, item_dim]`
///
/// # Panics
///
/// Panics if widths, devices or float types differ, with both in the message. Settings are taken as
/// they are: call [`Addressing::validate`] on settings that come from outside.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::addressing::{Addressing, Shrinkage, read};
///
/// let device = Device::flex();
/// let items = Tensor::<2>::from_floats([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]], &device);
/// let queries = Tensor::<2>::from_floats([[5.0, 0.1], [0.0, 7.0]], &device);
///
/// let addressing = Addressing::default().with_shrinkage(Shrinkage::absolute(0.4));
/// let output = read(queries, items, &addressing);
///
/// let read: Vec<f32> = output.read.into_data().try_to_vec().unwrap();
/// assert_eq!(read, [1.0, 0.0, 0.0, 2.0]);
/// let counts: Vec<i64> = output.statistics.read_counts.try_into_vec_as().unwrap();
/// assert_eq!(counts, [1, 1, 0]);
/// ```
pub fn read(queries: Tensor<2>, items: Tensor<2>, addressing: &Addressing) -> MemoryOutput<2> {
    check(&queries, &items);
    #[cfg(any(feature = "flex", feature = "cube"))]
    if fused::fits(&queries, &items) {
        return fused::read(queries, items, addressing);
    }
    read_composed(queries, items, addressing)
}

/// What [`read`] gives, composed of tensor operations: works on every backend, holds several matrices
/// of size queries × items, and is what the kernels are held to.
///
/// In one thing it differs from them: a NaN among the queries, or in the gradient that comes back, makes all gradients
/// of the items NaN.
///
/// # Panics
///
/// Panics if widths, devices or float types differ, with both in the message.
pub fn read_composed(
    queries: Tensor<2>,
    items: Tensor<2>,
    addressing: &Addressing,
) -> MemoryOutput<2> {
    check(&queries, &items);
    let AddressingWeights {
        shrunk, empty_rows, ..
    } = address(queries.clone(), items.clone(), addressing);
    MemoryOutput {
        queries,
        read: shrunk.clone().matmul(items),
        entropy: entropy(shrunk.clone()),
        statistics: ReadStatistics::of_weights(shrunk, empty_rows),
    }
}

fn check(queries: &Tensor<2>, items: &Tensor<2>) {
    let (query_dims, item_dims) = (queries.dims(), items.dims());
    assert!(
        query_dims[1] == item_dims[1],
        "queries and memory items differ in width: queries {query_dims:?}, items {item_dims:?}"
    );
    let (query_dtype, item_dtype) = (queries.dtype(), items.dtype());
    assert!(
        query_dtype == item_dtype,
        "queries and memory items differ in type: queries {query_dims:?} {query_dtype:?}, items \
         {item_dims:?} {item_dtype:?}"
    );
    let (query_device, item_device) = (queries.device(), items.device());
    assert!(
        query_device == item_device,
        "queries and memory items are on different devices: queries {query_dims:?} on \
         {query_device:?}, items {item_dims:?} on {item_device:?}"
    );
}
