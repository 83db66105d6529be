use burn::backend::DispatchDevice;
use burn::tensor::{Bool, DType, Device, Int, Tensor};

use super::{Addressing, AddressingWeights, address};
use crate::loss::entropy;

/// Result of [`read`].
#[derive(Debug, Clone)]
pub struct Read {
    /// The read ẑ = ŵ M, `[queries, item_dim]`.
    pub read: Tensor<2>,
    /// Entropy of the shrunk weights in nats, `[queries]`; takes gradients.
    pub entropy: Tensor<1>,
    /// How the items were read.
    pub statistics: ReadStatistics,
}

/// How a batch of queries read the memory. Takes no gradients.
///
/// [`MemoryUsage`](crate::MemoryUsage) sums it over batches.
#[derive(Debug, Clone)]
pub struct ReadStatistics {
    /// Number of items that each query read (ŵ > 0), `[queries]`.
    pub active_items: Tensor<1, Int>,
    /// The item with the largest weight of each query, `[queries]`. A query whose row is empty and
    /// reads zeros has one too: see `active_items`.
    pub most_read: Tensor<1, Int>,
    /// Queries whose weights were all at or below the threshold, `[queries]`.
    pub empty_rows: Tensor<1, Bool>,
    /// Number of queries that read each item, `[items]`.
    pub read_counts: Tensor<1, Int>,
    /// Sum of each item's shrunk weights over the queries, `[items]`.
    pub read_sums: Tensor<1>,
}

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
/// A query with a NaN or an infinity reads NaN, has entropy NaN and reads no item; it touches no
/// other query.
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
/// let addressing = Addressing { shrinkage: Shrinkage::absolute(0.4), ..Addressing::default() };
/// let output = read(queries, items, &addressing);
///
/// let read: Vec<f32> = output.read.into_data().try_to_vec().unwrap();
/// assert_eq!(read, [1.0, 0.0, 0.0, 2.0]);
/// let counts: Vec<i64> = output.statistics.read_counts.try_into_vec_as().unwrap();
/// assert_eq!(counts, [1, 1, 0]);
/// ```
pub fn read(queries: Tensor<2>, items: Tensor<2>, addressing: &Addressing) -> Read {
    check(&queries, &items);
    #[cfg(any(feature = "flex", feature = "cube"))]
    if has_kernel(&queries.device(), queries.dtype()) && items.shape().num_elements() > 0 {
        return fused::read(queries, items, addressing);
    }
    read_composed(queries, items, addressing)
}

/// What [`read`] gives, composed of tensor operations: works on every backend, holds several matrices
/// of size queries × items, and is what the kernels are held to.
///
/// In one thing it differs from them: a NaN among the queries makes all gradients of the items NaN.
///
/// # Panics
///
/// Panics if widths, devices or float types differ, with both in the message.
pub fn read_composed(queries: Tensor<2>, items: Tensor<2>, addressing: &Addressing) -> Read {
    check(&queries, &items);
    let AddressingWeights {
        shrunk, empty_rows, ..
    } = address(queries, items.clone(), addressing);
    Read {
        read: shrunk.clone().matmul(items),
        entropy: entropy(shrunk.clone()),
        statistics: ReadStatistics::of_weights(shrunk, empty_rows),
    }
}

impl ReadStatistics {
    /// Counts in shrunk weights what [`read`] counts on the way.
    ///
    /// # Shapes
    ///
    /// - `weights`: shrunk weights, `[queries, items]`
    /// - `empty_rows`: `[queries]`
    ///
    /// # Panics
    ///
    /// Panics if the two differ in their number of queries.
    pub fn of_weights(weights: Tensor<2>, empty_rows: Tensor<1, Bool>) -> Self {
        let ([queries, items], [rows]) = (weights.dims(), empty_rows.dims());
        assert!(
            queries == rows,
            "weights and empty rows differ in queries: {queries} and {rows}"
        );
        let weights = weights.detach();
        let active = weights.clone().greater_elem(0.0);
        // A row of NaN counts for nothing.
        let counted = weights.clone().mask_fill(active.clone().bool_not(), 0.0);
        let active = active.int();
        Self {
            active_items: active.clone().sum_dim(1).reshape([queries]),
            most_read: weights.argmax(1).reshape([queries]),
            empty_rows,
            read_counts: active.sum_dim(0).reshape([items]),
            read_sums: counted.sum_dim(0).reshape([items]),
        }
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

/// Whether the backend of the device reads in one fused operation.
#[cfg(any(feature = "flex", feature = "cube"))]
fn has_kernel(device: &Device, dtype: DType) -> bool {
    let device = device.clone().without_autodiff();
    match device.as_dispatch() {
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => {
            matches!(dtype, DType::F64 | DType::F32 | DType::F16 | DType::BF16)
        }
        #[cfg(feature = "cube")]
        DispatchDevice::Cube(_) => {
            matches!(dtype, DType::F32 | DType::F16 | DType::BF16)
        }
        #[allow(unreachable_patterns)]
        _ => false,
    }
}

#[cfg(any(feature = "flex", feature = "cube"))]
mod fused {
    use burn::backend::Dispatch;
    use burn::tensor::{Int, Tensor};

    use super::{Read, ReadStatistics};
    use crate::addressing::Addressing;
    use crate::addressing::kernel::ops::{MemoryOps, ReadSettings};

    pub(super) fn read(queries: Tensor<2>, items: Tensor<2>, addressing: &Addressing) -> Read {
        let ([num_queries, _], [num_items, _]) = (queries.dims(), items.dims());
        let settings = ReadSettings {
            similarity: addressing.similarity,
            temperature: addressing.temperature,
            threshold: addressing.shrinkage.threshold(num_items),
            empty_row: addressing.empty_row,
            int_dtype: queries.device().settings().int_dtype,
            backward_follows: false,
        };
        let output = <Dispatch as MemoryOps>::memory_read(
            queries.into_dispatch(),
            items.into_dispatch(),
            settings,
        );
        let rows = Tensor::<2, Int>::from_dispatch(output.rows);
        let row = |index: usize| {
            let row = rows.clone().slice([index..index + 1, 0..num_queries]);
            row.squeeze_dim::<1>(0)
        };
        Read {
            read: Tensor::from_dispatch(output.read),
            entropy: Tensor::from_dispatch(output.entropy),
            statistics: ReadStatistics {
                active_items: row(0),
                most_read: row(1),
                empty_rows: row(2).bool(),
                read_counts: Tensor::from_dispatch(output.read_counts),
                read_sums: Tensor::from_dispatch(output.read_sums),
            },
        }
    }
}
