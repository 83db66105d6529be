//! Half precision is computed in f32: in f16 the square of 300 is infinite, and so is a sum over 70,000 queries.

use burn::tensor::{DType, Tensor};

/// The type to compute values of `dtype` in.
pub(crate) fn at_least_single(dtype: DType) -> DType {
    match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        other => other,
    }
}

/// The values in a type to compute in.
pub(crate) fn in_single<const D: usize>(values: Tensor<D>) -> Tensor<D> {
    let dtype = at_least_single(values.dtype());
    in_type(values, dtype)
}

/// The values in another float type, or as they are if it is theirs.
pub(crate) fn in_type<const D: usize>(values: Tensor<D>, dtype: DType) -> Tensor<D> {
    match values.dtype() == dtype {
        true => values,
        false => values.cast(dtype),
    }
}
