//! The fused read on GPUs.
//!
//! Queries are taken in chunks whose similarities fit a buffer of fixed size, so that nothing of size
//! queries × items is held. Burn's matrix products do the heavy work; the kernels here do what lies
//! between them, one cube to a row:
//!
//! ```text
//! forward   Z Mᵀ -> shrink (in place) -> ŵ M         -> read
//!                                     -> count reads -> tiles of counts and sums, 2/256 of the size
//! backward  Z Mᵀ -> shrink (in place) -> ŵᵀ dR                         -> items
//!           dR Mᵀ -> of_products (in place) -> G M -> keep_direction   -> queries
//!                                           -> Gᵀ Z -> keep_direction  -> items
//! ```
//!
//! The logarithm of a weight is taken again from the weight itself, and a row of shrunk weights is a
//! softmax over what is left of it, so that the backward pass needs no similarities.
//!
//! What remains of the memory traffic, in passes over queries × items numbers of 4 bytes:
//!
//! | pass                   | reads  | writes |
//! |------------------------|--------|--------|
//! | `Z Mᵀ`                 | 0      | 1      |
//! | shrink                 | 1      | 1      |
//! | count reads            | 1      | 0      |
//! | `ŵ M`                  | 1      | 0      |
//! | **forward**            | **3**  | **2**  |
//! | `Z Mᵀ`, shrink         | 1      | 2      |
//! | `dR Mᵀ`                | 0      | 1      |
//! | of_products            | 2      | 1      |
//! | `G M`, `Gᵀ Z`, `ŵᵀ dR` | 3      | 0      |
//! | **backward**           | **6**  | **4**  |
//!
//! That is 20 bytes a similarity forward and 40 backward. (A kernel goes over its row two or three
//! times, but a row of some thousand items is in the cache the second time.) The composed read, where
//! operations are not fused, takes 21 reads and 11 writes forward besides those of its masks, and
//! keeps several of these matrices for the backward pass.

mod backward;
mod forward;
mod indexable;
mod rows;
mod team;

use burn::backend::TensorMetadata;
use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::tensor::{DType, FloatDType, IntDType, Shape};
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous_aligned;
use burn_cubecl::tensor::CubeTensor;

use crate::addressing::Similarity;
use crate::addressing::kernel::ops::MemoryOps;
use crate::addressing::kernel::primitives::{Kept, ReadGradients, ReadPrimitives, ReadSettings};
use forward::{Findings, ItemReads, Norms};
use indexable::assert_indexable;
use rows::{Rows, dims, fill_marked, finite_or_zero, part, without_marked};

/// Bytes of one matrix of a chunk's similarities: many enough to keep a large GPU busy.
const CHUNK_BYTES: usize = 64 << 20;
/// Rows of a chunk are a multiple of this, so that a device can look at the queries in place.
const ROW_STEP: usize = 64;

impl MemoryOps for CubeBackend {
    fn memory_read(
        queries: CubeTensor,
        items: CubeTensor,
        settings: ReadSettings,
    ) -> ReadPrimitives<Self> {
        let dtype = queries.dtype();
        // Half precision is computed in f32: a dot product may be larger than the largest f16.
        let [queries, items] = [queries, items].map(single);
        let output = read(queries, items, &settings);
        let [read, entropy] = [output.read, output.entropy].map(|tensor| back(tensor, dtype));
        let [rows, read_counts] =
            [output.rows, output.read_counts].map(|tensor| match settings.int_dtype {
                IntDType::I32 => tensor,
                other => Self::int_cast(tensor, other),
            });
        ReadPrimitives {
            read,
            entropy,
            rows,
            read_counts,
            read_sums: output.read_sums,
            kept: Kept::default(),
        }
    }

    fn memory_read_backward(
        queries: CubeTensor,
        items: CubeTensor,
        read_gradient: CubeTensor,
        entropy_gradient: CubeTensor,
        settings: ReadSettings,
        _kept: Kept,
        wanted: [bool; 2],
    ) -> ReadGradients<Self> {
        let dtype = queries.dtype();
        let inputs = [queries, items, read_gradient, entropy_gradient].map(single);
        let output = gradients(inputs, &settings, wanted);
        let [queries, items] = [output.queries, output.items].map(|tensor| back(tensor, dtype));
        ReadGradients { queries, items }
    }
}

/// In f32 and with rows that can be read as they are.
fn single(tensor: CubeTensor) -> CubeTensor {
    let tensor = match tensor.dtype() {
        DType::F32 => tensor,
        _ => CubeBackend::float_cast(tensor, FloatDType::F32),
    };
    into_contiguous_aligned(tensor)
}

fn back(tensor: CubeTensor, dtype: DType) -> CubeTensor {
    match dtype {
        DType::F32 => tensor,
        other => CubeBackend::float_cast(tensor, other.into()),
    }
}

/// A memory, and how it is addressed.
struct Memory<'a> {
    items: CubeTensor,
    item_norms: CubeTensor,
    settings: &'a ReadSettings,
}

/// What was made of a chunk's queries.
struct Chunk {
    /// Shrunk weights, `[rows, items]`; zeros in the rows that are marked.
    weights: CubeTensor,
    norms: Norms,
}

impl<'a> Memory<'a> {
    fn new(items: CubeTensor, settings: &'a ReadSettings) -> Self {
        let item_norms = match settings.similarity {
            Similarity::Cosine => rows::inverse_norms(&items),
            Similarity::Euclidean => rows::half_squared_norms(&items),
            // Nobody looks at it.
            Similarity::Dot => rows::floats(&items, [1]),
        };
        Self {
            items,
            item_norms,
            settings,
        }
    }

    fn cosine(&self) -> bool {
        self.settings.similarity == Similarity::Cosine
    }

    /// Dot products of rows with every item.
    fn products(&self, rows: CubeTensor) -> CubeTensor {
        product(rows, transposed(self.items.clone()))
    }

    /// The shrunk weights of a chunk; what was found out about it goes to `findings`.
    fn address(&self, queries: &CubeTensor, first_query: usize, findings: &Findings) -> Chunk {
        let norms = Norms {
            queries: match self.settings.similarity {
                Similarity::Cosine => rows::inverse_norms(queries),
                Similarity::Euclidean => rows::half_squared_norms(queries),
                Similarity::Dot => self.item_norms.clone(),
            },
            items: self.item_norms.clone(),
        };
        let weights = self.products(queries.clone());
        forward::shrink(&weights, &norms, first_query, findings, self.settings);
        Chunk { weights, norms }
    }
}

fn read(
    queries: CubeTensor,
    items: CubeTensor,
    settings: &ReadSettings,
) -> ReadPrimitives<CubeBackend> {
    let ([num_queries, width], [num_items, _]) = (dims(&queries), dims(&items));
    if num_queries == 0 {
        return read_nothing(&queries, num_items);
    }
    let memory = Memory::new(items, settings);
    let chunks = chunks(num_queries, num_items, width);
    let findings = Findings::new(&queries, num_queries);
    let reads = ItemReads::new(&queries, &chunks, num_items);
    let mut parts = Vec::with_capacity(chunks.len());
    let mut tile = 0;
    for rows in &chunks {
        let chunk = memory.address(&part(&queries, rows), rows.start, &findings);
        tile += reads.count(&chunk.weights, tile);
        let read = product(chunk.weights, memory.items.clone());
        fill_marked(&read, &findings.entropy, rows.start, f32::NAN);
        parts.push(read);
    }
    let by_item = || Shape::new([num_items]);
    ReadPrimitives {
        read: joined(parts),
        entropy: findings.entropy,
        rows: findings.rows,
        read_counts: CubeBackend::int_reshape(CubeBackend::int_sum_dim(reads.counts, 0), by_item()),
        read_sums: CubeBackend::float_reshape(CubeBackend::float_sum_dim(reads.sums, 0), by_item()),
        kept: Kept::default(),
    }
}

fn read_nothing(queries: &CubeTensor, num_items: usize) -> ReadPrimitives<CubeBackend> {
    let floats = |shape| CubeBackend::float_zeros(shape, &queries.device, FloatDType::F32);
    let integers = |shape| CubeBackend::int_zeros(shape, &queries.device, IntDType::I32);
    ReadPrimitives {
        read: floats(queries.shape()),
        entropy: floats(Shape::new([0])),
        rows: integers(Shape::new([3, 0])),
        read_counts: integers(Shape::new([num_items])),
        read_sums: floats(Shape::new([num_items])),
        kept: Kept::default(),
    }
}

fn gradients(
    [queries, items, read_gradient, entropy_gradient]: [CubeTensor; 4],
    settings: &ReadSettings,
    [of_queries, of_items]: [bool; 2],
) -> ReadGradients<CubeBackend> {
    let ([num_queries, width], [num_items, _]) = (dims(&queries), dims(&items));
    let zeros =
        |like: &CubeTensor| CubeBackend::float_zeros(like.shape(), &like.device, FloatDType::F32);
    if num_queries == 0 {
        return ReadGradients {
            queries: zeros(&queries),
            items: zeros(&items),
        };
    }
    let memory = Memory::new(items, settings);
    let findings = Findings::new(&queries, num_queries);
    let mut query_parts = Vec::new();
    // Σ Gᵀ z and Σ ŵᵀ dR; for cosine similarity the first still has what would only change the norm of
    // the items. Σ G, which goes back through the norms of the items, for Euclidean similarity.
    let (mut by_similarity, mut by_read, mut by_norm) = (None, None, None);
    for rows in chunks(num_queries, num_items, width) {
        let queries = part(&queries, &rows);
        let read_gradient = part(&read_gradient, &rows);
        let Chunk { weights, norms } = memory.address(&queries, rows.start, &findings);
        let gradients = memory.products(read_gradient.clone());
        let (first, marks) = (rows.start, &findings.entropy);
        backward::of_products(
            &gradients,
            &weights,
            &entropy_gradient,
            &norms,
            first,
            settings,
        );
        if of_queries {
            let of_queries = product(gradients.clone(), memory.items.clone());
            if memory.cosine() {
                backward::keep_direction(&of_queries, &queries);
            }
            fill_marked(&of_queries, marks, first, f32::NAN);
            query_parts.push(of_queries);
        }
        if of_items {
            let queries = without_marked(&queries, marks, first);
            // Items that a row with NaN in its gradient has read get theirs by similarity.
            let read_gradient = finite_or_zero(&read_gradient);
            if memory.settings.similarity == Similarity::Euclidean {
                let ones = CubeBackend::float_ones(
                    Shape::new([rows.len(), 1]),
                    &queries.device,
                    FloatDType::F32,
                );
                add_to(&mut by_norm, product(transposed(gradients.clone()), ones));
            }
            add_to(&mut by_similarity, product(transposed(gradients), queries));
            add_to(&mut by_read, product(transposed(weights), read_gradient));
        }
    }
    let nothing = || CubeBackend::float_zeros(Shape::new([1, 1]), &queries.device, FloatDType::F32);
    ReadGradients {
        queries: match of_queries {
            true => joined(query_parts),
            false => nothing(),
        },
        items: match (by_similarity, by_read) {
            (Some(by_similarity), Some(by_read)) => {
                if memory.cosine() {
                    backward::keep_direction(&by_similarity, &memory.items);
                }
                let by_similarity = match by_norm {
                    Some(by_norm) => CubeBackend::float_sub(
                        by_similarity,
                        CubeBackend::float_mul(memory.items, by_norm),
                    ),
                    None => by_similarity,
                };
                CubeBackend::float_add(by_similarity, by_read)
            }
            _ => nothing(),
        },
    }
}

/// Cuts queries into chunks. The cut depends on the shapes alone, so that sums over queries come out
/// the same every time.
fn chunks(num_queries: usize, num_items: usize, width: usize) -> Vec<Rows> {
    let row_length = num_items.max(width);
    let fitting = CHUNK_BYTES / size_of::<f32>() / row_length / ROW_STEP * ROW_STEP;
    let rows = fitting.max(ROW_STEP);
    assert_indexable("similarities of a chunk", [ROW_STEP, row_length]);
    assert_indexable("items", [num_items, width]);
    assert_indexable("findings", [3, num_queries]);
    let starts = (0..num_queries).step_by(rows);
    starts
        .map(|start| start..num_queries.min(start + rows))
        .collect()
}

fn product(left: CubeTensor, right: CubeTensor) -> CubeTensor {
    CubeBackend::float_matmul(left, right)
}

fn transposed(matrix: CubeTensor) -> CubeTensor {
    CubeBackend::float_swap_dims(matrix, 0, 1)
}

fn joined(mut parts: Vec<CubeTensor>) -> CubeTensor {
    match parts.len() {
        1 => parts.remove(0),
        _ => CubeBackend::float_cat(parts, 0),
    }
}

fn add_to(sum: &mut Option<CubeTensor>, value: CubeTensor) {
    *sum = Some(match sum.take() {
        Some(sum) => CubeBackend::float_add(sum, value),
        None => value,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_every_query_once_and_in_order() {
        for num_queries in [1, 63, 64, 65, 100_003] {
            for (num_items, width) in [(1, 1), (2003, 257), (300_007, 3)] {
                let mut next = 0;
                for rows in chunks(num_queries, num_items, width) {
                    assert_eq!(rows.start, next, "{num_queries} queries, {num_items} items");
                    assert!(!rows.is_empty());
                    let bytes = rows.len() * num_items.max(width) * size_of::<f32>();
                    assert!(bytes <= CHUNK_BYTES.max(ROW_STEP * num_items * size_of::<f32>()));
                    next = rows.end;
                }
                assert_eq!(next, num_queries);
            }
        }
    }

    #[test]
    #[should_panic(expected = "items: [65536, 65536] elements, expected fewer than 2^32")]
    fn items_that_32_bits_do_not_count_are_refused() {
        chunks(1, 1 << 16, 1 << 16);
    }

    #[test]
    #[should_panic(expected = "similarities of a chunk")]
    fn rows_that_32_bits_do_not_count_are_refused() {
        chunks(1, usize::MAX, 1);
    }
}
