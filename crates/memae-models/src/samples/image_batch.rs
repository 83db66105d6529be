use burn::data::dataloader::batcher::Batcher;
use burn::tensor::{Device, Tensor, TensorData};
use memae_data::sample::{ImageItem, ImageShape, LabeledImages};

/// A batch of images, values in `[0, 1]`.
#[derive(Debug, Clone)]
pub struct ImageBatch {
    /// `[batch, channels, height, width]`
    pub images: Tensor<4>,
}

/// Puts images of one shape into batches.
#[derive(Debug, Clone)]
pub struct ImageBatcher {
    shape: ImageShape,
}

impl ImageBatcher {
    /// A batcher for images of this shape.
    pub fn new(shape: ImageShape) -> Self {
        Self { shape }
    }

    /// All images of a set in one batch.
    pub fn batch_of(&self, images: &LabeledImages, device: &Device) -> ImageBatch {
        let items = (0..images.len())
            .map(|index| ImageItem {
                pixels: images.scaled(index),
                label: images.label(index),
            })
            .collect();
        self.batch(items, device)
    }
}

impl Batcher<ImageItem, ImageBatch> for ImageBatcher {
    fn batch(&self, items: Vec<ImageItem>, device: &Device) -> ImageBatch {
        let ImageShape {
            channels,
            height,
            width,
        } = self.shape;
        let dims = [items.len(), channels, height, width];
        let values: Vec<f32> = items.into_iter().flat_map(|item| item.pixels).collect();
        ImageBatch {
            images: Tensor::from_data(TensorData::new(values, dims), device),
        }
    }
}
