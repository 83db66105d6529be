//! The gradient of one block, by all its weights or by its survivors.

use memae_kernels::simd::real::Real;

use super::blocks::{Kernel, is_zero};
use super::forward::Scratch;
use super::product::{Matrix, Present, multiply};
use super::row::Row;
use super::row_gradient::{Gradient, NormGradient};
use super::survivors::Survivors;
use super::vector::{AddScaled, AddToItems, Dot, DotItems, Picked, SumItems};
use crate::addressing::Similarity;

/// A block's share of what the backward pass is given, one row a query.
#[derive(Clone, Copy)]
pub(super) struct BlockInputs<'a, R> {
    pub queries: &'a [R],
    pub read_gradient: &'a [R],
    pub entropy_gradient: &'a [R],
}

impl<R> BlockInputs<'_, R> {
    fn query(&self, index: usize, width: usize) -> &[R] {
        &self.queries[index * width..(index + 1) * width]
    }
}

/// Gradients of the items, summed over queries; empty if they are not wanted.
pub(super) struct ItemGradients<R> {
    /// `Σ Gᵀ z + ŵᵀ dR`, where G is the gradient of the dot products z·m.
    pub sums: Vec<R>,
    /// What goes back through the norms of the items, see [`NormGradient`]; empty if nothing does.
    pub norms: Vec<R>,
}

/// Room for the dense gradient of one block.
#[derive(Default)]
pub(super) struct DenseScratch<R> {
    gradients: Vec<R>,
    /// A block's queries without the rows that have a NaN, or its read gradients without such values.
    clean: Vec<R>,
}

impl<R: Real> Kernel<'_, R> {
    /// By matrix products. `scratch` holds weights and logits of the block.
    pub fn dense_gradient(
        &self,
        rows: &[Row<R>],
        block: BlockInputs<R>,
        out: &mut [R],
        of_items: &mut ItemGradients<R>,
        scratch: &mut Scratch<R>,
        dense: &mut DenseScratch<R>,
    ) {
        let size = rows.len() * self.num_items;
        dense
            .gradients
            .resize(size.max(dense.gradients.len()), R::ZERO);
        let gradients = &mut dense.gradients[..size];

        self.item_products(gradients, &mut scratch.products, block.read_gradient);
        let (weights, logits) = (&scratch.weights[..size], &scratch.logits[..size]);
        let rows_of = |values| <[R]>::chunks(values, self.num_items);
        let inputs = rows_of(weights).zip(rows_of(logits));
        let outputs = gradients.chunks_mut(self.num_items);
        for (index, ((weights, logits), gradients)) in inputs.zip(outputs).enumerate() {
            if rows[index].is_nan() {
                gradients.fill(R::ZERO);
                continue;
            }
            self.arch.dispatch(Gradient {
                gradients,
                weights,
                logits,
                log_sum: rows[index].log_sum,
                entropy_gradient: block.entropy_gradient[index],
                item_scales: &self.item_scales,
                query_scale: self.query_scale(block.query(index, self.width))
                    * self.inverse_temperature,
                item_norms: &mut of_items.norms,
                norm_gradient: self.norm_gradient(),
            });
        }

        if !out.is_empty() {
            self.sum_all_items(out, gradients);
            let queries = block.queries.chunks(self.width);
            for ((out, query), row) in out.chunks_mut(self.width).zip(queries).zip(rows) {
                self.finish_query_gradient(out, query, row.log_sum);
            }
        }
        if !of_items.sums.is_empty() {
            // 0 · NaN would reach every item.
            let queries = match rows.iter().any(Row::is_nan) {
                true => clean_rows(block.queries, rows, self.width, &mut dense.clean),
                false => block.queries,
            };
            self.add_to_items(&mut of_items.sums, gradients, queries);
            // Items that such a row has read have NaN by now.
            let read_gradient = match self.all_finite(block.read_gradient) {
                true => block.read_gradient,
                false => finite_or_zero(block.read_gradient, &mut dense.clean),
            };
            self.add_to_items(&mut of_items.sums, weights, read_gradient);
        }
    }

    /// What goes back through the norms of the items.
    pub fn norm_gradient(&self) -> NormGradient {
        match self.similarity {
            Similarity::Cosine => NormGradient::OfDirection,
            Similarity::Dot => NormGradient::None,
            Similarity::Euclidean => NormGradient::OfDistance,
        }
    }

    /// Adds `factorsᵀ values` to `sums`, given `[rows, items]` and `[rows, width]`.
    fn add_to_items(&self, sums: &mut [R], factors: &[R], values: &[R]) {
        let rows = factors.len() / self.num_items;
        multiply(
            sums,
            Present::AddedTo,
            Matrix::new(factors, [rows, self.num_items]).transpose(),
            Matrix::new(values, [rows, self.width]),
        );
    }

    /// Whether there is no NaN and no infinity; `false` of values, too, whose squares have an infinite sum.
    fn all_finite(&self, values: &[R]) -> bool {
        let squares = self.arch.dispatch(Dot {
            a: values,
            b: values,
        });
        squares < R::of(f64::INFINITY)
    }

    /// Survivor by survivor.
    pub fn sparse_gradient(
        &self,
        survivors: &Survivors<R>,
        block: BlockInputs<R>,
        out: &mut [R],
        of_items: &mut ItemGradients<R>,
    ) {
        let mut weights = Vec::new();
        let mut gradients = Vec::new();
        for (index, &entropy_gradient) in block.entropy_gradient.iter().enumerate() {
            let (items, log_weights, log_sum) = survivors.row(index);
            let query = block.query(index, self.width);
            let span = index * self.width..(index + 1) * self.width;
            let read_gradient = &block.read_gradient[span.clone()];
            let query_scale = self.query_scale(query) * self.inverse_temperature;

            survivors.weights_of_row(self.arch, index, &mut weights);
            gradients.clear();
            gradients.resize(items.len(), R::ZERO);
            self.arch.dispatch(DotItems {
                factors: &mut gradients,
                items,
                memory: self.items,
                a: read_gradient,
            });
            let minus_entropy = AddScaled {
                output: &mut gradients,
                a: log_weights,
                factor: -entropy_gradient,
            };
            self.arch.dispatch(minus_entropy);
            let mean = self.arch.dispatch(Dot {
                a: &weights,
                b: &gradients,
            });
            let entries = gradients
                .iter_mut()
                .zip(&weights)
                .zip(log_weights)
                .zip(items);
            for (((gradient, &weight), &log_weight), &item) in entries {
                let of_logit = weight * (*gradient - mean);
                if let Some(norm) = of_items.norms.get_mut(item as usize) {
                    *norm += match self.norm_gradient() {
                        NormGradient::OfDirection => of_logit * (log_weight + log_sum),
                        NormGradient::OfDistance | NormGradient::None => of_logit,
                    };
                }
                *gradient = of_logit * query_scale * self.item_scales[item as usize];
            }

            if !out.is_empty() {
                let out = &mut out[span];
                self.arch.dispatch(SumItems {
                    output: &mut *out,
                    memory: self.items,
                    picked: Picked {
                        items,
                        factors: &gradients,
                    },
                });
                self.finish_query_gradient(out, query, log_sum);
            }
            if !of_items.sums.is_empty() {
                self.arch.dispatch(AddToItems {
                    memory: &mut of_items.sums,
                    items,
                    rows: [query, read_gradient],
                    factors: [&gradients, &weights],
                });
            }
        }
    }

    /// From `G M` the gradient of the query: for cosine similarity, without what would only change
    /// the query's norm. For Euclidean similarity the query's own norm takes nothing, as it is the same for all items and G sums
    /// to zero.
    fn finish_query_gradient(&self, out: &mut [R], query: &[R], log_sum: R) {
        if log_sum.is_nan() {
            out.fill(R::NAN);
        } else if self.similarity == Similarity::Cosine && !is_zero(self.arch, query) {
            let scale = self.query_scale(query);
            let along = self.arch.dispatch(Dot { a: out, b: query }) * scale * scale;
            self.arch.dispatch(AddScaled {
                output: out,
                a: query,
                factor: -along,
            });
        }
    }
}

/// Copies `values` with zeros in the rows that stand for NaN.
fn clean_rows<'a, R: Real>(
    values: &[R],
    rows: &[Row<R>],
    width: usize,
    clean: &'a mut Vec<R>,
) -> &'a [R] {
    clean.clear();
    clean.extend_from_slice(values);
    for (values, row) in clean.chunks_mut(width).zip(rows) {
        if row.is_nan() {
            values.fill(R::ZERO);
        }
    }
    clean
}

/// Copies `values` with zeros in place of NaN and infinities.
fn finite_or_zero<'a, R: Real>(values: &[R], clean: &'a mut Vec<R>) -> &'a [R] {
    let infinity = R::of(f64::INFINITY);
    clean.clear();
    clean.extend(
        values
            .iter()
            .map(|&value| match value < infinity && -infinity < value {
                true => value,
                false => R::ZERO,
            }),
    );
    clean
}
