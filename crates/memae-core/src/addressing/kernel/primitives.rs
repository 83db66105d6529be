//! What goes into a read in one operation and what comes out, in the tensors of a backend.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, ExtensionType};
use burn::tensor::IntDType;

use crate::addressing::shrinkage::Selection;
use crate::addressing::{EmptyRow, Similarity};

/// Settings of a read, as a kernel needs them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadSettings {
    /// How a query is compared with an item.
    pub similarity: Similarity,
    /// Temperature τ of the softmax.
    pub temperature: f64,
    /// Which weights of a row are kept.
    pub selection: Selection,
    /// What an empty row reads.
    pub empty_row: EmptyRow,
    /// Integers of the statistics.
    pub int_dtype: IntDType,
    /// Whether a backward pass will follow, so that it pays to keep what it can use.
    pub backward_follows: bool,
}

/// What a backend keeps from the forward for the backward pass, if anything; other backends don't look
/// into it.
#[derive(Clone, Default)]
pub struct Kept(pub Option<Arc<dyn Any + Send + Sync>>);

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = if self.0.is_some() {
            "something"
        } else {
            "nothing"
        };
        write!(formatter, "Kept({content})")
    }
}

/// A read and what was counted on the way.
#[derive(Debug, Clone, ExtensionType)]
#[extension_type(fusion: cfg(feature = "fusion"))]
pub struct ReadPrimitives<B: Backend> {
    /// The read, `[queries, item_dim]`.
    pub read: FloatTensor<B>,
    /// Entropy of the shrunk weights, `[queries]`.
    pub entropy: FloatTensor<B>,
    /// Active items, most read item, and 1 if the row was empty, `[3, queries]`.
    pub rows: IntTensor<B>,
    /// Queries that read each item, `[items]`.
    pub read_counts: IntTensor<B>,
    /// Sum of the shrunk weights of each item, `[items]`.
    pub read_sums: FloatTensor<B>,
    /// For the backward pass.
    pub kept: Kept,
}

/// Gradients of a read, or of its entropy, or both.
#[derive(Debug, Clone, ExtensionType)]
#[extension_type(fusion: cfg(feature = "fusion"))]
pub struct ReadGradients<B: Backend> {
    /// Gradient of the queries, `[queries, item_dim]`.
    pub queries: FloatTensor<B>,
    /// Gradient of the items, `[items, item_dim]`.
    pub items: FloatTensor<B>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_shows_whether_it_is_there() {
        assert_eq!(format!("{:?}", Kept::default()), "Kept(nothing)");
        let kept = Kept(Some(Arc::new(7)));
        assert_eq!(format!("{kept:?}"), "Kept(something)");
    }
}
