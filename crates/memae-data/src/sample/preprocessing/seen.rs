//! The colours of an image within a range, over a background.

use image::DynamicImage;

use super::stored::Stored;

/// Of how many pixels a value plays no part.
pub(super) struct Seen {
    /// Outside the range, and cut off.
    pub(super) clipped: usize,
    /// NaN or infinite.
    pub(super) not_finite: usize,
}

/// Calls `visit` with red, green and blue of each pixel, in [0, 1], `low` and `high` being 0 and 1. Pixels that are not
/// covered are those of the background.
pub(super) fn see(
    image: &DynamicImage,
    background: [u8; 3],
    covered: Option<&[bool]>,
    (low, high): (f64, f64),
    mut visit: impl FnMut([f64; 3]),
) -> Seen {
    let background = background.map(|channel| f64::from(channel) / 255.0);
    let (mut not_finite, mut clipped) = (0, 0);
    for (at, pixel) in Stored::of(image).pixels().enumerate() {
        let mut seen = background;
        let inside = covered.is_none_or(|covered| covered[at]);
        // What a hidden colour is plays no part, whatever it is.
        if inside && pixel.alpha != 0.0 {
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
    Seen {
        clipped,
        not_finite,
    }
}
