use std::ops::Range;

use memae_kernels::simd::real::Real;
use rayon::prelude::*;

use super::blocks::{Kernel, is_zero, split};
use super::forward::Scratch;
use super::gradient::{BlockInputs, DenseScratch, ItemGradients};
use super::row::Row;
use super::row_gradient::NormGradient;
use super::survivors::{KeptBlock, KeptBlocks, Survivors};
use super::vector::AddScaled;

/// What [`Kernel::backward`] gives; what is not wanted is empty.
pub(super) struct Gradients<R> {
    pub queries: Vec<R>,
    pub items: Vec<R>,
}

/// A block, and its survivors where the forward pass kept them.
type Block<'a, R> = (Range<usize>, Option<&'a Survivors<R>>);

/// What a part of the work holds on to from block to block.
struct Part<R> {
    items: ItemGradients<R>,
    scratch: Scratch<R>,
    rows: Vec<Row<R>>,
    dense: DenseScratch<R>,
}

impl<R: Real> Kernel<'_, R> {
    /// Gradients of queries and items, as far as they are wanted, given those of the read and of the
    /// entropy.
    pub fn backward(
        &self,
        read_gradient: &[R],
        entropy_gradient: &[R],
        kept: Option<&KeptBlocks<R>>,
        [of_queries, of_items]: [bool; 2],
    ) -> Gradients<R> {
        let parts = self.kept_or_new_blocks(kept);
        let mut queries = vec![R::ZERO; if of_queries { self.queries.len() } else { 0 }];
        let width = if of_queries { self.width } else { 0 };
        let lengths = parts.iter().map(|blocks| queries_of(blocks) * width);
        let outputs = split(&mut queries, lengths);

        let work: Vec<_> = parts.into_iter().zip(outputs).collect();
        let run = |(blocks, mut out): (Vec<Block<R>>, &mut [R])| {
            let mut part = self.new_part(&blocks, of_items);
            for (queries, kept) in blocks {
                let block = BlockInputs {
                    queries: self.rows(self.queries, &queries),
                    read_gradient: self.rows(read_gradient, &queries),
                    entropy_gradient: &entropy_gradient[queries.clone()],
                };
                let length = queries.len() * width;
                let block_out = out.split_off_mut(..length).expect("one row a query");
                self.backward_block(block, kept, block_out, &mut part);
            }
            part.items
        };
        let parts: Vec<ItemGradients<R>> = match work.len() {
            0 | 1 => work.into_iter().map(run).collect(),
            _ => work.into_par_iter().map(run).collect(),
        };
        Gradients {
            queries,
            items: match of_items {
                true => self.sum_item_gradients(parts),
                false => Vec::new(),
            },
        }
    }

    fn kept_or_new_blocks<'a>(&self, kept: Option<&'a KeptBlocks<R>>) -> Vec<Vec<Block<'a, R>>> {
        let of_kept = |kept: &'a KeptBlock<R>| (kept.queries.clone(), kept.survivors.as_ref());
        let kept = kept.filter(|KeptBlocks(parts)| {
            parts
                .iter()
                .flatten()
                .any(|block| block.survivors.is_some())
        });
        match kept {
            Some(KeptBlocks(parts)) => parts
                .iter()
                .map(|blocks| blocks.iter().map(of_kept).collect())
                .collect(),
            None => {
                let parts = self.backward_blocks().into_iter();
                parts
                    .map(|blocks| blocks.into_iter().map(|queries| (queries, None)).collect())
                    .collect()
            }
        }
    }

    fn new_part(&self, blocks: &[Block<R>], of_items: bool) -> Part<R> {
        let room = |wanted: bool, size| vec![R::ZERO; if wanted { size } else { 0 }];
        let rows = blocks
            .iter()
            .map(|(queries, _)| queries.len())
            .max()
            .unwrap_or(0);
        Part {
            items: ItemGradients {
                sums: room(of_items, self.items.len()),
                norms: room(
                    of_items && self.norm_gradient() != NormGradient::None,
                    self.num_items,
                ),
            },
            scratch: Scratch::with_all_logits(rows, self.num_items),
            rows: vec![Row::default(); rows],
            dense: DenseScratch::default(),
        }
    }

    fn backward_block(
        &self,
        block: BlockInputs<R>,
        kept: Option<&Survivors<R>>,
        out: &mut [R],
        part: &mut Part<R>,
    ) {
        let Part {
            items,
            scratch,
            rows,
            dense,
        } = part;
        let num_rows = block.entropy_gradient.len();
        let sparse = self.sparse_limit(num_rows);
        let rows = &mut rows[..num_rows];
        match kept {
            Some(survivors) if survivors.len() < sparse => {
                self.sparse_gradient(survivors, block, out, items);
            }
            Some(survivors) => {
                self.spread(survivors, rows, scratch);
                self.dense_gradient(rows, block, out, items, scratch, dense);
            }
            None => {
                if self.address_block(block.queries, rows, sparse, scratch) {
                    self.sparse_gradient(&scratch.survivors, block, out, items);
                } else {
                    self.dense_gradient(rows, block, out, items, scratch, dense);
                }
            }
        }
    }

    /// Fills in weights and logits from the survivors of a block, as if they had been computed.
    fn spread(&self, survivors: &Survivors<R>, rows: &mut [Row<R>], scratch: &mut Scratch<R>) {
        let size = rows.len() * self.num_items;
        scratch.weights[..size].fill(R::ZERO);
        scratch.logits[..size].fill(R::ZERO);
        let weights = scratch.weights.chunks_mut(self.num_items);
        let logits = scratch.logits.chunks_mut(self.num_items);
        let mut kept = Vec::new();
        for ((index, row), (weights, logits)) in
            rows.iter_mut().enumerate().zip(weights.zip(logits))
        {
            let (items, log_weights, log_sum) = survivors.row(index);
            survivors.weights_of_row(self.arch, index, &mut kept);
            row.log_sum = log_sum;
            for ((&item, &weight), &log_weight) in items.iter().zip(&kept).zip(log_weights) {
                weights[item as usize] = weight;
                logits[item as usize] = log_weight + log_sum;
            }
        }
    }

    /// Adds up what the parts found, always in the same order.
    fn sum_item_gradients(&self, parts: Vec<ItemGradients<R>>) -> Vec<R> {
        let mut parts = parts.into_iter();
        let Some(ItemGradients {
            mut sums,
            mut norms,
        }) = parts.next()
        else {
            return vec![R::ZERO; self.items.len()];
        };
        let add = |output: &mut [R], a: &[R], factor| {
            self.arch.dispatch(AddScaled { output, a, factor });
        };
        for part in parts {
            add(&mut sums, &part.sums, R::ONE);
            add(&mut norms, &part.norms, R::ONE);
        }
        // dm = Σ G z − (Σ ∂d · d) m / ‖m‖² for cosine similarity, and Σ G z − (Σ G) m with G = 2 ∂d for Euclidean.
        let rows = sums
            .chunks_mut(self.width)
            .zip(self.items.chunks(self.width));
        for ((gradient, item), (&norm, &scale)) in rows.zip(norms.iter().zip(&self.item_scales)) {
            let factor = match self.norm_gradient() {
                NormGradient::OfDirection if !is_zero(self.arch, item) => norm * scale * scale,
                NormGradient::OfDistance => norm * R::of(2.0) * self.inverse_temperature,
                NormGradient::OfDirection | NormGradient::None => continue,
            };
            add(gradient, item, -factor);
        }
        sums
    }
}

fn queries_of<R>(blocks: &[Block<R>]) -> usize {
    blocks.iter().map(|(queries, _)| queries.len()).sum()
}
