//! One query's row of weights: similarities become shrunk weights.
//!
//! Every pass is written once for vectors of any width; what is left over at the end of a row goes
//! through the same code as vectors of one number.

use memae_kernels::simd::real::Real;
use pulp::{Scalar, Simd, WithSimd};

use super::item_reads::ItemReads;
use super::largest::Largest;
use crate::addressing::EmptyRow;

/// How a row is shrunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shrink<R> {
    /// λ, if there is a threshold.
    pub threshold: Option<R>,
    /// Number of weights that are kept, if it is given.
    pub largest: Option<usize>,
    pub empty_row: EmptyRow,
}

/// What [`Address`] found out about a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row<R> {
    /// Items with a weight above zero.
    pub active: u32,
    /// The item with the largest weight.
    pub most_read: u32,
    /// All weights were at or below λ.
    pub empty: bool,
    pub entropy: R,
    /// `log ŵ_i = logit_i − log_sum` for every active item; NaN if there was a NaN or an infinity in
    /// the row.
    pub log_sum: R,
}

impl<R: Real> Row<R> {
    /// A row that there is no saying anything about.
    pub fn is_nan(&self) -> bool {
        self.log_sum.is_nan()
    }
}

/// Softmax, shrinkage and renormalisation of one row.
///
/// A row with a NaN becomes zeros, and says so.
pub(super) struct Address<'a, R> {
    /// Dot products z·m, which become ŵ.
    pub weights: &'a mut [R],
    /// Become `d(z, m)/τ` = z·m · `item_scales` · `query_scale`.
    pub logits: &'a mut [R],
    pub item_scales: &'a [R],
    pub query_scale: R,
    pub shrink: Shrink<R>,
    pub reads: &'a mut ItemReads<R>,
    /// Room for the largest logits.
    pub kept: &'a mut Largest<R>,
}

impl<R: Real> WithSimd for Address<'_, R> {
    type Output = Row<R>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Row<R> {
        let Self {
            weights,
            logits,
            item_scales,
            query_scale,
            shrink,
            reads,
            kept,
        } = self;
        let largest = scale(simd, weights, logits, item_scales, query_scale);
        match shrink.largest {
            Some(k) if k < logits.len() => {
                if !all_finite(simd, logits) {
                    return nan_row(weights);
                }
                kept.take(logits, k);
                let Largest {
                    logits,
                    weights: of_kept,
                    reads: reads_of_kept,
                    ..
                } = kept;
                let row = shrunk_row(simd, of_kept, logits, largest, shrink, reads_of_kept);
                kept.put_back(weights, reads);
                Row {
                    most_read: kept.item(row.most_read),
                    ..row
                }
            }
            _ => shrunk_row(simd, weights, logits, largest, shrink, reads),
        }
    }
}

/// Softmax, shrinkage by a threshold and renormalisation, given the largest logit.
#[inline(always)]
fn shrunk_row<S: Simd, R: Real>(
    simd: S,
    weights: &mut [R],
    logits: &[R],
    largest: R,
    shrink: Shrink<R>,
    reads: &mut ItemReads<R>,
) -> Row<R> {
    let sum = exponentials(simd, weights, logits, largest);
    let most_read = first_place(logits, largest);
    if sum.is_nan() {
        return nan_row(weights);
    }
    let inverse_sum = R::ONE / sum;
    let kept = drop_small(
        simd,
        weights,
        logits,
        inverse_sum,
        largest,
        shrink.threshold,
    );
    if kept.weighted_logits.is_nan() {
        return nan_row(weights);
    }
    if kept.weight == R::ZERO {
        let reads_best = shrink.empty_row == EmptyRow::BestItem;
        if reads_best {
            weights[most_read] = R::ONE;
            reads.counts[most_read] += R::ONE;
            reads.sums[most_read] += R::ONE;
        }
        return Row {
            active: u32::from(reads_best),
            most_read: most_read as u32,
            empty: true,
            entropy: R::ZERO,
            log_sum: logits[most_read],
        };
    }
    let active = renormalise(simd, weights, R::ONE / kept.weight, reads);
    let log_kept_sum = sum.ln() + kept.weight.ln();
    // −Σ ŵ log ŵ; rounding must not make it negative.
    let entropy = log_kept_sum - kept.weighted_logits / kept.weight;
    Row {
        active,
        most_read: most_read as u32,
        empty: false,
        entropy: match active > 1 && entropy > R::ZERO {
            true => entropy,
            false => R::ZERO,
        },
        log_sum: largest + log_kept_sum,
    }
}

/// Whether there is no NaN and no infinity.
#[inline(always)]
fn all_finite<S: Simd, R: Real>(simd: S, values: &[R]) -> bool {
    #[inline(always)]
    fn pass<S: Simd, R: Real>(simd: S, values: &[R::Vector<S>]) -> R {
        let zero = R::splat(simd, R::ZERO);
        // 0 · ∞ is NaN as well.
        let sum = |sum, &value| R::times_plus(simd, value, zero, sum);
        R::sum(simd, values.iter().fold(zero, sum))
    }
    let (values, rest) = R::vectors::<S>(values);
    let rest = R::vectors::<Scalar>(rest).0;
    let zeros = pass::<S, R>(simd, values) + pass::<Scalar, R>(Scalar::new(), rest);
    !zeros.is_nan()
}

/// Zeros that can be multiplied with, marked as what they stand for.
#[inline(always)]
fn nan_row<R: Real>(weights: &mut [R]) -> Row<R> {
    weights.fill(R::ZERO);
    Row {
        active: 0,
        most_read: 0,
        empty: false,
        entropy: R::NAN,
        log_sum: R::NAN,
    }
}

/// Makes logits of dot products; the largest of them.
#[inline(always)]
fn scale<S: Simd, R: Real>(
    simd: S,
    products: &[R],
    logits: &mut [R],
    item_scales: &[R],
    query_scale: R,
) -> R {
    #[inline(always)]
    fn pass<S: Simd, R: Real>(
        simd: S,
        products: &[R::Vector<S>],
        logits: &mut [R::Vector<S>],
        item_scales: &[R::Vector<S>],
        query_scale: R,
    ) -> R {
        let query_scale = R::splat(simd, query_scale);
        let mut largest = R::splat(simd, R::NEG_INFINITY);
        for ((logit, &product), &scale) in logits.iter_mut().zip(products).zip(item_scales) {
            *logit = R::times(simd, R::times(simd, product, scale), query_scale);
            largest = R::select(simd, [*logit, largest], *logit, largest);
        }
        R::largest(simd, largest)
    }
    let (products, products_rest) = R::vectors::<S>(products);
    let (logits, logits_rest) = R::vectors_mut::<S>(logits);
    let (scales, scales_rest) = R::vectors::<S>(item_scales);
    let largest = pass::<S, R>(simd, products, logits, scales, query_scale);
    let products = R::vectors::<Scalar>(products_rest).0;
    let logits = R::vectors_mut::<Scalar>(logits_rest).0;
    let scales = R::vectors::<Scalar>(scales_rest).0;
    let of_rest = pass::<Scalar, R>(Scalar::new(), products, logits, scales, query_scale);
    if of_rest > largest { of_rest } else { largest }
}

/// Writes `exp(logit − largest)`; their sum.
#[inline(always)]
fn exponentials<S: Simd, R: Real>(simd: S, output: &mut [R], logits: &[R], largest: R) -> R {
    #[inline(always)]
    fn pass<S: Simd, R: Real>(
        simd: S,
        output: &mut [R::Vector<S>],
        logits: &[R::Vector<S>],
        largest: R,
    ) -> R {
        let largest = R::splat(simd, largest);
        let mut sum = R::splat(simd, R::ZERO);
        for (output, &logit) in output.iter_mut().zip(logits) {
            *output = R::exp_of_nonpositive(simd, R::minus(simd, logit, largest));
            sum = R::plus(simd, sum, *output);
        }
        R::sum(simd, sum)
    }
    let (output, output_rest) = R::vectors_mut::<S>(output);
    let (logits, logits_rest) = R::vectors::<S>(logits);
    let output_rest = R::vectors_mut::<Scalar>(output_rest).0;
    let logits_rest = R::vectors::<Scalar>(logits_rest).0;
    pass::<S, R>(simd, output, logits, largest)
        + pass::<Scalar, R>(Scalar::new(), output_rest, logits_rest, largest)
}

#[derive(Clone, Copy)]
struct KeptWeight<R> {
    /// Σ w over the kept weights.
    weight: R,
    /// Σ w · (logit − largest) over the kept weights.
    weighted_logits: R,
}

/// Makes weights of exponentials and sets those at or below the threshold to zero.
#[inline(always)]
fn drop_small<S: Simd, R: Real>(
    simd: S,
    weights: &mut [R],
    logits: &[R],
    inverse_sum: R,
    largest: R,
    threshold: Option<R>,
) -> KeptWeight<R> {
    #[inline(always)]
    fn pass<S: Simd, R: Real>(
        simd: S,
        weights: &mut [R::Vector<S>],
        logits: &[R::Vector<S>],
        [inverse_sum, largest, threshold]: [R; 3],
    ) -> KeptWeight<R> {
        let zero = R::splat(simd, R::ZERO);
        let inverse_sum = R::splat(simd, inverse_sum);
        let largest = R::splat(simd, largest);
        let threshold = R::splat(simd, threshold);
        let (mut kept, mut weighted_logits) = (zero, zero);
        for (weight, &logit) in weights.iter_mut().zip(logits) {
            // Divided and then compared, as the formula has it: a weight of exactly λ is dropped.
            let full = R::times(simd, *weight, inverse_sum);
            *weight = R::select(simd, [full, threshold], full, zero);
            kept = R::plus(simd, kept, *weight);
            let logit = R::minus(simd, logit, largest);
            weighted_logits = R::times_plus(simd, *weight, logit, weighted_logits);
        }
        KeptWeight {
            weight: R::sum(simd, kept),
            weighted_logits: R::sum(simd, weighted_logits),
        }
    }
    // No weight is at or below −1.
    let settings = [inverse_sum, largest, threshold.unwrap_or(-R::ONE)];
    let (weights, weights_rest) = R::vectors_mut::<S>(weights);
    let (logits, logits_rest) = R::vectors::<S>(logits);
    let weights_rest = R::vectors_mut::<Scalar>(weights_rest).0;
    let logits_rest = R::vectors::<Scalar>(logits_rest).0;
    let kept = pass::<S, R>(simd, weights, logits, settings);
    let of_rest = pass::<Scalar, R>(Scalar::new(), weights_rest, logits_rest, settings);
    KeptWeight {
        weight: kept.weight + of_rest.weight,
        weighted_logits: kept.weighted_logits + of_rest.weighted_logits,
    }
}

/// Scales the weights and counts them for their items; how many are above zero.
#[inline(always)]
fn renormalise<S: Simd, R: Real>(
    simd: S,
    weights: &mut [R],
    scale: R,
    reads: &mut ItemReads<R>,
) -> u32 {
    #[inline(always)]
    fn pass<S: Simd, R: Real>(
        simd: S,
        weights: &mut [R::Vector<S>],
        counts: &mut [R::Vector<S>],
        sums: &mut [R::Vector<S>],
        scale: R,
    ) -> R {
        let (zero, one) = (R::splat(simd, R::ZERO), R::splat(simd, R::ONE));
        let scale = R::splat(simd, scale);
        let mut active = zero;
        for ((weight, count), sum) in weights.iter_mut().zip(counts).zip(sums) {
            *weight = R::times(simd, *weight, scale);
            let is_active = R::select(simd, [*weight, zero], one, zero);
            *sum = R::plus(simd, *sum, *weight);
            *count = R::plus(simd, *count, is_active);
            active = R::plus(simd, active, is_active);
        }
        R::sum(simd, active)
    }
    let (weights, weights_rest) = R::vectors_mut::<S>(weights);
    let (counts, counts_rest) = R::vectors_mut::<S>(&mut reads.counts);
    let (sums, sums_rest) = R::vectors_mut::<S>(&mut reads.sums);
    let active = pass::<S, R>(simd, weights, counts, sums, scale);
    let weights = R::vectors_mut::<Scalar>(weights_rest).0;
    let counts = R::vectors_mut::<Scalar>(counts_rest).0;
    let sums = R::vectors_mut::<Scalar>(sums_rest).0;
    let of_rest = pass::<Scalar, R>(Scalar::new(), weights, counts, sums, scale);
    let active: f64 = (active + of_rest).into();
    active as u32
}

/// The first place of a value; 0 if it is nowhere.
#[inline(always)]
fn first_place<R: Real>(values: &[R], value: R) -> usize {
    /// Numbers looked at before the next decision.
    const CHUNK: usize = 64;
    let (chunks, _) = values.as_chunks::<CHUNK>();
    let is_in = |chunk: &[R; CHUNK]| chunk.iter().fold(false, |found, &v| found | (v == value));
    let start = CHUNK * chunks.iter().take_while(|chunk| !is_in(chunk)).count();
    let place = values[start..].iter().position(|&v| v == value);
    place.map_or(0, |place| start + place)
}
