use burn::config::Config;
use burn::tensor::Tensor;

use super::{ReconstructionReduction, reconstruction_loss};

/// The entropy weight is out of range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("loss: entropy_weight is {found}, expected a finite number, 0 or above")]
pub struct LossConfigError {
    /// The value found.
    pub found: f64,
}

/// Settings of a [`MemAeLoss`]: [`paper`](Self::paper) or [`reference`](Self::reference).
///
/// ```
/// use memae_core::loss::MemAeLossConfig;
///
/// let loss = MemAeLossConfig::paper().with_entropy_weight(0.001).try_init().unwrap();
/// assert!(MemAeLossConfig::paper().with_entropy_weight(f64::NAN).try_init().is_err());
/// # let _ = loss;
/// ```
#[derive(Config, Debug, PartialEq)]
#[non_exhaustive]
pub struct MemAeLossConfig {
    /// How squared errors become one number.
    pub reconstruction: ReconstructionReduction,
    /// Weight α of the entropy, 0 or above. Default: 0.0002.
    #[config(default = 0.0002)]
    pub entropy_weight: f64,
}

impl MemAeLossConfig {
    /// The paper's loss: squared error summed over each sample, α = 0.0002.
    pub fn paper() -> Self {
        Self::new(ReconstructionReduction::SumPerSample)
    }

    /// The loss of the code published by the paper's authors: mean squared error over all values,
    /// α = 0.0002.
    pub fn reference() -> Self {
        Self::new(ReconstructionReduction::ElementMean)
    }

    /// Makes the loss.
    ///
    /// # Errors
    ///
    /// The entropy weight is negative or not finite.
    pub fn try_init(&self) -> Result<MemAeLoss, LossConfigError> {
        if !(self.entropy_weight.is_finite() && self.entropy_weight >= 0.0) {
            return Err(LossConfigError {
                found: self.entropy_weight,
            });
        }
        Ok(MemAeLoss {
            reconstruction: self.reconstruction,
            entropy_weight: self.entropy_weight,
        })
    }

    /// Makes the loss.
    ///
    /// # Panics
    ///
    /// Panics if the entropy weight is negative or not finite.
    pub fn init(&self) -> MemAeLoss {
        self.try_init().unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Reconstruction loss plus weighted entropy of the shrunk weights.
///
/// ```text
/// L = R(x, x̂) + α · mean over queries of E(ŵ)
/// ```
///
/// With one query per sample this is the paper's sum over samples; the paper leaves open how the
/// queries of one sample are combined, and the authors' code takes the mean, as here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemAeLoss {
    reconstruction: ReconstructionReduction,
    entropy_weight: f64,
}

/// A [`MemAeLoss`] and its parts, `[1]` each.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MemAeLossOutput {
    /// What to call `backward` on.
    pub total: Tensor<1>,
    /// Reconstruction loss R.
    pub reconstruction: Tensor<1>,
    /// Mean entropy over queries, not weighted; `None` without a memory.
    pub entropy: Option<Tensor<1>>,
}

impl MemAeLoss {
    /// How squared errors become one number.
    pub fn reconstruction(&self) -> ReconstructionReduction {
        self.reconstruction
    }

    /// Loss of a batch.
    ///
    /// # Shapes
    ///
    /// - `reconstruction`, `target`: `[batch, …]`
    /// - `entropy`: of each query's shrunk weights, `[queries]`, as in
    ///   [`MemoryOutput`](crate::MemoryOutput); `None` for an autoencoder without memory
    ///
    /// # Panics
    ///
    /// Panics if `reconstruction` and `target` differ in shape.
    pub fn forward<const D: usize>(
        &self,
        reconstruction: Tensor<D>,
        target: Tensor<D>,
        entropy: Option<Tensor<1>>,
    ) -> MemAeLossOutput {
        let reconstruction = reconstruction_loss(reconstruction, target, self.reconstruction);
        let entropy = entropy.map(Tensor::mean);
        let total = match &entropy {
            Some(entropy) if self.entropy_weight > 0.0 => {
                reconstruction.clone() + entropy.clone() * self.entropy_weight
            }
            _ => reconstruction.clone(),
        };
        MemAeLossOutput {
            total,
            reconstruction,
            entropy,
        }
    }
}
