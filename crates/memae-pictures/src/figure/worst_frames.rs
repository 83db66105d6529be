use std::path::Path;

use super::image_stack::ImageStack;
use crate::chart::axis::{Axis, three_digits};
use crate::chart::colour::{ANOMALOUS, Colour, FAINT_INK, INK, NORMAL, OUTLINE};
use crate::chart::colour_bar::ColourBar;
use crate::chart::page::{Align, BODY, HEADER, MARGIN, Page, SMALL, TITLE};
use crate::chart::text;
use crate::chart::tile::{Tile, tile_size};
use crate::error::{PictureError, check_length, check_some};

/// Frames on a page.
const MOST_FRAMES: usize = 24;
const LONGEST: u32 = 256;
/// Width that the columns of a band may fill.
const BAND_WIDTH: u32 = 1120;
const GAP: u32 = 10;
const COLUMN_GAP: u32 = 18;
const BAND_GAP: u32 = 34;
/// Two lines of text and a rule over each frame.
const HEADING: u32 = BODY + 4 + SMALL + 7 + RULE_HEIGHT + 7;
const RULE_HEIGHT: u32 = 3;
const NARROWEST_COLUMN: u32 = 200;
/// Room for the numbers of the colour bar, however flat the frames are.
const LOWEST_ROW: u32 = 64;
/// The share of errors below the top of the scale, unless the largest is close to it.
const CORE: f64 = 0.999;

/// A frame in a [`WorstFramesPicture`].
///
/// ```
/// use memae_pictures::WorstFrame;
///
/// let frame = WorstFrame { video: "Test001", frame: 63, score: 0.84, anomalous: Some(true) };
/// assert!(frame.score > 0.5);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct WorstFrame<'a> {
    /// The name of its video.
    pub video: &'a str,
    /// Its number in the video, counted from 0.
    pub frame: usize,
    /// Its anomaly score, higher = more anomalous.
    pub score: f64,
    /// Whether it is labelled anomalous; `None` if it has no label.
    pub anomalous: Option<bool>,
}

/// The frames with the highest anomaly scores: each as it is, its reconstruction, and the error map laid over it with
/// the outline of the pixels that are labelled anomalous.
///
/// The highest score comes first; scores that are not finite come last. Of more than 24 frames the 24 with the highest
/// scores are drawn, and the line under the title says so. All error maps share one scale, from 0 to the largest error,
/// shown in a colour bar; where a few errors (one in a thousand) lie far above all others, the scale ends before them,
/// at a quarter of the largest error or above. A pixel or error that is not finite is turquoise.
///
/// ```
/// use memae_pictures::{ImageStack, WorstFrame, WorstFramesPicture};
///
/// let folder = tempfile::tempdir()?;
/// let images = ImageStack::new(1, 6, 9, vec![0.6; 2 * 54])?;
/// let mut errors = vec![0.01; 2 * 54];
/// errors[20] = 0.5;
/// let picture = WorstFramesPicture {
///     title: "Walkway",
///     frames: &[
///         WorstFrame { video: "Test001", frame: 63, score: 0.84, anomalous: Some(true) },
///         WorstFrame { video: "Test007", frame: 8, score: 0.51, anomalous: Some(false) },
///     ],
///     images: &images,
///     reconstructions: None,
///     error_maps: &errors,
///     masks: &[],
/// };
/// picture.save(folder.path().join("worst_frames.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct WorstFramesPicture<'a> {
    /// The line on top.
    pub title: &'a str,
    /// The frames, at least one, in any order.
    pub frames: &'a [WorstFrame<'a>],
    /// Their pixels, one image per frame.
    pub images: &'a ImageStack,
    /// What the model makes of them, one image per frame.
    pub reconstructions: Option<&'a ImageStack>,
    /// The error of each pixel, at least 0, `[frames, height, width]`.
    pub error_maps: &'a [f32],
    /// Whether each pixel is labelled anomalous, `[frames, height, width]`; empty if there are no masks.
    pub masks: &'a [bool],
}

impl WorstFramesPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If there are no frames, the images, reconstructions, error maps or masks do not fit them, an error is negative,
    /// or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        self.check(file)?;
        self.draw().save(file)
    }

    fn check(&self, file: &Path) -> Result<(), PictureError> {
        let frames = self.frames.len();
        check_some(file, "frames", frames)?;
        check_length(file, "images", self.images.len(), frames, "one per frame")?;
        if let Some(reconstructions) = self.reconstructions
            && reconstructions.shape() != self.images.shape()
        {
            return Err(PictureError::Mismatch {
                file: file.to_path_buf(),
                what: "reconstructions".to_string(),
                found: format!("shape {:?}", reconstructions.shape()),
                expected: format!("{:?} (the shape of the images)", self.images.shape()),
            });
        }
        let pixels = frames * self.pixels();
        let reason = "frames x height x width";
        check_length(file, "error maps", self.error_maps.len(), pixels, reason)?;
        if !self.masks.is_empty() {
            check_length(file, "masks", self.masks.len(), pixels, reason)?;
        }
        match self.error_maps.iter().position(|&error| error < 0.0) {
            Some(position) => Err(PictureError::Negative {
                file: file.to_path_buf(),
                what: "error maps".to_string(),
                found: self.error_maps[position],
                position,
            }),
            None => Ok(()),
        }
    }

    /// Pixels of a frame.
    fn pixels(&self) -> usize {
        self.images.height() * self.images.width()
    }

    fn error_map(&self, frame: usize) -> &[f32] {
        &self.error_maps[frame * self.pixels()..(frame + 1) * self.pixels()]
    }

    /// The frames that are drawn, the highest score first.
    fn ranking(&self) -> Vec<usize> {
        let mut frames: Vec<usize> = (0..self.frames.len()).collect();
        let rank = |&frame: &usize| {
            let score = self.frames[frame].score;
            if score.is_finite() {
                score
            } else {
                f64::NEG_INFINITY
            }
        };
        frames.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        frames.truncate(MOST_FRAMES);
        frames
    }

    fn draw(&self) -> Page {
        let ranking = self.ranking();
        let top_error = self.top_error(&ranking);
        let layout = self.layout(&ranking, top_error);
        let bands = ranking.len().div_ceil(layout.columns) as u32;
        let title = text::width(self.title, TITLE).min(BAND_WIDTH);
        let mut page = Page::new(
            layout.width().max(title) + 2 * MARGIN,
            MARGIN + HEADER + bands * (layout.band_height() + BAND_GAP) - BAND_GAP + MARGIN,
        );
        page.header(self.title, &self.note(&ranking, top_error));
        for (band, frames) in ranking.chunks(layout.columns).enumerate() {
            let top = MARGIN + HEADER + band as u32 * (layout.band_height() + BAND_GAP);
            for (row, label) in self.row_labels().into_iter().enumerate() {
                let middle = layout.row_top(top, row as u32) + layout.tile.1 / 2;
                let right = MARGIN + layout.label_width;
                let label_top = middle.saturating_sub(BODY / 2);
                page.text(right, label_top, label, BODY, INK, Align::Right);
            }
            let first = MARGIN + layout.label_width + 14;
            for (column, &frame) in frames.iter().enumerate() {
                let left = first + column as u32 * (layout.column + COLUMN_GAP);
                self.draw_frame(&mut page, &layout, frame, left, top, top_error);
            }
            let right = first + layout.columns as u32 * (layout.column + COLUMN_GAP);
            let bar = ColourBar::new(&layout.scale, top_error);
            let bar_top = layout.row_top(top, layout.rows - 1);
            bar.draw(&mut page, right, bar_top, layout.row);
        }
        page
    }

    fn draw_frame(
        &self,
        page: &mut Page,
        layout: &Layout,
        frame: usize,
        left: u32,
        top: u32,
        top_error: f32,
    ) {
        let [_, channels, height, width] = self.images.shape();
        let described = &self.frames[frame];
        let name = text::fit(described.video, BODY, layout.column - NARROWEST_COLUMN / 2);
        let name = format!("{name} · frame {}", described.frame);
        let name = text::fit(&name, BODY, layout.column);
        page.text(left, top, &name, BODY, INK, Align::Left);
        let caption = text::fit(&described.caption(), SMALL, layout.column).into_owned();
        let colour = described.colour();
        page.text(left, top + BODY + 4, &caption, SMALL, colour, Align::Left);
        let rule = top + BODY + 4 + SMALL + 7;
        page.fill(left, rule, layout.column, RULE_HEIGHT, colour);

        let tile = |images: &ImageStack| {
            Tile::image(images.image(frame), [channels, height, width], LONGEST)
        };
        let mut overlay = tile(self.images);
        overlay.lay_over(self.error_map(frame), [height, width], top_error);
        let pixels = self.pixels();
        if let Some(mask) = self.masks.get(frame * pixels..(frame + 1) * pixels) {
            overlay.outline(mask, [height, width], OUTLINE);
        }
        let tiles = [
            Some(tile(self.images)),
            self.reconstructions.map(tile),
            Some(overlay),
        ];
        for (row, tile) in tiles.iter().flatten().enumerate() {
            page.tile(left, layout.row_top(top, row as u32), tile);
        }
    }

    fn row_labels(&self) -> Vec<&'static str> {
        match self.reconstructions {
            Some(_) => vec!["frame", "reconstruction", "error"],
            None => vec!["frame", "error"],
        }
    }

    fn layout(&self, ranking: &[usize], top_error: f32) -> Layout {
        let tile = tile_size(self.images.height(), self.images.width(), LONGEST);
        let column = tile.0.max(NARROWEST_COLUMN);
        let most = ((BAND_WIDTH + COLUMN_GAP) / (column + COLUMN_GAP)) as usize;
        // Bands of nearly equal length.
        let bands = ranking.len().div_ceil(most);
        let labels = self.row_labels();
        let label_width = labels.iter().map(|label| text::width(label, BODY)).max();
        let scale = Axis::between(0.0, f64::from(top_error), 5);
        Layout {
            columns: ranking.len().div_ceil(bands),
            tile,
            column,
            row: tile.1.max(LOWEST_ROW),
            rows: labels.len() as u32,
            label_width: label_width.unwrap_or(0),
            bar_width: ColourBar::new(&scale, top_error).width(),
            scale,
        }
    }

    /// The end of the scale of errors.
    fn top_error(&self, ranking: &[usize]) -> f32 {
        let maps = ranking.iter().flat_map(|&frame| self.error_map(frame));
        let mut errors: Vec<f32> = maps.copied().filter(|error| error.is_finite()).collect();
        let largest = errors.iter().copied().fold(0.0, f32::max);
        if largest <= 0.0 {
            return 1.0;
        }
        let core = ((errors.len() - 1) as f64 * CORE) as usize;
        let (_, &mut core, _) = errors.select_nth_unstable_by(core, f32::total_cmp);
        if largest > 1.5 * core {
            core.max(largest / 4.0)
        } else {
            largest
        }
    }

    fn note(&self, ranking: &[usize], top_error: f32) -> String {
        let mut notes = Vec::new();
        if ranking.len() < self.frames.len() {
            let (shown, all) = (ranking.len(), self.frames.len());
            notes.push(format!("the {shown} highest scores of {all} frames"));
        }
        if self.masks.contains(&true) {
            notes.push("green outline: labelled pixels".to_string());
        }
        let errors = || ranking.iter().flat_map(|&frame| self.error_map(frame));
        let finite = errors().copied().filter(|error| error.is_finite());
        let largest = finite.fold(0.0, f32::max);
        let mut scale = "all error maps on one scale".to_string();
        if largest > top_error {
            let [cut, largest] = [top_error, largest].map(|error| three_digits(error.into()));
            scale.push_str(&format!(", cut at {cut} (largest error {largest})"));
        }
        notes.push(scale);
        let stacks = [Some(self.images), self.reconstructions];
        let pixels = stacks
            .iter()
            .flatten()
            .flat_map(|images| ranking.iter().flat_map(|&frame| images.image(frame)));
        match errors()
            .chain(pixels)
            .filter(|value| !value.is_finite())
            .count()
        {
            0 => {}
            1 => notes.push("turquoise: 1 value that is not finite".to_string()),
            count => notes.push(format!("turquoise: {count} values that are not finite")),
        }
        notes.join(" · ")
    }
}

impl WorstFrame<'_> {
    fn caption(&self) -> String {
        let score = format!("score {}", three_digits(self.score));
        match self.anomalous {
            Some(true) => format!("{score} · labelled anomalous"),
            Some(false) => format!("{score} · labelled normal"),
            None => score,
        }
    }

    fn colour(&self) -> Colour {
        match self.anomalous {
            Some(true) => ANOMALOUS,
            Some(false) => NORMAL,
            None => FAINT_INK,
        }
    }
}

/// Sizes in pixels, the same for every band.
struct Layout {
    columns: usize,
    tile: (u32, u32),
    column: u32,
    row: u32,
    rows: u32,
    label_width: u32,
    scale: Axis,
    bar_width: u32,
}

impl Layout {
    fn width(&self) -> u32 {
        let columns = self.columns as u32 * (self.column + COLUMN_GAP);
        self.label_width + 14 + columns + self.bar_width
    }

    fn band_height(&self) -> u32 {
        HEADING + self.rows * (self.row + GAP) - GAP
    }

    fn row_top(&self, band_top: u32, row: u32) -> u32 {
        band_top + HEADING + row * (self.row + GAP)
    }
}

#[cfg(test)]
mod tests;
