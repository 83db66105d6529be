use super::frame::Frame;
use super::frame_format::FrameFormat;
use crate::format::decode_image;
use crate::sample::error::SampleError;

impl Frame {
    /// Decodes an image file, whose format is told by its first bytes, and brings the image to a form.
    ///
    /// # Errors
    ///
    /// Sizes of the format out of range; the bytes are no whole image; an image of more than 8
    /// bits, and no range.
    ///
    /// ```
    /// use memae_data::sample::{Frame, FrameFormat};
    ///
    /// let mut png = std::io::Cursor::new(Vec::new());
    /// image::GrayImage::from_pixel(7, 5, image::Luma([90])).write_to(&mut png, image::ImageFormat::Png)?;
    /// let frame = Frame::decode(png.get_ref(), &FrameFormat::default().with_size(2, 3))?;
    /// assert_eq!(frame.shape.to_string(), "1x2x3");
    /// assert_eq!(frame.pixels, [90; 6]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decode(bytes: &[u8], format: &FrameFormat) -> Result<Self, SampleError> {
        format.check()?;
        Ok(format.apply(decode_image(bytes)?.image)?)
    }
}
