//! How an image is brought to another size.

use bytemuck::{Pod, Zeroable};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer, pixels};
use image::{ImageBuffer, Luma, Pixel, Rgb};
use serde::{Deserialize, Serialize};

/// The longest side that images are brought to.
pub(super) const MAX_SIDE: usize = 1 << 14;

/// How an image or a frame is brought to another size: the filters of the `fast_image_resize` crate, each widened when an image
/// becomes smaller, so that no pixel is passed over (but by `Nearest`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ResizeFilter {
    /// The nearest pixel.
    Nearest,
    /// Linear interpolation.
    Triangle,
    /// Cubic interpolation, as MATLAB's `imresize` does it.
    #[default]
    CatmullRom,
    /// A windowed sinc over three pixels.
    Lanczos3,
}

impl From<ResizeFilter> for ResizeAlg {
    fn from(filter: ResizeFilter) -> Self {
        match filter {
            ResizeFilter::Nearest => Self::Nearest,
            ResizeFilter::Triangle => Self::Convolution(FilterType::Bilinear),
            ResizeFilter::CatmullRom => Self::Convolution(FilterType::CatmullRom),
            ResizeFilter::Lanczos3 => Self::Convolution(FilterType::Lanczos3),
        }
    }
}

/// Pixels that can be resized. What resizes them is compiled for each kind, and for no other.
pub(super) trait Resizable: Pixel<Subpixel: Pod> {
    type Resized: PixelTrait;
}

impl Resizable for Luma<u8> {
    type Resized = pixels::U8;
}

impl Resizable for Rgb<u8> {
    type Resized = pixels::U8x3;
}

impl Resizable for Luma<f32> {
    type Resized = pixels::F32;
}

impl Resizable for Rgb<f32> {
    type Resized = pixels::F32x3;
}

/// Images cannot be brought to a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("frame size: found {height}x{width}, expected sides of 1 to {MAX_SIDE} pixels")]
pub struct FrameSizeError {
    /// Height asked for.
    pub height: usize,
    /// Width asked for.
    pub width: usize,
}

pub(super) fn check(size: Option<(usize, usize)>) -> Result<(), FrameSizeError> {
    match size {
        Some((height, width))
            if ![height, width]
                .iter()
                .all(|side| (1..=MAX_SIDE).contains(side)) =>
        {
            Err(FrameSizeError { height, width })
        }
        _ => Ok(()),
    }
}

/// An image at a height and width, which [`check`] let pass; one that has them stays as it is.
pub(super) fn resized<P: Resizable>(
    image: ImageBuffer<P, Vec<P::Subpixel>>,
    (height, width): (usize, usize),
    filter: ResizeFilter,
) -> ImageBuffer<P, Vec<P::Subpixel>> {
    let (width, height) = (width as u32, height as u32);
    if image.dimensions() == (width, height) {
        return image;
    }
    let sides = "sides were checked, and a buffer has all pixels of its image";
    let bytes = bytemuck::cast_slice(image.as_raw());
    let source = TypedImageRef::<P::Resized>::from_buffer(image.width(), image.height(), bytes);
    let source = source.expect(sides);
    let mut values =
        vec![P::Subpixel::zeroed(); width as usize * height as usize * P::CHANNEL_COUNT as usize];
    let bytes = bytemuck::cast_slice_mut(&mut values);
    let target = TypedImage::<P::Resized>::from_buffer(width, height, bytes);
    let mut target = target.expect(sides);
    let options = ResizeOptions::new()
        .resize_alg(filter.into())
        .use_alpha(false);
    Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .expect(sides);
    ImageBuffer::from_raw(width, height, values).expect(sides)
}

/// `[height, width, channels]` to `[channels, height, width]`.
pub(super) fn to_planes<T: Copy>(interleaved: &[T], channels: usize) -> Vec<T> {
    let mut planes = Vec::with_capacity(interleaved.len());
    for channel in 0..channels {
        planes.extend(interleaved.iter().skip(channel).step_by(channels));
    }
    planes
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use proptest::prelude::*;

    use super::*;

    fn kernel(filter: ResizeFilter, x: f64) -> f64 {
        let x = x.abs();
        let sinc = |x: f64| {
            if x == 0.0 {
                1.0
            } else {
                (PI * x).sin() / (PI * x)
            }
        };
        match filter {
            ResizeFilter::Triangle => (1.0 - x).max(0.0),
            ResizeFilter::CatmullRom if x < 1.0 => 1.5 * x.powi(3) - 2.5 * x.powi(2) + 1.0,
            ResizeFilter::CatmullRom if x < 2.0 => {
                -0.5 * x.powi(3) + 2.5 * x.powi(2) - 4.0 * x + 2.0
            }
            ResizeFilter::Lanczos3 if x < 3.0 => sinc(x) * sinc(x / 3.0),
            _ => 0.0,
        }
    }

    /// One line of values at another length, by the definition of its filter.
    fn line(values: &[f64], length: usize, filter: ResizeFilter) -> Vec<f64> {
        let step = values.len() as f64 / length as f64;
        let at = |out: usize| {
            let centre = (out as f64 + 0.5) * step;
            if filter == ResizeFilter::Nearest {
                return values[centre as usize];
            }
            let weight = |i: usize| kernel(filter, (i as f64 + 0.5 - centre) / step.max(1.0));
            let weighted: f64 = values
                .iter()
                .enumerate()
                .map(|(i, value)| weight(i) * value)
                .sum();
            weighted / (0..values.len()).map(weight).sum::<f64>()
        };
        (0..length).map(at).collect()
    }

    /// Lines, then columns.
    fn by_definition(
        values: &[f64],
        width: usize,
        (height, to): (usize, usize),
        filter: ResizeFilter,
    ) -> Vec<f64> {
        let lines: Vec<Vec<f64>> = values
            .chunks_exact(width)
            .map(|values| line(values, to, filter))
            .collect();
        let columns: Vec<Vec<f64>> = (0..to)
            .map(|x| {
                let column: Vec<f64> = lines.iter().map(|line| line[x]).collect();
                line(&column, height, filter)
            })
            .collect();
        (0..height * to).map(|i| columns[i % to][i / to]).collect()
    }

    fn filters() -> impl Strategy<Value = ResizeFilter> {
        prop_oneof![
            Just(ResizeFilter::Nearest),
            Just(ResizeFilter::Triangle),
            Just(ResizeFilter::CatmullRom),
            Just(ResizeFilter::Lanczos3),
        ]
    }

    proptest! {
        #[test]
        fn images_are_resized_by_the_definition_of_their_filter(
            values in prop::collection::vec(any::<u8>(), 3 * 19 * 23),
            height in 1_usize..40,
            width in 1_usize..40,
            filter in filters(),
        ) {
            let plane = |channel: usize| -> Vec<f64> {
                values.iter().skip(channel).step_by(3).map(|&value| f64::from(value)).collect()
            };
            let expected: Vec<Vec<f64>> = (0..3)
                .map(|channel| by_definition(&plane(channel), 23, (height, width), filter))
                .collect();
            let size = (height, width);
            let floats: Vec<f32> = values.iter().map(|&value| f32::from(value)).collect();
            let rgb = ImageBuffer::<Rgb<f32>, _>::from_vec(23, 19, floats).unwrap();
            let found = to_planes(resized(rgb, size, filter).as_raw(), 3);
            for (found, expected) in found.iter().zip(expected.iter().flatten()) {
                prop_assert!((f64::from(*found) - expected).abs() < 1e-2, "{found} for {expected}");
            }
            let grey: Vec<f32> = plane(1).into_iter().map(|value| value as f32).collect();
            let grey = ImageBuffer::<Luma<f32>, _>::from_vec(23, 19, grey).unwrap();
            for (found, expected) in resized(grey, size, filter).as_raw().iter().zip(&expected[1]) {
                prop_assert!((f64::from(*found) - expected).abs() < 1e-2, "{found} for {expected}");
            }
            // Bytes are rounded, and cut off at both ends, after the lines as well.
            if matches!(filter, ResizeFilter::Nearest | ResizeFilter::Triangle) {
                let rgb = ImageBuffer::<Rgb<u8>, _>::from_vec(23, 19, values.clone()).unwrap();
                let found = to_planes(resized(rgb, size, filter).as_raw(), 3);
                for (found, expected) in found.iter().zip(expected.iter().flatten()) {
                    prop_assert!((f64::from(*found) - expected).abs() <= 1.5, "{found} for {expected}");
                }
            }
            let grey: Vec<u8> = values.iter().skip(1).step_by(3).map(|value| value / 2 + 64).collect();
            let expected: Vec<f64> = grey.iter().map(|&value| f64::from(value)).collect();
            let expected = by_definition(&expected, 23, (height, width), filter);
            let grey = ImageBuffer::<Luma<u8>, _>::from_vec(23, 19, grey).unwrap();
            for (found, expected) in resized(grey, size, filter).as_raw().iter().zip(expected) {
                prop_assert!((f64::from(*found) - expected).abs() <= 1.5, "{found} for {expected}");
            }
        }
    }
}
