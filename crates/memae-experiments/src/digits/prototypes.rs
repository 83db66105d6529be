use burn::tensor::{Device, Int, Tensor};
use memae_core::MemoryUsage;
use memae_data::protocol::OneClass;
use memae_data::sample::LabeledImages;
use memae_models::network::ImageAutoencoder;
use memae_models::score::reconstruct;

/// The distances are taken over this many of the most read items.
const MOST_READ: usize = 40;
const BATCH_SIZE: usize = 128;

/// Memory items decoded alone, and how near they are to real images.
#[derive(Debug, Clone)]
pub(super) struct Prototypes {
    /// All items decoded, `[items, channels, height, width]`.
    pub(super) images: Vec<f32>,
    /// Median, over the most read items, of the squared distance from the decoded item to its
    /// nearest training image.
    pub(super) item_distance: f64,
    /// The same of the reconstructions of normal test images.
    pub(super) reconstruction_distance: f64,
}

impl Prototypes {
    /// `usage`: how training images used the memory of `model`.
    pub(super) fn measure(
        model: &ImageAutoencoder,
        usage: Option<&MemoryUsage>,
        split: &OneClass,
        device: &Device,
    ) -> Self {
        let width = split.train.shape().len();
        let items = model
            .memory
            .as_ref()
            .map(|memory| model.decode_items(memory.items.val()));
        let images = items.map(to_host).unwrap_or_default();
        let most_read: Vec<f32> = usage
            .iter()
            .flat_map(|usage| usage.most_read_items())
            .take(MOST_READ)
            .flat_map(|item| images[item * width..(item + 1) * width].to_vec())
            .collect();

        let normal: Vec<usize> = (0..split.test.len())
            .filter(|&index| !split.anomalous[index])
            .collect();
        let rebuilt = reconstruct(model, &split.test.select(&normal), BATCH_SIZE, device);
        let training = image_rows(&split.train, device);
        let distance = |values: Vec<f32>| {
            let rows = values.len() / width;
            let rows = Tensor::<1>::from_floats(values.as_slice(), device).reshape([rows, width]);
            median(nearest_squared_distances(rows, &training))
        };
        Self {
            item_distance: distance(most_read),
            reconstruction_distance: distance(rebuilt),
            images,
        }
    }
}

/// `[images, values]`
fn image_rows(images: &LabeledImages, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = (0..images.len())
        .flat_map(|index| images.scaled(index))
        .collect();
    Tensor::<1>::from_floats(values.as_slice(), device)
        .reshape([images.len(), images.shape().len()])
}

/// Squared distance from each row to the nearest of `others`.
fn nearest_squared_distances(rows: Tensor<2>, others: &Tensor<2>) -> Vec<f64> {
    let [count, width] = rows.dims();
    let nearest: Tensor<2, Int> = {
        let norms = others.clone().square().sum_dim(1).transpose();
        (norms - rows.clone().matmul(others.clone().transpose()) * 2.0).argmin(1)
    };
    // Taken again from the rows themselves: differences of large squares lose the small ones.
    let nearest = others.clone().select(0, nearest.reshape([count]));
    debug_assert_eq!(nearest.dims(), [count, width]);
    to_host((rows - nearest).square().sum_dim(1))
        .into_iter()
        .map(f64::from)
        .collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let count = values.len();
    match count {
        0 => 0.0,
        _ => (values[(count - 1) / 2] + values[count / 2]) / 2.0,
    }
}

pub(super) fn to_host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .try_into_vec_as()
        .unwrap_or_else(|error| panic!("values can't be read from their device: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(vec![]), 0.0);
    }

    #[test]
    fn nearest_rows_are_found() {
        let device = Device::flex();
        let rows = Tensor::<2>::from_floats([[0.0, 0.0], [5.0, 5.0]], &device);
        let others = Tensor::<2>::from_floats([[4.0, 4.0], [1.0, 0.0], [9.0, 9.0]], &device);
        assert_eq!(nearest_squared_distances(rows, &others), [1.0, 2.0]);
    }
}
