use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};

use super::check::checked;
use super::source::{ClipCut, SampleValues, Samples};

/// Some of the samples of a source, in an order of their own.
#[derive(Debug, Clone)]
pub(crate) struct Selection<S> {
    samples: S,
    indices: Arc<[usize]>,
}

impl<S: Samples> Selection<S> {
    /// The samples at `indices`, each below the number of samples.
    pub(crate) fn new(samples: S, indices: impl Into<Arc<[usize]>>) -> Self {
        Self {
            samples,
            indices: indices.into(),
        }
    }
}

impl<S: Samples> Samples for Selection<S> {
    type Shape = S::Shape;

    fn shape(&self) -> S::Shape {
        self.samples.shape()
    }

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        self.samples.values(self.indices[index])
    }

    fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
        let indices = indices.into_iter().map(|index| self.indices[index]);
        self.samples.read(indices.collect())
    }

    fn clip_cut(&self) -> Option<ClipCut> {
        self.samples.clip_cut()
    }
}

impl<S: Samples> Dataset<Vec<f32>> for Selection<S> {
    fn get(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        checked(self.values(index)?, index, self.shape())
    }

    fn len(&self) -> usize {
        Samples::len(self)
    }
}
