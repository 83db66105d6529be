use std::ops::Range;
use std::sync::Arc;

use burn::data::dataset::{Dataset, DatasetError};
use memae_data::sample::TileGrid;

use super::check::checked;
use super::source::{ClipCut, SampleValues, Samples};

/// Some of the samples of a source, in an order of their own, such as a part of them that was held out.
///
/// Neighbours of a [sequence](Samples::sequences) that are neighbours here as well stay in one, and so do tiles of a
/// [picture](Samples::pictures).
///
/// ```
/// use memae_data::sample::Vectors;
/// use memae_models::samples::{Samples, Selection};
///
/// let vectors = Vectors::new(1, vec![0.0, 0.1, 0.2, 0.3])?;
/// let part = Selection::new(vectors, [1, 3]);
/// assert_eq!(Samples::len(&part), 2);
/// assert_eq!(part.values(1)?, [0.3]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Selection<S> {
    samples: S,
    indices: Arc<[usize]>,
}

impl<S: Samples> Selection<S> {
    /// The samples at `indices`.
    ///
    /// # Panics
    ///
    /// Panics if an index is not below the number of samples.
    pub fn new(samples: S, indices: impl Into<Arc<[usize]>>) -> Self {
        let (indices, count) = (indices.into(), samples.len());
        if let Some(index) = indices.iter().find(|&&index| index >= count) {
            panic!(
                "selection: found index {index}, expected one below {count}, the number of samples"
            );
        }
        Self { samples, indices }
    }

    /// The indices in the source of samples here.
    #[cfg(feature = "train")]
    pub(crate) fn indices_of(&self, places: &[usize]) -> Vec<usize> {
        places.iter().map(|&place| self.indices[place]).collect()
    }

    /// The places of samples that follow each other in the source as here, and are on one side of each of its `ends`.
    fn neighbours(&self, ends: &[usize]) -> Vec<Range<usize>> {
        let part_of = |index: usize| ends.partition_point(|&end| end <= index);
        let mut neighbours: Vec<Range<usize>> = Vec::new();
        for (place, &index) in self.indices.iter().enumerate() {
            let follows = place > 0 && {
                let before = self.indices[place - 1];
                index == before + 1 && part_of(index) == part_of(before)
            };
            match neighbours.last_mut() {
                Some(last) if follows => last.end = place + 1,
                _ => neighbours.push(place..place + 1),
            }
        }
        neighbours
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

    fn sequences(&self) -> Vec<Range<usize>> {
        let ends: Vec<usize> = self.samples.sequences().iter().map(|s| s.end).collect();
        self.neighbours(&ends)
    }

    fn groups(&self) -> Option<Vec<usize>> {
        let groups = self.samples.groups()?;
        // A source with too few of them is told so by whoever divides by them.
        let groups = self.indices.iter().map(|&index| groups.get(index).copied());
        Some(groups.flatten().collect())
    }

    fn pictures(&self) -> Option<Vec<TileGrid>> {
        let grids = self.samples.pictures()?;
        let mut end = 0;
        let ends: Vec<usize> = grids
            .iter()
            .map(|grid| {
                end += grid.len();
                end
            })
            .collect();
        let part = |places: Range<usize>| {
            let first = self.indices[places.start];
            let picture = ends.partition_point(|&end| end <= first);
            let tile = first - (ends[picture] - grids[picture].len());
            grids[picture].with_tiles(tile..tile + places.len())
        };
        Some(self.neighbours(&ends).into_iter().map(part).collect())
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
