use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::layout::ClipLayout;
use crate::sample::{FrameColour, FrameFormat, ResizeFilter};

/// What the 256 levels of a pixel become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PixelRange {
    /// [−1, 1]: `(pixel / 255 − 0.5) / 0.5`, as the authors' published code has it.
    #[default]
    SignedUnit,
    /// [0, 1]: `pixel / 255`.
    Unit,
}

impl PixelRange {
    /// The value of each level.
    pub fn values(self) -> [f32; 256] {
        std::array::from_fn(|level| {
            let unit = level as f32 / 255.0;
            match self {
                Self::SignedUnit => (unit - 0.5) / 0.5,
                Self::Unit => unit,
            }
        })
    }
}

/// Settings of [`Clips`](super::Clips): how clips lie, what becomes of frames, and how much memory decoded frames may take.
///
/// ```
/// use memae_data::encode::{ClipLayout, ClipsConfig, PixelRange};
/// use memae_data::sample::{ImageShape, Video};
///
/// let shape = ImageShape { channels: 1, height: 2, width: 3 };
/// let video = Video::in_memory("walk", shape, vec![255; 7 * 6])?;
/// let clips = ClipsConfig::default()
///     .with_layout(ClipLayout::new(4)?.with_stride(2)?)
///     .with_keep_size()
///     .with_range(PixelRange::Unit)
///     .open(&[video])?;
/// assert_eq!(clips.len(), 2); // frames 0 to 3 and 2 to 5
/// let clip = clips.clip(1)?;
/// assert_eq!((clip.video, clip.first_frame), (0, 2));
/// assert_eq!(clip.values, [1.0; 4 * 6]); // [channels, time, height, width]
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ClipsConfig {
    /// How clips lie in a video; [`ClipLayout::reference`] by default.
    pub layout: ClipLayout,
    /// What becomes of frames; grey, 256×256 by default.
    pub format: FrameFormat,
    /// What becomes of pixels; [−1, 1] by default.
    pub range: PixelRange,
    /// The most bytes that decoded frames may take in memory; 1 GiB by default. A frame takes one byte for each channel
    /// and pixel. With 0 every frame is decoded each time.
    pub cache_bytes: u64,
    /// Where decoded frames of video files are kept, in a file without a name that is gone with the clips; the
    /// system's folder for temporary files by default.
    pub spool_folder: Option<PathBuf>,
    /// The most bytes that decoded frames of video files may take on disk; 32 GiB by default. A frame takes one byte for each
    /// channel and pixel: an hour of 25 grey frames a second of 256×256 takes 5.5 GiB. More are an error.
    pub spool_bytes: u64,
}

impl Default for ClipsConfig {
    fn default() -> Self {
        Self {
            layout: ClipLayout::default(),
            format: FrameFormat::default().with_size(256, 256),
            range: PixelRange::default(),
            cache_bytes: 1 << 30,
            spool_folder: None,
            spool_bytes: 32 << 30,
        }
    }
}

impl ClipsConfig {
    /// Sets how clips lie in a video.
    pub fn with_layout(mut self, layout: ClipLayout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets grey or colour.
    pub fn with_colour(mut self, colour: FrameColour) -> Self {
        self.format.colour = colour;
        self
    }

    /// Sets height and width of the frames.
    pub fn with_size(mut self, height: usize, width: usize) -> Self {
        self.format.size = Some((height, width));
        self
    }

    /// Keeps the height and width of the videos, which must be the same.
    pub fn with_keep_size(mut self) -> Self {
        self.format.size = None;
        self
    }

    /// Sets how frames are resized.
    pub fn with_filter(mut self, filter: ResizeFilter) -> Self {
        self.format.filter = filter;
        self
    }

    /// Sets what becomes of pixels.
    pub fn with_range(mut self, range: PixelRange) -> Self {
        self.range = range;
        self
    }

    /// Sets the most bytes that decoded frames may take in memory.
    pub fn with_cache_bytes(mut self, bytes: u64) -> Self {
        self.cache_bytes = bytes;
        self
    }

    /// Sets where decoded frames of video files are kept.
    pub fn with_spool_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.spool_folder = Some(folder.into());
        self
    }

    /// Sets the most bytes that decoded frames of video files may take on disk.
    pub fn with_spool_bytes(mut self, bytes: u64) -> Self {
        self.spool_bytes = bytes;
        self
    }
}
