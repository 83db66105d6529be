use std::sync::{Arc, Once};

use burn::data::dataloader::{DataLoader, DataLoaderIterator};
use burn::tensor::{Device, Tensor};

/// A loader whose first passes are over: each pass draws the order of the samples from one generator, which has to have drawn for them.
pub(super) struct LaterPasses {
    loader: Arc<dyn DataLoader<Tensor<2>>>,
    passes: usize,
    skipped: Once,
}

impl LaterPasses {
    pub(super) fn new(loader: Arc<dyn DataLoader<Tensor<2>>>, passes: usize) -> Self {
        Self {
            loader,
            passes,
            skipped: Once::new(),
        }
    }
}

impl DataLoader<Tensor<2>> for LaterPasses {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<Tensor<2>> + 'a> {
        self.skipped.call_once(|| {
            for _ in 0..self.passes {
                // The order is drawn here, and nothing is read.
                drop(self.loader.iter());
            }
        });
        self.loader.iter()
    }

    fn num_items(&self) -> usize {
        self.loader.num_items()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<Tensor<2>>> {
        Arc::new(Self::new(self.loader.to_device(device), self.passes))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<Tensor<2>>> {
        Arc::new(Self::new(self.loader.slice(start, end), self.passes))
    }
}
