use burn::config::Config;
use burn::tensor::{Int, Tensor};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::encodings::{Chosen, checked, squared_distances};
use super::grouping::Groups;
use crate::MemoryConfigError;
use crate::precision::in_type;

/// First items from encodings of normal data: k-means with k-means++ seeding.
///
/// An item that starts as the centre of a cluster of encodings decodes to a prototype from the
/// first step on; items drawn at random must first be moved to where encodings are.
///
/// Source of the seeding: D. Arthur, S. Vassilvitskii, "k-means++: The Advantages of Careful
/// Seeding", SODA 2007.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Distribution, Tensor};
/// use memae_core::items::KMeansConfig;
///
/// let encodings = Tensor::<2>::random([50, 3], Distribution::Default, &Device::flex());
/// let items = KMeansConfig::new().centers(encodings, 7).unwrap();
/// assert_eq!(items.dims(), [7, 3]);
/// ```
#[derive(Config, Debug, PartialEq)]
#[non_exhaustive]
pub struct KMeansConfig {
    /// Rounds of assignment and averaging, [`MAX_ITERATIONS`](Self::MAX_ITERATIONS) at most. Default: 20.
    #[config(default = 20)]
    pub iterations: usize,
    /// Seed of the k-means++ draws. Default: 0.
    #[config(default = 0)]
    pub seed: u64,
}

impl KMeansConfig {
    /// The most [`iterations`](Self::iterations).
    pub const MAX_ITERATIONS: usize = 10_000;

    /// Centres of `num_items` clusters of the encodings, on their device, without gradient.
    ///
    /// # Shapes
    ///
    /// - `encodings`: `[encodings, item_dim]`, finite
    /// - output: `[num_items, item_dim]`
    ///
    /// # Errors
    ///
    /// No items, fewer encodings than items, encodings with NaN or infinity in them, or too many iterations.
    pub fn centers(
        &self,
        encodings: Tensor<2>,
        num_items: usize,
    ) -> Result<Tensor<2>, MemoryConfigError> {
        if self.iterations > Self::MAX_ITERATIONS {
            return Err(MemoryConfigError::OutOfRange {
                name: "iterations",
                found: self.iterations as f64,
                expected: "at most 10000",
            });
        }
        let encodings = checked(encodings, num_items)?;
        let mut centers = self.seed_centers(&encodings, num_items);
        for _ in 0..self.iterations {
            let assigned = squared_distances(&encodings, &centers).argmin(1);
            centers = average(&encodings, assigned.squeeze_dim(1), centers);
        }
        Ok(centers)
    }

    /// k-means++: each next centre is drawn with probability proportional to its squared distance
    /// from the nearest centre so far.
    fn seed_centers(&self, encodings: &Tensor<2>, num_items: usize) -> Tensor<2> {
        let [found, _] = encodings.dims();
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut chosen = Chosen::first(encodings, rng.random_range(0..found));
        while chosen.len() < num_items {
            // All encodings that are left equal a centre: any of them does.
            let next = draw(chosen.nearest(), &mut rng).or_else(|| chosen.first_left());
            chosen.choose(next.unwrap_or(0));
        }
        chosen.into_rows()
    }
}

/// Draws an index with probability proportional to its weight; `None` if no weight is positive.
fn draw(weights: &[f64], rng: &mut ChaCha8Rng) -> Option<usize> {
    let total: f64 = weights.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return None;
    }
    let mut left = rng.random::<f64>() * total;
    let mut last = None;
    for (index, &weight) in weights
        .iter()
        .enumerate()
        .filter(|(_, weight)| **weight > 0.0)
    {
        last = Some(index);
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// Mean of the points of each cluster; a cluster without points keeps its centre.
fn average(points: &Tensor<2>, assigned: Tensor<1, Int>, centers: Tensor<2>) -> Tensor<2> {
    let dims = centers.dims();
    let all = Tensor::<1>::ones([points.dims()[0]], &points.device()).bool();
    let groups = Groups::of(points.clone(), assigned, all, dims[0]);
    let counts = groups.counts.unsqueeze_dim::<2>(1);
    let empty = counts.clone().equal_elem(0.0).expand(dims);
    let means = in_type(groups.sums / counts.clamp_min(1.0), centers.dtype());
    means.mask_where(empty, centers)
}
