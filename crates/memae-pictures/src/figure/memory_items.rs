use std::path::Path;

use super::image_stack::ImageStack;
use crate::chart::axis::drawable;
use crate::chart::colour::{FAINT_INK, GRID, INK, NORMAL};
use crate::chart::page::{Align, HEADER, MARGIN, Page, SMALL};
use crate::chart::text;
use crate::chart::tile::{Tile, tile_size};
use crate::error::{PictureError, check_length, check_some};

/// More memory items than this would make tiles too many to look at.
const MOST_TILES: usize = 1000;
/// Height of the bar that shows an item's read share.
const BAR: u32 = 5;
const GAP: u32 = 12;

/// What the memory holds: each memory item decoded alone, the most read first.
///
/// Under each tile a bar shows the item's read share, relative to the most read one, then its number and share.
/// Dead items, whose share is 0, are left out and counted in the line under the title; so are those after the first
/// 1000. A share that is not finite is written `n/a` and its item comes last; a pixel that is not finite is
/// turquoise.
///
/// ```
/// use memae_pictures::{ImageStack, MemoryPicture};
///
/// let folder = tempfile::tempdir()?;
/// let items = ImageStack::new(1, 8, 8, vec![0.4; 3 * 64])?;
/// let picture = MemoryPicture {
///     items: &items,
///     read_shares: &[0.25, 0.0, 0.75],
///     indices: &[0, 1, 2],
///     title: "Memory of digit 9",
/// };
/// picture.save(folder.path().join("memory.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct MemoryPicture<'a> {
    /// The decoded memory items, one image an item.
    pub items: &'a ImageStack,
    /// The share of all reads that goes to each item, in [0, 1], `[items]`.
    pub read_shares: &'a [f64],
    /// The number of each item in the memory, `[items]`.
    pub indices: &'a [usize],
    /// The line on top.
    pub title: &'a str,
}

impl MemoryPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If there are no items, the lengths differ, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        let items = self.items.len();
        check_some(file, "memory items", items)?;
        check_length(
            file,
            "read_shares",
            self.read_shares.len(),
            items,
            "one per memory item",
        )?;
        check_length(
            file,
            "indices",
            self.indices.len(),
            items,
            "one per memory item",
        )?;
        self.draw().save(file)
    }

    fn draw(&self) -> Page {
        let live = self.live();
        let shown = &live[..live.len().min(MOST_TILES)];
        let labels: Vec<String> = shown
            .iter()
            .map(|&item| {
                format!(
                    "#{}  {}",
                    self.indices[item],
                    percent(self.read_shares[item])
                )
            })
            .collect();
        let longest = match shown.len() {
            ..=40 => 112,
            41..=150 => 84,
            _ => 64,
        };
        let (width, height) = tile_size(self.items.height(), self.items.width(), longest);
        let label_width = labels.iter().map(|label| text::width(label, SMALL)).max();
        let slot = (
            width.max(label_width.unwrap_or(0)) + GAP,
            height + BAR + SMALL + 8 + GAP,
        );
        let (columns, rows) = arrange(shown.len(), slot);
        let note = self.note(live.len(), shown.len());
        let grid = columns * slot.0 - GAP.min(columns * slot.0);
        let wanted = text::width(self.title, crate::chart::page::TITLE)
            .max(text::width(&note, crate::chart::page::BODY))
            .min(1200);
        let mut page = Page::new(
            grid.max(wanted) + 2 * MARGIN,
            MARGIN + HEADER + rows * slot.1 + MARGIN - GAP,
        );
        page.header(self.title, &note);
        let largest = shown
            .iter()
            .map(|&item| self.read_shares[item])
            .filter(|&share| drawable(share))
            .fold(0.0, f64::max);
        for (place, (&item, label)) in shown.iter().zip(&labels).enumerate() {
            let (column, row) = (place as u32 % columns, place as u32 / columns);
            let centre = MARGIN + column * slot.0 + (slot.0 - GAP) / 2;
            let left = centre - width / 2;
            let top = MARGIN + HEADER + row * slot.1;
            let [_, channels, tile_height, tile_width] = self.items.shape();
            let shape = [channels, tile_height, tile_width];
            page.tile(
                left,
                top,
                &Tile::image(self.items.image(item), shape, longest),
            );
            let share = self.read_shares[item];
            page.fill(left, top + height + 3, width, BAR, GRID);
            if drawable(share) && largest > 0.0 {
                let length = (share.max(0.0) / largest * f64::from(width)).round() as u32;
                page.fill(left, top + height + 3, length, BAR, NORMAL);
            }
            let colour = if drawable(share) { INK } else { FAINT_INK };
            page.text(
                centre,
                top + height + BAR + 6,
                label,
                SMALL,
                colour,
                Align::Centre,
            );
        }
        page
    }

    /// The items that are read, most read first; those of unknown share last.
    fn live(&self) -> Vec<usize> {
        let known = |item: usize| Some(self.read_shares[item]).filter(|&share| drawable(share));
        let mut live: Vec<usize> = (0..self.items.len())
            .filter(|&item| known(item).is_none_or(|share| share > 0.0))
            .collect();
        live.sort_by(|&one, &other| {
            let (one, other) = (known(one).unwrap_or(-1.0), known(other).unwrap_or(-1.0));
            other.total_cmp(&one)
        });
        live
    }

    fn note(&self, live: usize, shown: usize) -> String {
        let items = self.items.len();
        let mut note = if items == 1 {
            "1 memory item".to_string()
        } else {
            let known = |&share: &f64| drawable(share);
            match self.read_shares.iter().any(known) {
                true => format!("{items} memory items, the most read first"),
                false => format!("{items} memory items, how often they are read is not known"),
            }
        };
        match items - live {
            0 => {}
            1 => note.push_str(" · 1 dead item left out"),
            dead => note.push_str(&format!(" · {dead} dead items left out")),
        }
        if shown < live {
            note.push_str(&format!(" · only the first {shown} shown"));
        }
        note
    }
}

/// Columns and rows of a page about one and a half times as wide as high.
fn arrange(tiles: usize, (width, height): (u32, u32)) -> (u32, u32) {
    if tiles == 0 {
        return (1, 0);
    }
    let columns = (tiles as f64 * 1.5 * f64::from(height) / f64::from(width))
        .sqrt()
        .ceil();
    let columns = (columns as u32).clamp(1, tiles as u32);
    (columns, (tiles as u32).div_ceil(columns))
}

fn percent(share: f64) -> String {
    if !drawable(share) {
        return "n/a".to_string();
    }
    match share * 100.0 {
        percent if percent >= 9.95 => format!("{percent:.0} %"),
        percent if percent >= 0.095 => format!("{percent:.1} %"),
        percent if percent >= 0.01 => format!("{percent:.2} %"),
        _ => "<0.01 %".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::colour::NOT_FINITE;

    fn stack(items: usize) -> ImageStack {
        let values = (0..items * 35).map(|value| (value % 11) as f32 / 10.0);
        ImageStack::new(1, 7, 5, values.collect()).unwrap()
    }

    #[test]
    fn pages_of_any_number_of_items_have_sensible_sizes() {
        let folder = tempfile::tempdir().unwrap();
        for items in [1, 2, 3, 30, 100, 500, 1200] {
            let file = folder.path().join(format!("{items}.png"));
            MemoryPicture {
                items: &stack(items),
                read_shares: &vec![1.0 / items as f64; items],
                indices: &(0..items).collect::<Vec<_>>(),
                title: "memory",
            }
            .save(&file)
            .unwrap();
            let (width, height) = image::open(&file).unwrap().to_rgb8().dimensions();
            assert!((150..4000).contains(&width), "{items}: {width}");
            assert!((150..3000).contains(&height), "{items}: {height}");
        }
    }

    #[test]
    fn the_most_read_comes_first_and_dead_items_are_left_out() {
        let picture = MemoryPicture {
            items: &stack(5),
            read_shares: &[0.1, 0.0, f64::NAN, 0.6, 0.3],
            indices: &[10, 11, 12, 13, 14],
            title: "memory",
        };
        assert_eq!(picture.live(), [3, 4, 0, 2]);
        assert_eq!(
            picture.note(4, 4),
            "5 memory items, the most read first · 1 dead item left out"
        );
    }

    #[test]
    fn a_memory_that_was_not_counted_says_so() {
        let picture = MemoryPicture {
            items: &stack(2),
            read_shares: &[f64::NAN; 2],
            indices: &[0, 1],
            title: "memory",
        };
        assert_eq!(picture.live(), [0, 1]);
        assert_eq!(
            picture.note(2, 2),
            "2 memory items, how often they are read is not known"
        );
    }

    #[test]
    fn a_memory_of_dead_items_makes_a_page_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("memory.png");
        let picture = MemoryPicture {
            items: &stack(3),
            read_shares: &[0.0; 3],
            indices: &[0, 1, 2],
            title: "memory",
        };
        picture.save(&file).unwrap();
        assert!(picture.note(0, 0).ends_with("3 dead items left out"));
    }

    #[test]
    fn pixels_that_are_not_finite_are_marked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("memory.png");
        let mut values = vec![0.5; 35];
        values[7] = f32::NAN;
        MemoryPicture {
            items: &ImageStack::new(1, 7, 5, values).unwrap(),
            read_shares: &[f64::NAN],
            indices: &[0],
            title: "",
        }
        .save(&file)
        .unwrap();
        let read = image::open(&file).unwrap().to_rgb8();
        let marked = read.pixels().filter(|pixel| pixel.0 == NOT_FINITE).count();
        assert_eq!(marked, 16 * 16);
    }

    #[test]
    fn lengths_that_differ_are_errors_that_leave_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("memory.png");
        let message = |items: usize, shares: usize, indices: usize| {
            MemoryPicture {
                items: &stack(items),
                read_shares: &vec![0.5; shares],
                indices: &vec![0; indices],
                title: "memory",
            }
            .save(&file)
            .unwrap_err()
            .to_string()
        };
        assert!(message(0, 0, 0).ends_with("found no memory items, expected at least one"));
        assert!(
            message(3, 2, 3)
                .ends_with("read_shares: found length 2, expected 3 (one per memory item)")
        );
        assert!(
            message(3, 3, 5).ends_with("indices: found length 5, expected 3 (one per memory item)")
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn shares_are_short() {
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.0421), "4.2 %");
        assert_eq!(percent(0.000_21), "0.02 %");
        assert_eq!(percent(1e-9), "<0.01 %");
    }
}
