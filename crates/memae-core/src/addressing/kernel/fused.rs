//! From tensors to the operation of their backend, and back.

use burn::backend::{Dispatch, DispatchDevice};
use burn::tensor::{DType, Int, Tensor};

use super::ops::MemoryOps;
use super::primitives::ReadSettings;
use crate::addressing::output::MemoryOutput;
use crate::addressing::{Addressing, ReadStatistics};

/// Whether their backend reads in one fused operation.
pub(crate) fn fits(queries: &Tensor<2>, items: &Tensor<2>) -> bool {
    if items.shape().num_elements() == 0 {
        return false;
    }
    let (device, dtype) = (queries.device().without_autodiff(), queries.dtype());
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

/// Reads the memory.
pub(crate) fn read(
    queries: Tensor<2>,
    items: Tensor<2>,
    addressing: &Addressing,
) -> MemoryOutput<2> {
    let ([num_queries, _], [num_items, _]) = (queries.dims(), items.dims());
    let settings = ReadSettings {
        similarity: addressing.similarity,
        temperature: addressing.temperature,
        selection: addressing.shrinkage.selection(num_items),
        empty_row: addressing.empty_row,
        int_dtype: queries.device().settings().int_dtype,
        backward_follows: false,
    };
    let output = <Dispatch as MemoryOps>::memory_read(
        queries.clone().into_dispatch(),
        items.into_dispatch(),
        settings,
    );
    let rows = Tensor::<2, Int>::from_dispatch(output.rows);
    let row = |index: usize| {
        let row = rows.clone().slice([index..index + 1, 0..num_queries]);
        row.squeeze_dim::<1>(0)
    };
    MemoryOutput {
        queries,
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
