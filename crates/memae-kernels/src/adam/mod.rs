//! Adam in one pass over memory.

#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "flex")]
mod ops;

use burn::config::Config;
use burn::optim::{self, AdamState, LearningRate, ModuleOptimizer, Optimizer};
use burn::tensor::{Device, Tensor};

/// Settings of [`Adam`].
///
/// Burn's [`AdamConfig`](optim::AdamConfig) without AMSGrad, weight decay and gradient clipping; the defaults are those of
/// PyTorch and of Adam's paper.
///
/// # Example
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::optim::GradientsParams;
/// use burn::tensor::{Device, Tensor};
/// use memae_kernels::adam::AdamConfig;
///
/// let device = Device::flex().autodiff();
/// let network = LinearConfig::new(1, 1).with_bias(false).init(&device);
/// let before = network.weight.val().into_scalar::<f32>();
///
/// let loss = network.forward(Tensor::<2>::ones([1, 1], &device)).sum();
/// let gradients = GradientsParams::from_grads(loss.backward(), &network);
/// let network = AdamConfig::new().init().step(0.1, network, gradients);
///
/// // The first step goes by the learning rate, whatever the gradient.
/// let after = network.weight.val().into_scalar::<f32>();
/// assert!((before - after - 0.1).abs() < 1e-6);
/// ```
#[derive(Config, Debug, PartialEq)]
pub struct AdamConfig {
    /// Share β₁ that the average of gradients keeps each step, from 0 to below 1. Default: 0.9.
    #[config(default = 0.9)]
    pub beta_1: f32,
    /// Share β₂ that the average of squares keeps each step, from 0 to below 1. Default: 0.999.
    #[config(default = 0.999)]
    pub beta_2: f32,
    /// ε, added to the root of the average of squares; above 0. Default: 1e-8.
    #[config(default = 1e-8)]
    pub epsilon: f32,
}

impl AdamConfig {
    /// Adam for whole modules.
    ///
    /// # Panics
    ///
    /// Panics if a setting is out of its range.
    pub fn init(&self) -> ModuleOptimizer {
        self.build().into()
    }

    /// Adam for single tensors.
    ///
    /// # Panics
    ///
    /// Panics if a setting is out of its range.
    pub fn build(&self) -> Adam {
        for (name, beta) in [("beta_1", self.beta_1), ("beta_2", self.beta_2)] {
            assert!(
                (0.0..1.0).contains(&beta),
                "{name} of Adam is {beta}, expected 0 to below 1"
            );
        }
        assert!(
            self.epsilon > 0.0 && self.epsilon.is_finite(),
            "epsilon of Adam is {}, expected a finite number above 0",
            self.epsilon
        );
        let by_burn = optim::AdamConfig::new()
            .with_beta_1(self.beta_1)
            .with_beta_2(self.beta_2)
            .with_epsilon(self.epsilon);
        Adam {
            config: self.clone(),
            by_burn: by_burn.build(),
        }
    }
}

/// Adam: steps by a running average of gradients over the root of a running average of their squares.
///
/// ```text
/// m ← β₁ m + (1 − β₁) g         v ← β₂ v + (1 − β₂) g²
/// x ← x − lr · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
/// ```
///
/// The same as Burn's [`Adam`](optim::Adam) to the last bit, with the same state, so that records of the one load into
/// the other. On Flex, in `f32` and `f64`, a step after the first is one pass over memory, and changes parameter and moments
/// in place unless something else holds them; elsewhere it is Burn's.
///
/// Source: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, arXiv 1412.6980.
#[derive(Clone)]
pub struct Adam {
    #[cfg_attr(not(feature = "flex"), allow(dead_code))]
    config: AdamConfig,
    by_burn: optim::Adam,
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        match state {
            #[cfg(feature = "flex")]
            Some(state) if kernels::fit(&tensor, &gradient, &state) => {
                kernels::step(&self.config, learning_rate, tensor, gradient, state)
            }
            state => self.by_burn.step(learning_rate, tensor, gradient, state),
        }
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        optim::Adam::to_device(state, device)
    }
}

#[cfg(feature = "flex")]
mod kernels {
    use burn::backend::{Dispatch, DispatchDevice};
    use burn::optim::{AdamState, AdaptiveMomentumState, LearningRate};
    use burn::tensor::{DType, Tensor};

    use super::AdamConfig;
    use super::ops::{AdamFactors, AdamOps};

    /// Whether the kernel takes these tensors.
    pub(super) fn fit<const D: usize>(
        tensor: &Tensor<D>,
        gradient: &Tensor<D>,
        state: &AdamState<D>,
    ) -> bool {
        let moments = [&state.momentum.moment_1, &state.momentum.moment_2];
        matches!(tensor.dtype(), DType::F32 | DType::F64)
            && [tensor, gradient].iter().chain(&moments).all(|other| {
                matches!(other.device().as_dispatch(), DispatchDevice::Flex(_))
                    && other.dtype() == tensor.dtype()
                    && other.dims() == tensor.dims()
            })
    }

    pub(super) fn step<const D: usize>(
        config: &AdamConfig,
        learning_rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: AdamState<D>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        let AdamConfig {
            beta_1,
            beta_2,
            epsilon,
        } = *config;
        let momentum = state.momentum;
        let time = momentum.time + 1;
        let root = (1.0 - beta_2.powi(time as i32)).sqrt();
        let factors = AdamFactors {
            keep: [beta_1, beta_2],
            take: [1.0 - beta_1, 1.0 - beta_2],
            correction: root / (1.0 - beta_1.powi(time as i32)),
            epsilon: epsilon * root,
            learning_rate,
        };
        let stepped = <Dispatch as AdamOps>::adam_step(
            tensor.into_dispatch(),
            gradient.into_dispatch(),
            momentum.moment_1.into_dispatch(),
            momentum.moment_2.into_dispatch(),
            factors,
        );
        let momentum = AdaptiveMomentumState {
            time,
            moment_1: Tensor::from_dispatch(stepped.moment_1),
            moment_2: Tensor::from_dispatch(stepped.moment_2),
            max_moment_2: momentum.max_moment_2,
        };
        let tensor = Tensor::from_dispatch(stepped.tensor);
        (tensor, Some(AdamState::new(momentum)))
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::tensor::DType;

    use super::*;

    #[test]
    fn the_kernel_takes_what_modules_have() {
        let device = Device::flex().autodiff();
        for dtype in [DType::F32, DType::F64] {
            let tracked = Tensor::<1>::ones([3], (&device, dtype)).require_grad();
            let gradients = tracked.clone().powi_scalar(2).sum().backward();
            let (tensor, gradient) = (tracked.clone().inner(), tracked.grad(&gradients).unwrap());
            let adam = AdamConfig::new().build();
            let (tensor, state) = adam.step(0.1, tensor, gradient.clone(), None);
            let state = state.unwrap();
            assert!(kernels::fit(&tensor, &gradient, &state));
            assert!(!kernels::fit(&tracked, &gradient, &state));
            assert!(!kernels::fit(&tensor, &gradient.cast(DType::F16), &state));
        }
    }
}
