use std::path::Path;

use super::image_stack::ImageStack;
use super::sample_blocks::{self, Block};
use crate::chart::axis::Axis;
use crate::chart::colour::INK;
use crate::chart::colour_bar::ColourBar;
use crate::chart::page::{Align, BODY, HEADER, HEADING, MARGIN, Page, SMALL};
use crate::chart::text;
use crate::chart::tile::{Tile, tile_size};
use crate::error::{PictureError, check_length, check_some};

const GAP: u32 = 8;
/// Between the normal and the anomalous block.
const BLOCK_GAP: u32 = 32;
/// Between two bands.
const BAND_GAP: u32 = 30;
/// A block's name and the line below it.
const BLOCK_HEADING: u32 = HEADING + 14;
const WIDEST_LABEL: u32 = 200;
const WIDEST_CAPTION: u32 = 120;

/// A row of images in a [`ReconstructionsPicture`]: the inputs, or what a model makes of them.
///
/// ```
/// use memae_pictures::{ImageStack, ReconstructionRow};
///
/// let images = ImageStack::new(1, 8, 8, vec![0.5; 64])?;
/// let row = ReconstructionRow { label: "input", images: &images };
/// assert_eq!(row.images.len(), 1);
/// # Ok::<(), memae_pictures::PictureError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ReconstructionRow<'a> {
    /// The name at the left.
    pub label: &'a str,
    /// One image per sample.
    pub images: &'a ImageStack,
}

/// A row of error maps in a [`ReconstructionsPicture`].
///
/// ```
/// use memae_pictures::ErrorMapRow;
///
/// let row = ErrorMapRow { label: "MemAE error", maps: &[0.0; 2 * 8 * 8] };
/// assert_eq!(row.maps.len(), 128);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ErrorMapRow<'a> {
    /// The name at the left.
    pub label: &'a str,
    /// The error of each pixel, at least 0, `[samples, height, width]`.
    pub maps: &'a [f32],
}

/// Inputs, their reconstructions and error maps, one column per sample: normal ones left, anomalous ones right.
///
/// All error maps share one scale, from 0 to the largest error, shown in a colour bar. A pixel or error that is not
/// finite is turquoise. Many samples are broken into up to five bands of about twenty; of more than a hundred the
/// first of each block are drawn, and its heading says so.
///
/// ```
/// use memae_pictures::{ErrorMapRow, ImageStack, ReconstructionRow, ReconstructionsPicture};
///
/// let folder = tempfile::tempdir()?;
/// let inputs = ImageStack::new(1, 8, 8, vec![0.9; 2 * 64])?;
/// let rebuilt = ImageStack::new(1, 8, 8, vec![0.7; 2 * 64])?;
/// let picture = ReconstructionsPicture {
///     title: "Digit 9 is normal",
///     rows: &[
///         ReconstructionRow { label: "input", images: &inputs },
///         ReconstructionRow { label: "MemAE", images: &rebuilt },
///     ],
///     error_maps: &[ErrorMapRow { label: "error", maps: &[0.04; 2 * 64] }],
///     anomalous: &[false, true],
///     captions: &["0.31".to_string(), "0.84".to_string()],
/// };
/// picture.save(folder.path().join("reconstructions.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ReconstructionsPicture<'a> {
    /// The line on top.
    pub title: &'a str,
    /// The rows of images, at least one, all of one shape.
    pub rows: &'a [ReconstructionRow<'a>],
    /// The rows of error maps below them; may be empty.
    pub error_maps: &'a [ErrorMapRow<'a>],
    /// Whether each sample is anomalous, `[samples]`.
    pub anomalous: &'a [bool],
    /// What is written under each sample, such as its anomaly score: `[samples]`, or empty.
    pub captions: &'a [String],
}

impl ReconstructionsPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If there are no rows or samples, the rows differ in shape, the error maps or captions do not fit the samples,
    /// an error is negative, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        self.check(file)?;
        self.draw().save(file)
    }

    fn check(&self, file: &Path) -> Result<(), PictureError> {
        let samples = self.anomalous.len();
        check_some(file, "rows", self.rows.len())?;
        check_some(file, "samples", samples)?;
        let [_, channels, height, width] = self.rows[0].images.shape();
        let expected = [samples, channels, height, width];
        for row in self.rows {
            if row.images.shape() != expected {
                return Err(PictureError::Mismatch {
                    file: file.to_path_buf(),
                    what: format!("images of row {:?}", row.label),
                    found: format!("shape {:?}", row.images.shape()),
                    expected: format!("{expected:?} (one image per sample, all of one shape)"),
                });
            }
        }
        for row in self.error_maps {
            let what = format!("error maps of row {:?}", row.label);
            let pixels = samples * height * width;
            check_length(
                file,
                &what,
                row.maps.len(),
                pixels,
                "samples x height x width",
            )?;
            if let Some(position) = row.maps.iter().position(|&error| error < 0.0) {
                return Err(PictureError::Negative {
                    file: file.to_path_buf(),
                    what,
                    found: row.maps[position],
                    position,
                });
            }
        }
        if !self.captions.is_empty() {
            check_length(
                file,
                "captions",
                self.captions.len(),
                samples,
                "one per sample, or none",
            )?;
        }
        Ok(())
    }

    fn draw(&self) -> Page {
        let blocks = sample_blocks::blocks(self.anomalous);
        let layout = self.layout(&blocks);
        let note = self.note();
        let width = layout
            .band_width(&blocks)
            .max(text::width(self.title, crate::chart::page::TITLE).min(1200));
        let bands = layout.bands as u32;
        let mut page = Page::new(
            width + 2 * MARGIN,
            MARGIN + HEADER + bands * (layout.band_height() + BAND_GAP) - BAND_GAP + MARGIN,
        );
        page.header(self.title, &note);
        for band in 0..bands {
            let top = MARGIN + HEADER + band * (layout.band_height() + BAND_GAP);
            self.draw_band(&mut page, &layout, &blocks, band as usize, top);
        }
        page
    }

    fn layout(&self, blocks: &[Block]) -> Layout {
        let shown: usize = blocks.iter().map(|block| block.samples.len()).sum();
        let bands = sample_blocks::bands(blocks);
        let images = self.rows[0].images;
        let longest = if shown <= 10 { 112 } else { 84 };
        let tile = tile_size(images.height(), images.width(), longest);
        let labels = self.rows.iter().map(|row| row.label);
        let labels = labels.chain(self.error_maps.iter().map(|row| row.label));
        let label_width = labels
            .map(|label| text::width(label, BODY))
            .max()
            .unwrap_or(0)
            .min(WIDEST_LABEL);
        let captions = self
            .captions
            .iter()
            .map(|caption| text::width(caption, SMALL));
        let caption_width = captions.max().unwrap_or(0).min(WIDEST_CAPTION);
        let scale = (!self.error_maps.is_empty()).then(|| self.scale());
        let legend_width = scale.as_ref().map_or(0, |scale| {
            2 * GAP + ColourBar::new(scale, self.largest_error()).width()
        });
        Layout {
            bands,
            longest,
            tile,
            slot: tile.0.max(caption_width) + GAP,
            label_width,
            rows: (self.rows.len() + self.error_maps.len()) as u32,
            caption: if self.captions.is_empty() {
                0
            } else {
                SMALL + 6
            },
            scale,
            legend_width,
        }
    }

    /// The scale of the error maps: from 0 to the largest finite error.
    fn scale(&self) -> Axis {
        Axis::between(0.0, f64::from(self.largest_error()), 4)
    }

    fn largest_error(&self) -> f32 {
        let errors = self.error_maps.iter().flat_map(|row| row.maps).copied();
        let largest = errors.filter(|error| error.is_finite()).fold(0.0, f32::max);
        if largest > 0.0 { largest } else { 1.0 }
    }

    fn note(&self) -> String {
        let errors = self.error_maps.iter().flat_map(|row| row.maps);
        let pixels = self.rows.iter().flat_map(|row| row.images.values());
        match errors
            .chain(pixels)
            .filter(|value| !value.is_finite())
            .count()
        {
            0 if self.error_maps.is_empty() => String::new(),
            0 => "all error maps on one scale".to_string(),
            count => format!("turquoise: {count} values that are not finite"),
        }
    }

    fn draw_band(&self, page: &mut Page, layout: &Layout, blocks: &[Block], band: usize, top: u32) {
        let first_row = top + BLOCK_HEADING;
        let row_top = |row: u32| first_row + row * (layout.tile.1 + GAP);
        let labels = self.rows.iter().map(|row| row.label);
        for (row, label) in labels
            .chain(self.error_maps.iter().map(|row| row.label))
            .enumerate()
        {
            let middle = row_top(row as u32) + (layout.tile.1 / 2).saturating_sub(BODY / 2);
            let right = MARGIN + layout.label_width;
            let label = text::fit(label, BODY, layout.label_width);
            page.text(right, middle, &label, BODY, INK, Align::Right);
        }
        let mut left = MARGIN + layout.label_width + 14;
        for block in blocks {
            let columns = block.columns(layout.bands);
            let samples = block.band(band, layout.bands);
            let width = columns as u32 * layout.slot - GAP;
            if !samples.is_empty() {
                let heading = text::fit(&block.heading, HEADING, width);
                page.text(left, top, &heading, HEADING, block.colour, Align::Left);
                page.fill(left, top + HEADING + 4, width, 3, block.colour);
            }
            for (column, &sample) in samples.iter().enumerate() {
                let centre = left + column as u32 * layout.slot + (layout.slot - GAP) / 2;
                self.draw_sample(page, layout, sample, centre, &row_top);
            }
            left += width + BLOCK_GAP;
        }
        if let Some(scale) = &layout.scale {
            let images = self.rows.len() as u32;
            let from = row_top(images);
            let height = row_top(layout.rows) - GAP - from;
            let bar = ColourBar::new(scale, self.largest_error());
            bar.draw(page, left - BLOCK_GAP + 2 * GAP, from, height);
        }
    }

    fn draw_sample(
        &self,
        page: &mut Page,
        layout: &Layout,
        sample: usize,
        centre: u32,
        row_top: &dyn Fn(u32) -> u32,
    ) {
        let left = centre - layout.tile.0 / 2;
        let [_, channels, height, width] = self.rows[0].images.shape();
        let mut tiles: Vec<Tile> = Vec::with_capacity(layout.rows as usize);
        for row in self.rows {
            let image = row.images.image(sample);
            tiles.push(Tile::image(
                image,
                [channels, height, width],
                layout.longest,
            ));
        }
        for row in self.error_maps {
            let map = &row.maps[sample * height * width..(sample + 1) * height * width];
            tiles.push(Tile::heat(
                map,
                [height, width],
                self.largest_error(),
                layout.longest,
            ));
        }
        for (row, tile) in tiles.iter().enumerate() {
            page.tile(left, row_top(row as u32), tile);
        }
        if let Some(caption) = self.captions.get(sample) {
            let caption = text::fit(caption, SMALL, layout.slot - GAP);
            page.text(
                centre,
                row_top(layout.rows) - 2,
                &caption,
                SMALL,
                INK,
                Align::Centre,
            );
        }
    }
}

/// Sizes in pixels, the same for every band.
struct Layout {
    bands: usize,
    longest: u32,
    tile: (u32, u32),
    slot: u32,
    label_width: u32,
    rows: u32,
    caption: u32,
    scale: Option<Axis>,
    legend_width: u32,
}

impl Layout {
    fn band_width(&self, blocks: &[Block]) -> u32 {
        let columns: usize = blocks.iter().map(|block| block.columns(self.bands)).sum();
        let between = (blocks.len() as u32 - 1) * BLOCK_GAP;
        let gaps = blocks.len() as u32 * GAP;
        self.label_width + 14 + columns as u32 * self.slot - gaps
            + between
            + self.legend_width
            + GAP
    }

    fn band_height(&self) -> u32 {
        BLOCK_HEADING + self.rows * (self.tile.1 + GAP) + self.caption
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::colour::{ANOMALOUS, NORMAL, NOT_FINITE};

    const PIXELS: usize = 35;

    fn stack(samples: usize) -> ImageStack {
        ImageStack::new(1, 7, 5, vec![0.5; samples * PIXELS]).unwrap()
    }

    /// Saves a picture with one error map and returns what is read back.
    fn save(
        images: &ImageStack,
        maps: &[f32],
        anomalous: &[bool],
    ) -> Result<image::RgbImage, PictureError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reconstructions.png");
        let saved = ReconstructionsPicture {
            title: "reconstructions",
            rows: &[ReconstructionRow {
                label: "input",
                images,
            }],
            error_maps: &[ErrorMapRow {
                label: "error",
                maps,
            }],
            anomalous,
            captions: &[],
        }
        .save(&file);
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, usize::from(saved.is_ok()));
        saved.map(|()| image::open(&file).unwrap().to_rgb8())
    }

    #[test]
    fn any_mixture_of_samples_is_drawn() {
        for (normal, anomalous) in [(1, 0), (0, 1), (3, 5), (10, 11), (500, 3), (250, 250)] {
            let samples = normal + anomalous;
            let labels: Vec<bool> = (0..samples).map(|sample| sample >= normal).collect();
            let read = save(&stack(samples), &vec![0.1; samples * PIXELS], &labels).unwrap();
            let (width, height) = read.dimensions();
            assert!((200..3000).contains(&width), "{samples}: {width}");
            assert!((200..3000).contains(&height), "{samples}: {height}");
            let has = |colour| read.pixels().any(|pixel| pixel.0 == colour);
            assert_eq!(has(NORMAL), normal > 0);
            assert_eq!(has(ANOMALOUS), anomalous > 0);
        }
    }

    #[test]
    fn values_that_are_not_finite_are_marked() {
        let mut values = vec![0.5; PIXELS];
        values[3] = f32::NAN;
        let mut maps = vec![0.25; PIXELS];
        maps[0] = f32::INFINITY;
        let images = ImageStack::new(1, 7, 5, values).unwrap();
        let read = save(&images, &maps, &[true]).unwrap();
        let marked = read.pixels().filter(|pixel| pixel.0 == NOT_FINITE).count();
        assert_eq!(marked, 2 * 16 * 16);
        assert!(save(&images, &[f32::NAN; PIXELS], &[true]).is_ok());
    }

    #[test]
    fn errors_of_zero_make_a_page() {
        assert!(save(&stack(2), &[0.0; 2 * PIXELS], &[false, true]).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let message = |images: &ImageStack, maps: &[f32], anomalous: &[bool]| {
            save(images, maps, anomalous).unwrap_err().to_string()
        };
        assert!(
            message(&stack(2), &[0.0; 3 * PIXELS], &[true; 3]).ends_with(
                "images of row \"input\": found shape [2, 1, 7, 5], expected [3, 1, 7, 5] (one image per sample, all of one shape)"
            )
        );
        assert!(message(&stack(2), &[0.0; 69], &[true; 2]).ends_with(
            "error maps of row \"error\": found length 69, expected 70 (samples x height x width)"
        ));
        assert!(
            message(&stack(1), &[-0.5; PIXELS], &[true])
                .ends_with("found -0.5 at position 0, expected errors of 0 or more")
        );
        assert!(message(&stack(0), &[], &[]).ends_with("found no samples, expected at least one"));
    }
}
