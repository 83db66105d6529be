//! Samples of one shape, from wherever they come: what training and scoring take.

use std::fmt::{Debug, Display};
use std::ops::Range;
use std::sync::Arc;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataset::{Dataset, DatasetError};
use burn::tensor::{Device, Tensor, TensorData};
use memae_data::encode::{ClipLayout, Clips, PixelRange};
use memae_data::sample::{ImageShape, LabeledImages, Vectors};
use serde::{Deserialize, Serialize};

use crate::network::{ClipShape, VectorShape};

mod runs;

pub use runs::Runs;

/// Shape of a sample.
pub trait SampleShape: Copy + PartialEq + Debug + Display + Send + Sync + 'static {
    /// What one such sample is called.
    const NAME: &'static str;

    /// Size along each axis, `[channels, …]`; the number of values for vectors.
    fn dims(self) -> Vec<usize>;
}

impl SampleShape for ImageShape {
    const NAME: &'static str = "image";

    fn dims(self) -> Vec<usize> {
        vec![self.channels, self.height, self.width]
    }
}

impl SampleShape for ClipShape {
    const NAME: &'static str = "clip";

    fn dims(self) -> Vec<usize> {
        vec![self.channels, self.frames, self.height, self.width]
    }
}

impl SampleShape for VectorShape {
    const NAME: &'static str = "vector";

    fn dims(self) -> Vec<usize> {
        vec![self.width]
    }
}

/// Values of samples, one after the other.
pub type SampleValues<'a> = Box<dyn Iterator<Item = Result<Vec<f32>, DatasetError>> + 'a>;

/// How clips were cut out of videos: what frames that come one at a time must be to be scored alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipCut {
    /// Length and stride of clips, and which of its frames a clip scores.
    pub layout: ClipLayout,
    /// What the levels of pixels have become.
    pub range: PixelRange,
}

/// Samples of one shape that can be asked for by index, such as [`LabeledImages`] or [`Clips`].
///
/// Implement it for a source of your own to train and score on it. A clone should share the samples,
/// not copy them.
///
/// # Example
///
/// ```
/// use burn::data::dataset::DatasetError;
/// use burn::tensor::Device;
/// use memae_core::QueryUnit;
/// use memae_models::network::{ClipShape, Variant, VideoAutoencoderConfig, VideoLayerConfig};
/// use memae_models::samples::Samples;
/// use memae_models::train::{ProgressDisplay, TrainConfig, Trainer};
///
/// /// Clips in which a bright column moves to the right.
/// #[derive(Clone)]
/// struct MovingColumn;
///
/// impl Samples for MovingColumn {
///     type Shape = ClipShape;
///
///     fn shape(&self) -> ClipShape {
///         ClipShape { channels: 1, frames: 4, height: 6, width: 8 }
///     }
///
///     fn len(&self) -> usize {
///         8
///     }
///
///     fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
///         let value = |i: usize| (i % 8 == (index + i / 48) % 8) as u8 as f32;
///         Ok((0..4 * 6 * 8).map(value).collect())
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let layer = |channels| vec![VideoLayerConfig::new([3; 3], [2; 3], channels)];
/// let network = VideoAutoencoderConfig::new(MovingColumn.shape(), layer(4), layer(1))
///     .with_variant(Variant::MemAe, 10, QueryUnit::Position);
/// let config = TrainConfig::video().with_epochs(1).with_batch_size(4);
/// let trained = Trainer::new(config, Device::flex())
///     .with_display(ProgressDisplay::Silent)
///     .fit(&network, &MovingColumn)?;
/// assert_eq!(trained.history.epochs.len(), 1);
/// # Ok(())
/// # }
/// ```
pub trait Samples: Send + Sync {
    /// What describes the shape.
    type Shape: SampleShape;

    /// Shape of each sample.
    fn shape(&self) -> Self::Shape;

    /// Number of samples.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Values of one sample, in row-major order of its shape.
    ///
    /// # Errors
    ///
    /// The sample can't be read. Values that are not finite are refused by whoever asks.
    ///
    /// # Panics
    ///
    /// May panic if `index` is not below [`len`](Self::len).
    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError>;

    /// The values of some samples, in the order of `indices`. By default each is read when it is asked
    /// for; a source that takes long to read may read ahead.
    ///
    /// # Panics
    ///
    /// As [`values`](Self::values).
    fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
        Box::new(indices.into_iter().map(|index| self.values(index)))
    }

    /// How clips were cut out of videos, where samples are such clips; `None` by default.
    fn clip_cut(&self) -> Option<ClipCut> {
        None
    }

    /// Samples that follow each other in time, such as the clips of one video, for all samples in
    /// order. By default all are one sequence.
    fn sequences(&self) -> Vec<Range<usize>> {
        std::iter::once(0..self.len()).collect()
    }
}

impl Samples for LabeledImages {
    type Shape = ImageShape;

    fn shape(&self) -> ImageShape {
        LabeledImages::shape(self)
    }

    fn len(&self) -> usize {
        LabeledImages::len(self)
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        Ok(self.scaled(index))
    }
}

impl Samples for Vectors {
    type Shape = VectorShape;

    fn shape(&self) -> VectorShape {
        VectorShape {
            width: self.width(),
        }
    }

    fn len(&self) -> usize {
        Vectors::len(self)
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        Ok(self.row(index).to_vec())
    }
}

/// Clips of videos; those of one video are a sequence.
impl Samples for Clips {
    type Shape = ClipShape;

    fn shape(&self) -> ClipShape {
        let frame = self.frame_shape();
        ClipShape {
            channels: frame.channels,
            frames: self.layout().length(),
            height: frame.height,
            width: frame.width,
        }
    }

    fn len(&self) -> usize {
        Clips::len(self)
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let clip = self.clip(index).map_err(DatasetError::new)?;
        Ok(clip.values)
    }

    /// Frames are decoded ahead, in a thread of its own.
    fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
        let clips = self.stream(indices, 1);
        Box::new(clips.map(|clip| Ok(clip.map_err(DatasetError::new)?.values)))
    }

    fn clip_cut(&self) -> Option<ClipCut> {
        Some(ClipCut {
            layout: self.layout(),
            range: self.range(),
        })
    }

    fn sequences(&self) -> Vec<Range<usize>> {
        (0..self.videos())
            .map(|video| self.clips_of(video))
            .collect()
    }
}

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

/// A sample with another number of values than its source says it has.
#[derive(Debug, thiserror::Error)]
#[error("sample {index} has {found} values, expected {expected} as its shape {shape} says")]
struct ValueCount {
    index: usize,
    found: usize,
    expected: usize,
    shape: String,
}

/// A source that reads another number of samples than it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{found} samples were read, expected {expected}")]
struct SampleCount {
    found: usize,
    expected: usize,
}

/// A value that is no number.
#[derive(Debug, thiserror::Error)]
#[error("sample {index} holds {found}, expected finite numbers")]
struct NotFinite {
    index: usize,
    found: f32,
}

/// The values of a sample, if there are as many as its shape says and all are finite.
pub(crate) fn checked<S: SampleShape>(
    values: Vec<f32>,
    index: usize,
    shape: S,
) -> Result<Vec<f32>, DatasetError> {
    let (found, expected) = (values.len(), shape.dims().iter().product());
    if found != expected {
        return Err(DatasetError::new(ValueCount {
            index,
            found,
            expected,
            shape: shape.to_string(),
        }));
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(&found) => Err(DatasetError::new(NotFinite { index, found })),
        None => Ok(values),
    }
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
    mut visit: impl FnMut(Tensor<2>),
) -> Result<(), DatasetError> {
    assert!(batch_size > 0, "batch_size is 0, expected at least 1");
    let shape = samples.shape();
    let (mut batch, mut found) = (Vec::new(), 0);
    for (index, values) in samples.read((0..samples.len()).collect()).enumerate() {
        batch.push(checked(values?, index, shape)?);
        found += 1;
        if batch.len() == batch_size {
            visit(RowBatcher.batch(std::mem::take(&mut batch), device));
        }
    }
    if !batch.is_empty() {
        visit(RowBatcher.batch(batch, device));
    }
    match found == samples.len() {
        true => Ok(()),
        false => Err(DatasetError::new(SampleCount {
            found,
            expected: samples.len(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
