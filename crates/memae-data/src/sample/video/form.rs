use std::path::PathBuf;

use image::DynamicImage;

use super::frame::Frame;
use super::frame_format::FrameFormat;
use super::sequence::same_size;
use crate::sample::error::SampleError;

/// Brings the images of a stream to their form; all must have one size.
pub(super) struct Form {
    /// Where the stream comes from.
    pub(super) path: PathBuf,
    format: FrameFormat,
    /// Height and width of the first image.
    size: Option<(usize, usize)>,
}

impl Form {
    pub(super) fn new(path: PathBuf, format: &FrameFormat) -> Result<Self, SampleError> {
        format.check()?;
        Ok(Self {
            path,
            format: format.clone(),
            size: None,
        })
    }

    pub(super) fn frame(&mut self, image: DynamicImage) -> Result<Frame, SampleError> {
        let size = (image.height() as usize, image.width() as usize);
        same_size(&self.path, &image, *self.size.get_or_insert(size))?;
        let frame = self.format.apply(image);
        frame.map_err(SampleError::in_image(&self.path))
    }
}
