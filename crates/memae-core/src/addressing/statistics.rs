use burn::tensor::{Bool, Int, Tensor};

use crate::precision::in_single;

/// How a batch of queries read the memory. Takes no gradients.
///
/// [`MemoryUsage`](crate::MemoryUsage) sums it over batches.
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    /// Sum of each item's shrunk weights over the queries, `[items]`; in f32 if the weights are of half precision.
    pub read_sums: Tensor<1>,
}

impl ReadStatistics {
    /// Counts in shrunk weights what [`read`](super::read()) counts on the way.
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
        let weights = in_single(weights.detach());
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
