/// How the items were read, summed over the queries of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct ItemReads<R> {
    /// Whole numbers.
    pub counts: Vec<R>,
    pub sums: Vec<R>,
}
