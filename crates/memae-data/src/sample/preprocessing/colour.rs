//! Grey or colour, and what lies behind transparent pixels.

use image::{DynamicImage, GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

/// Whether images and frames are grey or in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrameColour {
    /// One channel. Colours are weighted 0.299 red, 0.587 green, 0.114 blue (ITU-R BT.601), as OpenCV, Pillow and MATLAB
    /// do.
    #[default]
    Grey,
    /// Three channels: red, green, blue.
    Rgb,
}

impl FrameColour {
    /// Channels of an image or a frame.
    pub fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// Lays an image of 8 bits over a background, so that it has no transparent pixels. One without any stays as it is.
pub(super) fn over(background: [u8; 3], image: DynamicImage) -> DynamicImage {
    let grey = background.iter().all(|&channel| channel == background[0]);
    match image {
        DynamicImage::ImageLumaA8(image) if grey => {
            let (width, height) = image.dimensions();
            let pixels = image.as_raw().as_chunks::<2>().0.iter();
            let grey = pixels.map(|&[value, alpha]| mixed(value, background[0], alpha));
            GrayImage::from_vec(width, height, grey.collect())
                .expect("one value for each pixel")
                .into()
        }
        image if image.color().has_alpha() => {
            let image = image.into_rgba8();
            let (width, height) = image.dimensions();
            let pixels = image.as_raw().as_chunks::<4>().0.iter();
            let rgb = pixels.flat_map(|&[red, green, blue, alpha]| {
                let [behind_red, behind_green, behind_blue] = background;
                [
                    mixed(red, behind_red, alpha),
                    mixed(green, behind_green, alpha),
                    mixed(blue, behind_blue, alpha),
                ]
            });
            RgbImage::from_vec(width, height, rgb.collect())
                .expect("three values for each pixel")
                .into()
        }
        opaque => opaque,
    }
}

/// The covered pixels of an image of 8 bits without transparent ones; the others become the background.
pub(super) fn only(covered: &[bool], background: [u8; 3], image: DynamicImage) -> DynamicImage {
    let grey = background.iter().all(|&channel| channel == background[0]);
    match image {
        DynamicImage::ImageLuma8(mut image) if grey => {
            for (pixel, &covered) in image.pixels_mut().zip(covered) {
                if !covered {
                    pixel.0 = [background[0]];
                }
            }
            image.into()
        }
        image => {
            let mut image = image.into_rgb8();
            for (pixel, &covered) in image.pixels_mut().zip(covered) {
                if !covered {
                    pixel.0 = background;
                }
            }
            image.into()
        }
    }
}

fn mixed(value: u8, behind: u8, alpha: u8) -> u8 {
    let [value, behind, alpha] = [value, behind, alpha].map(u32::from);
    ((value * alpha + behind * (255 - alpha) + 127) / 255) as u8
}

/// The grey of an image of 8 bits without transparent pixels.
pub(super) fn to_grey(image: DynamicImage) -> GrayImage {
    match image {
        // Grey stays what it is.
        DynamicImage::ImageLuma8(grey) => grey,
        colour => {
            let rgb = colour.into_rgb8();
            let (width, height) = rgb.dimensions();
            let grey = rgb.as_raw().chunks_exact(3).map(|pixel| {
                let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
                ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
            });
            GrayImage::from_vec(width, height, grey.collect())
                .expect("one grey pixel for each of three colours")
        }
    }
}

/// As [`to_grey`], for values in [0, 1].
pub(super) fn grey_of([red, green, blue]: [f64; 3]) -> f64 {
    match red == green && green == blue {
        true => red,
        false => (0.299 * red + 0.587 * green + 0.114 * blue).clamp(0.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayAlphaImage, RgbaImage};

    use super::*;

    #[test]
    fn opaque_pixels_stay_what_they_are_and_hidden_colours_are_not_seen() {
        for value in 0..=255 {
            assert_eq!(mixed(value, 17, 255), value);
            assert_eq!(mixed(value, 17, 0), 17);
        }
        assert_eq!(mixed(200, 100, 128), 150);
        let cut_out = |hidden: [u8; 3]| {
            let [red, green, blue] = hidden;
            let pixels = vec![red, green, blue, 0, 90, 80, 70, 255];
            over([1, 2, 3], RgbaImage::from_vec(2, 1, pixels).unwrap().into())
        };
        assert_eq!(cut_out([0; 3]).as_bytes(), [1, 2, 3, 90, 80, 70]);
        assert_eq!(cut_out([0; 3]), cut_out([255, 7, 0]));
    }

    #[test]
    fn grey_cut_outs_are_grey_over_grey_only() {
        let cut_out = || GrayAlphaImage::from_vec(2, 1, vec![9, 0, 90, 255]).unwrap();
        assert_eq!(over([7; 3], cut_out().into()).as_bytes(), [7, 90]);
        assert_eq!(
            over([7, 8, 9], cut_out().into()).as_bytes(),
            [7, 8, 9, 90, 90, 90]
        );
    }
}
