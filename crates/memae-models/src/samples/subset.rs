use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::transform::ShuffledDataset;
use burn::data::dataset::{Dataset, DatasetError, InMemDataset};
use burn::tensor::{Device, Tensor};

use super::batch::RowBatcher;
use super::check::checked;
use super::selection::Selection;
use super::source::{SampleValues, Samples};

/// Batches of a random subset of samples; each pass draws its own from the seed.
pub(super) struct SubsetLoader<S> {
    samples: Arc<Selection<S>>,
    /// Samples left out at the start of a pass: those of other devices.
    skipped: usize,
    /// Samples a pass.
    count: usize,
    batch_size: usize,
    device: Device,
    seed: u64,
    passes: AtomicU64,
}

impl<S: Samples + 'static> SubsetLoader<S> {
    pub(super) fn new(
        samples: Selection<S>,
        count: usize,
        batch_size: usize,
        device: Device,
        seed: u64,
    ) -> Self {
        Self {
            skipped: 0,
            count: count.min(Samples::len(&samples)),
            samples: Arc::new(samples),
            batch_size,
            device,
            seed,
            passes: AtomicU64::new(0),
        }
    }

    /// The same after so many passes.
    pub(super) fn after(mut self, passes: usize) -> Self {
        *self.passes.get_mut() += passes as u64;
        self
    }

    fn with(&self, skipped: usize, count: usize, device: Device) -> Arc<Self> {
        Arc::new(Self {
            samples: self.samples.clone(),
            skipped,
            count,
            batch_size: self.batch_size,
            device,
            seed: self.seed,
            passes: AtomicU64::new(self.passes.load(Ordering::Relaxed)),
        })
    }
}

impl<S: Samples + 'static> DataLoader<Tensor<2>> for SubsetLoader<S> {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<Tensor<2>> + 'a> {
        let pass = self.passes.fetch_add(1, Ordering::Relaxed);
        // Seeds of neighbouring runs differ by one: those of passes must not meet them.
        let seed = self
            .seed
            .wrapping_add(pass.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let order = InMemDataset::new((0..Samples::len(&*self.samples)).collect());
        let order = ShuffledDataset::new(order, seed);
        let pass = self.skipped..self.skipped + self.count;
        let values = match pass.map(|place| order.get(place)).collect() {
            Ok(indices) => self.samples.read(indices),
            Err(error) => Box::new(std::iter::once(Err(error))) as SampleValues<'_>,
        };
        Box::new(SubsetIterator {
            values,
            read: 0,
            loader: self,
        })
    }

    fn num_items(&self) -> usize {
        self.count
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<Tensor<2>>> {
        self.with(self.skipped, self.count, device.clone())
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<Tensor<2>>> {
        let (start, end) = (start.min(self.count), end.min(self.count));
        let count = end.saturating_sub(start);
        self.with(self.skipped + start, count, self.device.clone())
    }
}

struct SubsetIterator<'a, S: Samples + 'static> {
    values: SampleValues<'a>,
    read: usize,
    loader: &'a SubsetLoader<S>,
}

impl<S: Samples + 'static> Iterator for SubsetIterator<'_, S> {
    type Item = Result<Tensor<2>, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let shape = self.loader.samples.shape();
        let mut batch = Vec::with_capacity(self.loader.batch_size);
        for values in self.values.by_ref().take(self.loader.batch_size) {
            let index = self.read + batch.len();
            match values.and_then(|values| checked(values, index, shape)) {
                Ok(values) => batch.push(values),
                Err(error) => return Some(Err(error)),
            }
        }
        if batch.is_empty() {
            return None;
        }
        self.read += batch.len();
        Some(Ok(RowBatcher.batch(batch, &self.loader.device)))
    }
}

impl<S: Samples + 'static> DataLoaderIterator<Tensor<2>> for SubsetIterator<'_, S> {
    fn progress(&self) -> Progress {
        Progress::new(self.read, self.loader.count, Some("items".to_string()))
    }
}

#[cfg(test)]
mod tests {
    use memae_data::sample::{ImageShape, LabeledImages};

    use super::*;

    /// Images of one pixel that says their number.
    fn loader(count: usize, seed: u64) -> SubsetLoader<LabeledImages> {
        let shape = ImageShape {
            channels: 1,
            height: 1,
            width: 1,
        };
        let images = LabeledImages::new(shape, (0..50).collect(), vec![0; 50]).unwrap();
        let samples = Selection::new(images, (0..50).collect::<Vec<_>>());
        SubsetLoader::new(samples, count, 4, Device::flex(), seed)
    }

    fn pass(loader: &SubsetLoader<LabeledImages>) -> Vec<u8> {
        let mut found = Vec::new();
        let mut iterator = loader.iter();
        while let Some(batch) = iterator.next() {
            let batch = batch.unwrap().into_data();
            found.extend(
                batch
                    .iter::<f32>()
                    .map(|value| (value * 255.0).round() as u8),
            );
            assert_eq!(iterator.progress().items_processed, found.len());
        }
        found
    }

    #[test]
    fn each_pass_has_a_subset_of_its_own() {
        let first = loader(10, 3);
        let passes: Vec<Vec<u8>> = (0..3).map(|_| pass(&first)).collect();
        for found in &passes {
            let mut sorted = found.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!((found.len(), sorted.len()), (10, 10));
        }
        assert_ne!(passes[0], passes[1]);
        assert_ne!(passes[1], passes[2]);

        let again = loader(10, 3);
        assert_eq!(passes, [pass(&again), pass(&again), pass(&again)]);
        assert_ne!(passes[0], pass(&loader(10, 4)));
    }

    #[test]
    fn what_comes_after_some_passes_is_what_would_have_come() {
        let whole = loader(10, 3);
        let passes: Vec<Vec<u8>> = (0..4).map(|_| pass(&whole)).collect();
        let later = loader(10, 3).after(2);
        assert_eq!(passes[2..], [pass(&later), pass(&later)]);
    }

    #[test]
    fn slices_of_a_pass_are_disjoint() {
        let whole = pass(&loader(20, 5));
        let parts = [(0, 7), (7, 20)].map(|(start, end)| {
            let part = loader(20, 5).slice(start, end);
            assert_eq!(part.num_items(), end - start);
            let batches = part.iter().map(|batch| batch.unwrap().into_data());
            let values = batches.flat_map(|batch| batch.iter::<f32>().collect::<Vec<_>>());
            values
                .map(|value| (value * 255.0).round() as u8)
                .collect::<Vec<_>>()
        });
        assert_eq!(parts.concat(), whole);
    }

    #[test]
    fn more_than_there_are_is_all() {
        let all = loader(70, 1);
        assert_eq!(all.num_items(), 50);
        let mut found = pass(&all);
        found.sort_unstable();
        assert_eq!(found, (0..50).collect::<Vec<u8>>());
    }
}
