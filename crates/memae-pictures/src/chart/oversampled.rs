//! Drawing with plotters: larger than wanted, then averaged down, so that edges come out smooth.

use image::{Rgb, RgbImage};
use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};

use super::colour::PAPER;

/// Everything is drawn this many times larger.
pub(crate) const OVERSAMPLING: u32 = 3;

pub(crate) type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
pub(crate) type Drawn<'a> =
    Result<(), DrawingAreaErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>>;

/// A white image `width` x `height` pixels large with what `draw` draws [`OVERSAMPLING`] times larger.
pub(crate) fn render(
    width: u32,
    height: u32,
    draw: impl for<'a> FnOnce(&Area<'a>) -> Drawn<'a>,
) -> Result<RgbImage, String> {
    let size = (width * OVERSAMPLING, height * OVERSAMPLING);
    let mut pixels = PAPER.repeat(size.0 as usize * size.1 as usize);
    {
        let area = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
        draw(&area).map_err(|error| format!("chart: {error}"))?;
    }
    Ok(average(&pixels, width, height))
}

/// The mean over each block of pixels.
fn average(pixels: &[u8], width: u32, height: u32) -> RgbImage {
    let row = (width * OVERSAMPLING * 3) as usize;
    let area = OVERSAMPLING * OVERSAMPLING;
    RgbImage::from_fn(width, height, |x, y| {
        let mut sums = [0u32; 3];
        for dy in 0..OVERSAMPLING {
            let start = (y * OVERSAMPLING + dy) as usize * row + (x * OVERSAMPLING * 3) as usize;
            for pixel in pixels[start..start + (OVERSAMPLING * 3) as usize].chunks_exact(3) {
                for (sum, &value) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(value);
                }
            }
        }
        Rgb(sums.map(|sum| ((sum + area / 2) / area) as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_averaged() {
        let mut pixels = vec![0u8; 27];
        pixels[0] = 255;
        assert_eq!(average(&pixels, 1, 1).get_pixel(0, 0).0, [28, 0, 0]);
    }

    #[test]
    fn paper_is_white() {
        let image = render(7, 5, |_| Ok(())).unwrap();
        assert_eq!(image.dimensions(), (7, 5));
        assert!(image.pixels().all(|pixel| pixel.0 == PAPER));
    }
}
