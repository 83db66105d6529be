//! Sums of rows over the items that they belong to.

use burn::tensor::{Bool, IndexingUpdateOp, Int, Tensor};

use crate::precision::in_single;

/// How many rows belong to each item, and their sum. Half precision is summed in f32, where sums don't stall.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    /// `[items]`
    pub counts: Tensor<1>,
    /// `[items, width]`
    pub sums: Tensor<2>,
}

impl Groups {
    /// # Shapes
    ///
    /// - `rows`: `[rows, width]`
    /// - `items`: the item of each row, below `num_items`, `[rows]`
    /// - `counted`: whether a row counts at all, `[rows]`; one that doesn't adds nothing, whatever is in it
    pub fn of(
        rows: Tensor<2>,
        items: Tensor<1, Int>,
        counted: Tensor<1, Bool>,
        num_items: usize,
    ) -> Self {
        let dims = rows.dims();
        let rows = in_single(rows);
        let kind = (&rows.device(), rows.dtype());
        if dims[0] == 0 {
            return Self {
                counts: Tensor::zeros([num_items], kind),
                sums: Tensor::zeros([num_items, dims[1]], kind),
            };
        }
        let left_out = counted.bool_not();
        let ones = Tensor::<1>::ones([dims[0]], kind).mask_fill(left_out.clone(), 0.0);
        let rows = rows.mask_fill(left_out.unsqueeze_dim::<2>(1).expand(dims), 0.0);
        let add = IndexingUpdateOp::Add;
        Self {
            counts: Tensor::zeros([num_items], kind).select_assign(0, items.clone(), ones, add),
            sums: Tensor::zeros([num_items, dims[1]], kind).select_assign(0, items, rows, add),
        }
    }
}

/// Rows without NaN and infinity, `[rows]`.
pub(super) fn finite_rows(rows: Tensor<2>) -> Tensor<1, Bool> {
    let [count, _] = rows.dims();
    if count == 0 {
        // Flex takes no minimum over nothing.
        return Tensor::<1>::zeros([0], &rows.device()).bool();
    }
    rows.is_finite().all_dim(1).reshape([count])
}
