use std::ops::Range;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataset::DatasetError;
use burn::tensor::{Device, Tensor, TensorData};

use super::check::checked;
use super::source::Samples;

/// A source that reads another number of samples than it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{found} samples were read, expected {expected}")]
struct SampleCount {
    found: usize,
    expected: usize,
}

/// Puts samples into a matrix, one sample a row.
#[derive(Debug, Clone)]
pub(crate) struct RowBatcher;

impl Batcher<Vec<f32>, Tensor<2>> for RowBatcher {
    fn batch(&self, samples: Vec<Vec<f32>>, device: &Device) -> Tensor<2> {
        let rows = samples.len();
        let values: Vec<f32> = samples.into_iter().flatten().collect();
        let columns = values.len() / rows.max(1);
        Tensor::from_data(TensorData::new(values, [rows, columns]), device)
    }
}

/// Calls `visit` with the samples in order, a matrix of up to `batch_size` rows at a time.
pub(crate) fn for_each_batch<S: Samples>(
    samples: &S,
    batch_size: usize,
    device: &Device,
    visit: impl FnMut(Tensor<2>),
) -> Result<(), DatasetError> {
    for_each_batch_in(samples, 0..samples.len(), batch_size, device, visit)
}

/// The same with the samples in a range.
pub(crate) fn for_each_batch_in<S: Samples>(
    samples: &S,
    range: Range<usize>,
    batch_size: usize,
    device: &Device,
    mut visit: impl FnMut(Tensor<2>),
) -> Result<(), DatasetError> {
    assert!(batch_size > 0, "batch_size is 0, expected at least 1");
    let shape = samples.shape();
    let (mut batch, mut found) = (Vec::new(), 0);
    for (index, values) in samples.read(range.clone().collect()).enumerate() {
        batch.push(checked(values?, range.start + index, shape)?);
        found += 1;
        if batch.len() == batch_size {
            visit(RowBatcher.batch(std::mem::take(&mut batch), device));
        }
    }
    if !batch.is_empty() {
        visit(RowBatcher.batch(batch, device));
    }
    match found == range.len() {
        true => Ok(()),
        false => Err(DatasetError::new(SampleCount {
            found,
            expected: range.len(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use memae_data::sample::{ImageShape, LabeledImages};

    use super::*;
    use crate::samples::SampleValues;
    use crate::samples::selection::Selection;
    use memae_data::sample::ClipShape;

    fn images() -> LabeledImages {
        let shape = ImageShape {
            channels: 1,
            height: 1,
            width: 3,
        };
        let pixels = (0..15).collect();
        LabeledImages::new(shape, pixels, vec![0; 5]).unwrap()
    }

    #[test]
    fn batches_are_the_samples_in_order() {
        let selection = Selection::new(images(), [4, 0, 3, 1]);
        let mut rows = Vec::new();
        let mut sizes = Vec::new();
        for_each_batch(&selection, 3, &Device::flex(), |batch| {
            sizes.push(batch.dims());
            rows.extend(batch.into_data().iter::<f32>().map(|value| value * 255.0));
        })
        .unwrap();
        assert_eq!(sizes, [[3, 3], [1, 3]]);
        let rows: Vec<u8> = rows.iter().map(|value| value.round() as u8).collect();
        assert_eq!(rows, [12, 13, 14, 0, 1, 2, 9, 10, 11, 3, 4, 5]);
    }

    #[test]
    fn a_source_that_loses_samples_is_an_error() {
        struct Lossy(LabeledImages);
        impl Samples for Lossy {
            type Shape = ImageShape;
            fn shape(&self) -> ImageShape {
                self.0.shape()
            }
            fn len(&self) -> usize {
                self.0.len()
            }
            fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
                Samples::values(&self.0, index)
            }
            fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
                let fewer = indices.into_iter().skip(1);
                Box::new(fewer.map(|index| self.values(index)))
            }
        }
        let error = for_each_batch(&Lossy(images()), 2, &Device::flex(), |_| ()).unwrap_err();
        let error = error.to_string();
        assert!(
            error.ends_with("4 samples were read, expected 5"),
            "{error}"
        );
    }

    #[test]
    fn a_source_that_contradicts_its_shape_is_an_error() {
        #[derive(Clone)]
        struct Short;
        impl Samples for Short {
            type Shape = ClipShape;
            fn shape(&self) -> ClipShape {
                ClipShape {
                    channels: 1,
                    frames: 2,
                    height: 3,
                    width: 5,
                }
            }
            fn len(&self) -> usize {
                2
            }
            fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
                Ok(vec![0.0; 30 - index])
            }
        }
        let nan = checked(vec![0.0, f32::NAN, 1.0], 7, images().shape()).unwrap_err();
        assert!(
            nan.to_string()
                .ends_with("sample 7 holds NaN, expected finite numbers"),
            "{nan}"
        );
        let error = for_each_batch(&Short, 2, &Device::flex(), |_| ()).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("sample 1 has 29 values, expected 30 as its shape 1x2x3x5 says"),
            "{error}"
        );
    }
}
