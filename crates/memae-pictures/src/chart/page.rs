//! A white page on which tiles, text and charts are placed, and its file.

use std::fs::File;
use std::io::{self, Cursor, Write};
use std::path::Path;

use image::{ImageBuffer, ImageFormat, PixelWithColorType, Rgb, RgbImage};

use super::colour::{self, Colour, FAINT_INK, INK, PAPER, RULE};
use super::text::{self, Coverage};
use super::tile::Tile;
use crate::error::PictureError;

/// White space around everything.
pub(crate) const MARGIN: u32 = 28;
/// Line heights, in pixels.
pub(crate) const TITLE: u32 = 26;
pub(crate) const HEADING: u32 = 20;
pub(crate) const BODY: u32 = 17;
pub(crate) const SMALL: u32 = 15;

/// Height of [`Page::header`].
pub(crate) const HEADER: u32 = TITLE + 8 + BODY + 16;

/// Which point of a line of text is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// A white page.
pub(crate) struct Page {
    canvas: RgbImage,
    failure: Option<String>,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self {
            canvas: RgbImage::from_pixel(width, height, Rgb(PAPER)),
            failure: None,
        }
    }

    pub(crate) fn width(&self) -> u32 {
        self.canvas.width()
    }

    /// The title and, below it, a line that says what is shown; both cut to the page.
    pub(crate) fn header(&mut self, title: &str, note: &str) {
        let widest = self.width().saturating_sub(2 * MARGIN);
        self.text(
            MARGIN,
            MARGIN,
            &text::fit(title, TITLE, widest),
            TITLE,
            INK,
            Align::Left,
        );
        let top = MARGIN + TITLE + 8;
        self.text(
            MARGIN,
            top,
            &text::fit(note, BODY, widest),
            BODY,
            FAINT_INK,
            Align::Left,
        );
    }

    /// One line of text, its top at `top`, its left edge, centre or right edge at `x`.
    pub(crate) fn text(
        &mut self,
        x: u32,
        top: u32,
        text: &str,
        size: u32,
        colour: Colour,
        align: Align,
    ) {
        let Some(coverage) = text::cover(text, size) else {
            return self.fail("the embedded font cannot be read".to_string());
        };
        let written = coverage.width - 2 * coverage.margin;
        let shift = match align {
            Align::Left => 0,
            Align::Centre => written / 2,
            Align::Right => written,
        };
        let left = i64::from(x) - i64::from(shift + coverage.margin);
        let top = i64::from(top) - i64::from(coverage.margin);
        self.ink(&coverage, colour, |across, down| {
            (left + across, top + down)
        });
    }

    /// One line of text that runs upwards, its top at `left`, its centre at `y`.
    pub(crate) fn text_upwards(
        &mut self,
        left: u32,
        y: u32,
        text: &str,
        size: u32,
        colour: Colour,
    ) {
        let Some(coverage) = text::cover(text, size) else {
            return self.fail("the embedded font cannot be read".to_string());
        };
        let left = i64::from(left) - i64::from(coverage.margin);
        let bottom = i64::from(y) + i64::from(coverage.width / 2);
        self.ink(&coverage, colour, |across, down| {
            (left + down, bottom - across)
        });
    }

    fn ink(
        &mut self,
        coverage: &Coverage,
        colour: Colour,
        position: impl Fn(i64, i64) -> (i64, i64),
    ) {
        for (at, &share) in coverage
            .shares
            .iter()
            .enumerate()
            .filter(|(_, share)| **share > 0.0)
        {
            let at = at as u32;
            let (x, y) = position(
                i64::from(at % coverage.width),
                i64::from(at / coverage.width),
            );
            if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
                && let Some(pixel) = self.canvas.get_pixel_mut_checked(x, y)
            {
                // Light letters read better a little darker than they cover.
                *pixel = Rgb(colour::mix(pixel.0, colour, share.powf(0.75)));
            }
        }
    }

    /// A filled rectangle, cut to the page.
    pub(crate) fn fill(&mut self, left: u32, top: u32, width: u32, height: u32, colour: Colour) {
        for y in top..(top + height).min(self.canvas.height()) {
            for x in left..(left + width).min(self.canvas.width()) {
                self.canvas.put_pixel(x, y, Rgb(colour));
            }
        }
    }

    /// A tile in a thin frame.
    pub(crate) fn tile(&mut self, left: u32, top: u32, tile: &Tile) {
        self.fill(
            left.saturating_sub(1),
            top.saturating_sub(1),
            tile.width + 2,
            tile.height + 2,
            RULE,
        );
        for (at, &pixel) in tile.pixels.iter().enumerate() {
            let at = at as u32;
            let (x, y) = (left + at % tile.width, top + at / tile.width);
            if let Some(place) = self.canvas.get_pixel_mut_checked(x, y) {
                *place = Rgb(pixel);
            }
        }
    }

    /// A row of pixels from `left` on, cut to the page.
    pub(crate) fn row(&mut self, left: u32, top: u32, pixels: &[Colour]) {
        for (at, &pixel) in (left..).zip(pixels) {
            if let Some(place) = self.canvas.get_pixel_mut_checked(at, top) {
                *place = Rgb(pixel);
            }
        }
    }

    /// The pixels from `left` on, up to the edge of the page: `change` makes of each what it becomes.
    pub(crate) fn change_row(
        &mut self,
        left: u32,
        top: u32,
        width: u32,
        mut change: impl FnMut(u32, Colour) -> Colour,
    ) {
        for at in 0..width {
            if let Some(place) = self.canvas.get_pixel_mut_checked(left + at, top) {
                *place = Rgb(change(at, place.0));
            }
        }
    }

    /// Another image with its upper left corner at `left`, `top`, cut to the page.
    pub(crate) fn paste(&mut self, left: u32, top: u32, image: &RgbImage) {
        for (x, y, pixel) in image.enumerate_pixels() {
            if let Some(place) = self.canvas.get_pixel_mut_checked(left + x, top + y) {
                *place = *pixel;
            }
        }
    }

    /// Keeps the first failure to draw; [`Page::save`] returns it.
    pub(crate) fn fail(&mut self, reason: String) {
        self.failure.get_or_insert(reason);
    }

    /// Writes the page as PNG: to a temporary file in the same folder, which then takes the name of `file`.
    pub(crate) fn save(self, file: &Path) -> Result<(), PictureError> {
        write_png(file, &self.finished(file)?)
    }

    /// Its pixels, red, green and blue, row by row; `name` stands for the file in errors.
    pub(crate) fn into_pixels(self, name: &Path) -> Result<Vec<u8>, PictureError> {
        Ok(self.finished(name)?.into_raw())
    }

    fn finished(self, file: &Path) -> Result<RgbImage, PictureError> {
        match self.failure {
            Some(reason) => Err(PictureError::Drawing {
                file: file.to_path_buf(),
                reason,
            }),
            None => Ok(self.canvas),
        }
    }
}

/// After a crash the old file is there, or the new one, and never a part of it; on failure nothing is left behind.
pub(crate) fn write_png<P>(file: &Path, image: &ImageBuffer<P, Vec<u8>>) -> Result<(), PictureError>
where
    P: PixelWithColorType<Subpixel = u8>,
{
    replace(file, image).map_err(|source| PictureError::Write {
        file: file.to_path_buf(),
        source,
    })
}

fn replace<P>(file: &Path, image: &ImageBuffer<P, Vec<u8>>) -> io::Result<()>
where
    P: PixelWithColorType<Subpixel = u8>,
{
    let mut png = Cursor::new(Vec::new());
    image
        .write_to(&mut png, ImageFormat::Png)
        .map_err(io::Error::other)?;
    // A device or a pipe would be no more, and of a link what it leads to would stay as it was.
    if std::fs::symlink_metadata(file).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "found something with this name that is no regular file, expected one or none",
        ));
    }
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Made this way, the file has the permissions of an ordinary new file, not those of a secret.
    let mut temporary = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
    temporary.as_file_mut().write_all(png.get_ref())?;
    temporary.as_file().sync_all()?;
    temporary
        .persist(file)
        .map(drop)
        .map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_page_is_read_back_as_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.png");
        let mut page = Page::new(40, 30);
        page.fill(3, 5, 7, 11, [10, 20, 30]);
        page.save(&file).unwrap();
        let read = image::open(&file).unwrap().to_rgb8();
        assert_eq!(read.dimensions(), (40, 30));
        assert_eq!(read.get_pixel(3, 5).0, [10, 20, 30]);
        assert_eq!(read.get_pixel(9, 15).0, [10, 20, 30]);
        assert_eq!(read.get_pixel(10, 15).0, PAPER);
        assert_eq!(names(folder.path()), ["page.png"]);
    }

    #[test]
    fn what_reaches_over_the_edge_is_cut() {
        let mut page = Page::new(20, 10);
        page.text(0, 0, "a line far too long", BODY, INK, Align::Centre);
        page.fill(15, 5, 100, 100, INK);
        page.tile(18, 8, &Tile::image(&[0.5; 16], [1, 4, 4], 4));
        page.paste(19, 9, &RgbImage::new(5, 5));
        assert_eq!(page.canvas.dimensions(), (20, 10));
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("missing").join("page.png");
        let message = Page::new(4, 4).save(&file).unwrap_err().to_string();
        assert!(message.contains("page.png: cannot be written"), "{message}");
        assert!(!message.contains('\n'));
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_file_that_cannot_be_replaced_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let occupied = folder.path().join("occupied");
        std::fs::create_dir(&occupied).unwrap();
        std::fs::write(occupied.join("inside"), "kept").unwrap();
        assert!(Page::new(4, 4).save(&occupied).is_err());
        assert_eq!(names(folder.path()), ["occupied"]);
        assert_eq!(names(&occupied), ["inside"]);
    }

    #[test]
    fn an_older_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.png");
        std::fs::write(&file, "older").unwrap();
        Page::new(6, 4).save(&file).unwrap();
        assert_eq!(image::open(&file).unwrap().to_rgb8().dimensions(), (6, 4));
    }

    #[test]
    fn a_failure_to_draw_is_returned_and_nothing_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut page = Page::new(6, 4);
        page.fail("no font".to_string());
        let message = page
            .save(&folder.path().join("page.png"))
            .unwrap_err()
            .to_string();
        assert!(
            message.ends_with("page.png: cannot be drawn: no font"),
            "{message}"
        );
        assert!(names(folder.path()).is_empty());
    }
}
