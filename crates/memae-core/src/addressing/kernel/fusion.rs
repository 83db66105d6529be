//! Shapes and types of what the fused read gives, which is all that is known of it until it runs.

use burn::backend::fusion::custom::TensorSpec;
use burn::tensor::{DType, Shape};

use crate::addressing::kernel::primitives::{
    Kept, ReadGradientsMetadata, ReadPrimitivesMetadata, ReadSettings,
};
use crate::precision::at_least_single;

pub(crate) fn read(
    queries: &TensorSpec,
    items: &TensorSpec,
    settings: &ReadSettings,
) -> ReadPrimitivesMetadata {
    let (num_queries, num_items) = (queries.shape[0], items.shape[0]);
    let floats = |shape| TensorSpec::new(shape, queries.dtype);
    let integers = |shape| TensorSpec::new(shape, DType::from(settings.int_dtype));
    ReadPrimitivesMetadata {
        read: floats(queries.shape.clone()),
        entropy: floats(Shape::new([num_queries])),
        rows: integers(Shape::new([3, num_queries])),
        read_counts: integers(Shape::new([num_items])),
        read_sums: TensorSpec::new(Shape::new([num_items]), at_least_single(queries.dtype)),
        // Backends under Fusion keep nothing.
        kept: Kept::default(),
    }
}

pub(crate) fn gradients(
    queries: &TensorSpec,
    items: &TensorSpec,
    _read_gradient: &TensorSpec,
    _entropy_gradient: &TensorSpec,
    _settings: &ReadSettings,
    _kept: &Kept,
    wanted: &[bool; 2],
) -> ReadGradientsMetadata {
    let of = |input: &TensorSpec, wanted| match wanted {
        true => input.clone(),
        false => TensorSpec::new(Shape::new([1, 1]), input.dtype),
    };
    ReadGradientsMetadata {
        queries: of(queries, wanted[0]),
        items: of(items, wanted[1]),
    }
}
