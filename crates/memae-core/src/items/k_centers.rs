use burn::config::Config;
use burn::tensor::Tensor;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::encodings::{Chosen, checked};
use crate::MemoryConfigError;

/// Items chosen among encodings of normal data so that none of these is far from all of them: greedy k-centre.
///
/// The first is drawn; each next one is the encoding that lies farthest from those chosen so far. No encoding is then farther
/// from its nearest item than twice what the best choice of as many could reach. Where k-means puts its centres where most of the
/// data is, rare normal patterns get an item of their own here; so do outliers, where the data has any.
///
/// Source: T. Gonzalez, "Clustering to Minimize the Maximum Intercluster Distance", Theoretical Computer Science 38, 1985.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::items::KCentersConfig;
///
/// let encodings = Tensor::<2>::from_floats([[0.0], [1.0], [9.0], [10.0]], &Device::flex());
/// let items = KCentersConfig::new().centers(encodings, 2).unwrap();
/// let items = items.into_data().try_to_vec::<f32>().unwrap();
/// assert!(items.iter().any(|&item| item <= 1.0) && items.iter().any(|&item| item >= 9.0));
/// ```
#[derive(Config, Debug, PartialEq)]
#[non_exhaustive]
pub struct KCentersConfig {
    /// Seed of the draw of the first. Default: 0.
    #[config(default = 0)]
    pub seed: u64,
}

impl KCentersConfig {
    /// `num_items` of the encodings, on their device, without gradient; in the order in which they were chosen.
    ///
    /// # Shapes
    ///
    /// - `encodings`: `[encodings, item_dim]`, finite
    /// - output: `[num_items, item_dim]`
    ///
    /// # Errors
    ///
    /// No items, fewer encodings than items, encodings with NaN or infinity in them.
    pub fn centers(
        &self,
        encodings: Tensor<2>,
        num_items: usize,
    ) -> Result<Tensor<2>, MemoryConfigError> {
        let encodings = checked(encodings, num_items)?;
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut chosen = Chosen::first(&encodings, rng.random_range(0..encodings.dims()[0]));
        while chosen.len() < num_items {
            let nearest = chosen.nearest().iter().enumerate();
            let farthest = nearest.fold((0, 0.0), |farthest, (index, &distance)| {
                if distance > farthest.1 {
                    (index, distance)
                } else {
                    farthest
                }
            });
            // All encodings that are left equal an item: any of them does.
            let next = match farthest {
                (index, distance) if distance > 0.0 => index,
                _ => chosen.first_left().unwrap_or(0),
            };
            chosen.choose(next);
        }
        Ok(chosen.into_rows())
    }
}
