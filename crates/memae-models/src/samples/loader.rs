use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::tensor::{Device, Tensor};

use super::batch::RowBatcher;
use super::selection::Selection;
use super::source::Samples;
use super::subset::SubsetLoader;

/// Batches of all samples, in their order.
pub(crate) fn loader_in_order<S: Samples + Clone + 'static>(
    samples: &Selection<S>,
    batch_size: usize,
    device: &Device,
) -> Arc<dyn DataLoader<Tensor<2>>> {
    builder(samples, batch_size, device).build(samples.clone())
}

/// Batches of samples in an order drawn anew for each pass: of `most` samples, drawn anew too, or of all.
pub(crate) fn shuffled_loader<S: Samples + Clone + 'static>(
    samples: &Selection<S>,
    most: Option<usize>,
    batch_size: usize,
    seed: u64,
    device: &Device,
) -> Arc<dyn DataLoader<Tensor<2>>> {
    match most {
        Some(count) => Arc::new(SubsetLoader::new(
            samples.clone(),
            count,
            batch_size,
            device.clone(),
            seed,
        )),
        None => builder(samples, batch_size, device)
            .shuffle(seed)
            .build(samples.clone()),
    }
}

fn builder<S: Samples>(
    samples: &Selection<S>,
    batch_size: usize,
    device: &Device,
) -> DataLoaderBuilder<Vec<f32>, Tensor<2>> {
    DataLoaderBuilder::new(RowBatcher)
        // The loader reserves memory for a whole batch, whether or not there are as many samples.
        .batch_size(batch_size.min(samples.len()).max(1))
        .set_device(device.clone())
}
