use std::collections::HashSet;

use burn::tensor::{Device, Tensor, TensorData};
use memae_core::addressing::{Shrinkage, Similarity};
use memae_core::items::{KCentersConfig, KMeansConfig};
use memae_core::{MemoryConfigError, MemoryModuleConfig};
use memae_data::protocol::permutation;
use memae_data::sample::VectorShape;
use serde::{Deserialize, Serialize};

use super::error::TrainError;
use crate::network::{SampleShape, VectorAutoencoder, VectorAutoencoderConfig};
use crate::samples::Samples;

/// A temperature by which all items that are read weigh the same.
const ALIKE: f64 = 1e30;

/// A memory of samples without encoder and decoder: what is normal is near to something normal that was seen.
///
/// Its items are the distinct training samples, or a choice of them; a sample reads its nearest items by Euclidean distance, and
/// the reconstruction error is its squared distance to what it read. With one neighbour and all samples that is the distance to the
/// nearest neighbour. Nothing is learned by gradient.
///
/// A training sample that is an item reads itself, so that its own error is 0: thresholds come from samples that were held out. And a
/// detector's file holds the items, which are samples.
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::sample::Vectors;
/// use memae_models::detect::{Detector, DetectorConfig};
/// use memae_models::train::SampleMemoryConfig;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let device = Device::flex();
/// let normal = Vectors::new(2, vec![0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0])?;
/// let (model, network) = SampleMemoryConfig::default().fit(&normal, &device)?;
/// assert_eq!(network.memory.as_ref().unwrap().num_items, 3);
///
/// let detector = Detector::fit(model, network, DetectorConfig::default(), &normal, &device)?;
/// let verdicts = detector.detect(&Vectors::new(2, vec![1.0, 0.0, 4.0, 4.0])?, &device)?;
/// assert_eq!(verdicts[0].score, 0.0);
/// assert_eq!(verdicts[1].score, 25.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SampleMemoryConfig {
    /// The most items, at least 1; where there are more distinct samples, some are chosen. Default: 20,000.
    pub max_items: usize,
    /// How they are chosen then. Default: drawn.
    pub choice: ItemChoice,
    /// Items that a sample reads, at least 1, all of the same weight; where there are fewer, all of them. Default: 1.
    pub neighbors: usize,
    /// Seed of the choice. Default: 0.
    pub seed: u64,
}

/// How items are chosen among samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ItemChoice {
    /// At random, each distinct sample alike.
    Drawn,
    /// Centres of clusters of the distinct samples ([`KMeansConfig`]).
    KMeans,
    /// Farthest from one another ([`KCentersConfig`]).
    KCenters,
}

impl Default for SampleMemoryConfig {
    fn default() -> Self {
        Self {
            max_items: 20_000,
            choice: ItemChoice::Drawn,
            neighbors: 1,
            seed: 0,
        }
    }
}

impl SampleMemoryConfig {
    /// Keeps at most so many items.
    pub fn with_max_items(self, max_items: usize) -> Self {
        Self { max_items, ..self }
    }

    /// Chooses items in another way.
    pub fn with_choice(self, choice: ItemChoice) -> Self {
        Self { choice, ..self }
    }

    /// Reads so many items.
    pub fn with_neighbors(self, neighbors: usize) -> Self {
        Self { neighbors, ..self }
    }

    /// Chooses by another seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The memory of these samples, with its settings.
    ///
    /// # Errors
    ///
    /// No samples, or one that can't be read; no items or neighbours asked for.
    pub fn fit(
        &self,
        samples: &impl Samples<Shape = VectorShape>,
        device: &Device,
    ) -> Result<(VectorAutoencoder, VectorAutoencoderConfig), TrainError> {
        self.check()?;
        if samples.is_empty() {
            return Err(TrainError::TooFewSamples {
                name: VectorShape::NAME,
                found: 0,
                expected: 1,
            });
        }
        let shape = samples.shape();
        let rows = distinct(samples)?;
        let items = self.items(rows, shape.width, device)?;
        Self::of_items(items, shape, self.neighbors)
    }

    /// A memory of these items, `[items, width]`, of which so many are read.
    pub(super) fn of_items(
        items: Tensor<2>,
        shape: VectorShape,
        neighbors: usize,
    ) -> Result<(VectorAutoencoder, VectorAutoencoderConfig), TrainError> {
        let [num_items, width] = items.dims();
        let memory = MemoryModuleConfig::new(num_items, width)
            .with_similarity(Similarity::Euclidean)
            .with_temperature(ALIKE)
            .with_shrinkage(Shrinkage::TopK(neighbors.min(num_items)));
        let network = VectorAutoencoderConfig::memory_alone(shape, memory);
        Ok((network.try_init_with_items(items)?, network))
    }

    fn check(&self) -> Result<(), MemoryConfigError> {
        match (self.max_items, self.neighbors) {
            (0, _) => Err(MemoryConfigError::NoItems),
            (num_items, 0) => Err(MemoryConfigError::TopK {
                found: 0,
                num_items,
            }),
            _ => Ok(()),
        }
    }

    /// Items of distinct rows, `[items, width]`.
    fn items(
        &self,
        rows: Vec<Vec<f32>>,
        width: usize,
        device: &Device,
    ) -> Result<Tensor<2>, TrainError> {
        let matrix = |rows: Vec<Vec<f32>>| {
            let dims = [rows.len(), width];
            Tensor::<2>::from_data(TensorData::new(rows.concat(), dims), device)
        };
        if rows.len() <= self.max_items {
            return Ok(matrix(rows));
        }
        let (count, seed) = (self.max_items, self.seed);
        Ok(match self.choice {
            ItemChoice::Drawn => {
                let mut drawn = permutation(rows.len(), seed);
                drawn.truncate(count);
                drawn.sort_unstable();
                matrix(drawn.into_iter().map(|row| rows[row].clone()).collect())
            }
            ItemChoice::KMeans => KMeansConfig::new()
                .with_seed(seed)
                .centers(matrix(rows), count)?,
            ItemChoice::KCenters => KCentersConfig::new()
                .with_seed(seed)
                .centers(matrix(rows), count)?,
        })
    }
}

/// The distinct samples, in the order in which each is first met.
fn distinct(samples: &impl Samples<Shape = VectorShape>) -> Result<Vec<Vec<f32>>, TrainError> {
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for index in 0..samples.len() {
        let row = samples.values(index)?;
        // 0 and −0 are the same number.
        let bits: Vec<u32> = row.iter().map(|value| (value + 0.0).to_bits()).collect();
        if seen.insert(bits) {
            rows.push(row);
        }
    }
    Ok(rows)
}
