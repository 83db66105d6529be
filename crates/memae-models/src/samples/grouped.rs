use std::ops::Range;
use std::sync::Arc;

use burn::data::dataset::DatasetError;
use memae_data::sample::TileGrid;

use super::source::{ClipCut, SampleValues, Samples};

/// Samples of which it is known which belong together: pictures of one part, stretches of one recording.
///
/// ```
/// use memae_data::sample::Vectors;
/// use memae_models::samples::{Grouped, Samples};
///
/// let vectors = Vectors::new(1, vec![0.0, 0.1, 0.2])?;
/// let grouped = Grouped::new(vectors, [7, 7, 8]);
/// assert_eq!(grouped.groups(), Some(vec![7, 7, 8]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Grouped<S> {
    samples: S,
    groups: Arc<[usize]>,
}

impl<S: Samples> Grouped<S> {
    /// Samples with the group of each.
    ///
    /// # Panics
    ///
    /// Panics if there is not one group for each sample.
    pub fn new(samples: S, groups: impl Into<Arc<[usize]>>) -> Self {
        let groups = groups.into();
        assert_eq!(
            groups.len(),
            samples.len(),
            "groups: found {}, expected {}, one for each sample",
            groups.len(),
            samples.len()
        );
        Self { samples, groups }
    }
}

impl<S: Samples> Samples for Grouped<S> {
    type Shape = S::Shape;

    fn shape(&self) -> S::Shape {
        self.samples.shape()
    }

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        self.samples.values(index)
    }

    fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
        self.samples.read(indices)
    }

    fn clip_cut(&self) -> Option<ClipCut> {
        self.samples.clip_cut()
    }

    fn sequences(&self) -> Vec<Range<usize>> {
        self.samples.sequences()
    }

    fn groups(&self) -> Option<Vec<usize>> {
        Some(self.groups.to_vec())
    }

    fn pictures(&self) -> Option<Vec<TileGrid>> {
        self.samples.pictures()
    }
}
