use std::path::Path;

use super::image_stack::ImageStack;
use super::weights;
use crate::chart::axis::three_digits;
use crate::chart::colour::{ANOMALOUS, FAINT_INK, INK, NORMAL, RULE};
use crate::chart::page::{Align, BODY, HEADER, MARGIN, Page, SMALL};
use crate::chart::text;
use crate::chart::tile::{Tile, tile_size};
use crate::error::{PictureError, check_length, check_some};

/// Samples below each other.
const MOST_SAMPLES: usize = 40;
const CHART_WIDTH: u32 = 460;
const LONGEST: u32 = 84;
const GAP: u32 = 12;
const SECTION_GAP: u32 = 28;
const LINE_GAP: u32 = 18;
/// Height of the columns' names.
const NAMES: u32 = BODY + 14;
const WIDEST_CAPTION: u32 = 160;

/// How one sample is read from the memory, a line of an [`AddressingPicture`].
///
/// ```
/// use memae_pictures::AddressedSample;
///
/// let sample = AddressedSample {
///     input: &[0.9; 64],
///     reconstruction: &[0.8; 64],
///     weights: &[0.0, 0.25, 0.75],
///     caption: "9 · 0.31",
///     anomalous: false,
/// };
/// assert_eq!(sample.weights.iter().sum::<f32>(), 1.0);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct AddressedSample<'a> {
    /// The input image, `[channels, height, width]`.
    pub input: &'a [f32],
    /// What the decoder makes of the read, `[channels, height, width]`.
    pub reconstruction: &'a [f32],
    /// The shrunk weights ŵ, in [0, 1], `[N]`.
    pub weights: &'a [f32],
    /// What is written under the input, such as its label and anomaly score.
    pub caption: &'a str,
    /// Whether the sample is anomalous.
    pub anomalous: bool,
}

/// How samples are read from the memory, one line each: the input, its shrunk weights ŵ over all memory items, the
/// items with the greatest weights, and the reconstruction.
///
/// Each chart has a weight scale of its own, since the greatest weights of two samples may differ a hundredfold. The
/// bars of the items whose images are shown are violet. Weights of 0 or less are not drawn; nor are weights that are not finite, which the line counts. Of more than 40 samples the first 40
/// are drawn, and the line under the title says so.
///
/// ```
/// use memae_pictures::{AddressedSample, AddressingPicture, ImageStack};
///
/// let folder = tempfile::tempdir()?;
/// let items = ImageStack::new(1, 8, 8, vec![0.4; 3 * 64])?;
/// let picture = AddressingPicture {
///     title: "Digit 9 is normal",
///     samples: &[AddressedSample {
///         input: &[0.9; 64],
///         reconstruction: &[0.8; 64],
///         weights: &[0.0, 0.25, 0.75],
///         caption: "9 · 0.31",
///         anomalous: false,
///     }],
///     items: &items,
///     most: 2,
/// };
/// picture.save(folder.path().join("addressing.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct AddressingPicture<'a> {
    /// The line on top.
    pub title: &'a str,
    /// The samples, one line each.
    pub samples: &'a [AddressedSample<'a>],
    /// All N memory items, decoded alone; inputs and reconstructions have the same shape.
    pub items: &'a ImageStack,
    /// How many of the items with the greatest weights are shown, at most 12.
    pub most: usize,
}

/// More images than this would make a line too wide.
const MOST_ITEMS: usize = 12;

impl AddressingPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If there are no samples or items, a sample's images or weights do not fit the items, or the file cannot be
    /// written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        check_some(file, "samples", self.samples.len())?;
        check_some(file, "memory items", self.items.len())?;
        let pixels = self.items.image_len();
        for (at, sample) in self.samples.iter().enumerate() {
            let length = |what: &str, found: usize, expected: usize, reason: &str| {
                check_length(
                    file,
                    format!("{what} of sample {at}"),
                    found,
                    expected,
                    reason,
                )
            };
            length(
                "input",
                sample.input.len(),
                pixels,
                "the values of one item",
            )?;
            length(
                "reconstruction",
                sample.reconstruction.len(),
                pixels,
                "the values of one item",
            )?;
            length(
                "weights",
                sample.weights.len(),
                self.items.len(),
                "one per memory item",
            )?;
        }
        self.draw().save(file)
    }

    fn draw(&self) -> Page {
        let layout = self.layout();
        let shown = &self.samples[..self.samples.len().min(MOST_SAMPLES)];
        let mut note = format!(
            "N = {} memory items · violet bars: the items shown beside them · each chart has its own scale",
            self.items.len()
        );
        if shown.len() < self.samples.len() {
            note.push_str(&format!(
                " · first {} of {} samples",
                shown.len(),
                self.samples.len()
            ));
        }
        let lines = shown.len() as u32;
        let mut page = Page::new(
            layout.width,
            MARGIN + HEADER + NAMES + lines * (layout.line + LINE_GAP) - LINE_GAP + MARGIN,
        );
        page.header(self.title, &note);
        let top = MARGIN + HEADER;
        let name = |page: &mut Page, centre: u32, name: &str| {
            page.text(centre, top, name, BODY, FAINT_INK, Align::Centre);
        };
        name(&mut page, layout.input, "input");
        name(
            &mut page,
            layout.chart + CHART_WIDTH / 2,
            "shrunk weights ŵ",
        );
        if layout.most > 0 {
            name(&mut page, layout.items_centre(), "greatest weights");
        }
        name(&mut page, layout.reconstruction, "reconstruction");
        for (line, sample) in shown.iter().enumerate() {
            let line_top = top + NAMES + line as u32 * (layout.line + LINE_GAP);
            if line > 0 {
                let width = layout.width - 2 * MARGIN;
                page.fill(MARGIN, line_top - LINE_GAP / 2, width, 1, RULE);
            }
            self.draw_sample(&mut page, &layout, sample, line_top);
        }
        page
    }

    fn layout(&self) -> Layout {
        let tile = tile_size(self.items.height(), self.items.width(), LONGEST);
        let captions = self
            .samples
            .iter()
            .map(|sample| text::width(sample.caption, SMALL));
        let first = captions
            .chain(["anomalous", "reconstruction"].map(|name| text::width(name, BODY)))
            .max()
            .unwrap_or(0)
            .min(WIDEST_CAPTION)
            .max(tile.0);
        let number = format!("#{}", self.items.len() - 1);
        let slot = tile
            .0
            .max(text::width(&number, SMALL))
            .max(text::width("0.0000", SMALL))
            + GAP;
        let most = self.most.min(MOST_ITEMS).min(self.items.len());
        let name = if most > 0 {
            text::width("greatest weights", BODY)
        } else {
            0
        };
        let chart = MARGIN + first + SECTION_GAP;
        let items = chart + CHART_WIDTH + SECTION_GAP;
        let items_width = (most as u32 * slot).max(name);
        let last = tile.0.max(text::width("reconstruction", BODY));
        let after = items + items_width + if most > 0 { SECTION_GAP } else { 0 };
        Layout {
            tile,
            caption: first,
            input: MARGIN + first / 2,
            chart,
            items,
            items_width,
            slot,
            most,
            reconstruction: after + last / 2,
            width: after + last + MARGIN,
            line: (tile.1 + 2 * (SMALL + 6)).max(150),
        }
    }

    fn draw_sample(&self, page: &mut Page, layout: &Layout, sample: &AddressedSample, top: u32) {
        let [_, channels, height, width] = self.items.shape();
        let shape = [channels, height, width];
        let tile_top = top + (layout.line - layout.tile.1 - 2 * (SMALL + 6)) / 2;
        let below = tile_top + layout.tile.1 + 6;
        let place = |page: &mut Page, image: &[f32], centre: u32| {
            let tile = Tile::image(image, shape, LONGEST);
            page.tile(centre - tile.width / 2, tile_top, &tile);
        };

        place(page, sample.input, layout.input);
        let (class, colour) = if sample.anomalous {
            ("anomalous", ANOMALOUS)
        } else {
            ("normal", NORMAL)
        };
        page.text(layout.input, below, class, SMALL, colour, Align::Centre);
        let caption = text::fit(sample.caption, SMALL, layout.caption);
        page.text(
            layout.input,
            below + SMALL + 4,
            &caption,
            SMALL,
            INK,
            Align::Centre,
        );

        let ranked = weights::rank(sample.weights);
        let shown = &ranked[..ranked.len().min(layout.most)];
        weights::chart(
            sample.weights,
            &ranked,
            shown.len(),
            (CHART_WIDTH, layout.line),
        )
        .place(page, layout.chart, top);
        let right = layout.chart + CHART_WIDTH - 18;
        page.text(
            right,
            top + 12,
            &weights::count(sample.weights, ranked.len()),
            SMALL,
            FAINT_INK,
            Align::Right,
        );

        for (at, &item) in shown.iter().enumerate() {
            let used = layout.most as u32 * layout.slot;
            let start = layout.items + (layout.items_width - used) / 2;
            let centre = start + at as u32 * layout.slot + layout.slot / 2;
            place(page, self.items.image(item), centre);
            page.text(
                centre,
                below,
                &format!("#{item}"),
                SMALL,
                weights::SHOWN,
                Align::Centre,
            );
            let weight = three_digits(f64::from(sample.weights[item]));
            page.text(
                centre,
                below + SMALL + 4,
                &weight,
                SMALL,
                INK,
                Align::Centre,
            );
        }
        place(page, sample.reconstruction, layout.reconstruction);
    }
}

/// Where things stand, in pixels.
struct Layout {
    tile: (u32, u32),
    /// The widest caption.
    caption: u32,
    /// The centre of the inputs.
    input: u32,
    /// The left edge of the charts.
    chart: u32,
    /// The left edge of the items.
    items: u32,
    items_width: u32,
    /// Width of an item with the space around it.
    slot: u32,
    /// Items shown in a line.
    most: usize,
    /// The centre of the reconstructions.
    reconstruction: u32,
    /// Width of the page.
    width: u32,
    /// Height of a line.
    line: u32,
}

impl Layout {
    fn items_centre(&self) -> u32 {
        self.items + self.items_width / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXELS: usize = 35;

    fn items(count: usize) -> ImageStack {
        ImageStack::new(1, 7, 5, vec![0.5; count * PIXELS]).unwrap()
    }

    fn sample<'a>(image: &'a [f32], weights: &'a [f32]) -> AddressedSample<'a> {
        AddressedSample {
            input: image,
            reconstruction: image,
            weights,
            caption: "9 · 0.31",
            anomalous: true,
        }
    }

    #[test]
    fn any_number_of_samples_and_items_is_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let image = [0.5; PIXELS];
        for (samples, count, most) in [(1, 1, 1), (2, 3, 0), (3, 100, 5), (50, 2000, 99)] {
            let file = folder.path().join("addressing.png");
            let weights = vec![1.0 / count as f32; count];
            AddressingPicture {
                title: "addressing",
                samples: &vec![sample(&image, &weights); samples],
                items: &items(count),
                most,
            }
            .save(&file)
            .unwrap();
            let (width, height) = image::open(&file).unwrap().to_rgb8().dimensions();
            assert!((600..3000).contains(&width), "{width}");
            assert!((200..9000).contains(&height), "{height}");
        }
    }

    #[test]
    fn empty_rows_and_values_that_are_not_finite_make_a_page() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("addressing.png");
        let image = [f32::NAN; PIXELS];
        let (empty, unknown) = ([0.0; 3], [f32::NAN; 3]);
        AddressingPicture {
            title: "addressing",
            samples: &[sample(&image, &empty), sample(&image, &unknown)],
            items: &items(3),
            most: 2,
        }
        .save(&file)
        .unwrap();
        assert!(image::open(&file).is_ok());
    }

    #[test]
    fn lengths_that_differ_are_errors_that_leave_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("addressing.png");
        let message = |image: &[f32], weights: &[f32], count: usize| {
            AddressingPicture {
                title: "addressing",
                samples: &[sample(image, weights)],
                items: &items(count),
                most: 2,
            }
            .save(&file)
            .unwrap_err()
            .to_string()
        };
        let image = [0.0; PIXELS];
        assert!(
            message(&image[1..], &[0.0; 3], 3).ends_with(
                "input of sample 0: found length 34, expected 35 (the values of one item)"
            )
        );
        assert!(
            message(&image, &[0.0; 2], 3)
                .ends_with("weights of sample 0: found length 2, expected 3 (one per memory item)")
        );
        assert!(message(&image, &[], 0).ends_with("found no memory items, expected at least one"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
