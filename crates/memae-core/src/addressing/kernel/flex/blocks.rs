use std::ops::Range;
use std::sync::OnceLock;

use memae_kernels::simd::real::Real;
use memae_kernels::simd::transpose::transpose;
use pulp::Arch;

use super::product::{Matrix, Present, multiply};
use super::row::Shrink;
use super::vector::Dot;
use crate::addressing::kernel::primitives::ReadSettings;
use crate::addressing::shrinkage::Selection;
use crate::addressing::similarity::{MIN_NORM, Similarity};

/// Bytes of a block's weights in the forward pass, all its copies together: small enough for the cache,
/// large enough that the products are fast.
const FORWARD_BYTES: usize = 2 << 20;
/// The same in the backward pass, where every block adds to the gradients of all items: the fewer
/// blocks, the less often these go through memory.
const BACKWARD_BYTES: usize = 16 << 20;
/// Bytes of a memory that is worth a second copy, one value of all items after the other: one that
/// stays in the cache from block to block.
const TRANSPOSED_BYTES: usize = 4 << 20;
/// Items of one product with queries, at most, when it is computed item after item: a product takes
/// working memory for all that it is given.
const ITEMS_AT_A_TIME: usize = 1024;
/// Items of one weighted sum, at most, for the same reason.
const SUMMED_AT_A_TIME: usize = 2048;
/// Queries of a block, at most.
const MOST_ROWS: usize = 512;
/// Multiplications of one product that are worth another thread.
const WORK_PER_THREAD: usize = 500_000;

/// A memory and its queries, with what every block needs of them.
pub(super) struct Kernel<'a, R> {
    /// The vector instructions of this processor.
    pub arch: Arch,
    pub queries: &'a [R],
    pub items: &'a [R],
    pub num_queries: usize,
    pub num_items: usize,
    pub width: usize,
    pub shrink: Shrink<R>,
    pub inverse_temperature: R,
    pub similarity: Similarity,
    /// `1/‖m‖` for cosine similarity, else 1.
    pub item_scales: Vec<R>,
    /// `‖m‖²/2` for Euclidean similarity, else empty: `−‖z − m‖²` is `2 (z·m − ‖m‖²/2)` but for a number that all items share.
    pub item_offsets: Vec<R>,
    /// The items, one value of all of them after the other, once it was worth a copy.
    transposed_items: OnceLock<Vec<R>>,
}

impl<'a, R: Real> Kernel<'a, R> {
    pub fn new(
        queries: &'a [R],
        items: &'a [R],
        [num_queries, num_items, width]: [usize; 3],
        settings: &ReadSettings,
    ) -> Self {
        assert!(
            u32::try_from(num_items).is_ok(),
            "a memory of {num_items} items, expected fewer than 2^32"
        );
        let arch = Arch::new();
        let (item_scales, item_offsets) = match settings.similarity {
            Similarity::Cosine => {
                let scales = items.chunks(width).map(|item| norm_inverse(arch, item));
                (scales.collect(), Vec::new())
            }
            Similarity::Dot => (vec![R::ONE; num_items], Vec::new()),
            Similarity::Euclidean => {
                let half = R::of(0.5);
                let squares = items
                    .chunks(width)
                    .map(|item| squared_norm(arch, item) * half);
                (vec![R::ONE; num_items], squares.collect())
            }
        };
        Self {
            arch,
            queries,
            items,
            num_queries,
            num_items,
            width,
            shrink: Shrink {
                threshold: match settings.selection {
                    Selection::Above(threshold) => Some(R::of(threshold)),
                    Selection::All | Selection::Largest(_) => None,
                },
                largest: match settings.selection {
                    Selection::Largest(k) => Some(k),
                    Selection::All | Selection::Above(_) => None,
                },
                empty_row: settings.empty_row,
            },
            inverse_temperature: R::of(1.0 / settings.temperature),
            similarity: settings.similarity,
            item_scales,
            item_offsets,
            transposed_items: OnceLock::new(),
        }
    }

    /// `output = weights · M`, with one row of weights for each row of the output.
    pub fn sum_all_items(&self, output: &mut [R], weights: &[R]) {
        let num_rows = output.len() / self.width;
        let weights = Matrix::new(weights, [num_rows, self.num_items]);
        let chunks = self.items.chunks(SUMMED_AT_A_TIME * self.width);
        for (chunk, items) in chunks.enumerate() {
            let (start, count) = (chunk * SUMMED_AT_A_TIME, items.len() / self.width);
            let present = match chunk {
                0 => Present::Overwritten,
                _ => Present::AddedTo,
            };
            let weights = weights.columns(start..start + count);
            multiply(
                output,
                present,
                weights,
                Matrix::new(items, [count, self.width]),
            );
        }
    }

    /// How many survivors of `num_rows` queries make it worth reading, or finding gradients, survivor by
    /// survivor rather than by matrix products: fewer than this. Measured; what a survivor costs
    /// apart from its arithmetic weighs more the narrower an item is.
    pub fn sparse_limit(&self, num_rows: usize) -> usize {
        let width = self.width as f64;
        let share = (0.9 * width / (width + 900.0)).min(0.15);
        (share * (num_rows * self.num_items) as f64) as usize
    }

    /// Whether the items are worth a second copy in another order.
    fn copies_items(&self) -> bool {
        self.num_queries > self.width && size_of_val(self.items) <= TRANSPOSED_BYTES
    }

    /// Dot products of rows with every item, row after row.
    ///
    /// `room` is for as many numbers as `output`. With few queries, or more items than the cache holds,
    /// they are computed item after item and then turned over: the other way round, the product would
    /// bring the whole memory into another order first.
    pub fn item_products(&self, output: &mut [R], room: &mut Vec<R>, rows: &[R]) {
        let num_rows = rows.len() / self.width;
        let rows = Matrix::new(rows, [num_rows, self.width]);
        if self.copies_items() {
            let items = self.transposed_items.get_or_init(|| {
                let mut transposed = vec![R::ZERO; self.items.len()];
                transpose(&mut transposed, self.items, self.width);
                transposed
            });
            let items = Matrix::new(items, [self.width, self.num_items]);
            multiply(output, Present::Overwritten, rows, items);
            return;
        }
        room.resize(room.len().max(output.len()), R::ZERO);
        let products = &mut room[..output.len()];
        let chunks = products.chunks_mut(ITEMS_AT_A_TIME * num_rows);
        for (products, items) in chunks.zip(self.items.chunks(ITEMS_AT_A_TIME * self.width)) {
            let items = Matrix::new(items, [items.len() / self.width, self.width]);
            multiply(products, Present::Overwritten, items, rows.transpose());
        }
        transpose(output, products, num_rows);
    }

    /// Rows of `values`, which has one of `width` for each query.
    pub fn rows<'b>(&self, values: &'b [R], queries: &Range<usize>) -> &'b [R] {
        &values[queries.start * self.width..queries.end * self.width]
    }

    /// What a product `z·m`, less its item's offset, is multiplied with to become a similarity, but for the item's scale:
    /// `1/‖z‖` for cosine similarity, 1 for dot products, 2 for Euclidean similarity. NaN for a query that is too long.
    pub fn query_scale(&self, query: &[R]) -> R {
        match self.similarity {
            Similarity::Cosine => norm_inverse(self.arch, query),
            Similarity::Dot => R::ONE,
            Similarity::Euclidean => match squared_norm(self.arch, query).is_nan() {
                true => R::NAN,
                false => R::of(2.0),
            },
        }
    }

    /// Blocks for the forward pass.
    pub fn forward_blocks(&self) -> Vec<Vec<Range<usize>>> {
        // Without a second copy of the items, the weights come in two orders.
        self.blocks(FORWARD_BYTES / if self.copies_items() { 1 } else { 2 })
    }

    /// Blocks for the backward pass, if it is to compute the weights again.
    pub fn backward_blocks(&self) -> Vec<Vec<Range<usize>>> {
        // Weights, logits and gradients.
        self.blocks(BACKWARD_BYTES / 4)
    }

    /// The queries cut into blocks with weights of up to `bytes`, in one list for each thread. The cut
    /// depends on the shapes and the number of threads alone, so that sums over queries come out the
    /// same every time.
    fn blocks(&self, bytes: usize) -> Vec<Vec<Range<usize>>> {
        let work = self
            .num_queries
            .saturating_mul(self.num_items)
            .saturating_mul(self.width);
        let parts = (work / WORK_PER_THREAD)
            .clamp(1, rayon::current_num_threads())
            .min(self.num_queries);
        let block = (bytes / (self.num_items * size_of::<R>()).max(1)).clamp(32, MOST_ROWS);
        (0..parts)
            .map(|part| {
                let bound = |part| part * self.num_queries / parts;
                let (start, end) = (bound(part), bound(part + 1));
                let count = (end - start).div_ceil(block);
                let cut = |index| start + index * (end - start) / count;
                (0..count).map(|index| cut(index)..cut(index + 1)).collect()
            })
            .collect()
    }
}

/// `1/‖v‖`, or 1 for a vector of norm zero, which is similar to nothing as it is; NaN if its square is infinite.
fn norm_inverse<R: Real>(arch: Arch, vector: &[R]) -> R {
    match squared_norm(arch, vector) {
        zero if zero < smallest_squared_norm() => R::ONE,
        squared_norm => R::ONE / squared_norm.sqrt(),
    }
}

/// `‖v‖²`; NaN where that is infinite.
fn squared_norm<R: Real>(arch: Arch, vector: &[R]) -> R {
    let (a, b) = (vector, vector);
    match arch.dispatch(Dot { a, b }) {
        infinite if infinite == R::of(f64::INFINITY) => R::NAN,
        squared_norm => squared_norm,
    }
}

/// Whether a vector counts as zero for cosine similarity.
pub(super) fn is_zero<R: Real>(arch: Arch, vector: &[R]) -> bool {
    squared_norm(arch, vector) < smallest_squared_norm()
}

fn smallest_squared_norm<R: Real>() -> R {
    R::of(MIN_NORM * MIN_NORM)
}

/// Cuts one slice into a mutable slice for each of `lengths`.
pub(super) fn split<T>(mut slice: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    lengths
        .map(|length| {
            slice
                .split_off_mut(..length)
                .expect("lengths add up to the slice's")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use burn::tensor::IntDType;

    use super::*;
    use crate::addressing::EmptyRow;

    const SETTINGS: ReadSettings = ReadSettings {
        similarity: Similarity::Dot,
        temperature: 1.0,
        selection: Selection::All,
        empty_row: EmptyRow::BestItem,
        int_dtype: IntDType::I64,
        backward_follows: false,
    };

    #[test]
    #[should_panic(expected = "a memory of 4294967296 items, expected fewer than 2^32")]
    fn items_that_32_bits_do_not_count_are_refused() {
        Kernel::<f32>::new(&[], &[], [1, 1 << 32, 0], &SETTINGS);
    }

    #[test]
    fn sums_of_many_items_take_the_place_of_what_was_there() {
        let num_items = SUMMED_AT_A_TIME + 3;
        let number = |i: usize| (i % 3) as f32;
        let items: Vec<f32> = (0..2 * num_items).map(number).collect();
        let weights: Vec<f32> = (0..2 * num_items).map(|i| number(i / 5)).collect();
        let kernel = Kernel::new(&[], &items, [0, num_items, 2], &SETTINGS);
        let mut output = [f32::NAN; 4];
        kernel.sum_all_items(&mut output, &weights);
        let expected: Vec<f32> = weights
            .chunks(num_items)
            .flat_map(|row| {
                let term = |item: usize, column: usize| row[item] * items[2 * item + column];
                [0, 1].map(|column| (0..num_items).map(|item| term(item, column)).sum())
            })
            .collect();
        assert_eq!(output.as_slice(), expected);
    }

    #[test]
    fn blocks_cover_every_query_once_and_in_order() {
        for num_queries in [0, 1, 31, 512, 513, 5119] {
            for (num_items, width) in [(1, 1), (37, 5), (2003, 257), (5003, 257)] {
                let (queries, items) = (
                    vec![1.0f32; num_queries * width],
                    vec![1.0; num_items * width],
                );
                let kernel =
                    Kernel::new(&queries, &items, [num_queries, num_items, width], &SETTINGS);
                let orders = if kernel.copies_items() { 1 } else { 2 };
                for (bytes, blocks) in [
                    (FORWARD_BYTES / orders, kernel.forward_blocks()),
                    (BACKWARD_BYTES / 4, kernel.backward_blocks()),
                ] {
                    let mut next = 0;
                    for block in blocks.into_iter().flatten() {
                        assert_eq!(
                            block.start, next,
                            "{num_queries} queries, {num_items} items"
                        );
                        assert!(!block.is_empty() && block.len() <= MOST_ROWS, "{block:?}");
                        let weights = block.len() * num_items * size_of::<f32>();
                        assert!(block.len() <= 32 || weights <= bytes, "{block:?}");
                        next = block.end;
                    }
                    assert_eq!(next, num_queries, "{num_items} items of width {width}");
                }
            }
        }
    }
}
