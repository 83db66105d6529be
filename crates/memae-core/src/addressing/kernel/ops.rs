//! The backend extension: what a backend offers to read the memory in one go.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use super::primitives::{Kept, ReadGradients, ReadPrimitives, ReadSettings};

/// Reads the memory in one fused operation, forward and backward.
///
/// Only backends with a kernel of their own implement it. On the others
/// [`read_composed`](crate::addressing::read_composed), which is also what every kernel is held to,
/// gives the same from tensor operations.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    Cube: cfg(feature = "cube"),
    Autodiff,
    Fusion: cfg(feature = "fusion"),
)]
pub trait MemoryOps: Backend {
    /// Reads `items`, `[items, item_dim]`, with `queries`, `[queries, item_dim]`.
    #[fusion(meta = super::fusion::read)]
    fn memory_read(
        queries: FloatTensor<Self>,
        items: FloatTensor<Self>,
        settings: ReadSettings,
    ) -> ReadPrimitives<Self>;

    /// Gradients of [`memory_read`](Self::memory_read), given those of its read, `[queries,
    /// item_dim]`, and of its entropy, `[queries]`.
    ///
    /// Of `[queries, items]` only those are computed that are `wanted`; the other is empty.
    #[fusion(meta = super::fusion::gradients)]
    fn memory_read_backward(
        queries: FloatTensor<Self>,
        items: FloatTensor<Self>,
        read_gradient: FloatTensor<Self>,
        entropy_gradient: FloatTensor<Self>,
        settings: ReadSettings,
        kept: Kept,
        wanted: [bool; 2],
    ) -> ReadGradients<Self>;
}
