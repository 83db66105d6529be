//! One query's row of weights: gradients go back from what was read to the similarities.

use pulp::{Scalar, Simd, WithSimd};

use memae_kernels::simd::real::Real;

/// From the gradients of the weights that a row reads with, `dR · Mᵀ`, those of its dot products.
///
/// ```text
/// ∂ŵ_i = (dR · Mᵀ)_i − ∂E (log ŵ_i + 1)
/// ∂d_i = ŵ_i (∂ŵ_i − Σ_j ŵ_j ∂ŵ_j) / τ
/// ```
///
/// The second line is the gradient of a softmax over the active items alone, which is what
/// renormalised weights are: what was shrunk away has no gradient.
pub(super) struct Gradient<'a, R> {
    /// `dR · Mᵀ`, which becomes the gradient of z·m.
    pub gradients: &'a mut [R],
    pub weights: &'a [R],
    pub logits: &'a [R],
    pub log_sum: R,
    pub entropy_gradient: R,
    pub item_scales: &'a [R],
    /// [`Kernel::query_scale`](super::blocks::Kernel::query_scale) / τ.
    pub query_scale: R,
    /// Takes on what goes back through the norms of the items, see [`NormGradient`]; or is empty.
    pub item_norms: &'a mut [R],
    pub norm_gradient: NormGradient,
}

/// What goes back through the norm of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NormGradient {
    /// Nothing, of dot products.
    None,
    /// `∂d_i d_i`, of cosine similarity.
    OfDirection,
    /// `∂d_i / τ`, of Euclidean similarity.
    OfDistance,
}

impl<R: Real> WithSimd for Gradient<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            gradients,
            weights,
            logits,
            item_scales,
            item_norms,
            norm_gradient,
            ..
        } = self;
        let entropy = [self.entropy_gradient, self.log_sum];
        let mean = weighted_mean(simd, gradients, weights, logits, entropy);
        #[inline(always)]
        fn pass<S: Simd, R: Real>(
            simd: S,
            gradients: &mut [R::Vector<S>],
            [weights, logits, item_scales]: [&[R::Vector<S>]; 3],
            item_norms: &mut [R::Vector<S>],
            norm_gradient: NormGradient,
            [entropy_gradient, log_sum, mean, query_scale]: [R; 4],
        ) {
            let zero = R::splat(simd, R::ZERO);
            let minus_entropy_gradient = R::splat(simd, -entropy_gradient);
            let log_sum = R::splat(simd, log_sum);
            let mean = R::splat(simd, mean);
            let query_scale = R::splat(simd, query_scale);
            let inputs = weights.iter().zip(logits).zip(item_scales);
            let of_logit = |gradient, weight, logit| {
                let log_weight = R::minus(simd, logit, log_sum);
                let gradient = R::times_plus(simd, minus_entropy_gradient, log_weight, gradient);
                let gradient = R::times(simd, weight, R::minus(simd, gradient, mean));
                // A NaN that comes back from the decoder stays with the items that were read.
                R::select(simd, [weight, zero], gradient, zero)
            };
            let of_product =
                |gradient, scale| R::times(simd, gradient, R::times(simd, query_scale, scale));
            if item_norms.is_empty() {
                for (gradient, ((&weight, &logit), &scale)) in gradients.iter_mut().zip(inputs) {
                    *gradient = of_product(of_logit(*gradient, weight, logit), scale);
                }
                return;
            }
            let one = R::splat(simd, R::ONE);
            let outputs = gradients.iter_mut().zip(item_norms);
            for ((gradient, norm), ((&weight, &logit), &scale)) in outputs.zip(inputs) {
                let of_logit = of_logit(*gradient, weight, logit);
                // ∂d · d = (gradient of the logit / τ) · (logit τ).
                let factor = match norm_gradient {
                    NormGradient::OfDirection => logit,
                    NormGradient::OfDistance | NormGradient::None => one,
                };
                *norm = R::times_plus(simd, of_logit, factor, *norm);
                *gradient = of_product(of_logit, scale);
            }
        }
        let settings = [self.entropy_gradient, self.log_sum, mean, self.query_scale];
        let (gradients, gradients_rest) = R::vectors_mut::<S>(gradients);
        let (weights, weights_rest) = R::vectors::<S>(weights);
        let (logits, logits_rest) = R::vectors::<S>(logits);
        let (scales, scales_rest) = R::vectors::<S>(item_scales);
        let (norms, norms_rest) = R::vectors_mut::<S>(item_norms);
        pass::<S, R>(
            simd,
            gradients,
            [weights, logits, scales],
            norms,
            norm_gradient,
            settings,
        );
        let gradients = R::vectors_mut::<Scalar>(gradients_rest).0;
        let inputs =
            [weights_rest, logits_rest, scales_rest].map(|rest| R::vectors::<Scalar>(rest).0);
        let norms = R::vectors_mut::<Scalar>(norms_rest).0;
        pass::<Scalar, R>(
            Scalar::new(),
            gradients,
            inputs,
            norms,
            norm_gradient,
            settings,
        );
    }
}

/// `Σ_j ŵ_j (g_j − ∂E log ŵ_j)`.
#[inline(always)]
fn weighted_mean<S: Simd, R: Real>(
    simd: S,
    gradients: &[R],
    weights: &[R],
    logits: &[R],
    entropy: [R; 2],
) -> R {
    #[inline(always)]
    fn pass<S: Simd, R: Real>(
        simd: S,
        [gradients, weights, logits]: [&[R::Vector<S>]; 3],
        [entropy_gradient, log_sum]: [R; 2],
    ) -> R {
        let minus_entropy_gradient = R::splat(simd, -entropy_gradient);
        let log_sum = R::splat(simd, log_sum);
        let mut mean = R::splat(simd, R::ZERO);
        for ((&gradient, &weight), &logit) in gradients.iter().zip(weights).zip(logits) {
            let log_weight = R::minus(simd, logit, log_sum);
            let gradient = R::times_plus(simd, minus_entropy_gradient, log_weight, gradient);
            mean = R::times_plus(simd, weight, gradient, mean);
        }
        R::sum(simd, mean)
    }
    let (gradients, gradients_rest) = R::vectors::<S>(gradients);
    let (weights, weights_rest) = R::vectors::<S>(weights);
    let (logits, logits_rest) = R::vectors::<S>(logits);
    let rest = [gradients_rest, weights_rest, logits_rest].map(|rest| R::vectors::<Scalar>(rest).0);
    pass::<S, R>(simd, [gradients, weights, logits], entropy)
        + pass::<Scalar, R>(Scalar::new(), rest, entropy)
}
