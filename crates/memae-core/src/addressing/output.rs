use burn::tensor::Tensor;

use super::ReadStatistics;

/// What was asked of a memory and what it answered, for features of rank `D`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MemoryOutput<const D: usize> {
    /// The queries z, `[queries, item_dim]`: what moving averages of items and the distance between query and read need.
    pub queries: Tensor<2>,
    /// The read ẑ = ŵ M, in the shape of the input.
    pub read: Tensor<D>,
    /// Entropy of the shrunk weights in nats, `[queries]`; takes gradients, for the loss.
    pub entropy: Tensor<1>,
    /// How the items were read. The weights themselves come from [`address`](super::address()).
    pub statistics: ReadStatistics,
}
