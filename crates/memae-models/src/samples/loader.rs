use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::tensor::{Device, Tensor};
use memae_data::sample::Vectors;

use super::batch::RowBatcher;
use super::later_passes::LaterPasses;
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

/// In which order samples come, pass after pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PassOrder {
    /// Samples of a pass, drawn anew for each; all of them if this is not set.
    pub(crate) samples_per_pass: Option<usize>,
    pub(crate) seed: u64,
    /// Passes before the first.
    pub(crate) passes_done: usize,
}

/// Batches of samples in an order drawn anew for each pass.
pub(crate) fn shuffled_loader<S: Samples + Clone + 'static>(
    samples: &Selection<S>,
    order: PassOrder,
    batch_size: usize,
    device: &Device,
) -> Arc<dyn DataLoader<Tensor<2>>> {
    match order.samples_per_pass {
        Some(count) => Arc::new(
            SubsetLoader::new(
                samples.clone(),
                count,
                batch_size,
                device.clone(),
                order.seed,
            )
            .after(order.passes_done),
        ),
        None => {
            let loader = builder(samples, batch_size, device).shuffle(order.seed);
            let loader = loader.build(samples.clone());
            match order.passes_done {
                0 => loader,
                passes => Arc::new(LaterPasses::new(loader, passes)),
            }
        }
    }
}

/// A batch of the first pass in an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchPlace {
    pub(crate) order: PassOrder,
    /// Samples of a batch.
    pub(crate) size: usize,
    /// Which it is, from 1.
    pub(crate) number: usize,
}

impl BatchPlace {
    /// Which of so many samples are in it: none where there is no such batch.
    pub(crate) fn samples(&self, count: usize, device: &Device) -> Vec<usize> {
        // Numbers take the places of the samples; in two parts, since f32 does not hold every large one.
        const PART: usize = 1 << 20;
        let parts = |number: usize| [(number / PART) as f32, (number % PART) as f32];
        let Ok(numbers) = Vectors::new(2, (0..count).flat_map(parts).collect()) else {
            return Vec::new();
        };
        let numbers = Selection::new(numbers, (0..count).collect::<Vec<_>>());
        // burn-train takes its loader to the device, which begins another order.
        let loader = shuffled_loader(&numbers, self.order, self.size, device).to_device(device);
        let batch = loader.iter().nth(self.number - 1);
        let Some(Ok(batch)) = batch else {
            return Vec::new();
        };
        let values: Vec<f32> = batch.into_data().iter::<f32>().collect();
        let number = |parts: &[f32]| parts[0] as usize * PART + parts[1] as usize;
        values.chunks_exact(2).map(number).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn loader(
        samples_per_pass: Option<usize>,
        passes_done: usize,
    ) -> Arc<dyn DataLoader<Tensor<2>>> {
        let numbers = (0..50).map(|number| number as f32).collect();
        let vectors = Vectors::new(1, numbers).unwrap();
        let samples = Selection::new(vectors, (0..50).collect::<Vec<_>>());
        let order = PassOrder {
            samples_per_pass,
            seed: 3,
            passes_done,
        };
        shuffled_loader(&samples, order, 8, &Device::flex())
    }

    fn pass(loader: &dyn DataLoader<Tensor<2>>) -> Vec<f32> {
        let batches = loader.iter().map(|batch| batch.unwrap().into_data());
        batches
            .flat_map(|batch| batch.iter::<f32>().collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn the_samples_of_a_batch_are_told_by_its_place() {
        let device = Device::flex();
        for samples_per_pass in [None, Some(20)] {
            for passes_done in [0, 2] {
                let whole = loader(samples_per_pass, passes_done).to_device(&device);
                let batches: Vec<Vec<usize>> = whole
                    .iter()
                    .map(|batch| batch.unwrap().into_data())
                    .map(|batch| batch.iter::<f32>().map(|number| number as usize).collect())
                    .collect();
                for (batch, number) in batches.iter().zip(1..) {
                    let place = BatchPlace {
                        order: PassOrder {
                            samples_per_pass,
                            seed: 3,
                            passes_done,
                        },
                        size: 8,
                        number,
                    };
                    assert_eq!(&place.samples(50, &device), batch);
                    let none = BatchPlace { number: 9, ..place };
                    assert!(none.samples(50, &device).is_empty());
                }
            }
        }
    }

    #[test]
    fn what_comes_after_some_passes_is_what_would_have_come() {
        for samples_per_pass in [None, Some(20)] {
            // burn-train takes the loader to its device before it begins.
            let whole = loader(samples_per_pass, 0).to_device(&Device::flex());
            let passes: Vec<Vec<f32>> = (0..4).map(|_| pass(&*whole)).collect();
            assert_ne!(passes[0], passes[2]);
            let later = loader(samples_per_pass, 2).to_device(&Device::flex());
            assert_eq!(later.num_items(), samples_per_pass.unwrap_or(50));
            assert_eq!(passes[2..], [pass(&*later), pass(&*later)]);
        }
    }
}
