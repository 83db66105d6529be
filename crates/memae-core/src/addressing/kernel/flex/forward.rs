use std::ops::Range;

use memae_kernels::simd::real::Real;
use rayon::prelude::*;

use super::blocks::{Kernel, split};
use super::item_reads::ItemReads;
use super::largest::Largest;
use super::row::{Address, Row};
use super::survivors::{KeptBlock, KeptBlocks, Survivors};
use super::vector::{AddScaled, Picked, SumItems};

/// What [`Kernel::forward`] gives.
pub(super) struct Read<R> {
    pub read: Vec<R>,
    pub entropy: Vec<R>,
    pub active: Vec<u32>,
    pub most_read: Vec<u32>,
    pub empty: Vec<u32>,
    pub read_counts: Vec<i64>,
    pub read_sums: Vec<R>,
    pub kept: Option<KeptBlocks<R>>,
}

/// Where one part of the work goes.
struct Part<'a, R> {
    blocks: Vec<Range<usize>>,
    read: &'a mut [R],
    rows: &'a mut [Row<R>],
}

/// What one part of the work counted.
struct PartReads<R> {
    counts: Vec<f64>,
    sums: Vec<f64>,
    kept: Vec<KeptBlock<R>>,
}

/// Room for one block at a time.
pub(super) struct Scratch<R> {
    /// For [`Kernel::item_products`].
    pub products: Vec<R>,
    /// Shrunk weights of the block.
    pub weights: Vec<R>,
    /// Logits, of one row at a time or of all.
    pub logits: Vec<R>,
    pub survivors: Survivors<R>,
    reads: ItemReads<R>,
    /// The largest logits of one row.
    largest: Largest<R>,
}

impl<R: Real> Scratch<R> {
    /// For blocks of up to `rows` queries, with the logits of one row at a time.
    pub fn new(rows: usize, num_items: usize) -> Self {
        Self::with_logits(rows, 1, num_items)
    }

    /// For blocks of up to `rows` queries, with the logits of every row.
    pub fn with_all_logits(rows: usize, num_items: usize) -> Self {
        Self::with_logits(rows, rows, num_items)
    }

    fn with_logits(rows: usize, logit_rows: usize, num_items: usize) -> Self {
        Self {
            products: Vec::new(),
            weights: vec![R::ZERO; rows * num_items],
            logits: vec![R::ZERO; logit_rows * num_items],
            survivors: Survivors::default(),
            reads: ItemReads {
                counts: vec![R::ZERO; num_items],
                sums: vec![R::ZERO; num_items],
            },
            largest: Largest::default(),
        }
    }
}

impl<R: Real> Kernel<'_, R> {
    /// Reads the memory; keeps what the backward pass can use if there is to be one.
    pub fn forward(&self, backward_follows: bool) -> Read<R> {
        let mut read = vec![R::ZERO; self.num_queries * self.width];
        let mut rows = vec![Row::default(); self.num_queries];

        let blocks = self.forward_blocks();
        let lengths: Vec<usize> = blocks
            .iter()
            .map(|blocks| blocks.iter().map(Range::len).sum())
            .collect();
        let reads = split(
            &mut read,
            lengths.iter().map(|queries| queries * self.width),
        );
        let part_rows = split(&mut rows, lengths.iter().copied());
        let parts: Vec<Part<R>> = blocks
            .into_iter()
            .zip(reads)
            .zip(part_rows)
            .map(|((blocks, read), rows)| Part { blocks, read, rows })
            .collect();
        let parts: Vec<PartReads<R>> = match parts.len() {
            0 | 1 => parts
                .into_iter()
                .map(|part| self.forward_part(part, backward_follows))
                .collect(),
            _ => parts
                .into_par_iter()
                .map(|part| self.forward_part(part, backward_follows))
                .collect(),
        };

        let mut counts = vec![0.0; self.num_items];
        let mut sums = vec![0.0; self.num_items];
        let mut kept = Vec::new();
        for part in parts {
            add_to(&mut counts, &part.counts);
            add_to(&mut sums, &part.sums);
            kept.push(part.kept);
        }
        Read {
            read,
            entropy: rows.iter().map(|row| row.entropy).collect(),
            active: rows.iter().map(|row| row.active).collect(),
            most_read: rows.iter().map(|row| row.most_read).collect(),
            empty: rows.iter().map(|row| u32::from(row.empty)).collect(),
            read_counts: counts.into_iter().map(|count| count as i64).collect(),
            read_sums: sums.into_iter().map(R::of).collect(),
            kept: backward_follows.then_some(KeptBlocks(kept)),
        }
    }

    fn forward_part(&self, part: Part<R>, backward_follows: bool) -> PartReads<R> {
        let rows = part.blocks.iter().map(Range::len).max().unwrap_or(0);
        let mut scratch = Scratch::new(rows, self.num_items);
        let mut reads = PartReads {
            counts: vec![0.0; self.num_items],
            sums: vec![0.0; self.num_items],
            kept: Vec::new(),
        };
        let (mut part_read, mut part_rows) = (part.read, part.rows);
        for queries in part.blocks {
            let (read, rows);
            (read, part_read) = part_read.split_at_mut(queries.len() * self.width);
            (rows, part_rows) = part_rows.split_at_mut(queries.len());
            let survivors =
                self.forward_block(&queries, read, rows, backward_follows, &mut scratch);
            add_to(&mut reads.counts, &scratch.reads.counts);
            add_to(&mut reads.sums, &scratch.reads.sums);
            if backward_follows {
                reads.kept.push(KeptBlock { queries, survivors });
            }
        }
        reads
    }

    /// Reads one block; its survivors, if they are to be kept.
    fn forward_block(
        &self,
        queries: &Range<usize>,
        read: &mut [R],
        rows: &mut [Row<R>],
        backward_follows: bool,
        scratch: &mut Scratch<R>,
    ) -> Option<Survivors<R>> {
        let of_queries = self.rows(self.queries, queries);
        let size = queries.len() * self.num_items;
        // Kept survivors never take more room than the queries themselves.
        let may_be_kept = match backward_follows {
            true => queries.len() * self.width * size_of::<R>() / Survivors::<R>::BYTES,
            false => 0,
        };
        let sparse = self.sparse_limit(queries.len());
        let complete = self.address_block(of_queries, rows, may_be_kept.max(sparse), scratch);
        let Scratch {
            weights, survivors, ..
        } = scratch;

        if complete && survivors.len() < sparse {
            self.read_survivors(survivors, read);
        } else {
            self.sum_all_items(read, &weights[..size]);
        }
        for (read, row) in read.chunks_mut(self.width).zip(rows.iter()) {
            if row.is_nan() {
                read.fill(R::NAN);
            }
        }
        (complete && survivors.len() <= may_be_kept && backward_follows).then(|| survivors.clone())
    }

    /// Computes the weights of a block, and counts what is read. Whether there are no more survivors
    /// than `most_survivors`, so that they were written down.
    pub fn address_block(
        &self,
        queries: &[R],
        rows: &mut [Row<R>],
        most_survivors: usize,
        scratch: &mut Scratch<R>,
    ) -> bool {
        let Scratch {
            products,
            weights,
            logits,
            survivors,
            reads,
            largest,
        } = scratch;
        let weights = &mut weights[..rows.len() * self.num_items];
        self.item_products(weights, products, queries);
        survivors.clear();
        reads.counts.fill(R::ZERO);
        reads.sums.fill(R::ZERO);
        let mut complete = true;
        let most_in_row = 2 * most_survivors / rows.len().max(1);
        let all_logits = logits.len() > self.num_items;
        let inputs = weights
            .chunks_mut(self.num_items)
            .zip(queries.chunks(self.width));
        for (index, ((weights, query), row)) in inputs.zip(rows).enumerate() {
            let start = if all_logits {
                index * self.num_items
            } else {
                0
            };
            let logits = &mut logits[start..start + self.num_items];
            if !self.item_offsets.is_empty() {
                self.arch.dispatch(AddScaled {
                    output: &mut *weights,
                    a: &self.item_offsets,
                    factor: -R::ONE,
                });
            }
            *row = self.arch.dispatch(Address {
                weights,
                logits,
                item_scales: &self.item_scales,
                query_scale: self.query_scale(query) * self.inverse_temperature,
                shrink: self.shrink,
                reads,
                kept: largest,
            });
            // A row of more than twice its share foretells the rest.
            let active = row.active as usize;
            complete &= active <= most_in_row && survivors.len() + active <= most_survivors;
            if complete {
                survivors.push_row(weights, logits, row);
            }
        }
        complete
    }

    /// `ŵ M` of the survivors alone.
    fn read_survivors(&self, survivors: &Survivors<R>, read: &mut [R]) {
        let mut weights = Vec::new();
        for (row, output) in read.chunks_mut(self.width).enumerate() {
            survivors.weights_of_row(self.arch, row, &mut weights);
            let picked = Picked {
                items: survivors.row(row).0,
                factors: &weights,
            };
            self.arch.dispatch(SumItems {
                output,
                memory: self.items,
                picked,
            });
        }
    }
}

fn add_to<T: Copy + Into<S>, S: Copy + std::ops::AddAssign>(totals: &mut [S], values: &[T]) {
    for (total, &value) in totals.iter_mut().zip(values) {
        *total += value.into();
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::IntDType;

    use super::*;
    use crate::addressing::kernel::primitives::ReadSettings;
    use crate::addressing::shrinkage::Selection;
    use crate::addressing::{EmptyRow, Similarity};

    const WIDTH: usize = 30;
    const NUM_ITEMS: usize = 100;
    /// Numbers of equal items, each number of them along an axis of its own.
    const EQUAL_ITEMS: [usize; 5] = [1, 15, 16, 25, 31];

    /// How many survivors are kept of queries that read so many items each.
    fn kept(reads: &[usize], backward_follows: bool) -> Option<usize> {
        let mut items = vec![0.0f32; NUM_ITEMS * WIDTH];
        let axes = EQUAL_ITEMS.iter().enumerate();
        let axes = axes.flat_map(|(axis, &count)| std::iter::repeat_n(axis, count));
        for (item, axis) in items.chunks_mut(WIDTH).zip(axes) {
            item[axis] = 1.0;
        }
        let mut queries = vec![0.0; reads.len() * WIDTH];
        for (query, reads) in queries.chunks_mut(WIDTH).zip(reads) {
            let axis = EQUAL_ITEMS.iter().position(|count| count == reads);
            query[axis.expect("one of these")] = 30.0;
        }
        let settings = ReadSettings {
            similarity: Similarity::Dot,
            temperature: 1.0,
            selection: Selection::Above(0.01),
            empty_row: EmptyRow::BestItem,
            int_dtype: IntDType::I64,
            backward_follows,
        };
        let dims = [reads.len(), NUM_ITEMS, WIDTH];
        let read = Kernel::new(&queries, &items, dims, &settings).forward(backward_follows);
        let active: Vec<u32> = reads.iter().map(|&count| count as u32).collect();
        assert_eq!(read.active, active);
        for (read, query) in read.read.chunks(WIDTH).zip(queries.chunks(WIDTH)) {
            let close = |(read, query): (&f32, &f32)| (read - query / 30.0).abs() < 1e-6;
            assert!(read.iter().zip(query).all(close), "{read:?}");
        }
        let mut blocks = read.kept?.0.into_iter().flatten();
        let only = blocks.next().expect("a block");
        assert!(blocks.next().is_none(), "more than one block");
        only.survivors.map(|survivors| survivors.len())
    }

    /// A survivor is an index and a number, so that 16 queries of 30 numbers take as much room as 240 of them.
    #[test]
    fn survivors_are_kept_while_they_take_no_more_room_than_the_queries() {
        assert_eq!(kept(&[1; 16], true), Some(16));
        assert_eq!(kept(&[15; 16], true), Some(240));
        assert_eq!(kept(&[16; 16], true), None);
        let uneven = [[25, 1]; 8].concat();
        assert_eq!(kept(&uneven, true), Some(208));
        // One of more than twice its share is taken for a sign of more to come.
        let mut one = [1; 16];
        one[3] = 31;
        assert_eq!(kept(&one, true), None);
        one[3] = 25;
        assert_eq!(kept(&one, true), Some(40));
        assert_eq!(kept(&[1; 16], false), None);
    }
}
