use crate::error::PictureError;

/// Images of one size as values in [0, 1], `[images, channels, height, width]`, with 1 channel (grey) or 3 (colour).
///
/// Values outside [0, 1] are kept and clamped only when drawn; those that are not finite are drawn in turquoise.
///
/// ```
/// use memae_pictures::ImageStack;
///
/// let stack = ImageStack::new(1, 2, 3, vec![0.5; 12])?;
/// assert_eq!(stack.len(), 2);
/// assert_eq!(stack.shape(), [2, 1, 2, 3]);
/// assert_eq!(stack.image(1), &[0.5; 6]);
/// # Ok::<(), memae_pictures::PictureError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ImageStack {
    channels: usize,
    height: usize,
    width: usize,
    values: Vec<f32>,
}

impl ImageStack {
    /// Takes `values` as images of `channels` x `height` x `width`, row by row, channel by channel.
    ///
    /// No values make a stack of no images.
    ///
    /// # Errors
    ///
    /// If there are not 1 or 3 channels, a height or width is 0, or the number of values is not a multiple of
    /// `channels * height * width`.
    pub fn new(
        channels: usize,
        height: usize,
        width: usize,
        values: Vec<f32>,
    ) -> Result<Self, PictureError> {
        if channels != 1 && channels != 3 {
            return Err(PictureError::Channels { found: channels });
        }
        let per_image = height
            .checked_mul(width)
            .and_then(|pixels| pixels.checked_mul(channels))
            .filter(|&per_image| per_image > 0)
            .ok_or(PictureError::Size { height, width })?;
        if !values.len().is_multiple_of(per_image) {
            return Err(PictureError::Values {
                found: values.len(),
                per_image,
            });
        }
        Ok(Self {
            channels,
            height,
            width,
            values,
        })
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.image_len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// `[images, channels, height, width]`.
    pub fn shape(&self) -> [usize; 4] {
        [self.len(), self.channels, self.height, self.width]
    }

    /// Channels of each image, 1 or 3.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Rows of pixels of each image.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns of pixels of each image.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Values of one image, `channels * height * width`.
    pub fn image_len(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// The values of image `index`, `[channels, height, width]`.
    ///
    /// # Panics
    ///
    /// If there is no image `index`.
    pub fn image(&self, index: usize) -> &[f32] {
        let images = self.len();
        assert!(
            index < images,
            "image stack: found index {index}, expected one below {images} (the number of images)"
        );
        let per_image = self.image_len();
        &self.values[index * per_image..(index + 1) * per_image]
    }

    /// All values, `[images, channels, height, width]`.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_cut_in_order() {
        let stack = ImageStack::new(3, 2, 5, (0..60).map(|value| value as f32).collect()).unwrap();
        assert_eq!(stack.shape(), [2, 3, 2, 5]);
        assert_eq!(stack.image(1)[0], 30.0);
        assert_eq!(stack.image(1).len(), 30);
    }

    #[test]
    fn no_values_are_no_images() {
        let stack = ImageStack::new(1, 7, 5, Vec::new()).unwrap();
        assert!(stack.is_empty());
        assert_eq!(stack.len(), 0);
    }

    #[test]
    fn wrong_shapes_are_errors() {
        let message = |channels, height, width, values: usize| {
            ImageStack::new(channels, height, width, vec![0.0; values])
                .unwrap_err()
                .to_string()
        };
        assert!(message(4, 2, 2, 16).contains("found 4 channels"));
        assert!(message(1, 0, 2, 0).contains("0x2"));
        assert!(message(3, usize::MAX, 2, 0).contains("fit in memory"));
        assert_eq!(
            message(1, 3, 5, 16),
            "image stack: found 16 values, expected a multiple of 15 (channels x height x width)"
        );
    }

    #[test]
    #[should_panic(expected = "found index 2, expected one below 2")]
    fn an_image_that_is_not_there_panics() {
        let stack = ImageStack::new(1, 1, 3, vec![0.0; 6]).unwrap();
        let _ = stack.image(2);
    }
}
