use std::ops::Range;

use burn::data::dataset::DatasetError;
use memae_data::encode::{ClipLayout, Clips, PixelRange};
use memae_data::sample::{ClipShape, TileGrid, VectorShape};
use memae_data::sample::{ImageShape, Images, LabeledImages, Vectors};
use serde::{Deserialize, Serialize};

use crate::network::SampleShape;

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
/// use memae_data::sample::ClipShape;
/// use memae_models::network::{Variant, VideoAutoencoderConfig, VideoLayerConfig};
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

    /// The group of each sample, where samples of a group are so alike that they may not be divided between what is trained on and
    /// what is held out, such as the clips of one video; as many as there are samples. By default each is a group of its own.
    fn groups(&self) -> Option<Vec<usize>> {
        None
    }

    /// Where samples lie in the pictures that they are tiles of, picture by picture, for all samples in order; a picture is scored by
    /// all of its tiles. By default `None`: each sample is scored by itself.
    fn pictures(&self) -> Option<Vec<TileGrid>> {
        None
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

impl Samples for Images {
    type Shape = ImageShape;

    fn shape(&self) -> ImageShape {
        Images::shape(self)
    }

    fn len(&self) -> usize {
        Images::len(self)
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

/// Clips of videos; those of one video are a sequence, and where it has gaps, those between two of them.
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
            .flat_map(|video| self.sequences_of(video))
            .collect()
    }

    /// The number of its video.
    fn groups(&self) -> Option<Vec<usize>> {
        let videos = 0..self.videos();
        let groups =
            videos.flat_map(|video| std::iter::repeat_n(video, self.clips_of(video).len()));
        Some(groups.collect())
    }
}
