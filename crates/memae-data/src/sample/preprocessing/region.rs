//! The part of images that is looked at.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::error::PreprocessingError;
use super::resize::MAX_SIDE;
use crate::sample::mask::Mask;

/// The part of images that is looked at, at any size: a rectangle, or what a mask covers.
///
/// What lies outside becomes the background, and has no part in what is anomalous.
///
/// ```
/// use memae_data::sample::{Mask, Region};
///
/// let lower_half = Region::rectangle(0.5, 0.0, 0.5, 1.0)?;
/// assert_eq!(lower_half.covered((4, 1)), [false, false, true, true]);
///
/// let mask = Mask::new(1, 3, vec![false, true, false])?;
/// let middle = Region::of_mask(&mask)?;
/// assert_eq!(middle.covered((1, 6)), [false, false, true, true, false, false]);
/// let text = serde_json::to_string(&middle)?;
/// assert_eq!(text, r#"{"mask":{"height":1,"width":3,"runs":"1 1 1"}}"#);
/// assert_eq!(serde_json::from_str::<Region>(&text)?, middle);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SavedRegion", into = "SavedRegion")]
pub struct Region(Form);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// Shares of the height and the width.
    Rectangle {
        top: f64,
        left: f64,
        height: f64,
        width: f64,
    },
    /// A mask of some size.
    Mask {
        height: usize,
        width: usize,
        /// Where pixels change from outside to inside or back, row by row, in ascending order; the first are outside.
        changes: Vec<usize>,
    },
}

// No number of a region is NaN.
impl Eq for Region {}

impl Region {
    /// The rectangle that begins `top` below and `left` right of the corner, all in shares of the height and width of an image
    /// as it is turned.
    ///
    /// # Errors
    ///
    /// The rectangle has no area, or does not lie within the image.
    pub fn rectangle(
        top: f64,
        left: f64,
        height: f64,
        width: f64,
    ) -> Result<Self, PreprocessingError> {
        // A sum such as 0.9 + 0.1 may exceed 1 by its last bit.
        let within =
            |start: f64, length: f64| start >= 0.0 && length > 0.0 && start + length <= 1.0 + 1e-9;
        match within(top, height) && within(left, width) {
            true => Ok(Self(Form::Rectangle {
                top,
                left,
                height,
                width,
            })),
            false => Err(PreprocessingError::Region {
                found: format!("a rectangle of {height} x {width} at {top}, {left}"),
                expected: "one with an area within 0 to 1, in shares of the height and width",
            }),
        }
    }

    /// What a mask covers: where it is white, images are looked at. Images of other sizes have the mask stretched over them.
    ///
    /// # Errors
    ///
    /// The mask covers nothing, or has a side of more than 16,384 pixels.
    pub fn of_mask(mask: &Mask) -> Result<Self, PreprocessingError> {
        let mut changes = Vec::new();
        let mut inside = false;
        for (at, &covered) in mask.anomalous().iter().enumerate() {
            if covered != inside {
                changes.push(at);
                inside = covered;
            }
        }
        Self::of_changes(mask.height(), mask.width(), changes)
    }

    fn of_changes(
        height: usize,
        width: usize,
        changes: Vec<usize>,
    ) -> Result<Self, PreprocessingError> {
        let problem = |found: String, expected| Err(PreprocessingError::Region { found, expected });
        if !(1..=MAX_SIDE).contains(&height) || !(1..=MAX_SIDE).contains(&width) {
            let found = format!("a mask of {height}x{width}");
            return problem(found, "sides of 1 to 16384 pixels");
        }
        match changes.first() {
            Some(&first) if first < height * width => Ok(Self(Form::Mask {
                height,
                width,
                changes,
            })),
            _ => problem(
                "a mask that covers nothing".to_string(),
                "a region that is looked at",
            ),
        }
    }

    /// Whether the middle of each pixel of an image of this height and width lies within, row by row.
    pub fn covered(&self, (height, width): (usize, usize)) -> Vec<bool> {
        let mut covered = Vec::with_capacity(height * width);
        for y in 0..height {
            match &self.0 {
                Form::Rectangle {
                    top,
                    left,
                    height: tall,
                    width: wide,
                } => {
                    let row = within(y, height, *top, *tall);
                    covered.extend((0..width).map(|x| row && within(x, width, *left, *wide)));
                }
                Form::Mask {
                    height: rows,
                    width: columns,
                    changes,
                } => {
                    let row = middle_of(y, height, *rows) * columns;
                    let mut passed = changes.partition_point(|&change| change <= row);
                    covered.extend((0..width).map(|x| {
                        let at = row + middle_of(x, width, *columns);
                        while changes.get(passed).is_some_and(|&change| change <= at) {
                            passed += 1;
                        }
                        passed % 2 == 1
                    }));
                }
            }
        }
        covered
    }

    /// Whether the middle of any pixel of an image of this height and width lies within; nothing is allocated for it, however
    /// large that image is.
    ///
    /// ```
    /// use memae_data::sample::Region;
    ///
    /// let corner = Region::rectangle(0.0, 0.0, 0.1, 0.1)?;
    /// assert!(corner.covers_any((10, 10)));
    /// assert!(!corner.covers_any((2, 2))); // the middle of its first pixel lies at a quarter
    /// # Ok::<(), memae_data::sample::PreprocessingError>(())
    /// ```
    pub fn covers_any(&self, (height, width): (usize, usize)) -> bool {
        match &self.0 {
            Form::Rectangle {
                top,
                left,
                height: tall,
                width: wide,
            } => {
                let any = |of: usize, start: f64, length: f64| {
                    (0..of).any(|index| within(index, of, start, length))
                };
                any(height, *top, *tall) && any(width, *left, *wide)
            }
            Form::Mask {
                height: rows,
                width: columns,
                changes,
            } => (0..*rows).any(|row| {
                is_seen(row..row + 1, height, *rows)
                    && inside(changes, row * columns..(row + 1) * columns).any(|run| {
                        let start = row * columns;
                        is_seen(run.start - start..run.end - start, width, *columns)
                    })
            }),
        }
    }
}

/// Whether the middle of a pixel lies within `length` from `start` on, in shares of the side of `of` pixels.
fn within(index: usize, of: usize, start: f64, length: f64) -> bool {
    let middle = (index as f64 + 0.5) / of as f64;
    middle >= start && middle < start + length
}

/// The runs of pixels inside that lie within a range of a mask.
fn inside(changes: &[usize], range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let passed = changes.partition_point(|&change| change <= range.start);
    // An odd number of changes came before where it begins inside.
    let first = (passed % 2 == 1).then_some(range.start);
    let rest = changes[passed..].iter().copied();
    let rest = rest.take_while({
        let end = range.end;
        move |&change| change < end
    });
    let mut ends = first.into_iter().chain(rest);
    std::iter::from_fn(move || {
        let start = ends.next()?;
        Some(start..ends.next().unwrap_or(range.end))
    })
}

/// Whether the middle of any of `from` pixels lies in these pixels of `to`.
fn is_seen(pixels: Range<usize>, from: usize, to: usize) -> bool {
    let (mut first, mut end) = (0, from);
    while first < end {
        let middle = first + (end - first) / 2;
        match middle_of(middle, from, to) < pixels.start {
            true => first = middle + 1,
            false => end = middle,
        }
    }
    first < from && middle_of(first, from, to) < pixels.end
}

/// The pixel of `to` in which the middle of pixel `index` of `from` lies.
fn middle_of(index: usize, from: usize, to: usize) -> usize {
    (2 * index + 1) * to / (2 * from)
}

/// [`Region`] in JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum SavedRegion {
    Rectangle(SavedRectangle),
    Mask(SavedMask),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedRectangle {
    top: f64,
    left: f64,
    height: f64,
    width: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedMask {
    height: usize,
    width: usize,
    /// Lengths of the runs of pixels, outside and inside in turn, with spaces between them, row by row; together as many as
    /// the mask has pixels.
    runs: String,
}

impl From<Region> for SavedRegion {
    fn from(region: Region) -> Self {
        match region.0 {
            Form::Rectangle {
                top,
                left,
                height,
                width,
            } => Self::Rectangle(SavedRectangle {
                top,
                left,
                height,
                width,
            }),
            Form::Mask {
                height,
                width,
                changes,
            } => {
                let ends = changes.iter().copied().chain([height * width]);
                let starts = std::iter::once(0).chain(changes.iter().copied());
                let runs: Vec<String> = starts
                    .zip(ends)
                    .map(|(start, end)| (end - start).to_string())
                    .collect();
                Self::Mask(SavedMask {
                    height,
                    width,
                    runs: runs.join(" "),
                })
            }
        }
    }
}

impl TryFrom<SavedRegion> for Region {
    type Error = String;

    fn try_from(saved: SavedRegion) -> Result<Self, String> {
        let region = match saved {
            SavedRegion::Rectangle(SavedRectangle {
                top,
                left,
                height,
                width,
            }) => Self::rectangle(top, left, height, width),
            SavedRegion::Mask(SavedMask {
                height,
                width,
                runs,
            }) => {
                let mut end: usize = 0;
                let mut changes = Vec::new();
                for word in runs.split_ascii_whitespace() {
                    let run: usize = word.parse().map_err(|_| {
                        format!(
                            "found `{}`, expected the length of a run",
                            word.escape_debug()
                        )
                    })?;
                    // Only the first run may be empty, where the mask begins inside.
                    if run == 0 && !changes.is_empty() {
                        return Err("found an empty run, expected one pixel or more".to_string());
                    }
                    end = end.saturating_add(run);
                    changes.push(end);
                }
                if height.checked_mul(width) != changes.pop() {
                    return Err(format!(
                        "found runs of {end} pixels, expected {height}x{width}"
                    ));
                }
                Self::of_changes(height, width, changes)
            }
        };
        region.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masks() -> impl Strategy<Value = Mask> {
        (1usize..7, 1usize..9).prop_flat_map(|(height, width)| {
            let pixels = proptest::collection::vec(any::<bool>(), height * width);
            pixels.prop_map(move |pixels| Mask::new(height, width, pixels).unwrap())
        })
    }

    proptest! {
        #[test]
        fn a_mask_covers_what_it_covers_at_any_size(mask in masks(), size in (1usize..20, 1usize..20)) {
            if !mask.is_anomalous() {
                prop_assert!(Region::of_mask(&mask).is_err());
                return Ok(());
            }
            let region = Region::of_mask(&mask).unwrap();
            let expected = mask.resized(size.0, size.1).unwrap();
            prop_assert_eq!(region.covered(size), expected.anomalous());
            prop_assert_eq!(region.covers_any(size), expected.is_anomalous());
            let text = serde_json::to_string(&region).unwrap();
            prop_assert_eq!(serde_json::from_str::<Region>(&text).unwrap(), region);
        }

        #[test]
        fn a_rectangle_covers_the_pixels_whose_middle_it_covers(
            bounds in (0usize..10, 0usize..10, 1usize..10, 1usize..10), size in (1usize..20, 1usize..20),
        ) {
            let (top, left, tall, wide) = bounds;
            let (tall, wide) = (tall.min(10 - top), wide.min(10 - left));
            let tenth = |count: usize| count as f64 / 10.0;
            let region = Region::rectangle(tenth(top), tenth(left), tenth(tall), tenth(wide)).unwrap();
            let covered = region.covered(size);
            prop_assert_eq!(region.covers_any(size), covered.contains(&true));
            for (at, covered) in covered.into_iter().enumerate() {
                let (y, x) = (2 * (at / size.1) + 1, 2 * (at % size.1) + 1);
                // Middles in twentieths of the size, in whole numbers; those on an edge may fall on either side.
                let place = |middle: usize, of: usize, start: usize, length: usize| {
                    let middle = 5 * middle;
                    let (start, end) = (start * of, (start + length) * of);
                    (middle > start && middle < end, middle == start || middle == end)
                };
                let (row, row_edge) = place(y, size.0, top, tall);
                let (column, column_edge) = place(x, size.1, left, wide);
                if !row_edge && !column_edge {
                    prop_assert_eq!(covered, row && column, "{} {}", y, x);
                }
            }
            let text = serde_json::to_string(&region).unwrap();
            prop_assert_eq!(serde_json::from_str::<Region>(&text).unwrap(), region);
        }
    }

    #[test]
    fn what_is_no_region_is_an_error() {
        for (top, left, height, width) in [
            (0.0, 0.0, 0.0, 1.0),
            (0.5, 0.0, 0.6, 1.0),
            (-0.1, 0.0, 1.0, 1.0),
            (0.0, f64::NAN, 1.0, 1.0),
            (0.0, 0.0, 1.0, f64::INFINITY),
        ] {
            let error = Region::rectangle(top, left, height, width).unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("region: found a rectangle of"),
                "{error}"
            );
        }
        for (json, message) in [
            (
                r#"{"mask":{"height":2,"width":2,"runs":"1 2"}}"#,
                "found runs of 3 pixels, expected 2x2",
            ),
            (
                r#"{"mask":{"height":2,"width":2,"runs":"4"}}"#,
                "found a mask that covers nothing",
            ),
            (
                r#"{"mask":{"height":2,"width":2,"runs":""}}"#,
                "found runs of 0 pixels",
            ),
            (
                r#"{"mask":{"height":2,"width":2,"runs":"1 0 3"}}"#,
                "found an empty run",
            ),
            (
                r#"{"mask":{"height":2,"width":2,"runs":"1 x"}}"#,
                "found `x`",
            ),
            (
                r#"{"mask":{"height":99999,"width":1,"runs":"1 99998"}}"#,
                "sides of 1 to 16384",
            ),
            (
                r#"{"mask":{"height":18446744073709551615,"width":18446744073709551615,"runs":"1 18446744073709551615 9"}}"#,
                "found runs of",
            ),
            (
                r#"{"rectangle":{"top":0.5,"left":0,"height":1,"width":1}}"#,
                "found a rectangle of",
            ),
            (
                r#"{"rectangle":{"top":0,"left":0,"height":1,"width":1,"of":1}}"#,
                "unknown field `of`",
            ),
        ] {
            let error = serde_json::from_str::<Region>(json)
                .unwrap_err()
                .to_string();
            assert!(error.contains(message), "{error}");
        }
        let whole: Region =
            serde_json::from_str(r#"{"mask":{"height":1,"width":2,"runs":"0 2"}}"#).unwrap();
        assert_eq!(whole.covered((2, 1)), [true, true]);
    }
}
