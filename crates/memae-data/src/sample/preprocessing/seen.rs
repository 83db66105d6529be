//! The colours of an image within a range, over a background.

use image::DynamicImage;

use super::error::PreprocessingError;
use super::stored::Stored;

/// Calls `visit` with red, green and blue of each pixel, in [0, 1], `low` and `high` being 0 and 1. Gives back how many
/// pixels have a value outside the range, which is cut off.
pub(super) fn see(
    image: &DynamicImage,
    background: [u8; 3],
    (low, high): (f64, f64),
    mut visit: impl FnMut([f64; 3]),
) -> Result<usize, PreprocessingError> {
    let background = background.map(|channel| f64::from(channel) / 255.0);
    let (mut not_finite, mut clipped) = (0, 0);
    for pixel in Stored::of(image).pixels() {
        let mut seen = background;
        // What a hidden colour is plays no part, whatever it is.
        if pixel.alpha != 0.0 {
            let colours = &pixel.colour;
            let finite = |value: &f64| value.is_finite();
            not_finite += usize::from(!(colours.iter().all(finite) && finite(&pixel.alpha)));
            let within = |value: &f64| (low..=high).contains(value);
            clipped += usize::from(!colours.iter().all(within));
            let alpha = pixel.alpha.clamp(0.0, 1.0);
            for (seen, value) in seen.iter_mut().zip(pixel.colour) {
                let value = ((value - low) / (high - low)).clamp(0.0, 1.0);
                *seen = value * alpha + *seen * (1.0 - alpha);
            }
        }
        visit(seen);
    }
    match not_finite {
        0 => Ok(clipped),
        count => Err(PreprocessingError::NotFinite { count }),
    }
}
