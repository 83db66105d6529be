use std::path::Path;

use image::GrayImage;

use super::image_stack::ImageStack;
use super::overlay::{with_edge, with_error};
use crate::chart::axis::{Axis, three_digits};
use crate::chart::colour::{self, Colour, FAINT_INK, INK, NOT_FINITE, OUTLINE, PAPER};
use crate::chart::colour_bar::ColourBar;
use crate::chart::interpolation::Interpolated;
use crate::chart::outline::trace;
use crate::chart::page::{Align, HEADING, Page, SMALL, write_png};
use crate::chart::text;
use crate::error::{PictureError, check_length};

/// The longest side of an image that is drawn.
const MAX_SIDE: usize = 1 << 14;
/// The longer side of a small image is enlarged by a whole factor to this, or a little more.
const ENLARGED: usize = 240;
/// The longest side at which text and lines have their usual size; beside longer ones they grow with them.
const USUAL: f64 = 900.0;
/// Longest side of an image for each pixel of its outline.
const OUTLINED: usize = 400;
/// The widest outline.
const WIDEST_OUTLINE: usize = 24;

/// The share of the heat colour where there is no error: photographs of dark things must still be seen.
const LEAST: f32 = 0.15;

const MARGIN: u32 = 18;
const GAP: u32 = 20;
const LEAST_BAR: u32 = 140;
const WIDEST_TITLE: u32 = 460;

/// The pixels of an image.
///
/// ```
/// use memae_pictures::{ImageStack, ShownPixels};
///
/// let images = ImageStack::new(1, 5, 7, vec![0.5; 2 * 35])?;
/// assert_eq!(ShownPixels::Stack { images: &images, index: 1 }.size(), [5, 7]);
/// assert_eq!(ShownPixels::Rgb8 { values: &[0; 12], size: [2, 2] }.size(), [2, 2]);
/// # Ok::<(), memae_pictures::PictureError>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum ShownPixels<'a> {
    /// One of a stack.
    Stack {
        /// The stack.
        images: &'a ImageStack,
        /// Which of them, from 0.
        index: usize,
    },
    /// Red, green and blue from 0 to 255, pixel by pixel.
    Rgb8 {
        /// `[height, width, 3]`.
        values: &'a [u8],
        /// Height and width.
        size: [usize; 2],
    },
}

impl ShownPixels<'_> {
    /// Height and width.
    pub fn size(&self) -> [usize; 2] {
        match self {
            Self::Stack { images, .. } => [images.height(), images.width()],
            Self::Rgb8 { size, .. } => *size,
        }
    }

    fn colour(&self, y: usize, x: usize) -> Colour {
        let [height, width] = self.size();
        let at = y * width + x;
        match self {
            Self::Rgb8 { values, .. } => std::array::from_fn(|channel| values[3 * at + channel]),
            Self::Stack { images, index } => {
                let values = images.image(*index);
                let plane = height * width;
                colour::pixel(match images.channels() {
                    1 => [values[at]; 3],
                    _ => [values[at], values[plane + at], values[2 * plane + at]],
                })
            }
        }
    }
}

/// An image with an error map laid over it, for people and for programs.
///
/// The map may have another size than the image; it is brought to that of the image, linear between its pixels. The
/// higher the error, the brighter the colour; a pixel or error that is not finite is turquoise. What lies above the
/// threshold is outlined.
///
/// ```
/// use memae_pictures::{HeatMapPicture, ShownPixels};
///
/// let folder = tempfile::tempdir()?;
/// let values = vec![120; 30 * 50 * 3];
/// let mut map = [0.1; 16];
/// map[5] = 0.9;
/// let picture = HeatMapPicture {
///     title: "tile 7",
///     image: ShownPixels::Rgb8 { values: &values, size: [30, 50] },
///     map: &map,
///     map_size: [4, 4],
///     threshold: Some(0.5),
///     top: None,
///     inside: None,
/// };
/// picture.save(folder.path().join("with_scale.png"))?;
/// picture.save_overlay(folder.path().join("overlay.png"))?; // 30 x 50
/// picture.save_mask(folder.path().join("mask.png"))?; // 30 x 50, 0 or 255
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct HeatMapPicture<'a> {
    /// The line on top; may be empty.
    pub title: &'a str,
    /// The image.
    pub image: ShownPixels<'a>,
    /// The error of each place, at least 0, `[height, width]` flattened.
    pub map: &'a [f32],
    /// Height and width of the map.
    pub map_size: [usize; 2],
    /// The pixel threshold, at least 0: errors above it are flagged.
    pub threshold: Option<f64>,
    /// The error that has the brightest colour, above 0. By default the largest one, or a little more than the threshold,
    /// whichever is higher, so that an image without a flagged pixel stays dark.
    pub top: Option<f64>,
    /// Which pixels of the image are looked at, `[height, width]` flattened; the others are shown as they are, without colour. By
    /// default all are.
    pub inside: Option<&'a [bool]>,
}

impl HeatMapPicture<'_> {
    /// Writes a PNG for people to `path`, replacing what is there: the image at its own size, small ones enlarged by a
    /// whole factor; the scale beside it, with a mark at the threshold; the title above.
    ///
    /// # Errors
    ///
    /// The image has not as many values as its size, or is not in the stack; a side is 0 or above 16,384; the map has not
    /// as many values as its size, or one below 0; a threshold or top that is no such number; the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        self.check(file)?;
        self.draw().save(file)
    }

    /// Writes a PNG of exactly the size of the image to `path`, replacing what is there: the image, the map and the
    /// outline, nothing else.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub fn save_overlay(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        self.check(file)?;
        self.overlaid().save(file)
    }

    /// The pixels of [`save_overlay`](Self::save_overlay): red, green and blue, row by row, `[height, width, 3]` flattened.
    /// `name` stands for the file in errors.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save), but for what can't be written.
    pub fn overlay(&self, name: impl AsRef<Path>) -> Result<Vec<u8>, PictureError> {
        let name = name.as_ref();
        self.check(name)?;
        self.overlaid().into_pixels(name)
    }

    fn overlaid(&self) -> Page {
        let [height, width] = self.image.size();
        let mut page = Page::new(width as u32, height as u32);
        self.paint(&mut page, 0, 0, 1);
        page
    }

    /// Writes a grey PNG of exactly the size of the image to `path`, replacing what is there: 255 where the error is above
    /// the threshold or no number, 0 elsewhere.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save); there is no threshold.
    pub fn save_mask(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        self.check(file)?;
        let Some(threshold) = self.threshold else {
            return Err(PictureError::Nothing {
                file: file.to_path_buf(),
                what: "threshold",
            });
        };
        let [height, width] = self.image.size();
        let mut map = Interpolated::new(self.map, self.map_size, [height, width]);
        let mut mask = GrayImage::new(width as u32, height as u32);
        let mut errors = vec![0.0; width];
        for (y, row) in mask.chunks_exact_mut(width).enumerate() {
            map.row(y, &mut errors);
            for (pixel, &error) in row.iter_mut().zip(&errors) {
                *pixel = if is_above(error, threshold) { 255 } else { 0 };
            }
        }
        write_png(file, &mask)
    }

    fn check(&self, file: &Path) -> Result<(), PictureError> {
        let mismatch = |what: &str, found: String, expected: &str| PictureError::Mismatch {
            file: file.to_path_buf(),
            what: what.to_string(),
            found,
            expected: expected.to_string(),
        };
        for (what, [height, width]) in [
            ("size of the image", self.image.size()),
            ("size of the error map", self.map_size),
        ] {
            let within = |side: usize| (1..=MAX_SIDE).contains(&side);
            if !within(height) || !within(width) {
                let found = format!("{height}x{width}");
                return Err(mismatch(what, found, "sides of 1 to 16384 pixels"));
            }
        }
        let [height, width] = self.image.size();
        match self.image {
            ShownPixels::Rgb8 { values, .. } => {
                let expected = height * width * 3;
                check_length(file, "values", values.len(), expected, "height x width x 3")?;
            }
            ShownPixels::Stack { images, index } if index >= images.len() => {
                let found = format!("{index} of {} images", images.len());
                return Err(mismatch("index of the image", found, "one that is there"));
            }
            ShownPixels::Stack { .. } => {}
        }
        if let Some(inside) = self.inside {
            check_length(
                file,
                "pixels that are looked at",
                inside.len(),
                height * width,
                "height x width",
            )?;
        }
        let [height, width] = self.map_size;
        check_length(
            file,
            "error map",
            self.map.len(),
            height * width,
            "its size",
        )?;
        if let Some(position) = self.map.iter().position(|&error| error < 0.0) {
            return Err(PictureError::Negative {
                file: file.to_path_buf(),
                what: "error map".to_string(),
                found: self.map[position],
                position,
            });
        }
        let number =
            |what: &str, found: Option<f64>, allowed: &dyn Fn(f64) -> bool, expected| match found
                .filter(|&found| !(found.is_finite() && allowed(found)))
            {
                Some(found) => Err(PictureError::Number {
                    file: file.to_path_buf(),
                    what: what.to_string(),
                    found,
                    expected,
                }),
                None => Ok(()),
            };
        let threshold = "a finite number of 0 or more";
        number(
            "threshold",
            self.threshold,
            &|found| found >= 0.0,
            threshold,
        )?;
        let least = f64::from(f32::MIN_POSITIVE);
        number(
            "top",
            self.top,
            &|found| found >= least,
            "a finite number above 0",
        )
    }

    /// The error that has the brightest colour.
    fn largest(&self) -> f32 {
        let errors = self.map.iter().copied().filter(|error| error.is_finite());
        let largest = f64::from(errors.fold(0.0, f32::max));
        let least = self.threshold.unwrap_or(0.0) * 1.25;
        match self
            .top
            .unwrap_or(largest.max(least))
            .min(f64::from(f32::MAX)) as f32
        {
            top if top > 0.0 => top,
            _ => 1.0,
        }
    }

    /// Draws the image, each of its pixels `factor` wide and high.
    fn paint(&self, page: &mut Page, left: u32, top: u32, factor: usize) {
        let [height, width] = self.image.size();
        let size = [height * factor, width * factor];
        let mut map = Interpolated::new(self.map, self.map_size, size);
        let largest = self.largest();
        let mut errors = vec![0.0; size[1]];
        let mut pixels = vec![PAPER; size[1]];
        for y in 0..size[0] {
            map.row(y, &mut errors);
            for (x, (pixel, error)) in pixels.iter_mut().zip(&errors).enumerate() {
                let (y, x) = (y / factor, x / factor);
                let colour = self.image.colour(y, x);
                *pixel = match self.inside {
                    Some(inside) if !inside[y * width + x] => colour,
                    _ => with_error(colour, error / largest, LEAST),
                };
            }
            page.row(left, top + y as u32, &pixels);
        }
        let Some(threshold) = self.threshold else {
            return;
        };
        let line = (size[0].max(size[1]) / OUTLINED).clamp(1, WIDEST_OUTLINE);
        let inside = |y: usize, row: &mut [bool]| {
            map.row(y, &mut errors);
            for (inside, &error) in row.iter_mut().zip(&errors) {
                *inside = is_above(error, threshold);
            }
        };
        trace(size, line, inside, |y, edges| {
            let width = edges.len() as u32;
            page.change_row(left, top + y as u32, width, |x, pixel| {
                with_edge(pixel, edges[x as usize], OUTLINE)
            });
        });
    }

    fn draw(&self) -> Page {
        let [height, width] = self.image.size();
        let factor = ENLARGED.div_ceil(height.max(width));
        let (wide, high) = ((width * factor) as u32, (height * factor) as u32);
        let enlarged = (f64::from(wide.max(high)) / USUAL).max(1.0);
        let pixels = |usual: u32| (f64::from(usual) * enlarged).round() as u32;

        let largest = self.largest();
        let bar_height = high.max(pixels(LEAST_BAR));
        let ticks = (f64::from(bar_height) / (60.0 * enlarged)).clamp(2.0, 10.0);
        let scale = Axis::between(0.0, f64::from(largest), ticks as usize);
        let bar = ColourBar {
            scale: &scale,
            largest,
            enlarged,
        };
        let lines = self.lines();
        let line_width = |(colour, line): &(Option<Colour>, String)| {
            let swatch = colour.map_or(0, |_| pixels(SWATCH + 6));
            swatch + text::width(line, pixels(SMALL))
        };
        let title = text::width(self.title, pixels(HEADING)).min(pixels(WIDEST_TITLE));
        let content = wide + pixels(GAP) + bar.width();
        let inner = lines.iter().map(line_width).max().unwrap_or(0);
        let inner = inner.max(title).max(content);

        let margin = pixels(MARGIN);
        let top = margin + if title > 0 { pixels(HEADING + 12) } else { 0 };
        // Half a line for the number at either end of the scale.
        let below = top + bar_height + pixels(14);
        let line_height = pixels(SMALL + 7);
        let page_height = below + lines.len() as u32 * line_height + margin - pixels(7);
        let mut page = Page::new(inner + 2 * margin, page_height);
        if title > 0 {
            let title = text::fit(self.title, pixels(HEADING), inner);
            page.text(margin, margin, &title, pixels(HEADING), INK, Align::Left);
        }
        self.paint(&mut page, margin, top, factor);
        let bar_left = margin + wide + pixels(GAP);
        bar.draw(&mut page, bar_left, top, bar_height);
        if let Some(threshold) = self.threshold {
            let reach = pixels(5);
            let y = top + bar.place(bar_height, threshold);
            let (left, width) = (bar_left - reach, bar.colours() + 2 * reach);
            // Dark at both sides, or the line would be lost in the light end of the scale.
            let line = pixels(2);
            let upper = y.saturating_sub(line);
            page.fill(left, upper, width, 2 * line + pixels(1), INK);
            page.fill(left, upper + line / 2, width, line + pixels(1), OUTLINE);
        }
        for (index, (colour, line)) in lines.iter().enumerate() {
            let line_top = below + index as u32 * line_height;
            let mut left = margin;
            if let Some(colour) = colour {
                let (side, thick) = (pixels(SWATCH), pixels(4));
                let middle = line_top + pixels(SMALL) / 2;
                page.fill(left, middle - thick, side, 2 * thick, INK);
                let inset = pixels(1);
                let (width, height) = (side - 2 * inset, 2 * (thick - inset));
                page.fill(left + inset, middle - thick + inset, width, height, *colour);
                left += side + pixels(6);
            }
            page.text(left, line_top, line, pixels(SMALL), FAINT_INK, Align::Left);
        }
        page
    }

    /// What the colours mean that are not on the scale.
    fn lines(&self) -> Vec<(Option<Colour>, String)> {
        let mut lines = Vec::new();
        if let Some(threshold) = self.threshold {
            let line = format!("above the pixel threshold, {}", three_digits(threshold));
            lines.push((Some(OUTLINE), line));
        }
        let pixels = match self.image {
            ShownPixels::Stack { images, index } => images.image(index),
            ShownPixels::Rgb8 { .. } => &[],
        };
        let values = self.map.iter().chain(pixels);
        match values.filter(|value| !value.is_finite()).count() {
            0 => {}
            1 => lines.push((Some(NOT_FINITE), "1 value that is not finite".to_string())),
            count => {
                let line = format!("{count} values that are not finite");
                lines.push((Some(NOT_FINITE), line));
            }
        }
        lines
    }
}

/// Width of the colour before a line.
const SWATCH: u32 = 14;

/// Whether an error is flagged. What is no number is: it must not pass for normal.
fn is_above(error: f32, threshold: f64) -> bool {
    error.is_nan() || f64::from(error) > threshold
}

#[cfg(test)]
mod tests;
