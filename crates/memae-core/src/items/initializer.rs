use burn::module::Param;
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::MemoryConfigError;

/// Distribution that the first items are drawn from.
///
/// To start from items of your own, use
/// [`MemoryModuleConfig::init_with_items`](crate::MemoryModuleConfig::init_with_items); to start
/// from encodings of data, see [`KMeansConfig`](super::KMeansConfig).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ItemInitializer {
    /// U(−1/√C, 1/√C) for items of width C, as in the code published by the paper's authors.
    #[default]
    Uniform,
    /// Normal with mean 0.
    Normal {
        /// Standard deviation, above 0.
        std: f64,
    },
}

impl ItemInitializer {
    /// Draws items, `[num_items, item_dim]`, from the generator of `device` (see
    /// [`Device::seed`]).
    ///
    /// # Panics
    ///
    /// Panics if `item_dim` is 0.
    pub fn init(&self, num_items: usize, item_dim: usize, device: &Device) -> Param<Tensor<2>> {
        assert!(
            item_dim > 0,
            "items need a width: expected 1 or more, found 0"
        );
        let bound = 1.0 / (item_dim as f64).sqrt();
        let initializer = match *self {
            ItemInitializer::Uniform => Initializer::Uniform {
                min: -bound,
                max: bound,
            },
            ItemInitializer::Normal { std } => Initializer::Normal { mean: 0.0, std },
        };
        let items: Param<Tensor<2>> = initializer.init([num_items, item_dim], device);
        // Drawn at once: a parameter drawn at its first use would depend on what runs before it.
        // It takes gradients in training, even if this device has none.
        Param::from_tensor(items.val())
    }

    /// Checks the standard deviation.
    ///
    /// # Errors
    ///
    /// It is not finite and above 0.
    pub fn validate(&self) -> Result<(), MemoryConfigError> {
        match *self {
            ItemInitializer::Normal { std } if !(std.is_finite() && std > 0.0) => {
                Err(MemoryConfigError::ItemDeviation { found: std })
            }
            _ => Ok(()),
        }
    }
}
