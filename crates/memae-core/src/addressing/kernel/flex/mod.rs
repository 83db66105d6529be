//! The fused read on the CPU.
//!
//! Queries are taken in blocks small enough that a block's similarities stay in the cache: two matrix
//! products with one pass between them, and nothing of size queries × items is ever held.
//!
//! ```text
//! block of queries -> product -> row (softmax, shrinkage) -> dense: product      -> read
//!                                                         -> sparse: survivors   -> read
//! ```
//!
//! The backward pass walks the same blocks again, from the survivors that the forward pass kept where
//! there were few, from the queries where there were many.

mod backward;
mod blocks;
mod forward;
mod gradient;
mod item_reads;
mod largest;
mod product;
mod row;
mod row_gradient;
mod survivors;
mod vector;

use std::sync::Arc;

use burn::backend::ops::FloatTensorOps;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, FloatDType, IntDType, Shape, TensorData};
use memae_kernels::simd::FlexTensor;
use memae_kernels::simd::real::Real;

use crate::addressing::kernel::ops::MemoryOps;
use crate::addressing::kernel::primitives::{Kept, ReadGradients, ReadPrimitives, ReadSettings};
use backward::Gradients;
use blocks::Kernel;
use forward::Read;
use survivors::KeptBlocks;

impl MemoryOps for Flex {
    fn memory_read(
        queries: FlexTensor,
        items: FlexTensor,
        settings: ReadSettings,
    ) -> ReadPrimitives<Self> {
        let dtype = queries.dtype();
        match dtype {
            DType::F64 => read::<f64>(queries, items, settings),
            DType::F32 => read::<f32>(queries, items, settings),
            // Half precision is computed in f32, as in the composed read.
            _ => {
                let [queries, items] =
                    [queries, items].map(|t| Flex::float_cast(t, FloatDType::F32));
                let output = read::<f32>(queries, items, settings);
                let [read, entropy] = [output.read, output.entropy]
                    .map(|tensor| Flex::float_cast(tensor, dtype.into()));
                ReadPrimitives {
                    read,
                    entropy,
                    ..output
                }
            }
        }
    }

    fn memory_read_backward(
        queries: FlexTensor,
        items: FlexTensor,
        read_gradient: FlexTensor,
        entropy_gradient: FlexTensor,
        settings: ReadSettings,
        kept: Kept,
        wanted: [bool; 2],
    ) -> ReadGradients<Self> {
        let inputs = [queries, items, read_gradient, entropy_gradient];
        let dtype = inputs[0].dtype();
        match dtype {
            DType::F64 => gradients::<f64>(inputs, settings, kept, wanted),
            DType::F32 => gradients::<f32>(inputs, settings, kept, wanted),
            _ => {
                let inputs = inputs.map(|tensor| Flex::float_cast(tensor, FloatDType::F32));
                let output = gradients::<f32>(inputs, settings, kept, wanted);
                let [queries, items] = [output.queries, output.items]
                    .map(|tensor| Flex::float_cast(tensor, dtype.into()));
                ReadGradients { queries, items }
            }
        }
    }
}

fn read<R: Real>(
    queries: FlexTensor,
    items: FlexTensor,
    settings: ReadSettings,
) -> ReadPrimitives<Flex> {
    let (queries, items) = (queries.to_contiguous(), items.to_contiguous());
    let kernel = kernel::<R>(&queries, &items, &settings);
    let Read {
        read,
        entropy,
        active,
        most_read,
        empty,
        read_counts,
        read_sums,
        kept,
    } = kernel.forward(settings.backward_follows);

    let (num_queries, [num_items, width]) = (entropy.len(), dims(&items));
    let rows = active
        .into_iter()
        .chain(most_read)
        .chain(empty)
        .map(i64::from)
        .collect();
    ReadPrimitives {
        read: tensor(read, [num_queries, width]),
        entropy: tensor(entropy, [num_queries]),
        rows: integers(rows, Shape::new([3, num_queries]), settings.int_dtype),
        read_counts: integers(read_counts, Shape::new([num_items]), settings.int_dtype),
        read_sums: tensor(read_sums, [num_items]),
        kept: Kept(kept.map(|kept| Arc::new(kept) as _)),
    }
}

fn gradients<R: Real>(
    inputs: [FlexTensor; 4],
    settings: ReadSettings,
    kept: Kept,
    wanted: [bool; 2],
) -> ReadGradients<Flex> {
    let [queries, items, read_gradient, entropy_gradient] =
        inputs.map(|tensor| tensor.to_contiguous());
    let kernel = kernel::<R>(&queries, &items, &settings);
    let kept = kept
        .0
        .as_ref()
        .and_then(|kept| kept.downcast_ref::<KeptBlocks<R>>());
    let Gradients {
        queries: of_queries,
        items: of_items,
    } = kernel.backward(
        values::<R>(&read_gradient),
        values::<R>(&entropy_gradient),
        kept,
        wanted,
    );
    let dims = |tensor: &FlexTensor, wanted| match wanted {
        true => dims(tensor),
        false => [0, 0],
    };
    ReadGradients {
        queries: tensor(of_queries, dims(&queries, wanted[0])),
        items: tensor(of_items, dims(&items, wanted[1])),
    }
}

fn kernel<'a, R: Real>(
    queries: &'a FlexTensor,
    items: &'a FlexTensor,
    settings: &ReadSettings,
) -> Kernel<'a, R> {
    let ([num_queries, width], [num_items, _]) = (dims(queries), dims(items));
    Kernel::new(
        values(queries),
        values(items),
        [num_queries, num_items, width],
        settings,
    )
}

fn dims(tensor: &FlexTensor) -> [usize; 2] {
    tensor.shape().dims()
}

fn values<R: Real>(contiguous: &FlexTensor) -> &[R] {
    R::values(contiguous).expect("the tensor is contiguous and of this type")
}

fn tensor<R: Real, const D: usize>(values: Vec<R>, dims: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, dims))
}

fn integers(values: Vec<i64>, shape: Shape, dtype: IntDType) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape).convert_dtype(dtype.into()))
}
