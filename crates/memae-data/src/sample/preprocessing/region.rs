//! The part of images that is looked at.

use serde::{Deserialize, Serialize};

use super::error::PreprocessingError;
use super::pixel_rectangle::PixelRectangle;
use super::resize::MAX_SIDE;
use crate::sample::mask::Mask;

/// The part of images that is looked at, at any size: a rectangle, or what a mask covers.
///
/// Images are cut to the smallest rectangle that holds it. What lies in that and outside the region becomes the background, and has
/// no part in what is anomalous.
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
        /// The smallest rectangle that holds all pixels inside.
        bounds: PixelRectangle,
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

    /// What a mask covers: where it is white, images are looked at. Images of other sizes have the mask stretched over them; those
    /// whose sides have another ratio are refused.
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
        match bounds_of(&changes, height, width) {
            Some(bounds) => Ok(Self(Form::Mask {
                height,
                width,
                changes,
                bounds,
            })),
            None => problem(
                "a mask that covers nothing".to_string(),
                "a region that is looked at",
            ),
        }
    }

    /// Whether the middle of each pixel of an image of this height and width lies within, row by row.
    pub fn covered(&self, size: (usize, usize)) -> Vec<bool> {
        self.covered_in(size, PixelRectangle::whole(size))
    }

    /// The smallest rectangle of whole pixels that holds the region in an image of this height and width, but for pixels whose middle
    /// it does not hold; `None` if that is none.
    ///
    /// ```
    /// use memae_data::sample::{PixelRectangle, Region};
    ///
    /// let lower_right = Region::rectangle(0.5, 0.75, 0.5, 0.25)?;
    /// let bounds = lower_right.bounds((10, 8));
    /// assert_eq!(bounds, Some(PixelRectangle { top: 5, left: 6, height: 5, width: 2 }));
    /// # Ok::<(), memae_data::sample::PreprocessingError>(())
    /// ```
    pub fn bounds(&self, (height, width): (usize, usize)) -> Option<PixelRectangle> {
        let span = |length: usize, is_within: &dyn Fn(usize) -> bool| {
            let first = (0..length).find(|&index| is_within(index))?;
            let inside = (first..length).take_while(|&index| is_within(index));
            Some((first, inside.count()))
        };
        let ((top, rows), (left, columns)) = match &self.0 {
            Form::Rectangle {
                top,
                left,
                height: tall,
                width: wide,
            } => (
                span(height, &|y| is_within(y, height, *top, *tall))?,
                span(width, &|x| is_within(x, width, *left, *wide))?,
            ),
            Form::Mask {
                height: of_rows,
                width: of_columns,
                bounds,
                ..
            } => {
                let rows = bounds.top..bounds.top + bounds.height;
                let columns = bounds.left..bounds.left + bounds.width;
                (
                    span(height, &|y| rows.contains(&middle_of(y, height, *of_rows)))?,
                    span(width, &|x| {
                        columns.contains(&middle_of(x, width, *of_columns))
                    })?,
                )
            }
        };
        Some(PixelRectangle {
            top,
            left,
            height: rows,
            width: columns,
        })
    }

    /// Which pixels have a part in what is anomalous, row by row, where what lies within the [bounds](Self::bounds) is brought to
    /// this height and width; `None` if all have one, as in a rectangle.
    pub fn inside(&self, (height, width): (usize, usize)) -> Option<Vec<bool>> {
        let Form::Mask {
            width: of,
            changes,
            bounds,
            ..
        } = &self.0
        else {
            return None;
        };
        let rows = (0..height).map(|y| bounds.top + middle_of(y, height, bounds.height));
        let columns = (0..width).map(|x| bounds.left + middle_of(x, width, bounds.width));
        Some(inside_runs(
            changes,
            *of,
            rows,
            &columns.collect::<Vec<_>>(),
        ))
    }

    /// The bounds in an image, and which of the pixels within them are covered, unless all are.
    pub(super) fn part_of(
        &self,
        (height, width): (usize, usize),
    ) -> Result<(PixelRectangle, Option<Vec<bool>>), PreprocessingError> {
        let Some(bounds) = self.bounds((height, width)) else {
            return Err(PreprocessingError::NothingInRegion { height, width });
        };
        let &Form::Mask {
            height: mask_height,
            width: mask_width,
            ..
        } = &self.0
        else {
            return Ok((bounds, None));
        };
        // As wide as the mask, the image may be higher or lower by a pixel of either.
        let most = [height, width, mask_height, mask_width].into_iter().max();
        match Some((height * mask_width).abs_diff(width * mask_height)) <= most {
            true => Ok((bounds, Some(self.covered_in((height, width), bounds)))),
            false => Err(PreprocessingError::Proportions {
                height,
                width,
                mask_height,
                mask_width,
            }),
        }
    }

    fn covered_in(&self, (height, width): (usize, usize), part: PixelRectangle) -> Vec<bool> {
        let rows = part.top..part.top + part.height;
        let columns = part.left..part.left + part.width;
        match &self.0 {
            Form::Rectangle {
                top,
                left,
                height: tall,
                width: wide,
            } => {
                let columns: Vec<bool> =
                    columns.map(|x| is_within(x, width, *left, *wide)).collect();
                rows.flat_map(|y| {
                    let row = is_within(y, height, *top, *tall);
                    columns.iter().map(move |&column| row && column)
                })
                .collect()
            }
            Form::Mask {
                height: of_rows,
                width: of_columns,
                changes,
                ..
            } => {
                let rows = rows.map(|y| middle_of(y, height, *of_rows));
                let columns = columns.map(|x| middle_of(x, width, *of_columns));
                inside_runs(changes, *of_columns, rows, &columns.collect::<Vec<_>>())
            }
        }
    }
}

/// Whether the middle of a pixel lies in a span, in shares of the side.
fn is_within(index: usize, of: usize, start: f64, length: f64) -> bool {
    let middle = (index as f64 + 0.5) / of as f64;
    middle >= start && middle < start + length
}

/// Whether pixels of a mask of this width lie inside: those of each row at the columns, which ascend.
fn inside_runs(
    changes: &[usize],
    width: usize,
    rows: impl Iterator<Item = usize>,
    columns: &[usize],
) -> Vec<bool> {
    let mut inside = Vec::with_capacity(rows.size_hint().0 * columns.len());
    for row in rows {
        let mut passed = changes.partition_point(|&change| change <= row * width);
        inside.extend(columns.iter().map(|column| {
            let at = row * width + column;
            while changes.get(passed).is_some_and(|&change| change <= at) {
                passed += 1;
            }
            passed % 2 == 1
        }));
    }
    inside
}

/// The smallest rectangle that holds all pixels inside; `None` if there are none.
fn bounds_of(changes: &[usize], height: usize, width: usize) -> Option<PixelRectangle> {
    let pixels = height * width;
    let first = changes.first().copied().filter(|&first| first < pixels)?;
    let (mut last, mut left, mut right) = (first, width, 0);
    for run in changes.chunks(2) {
        // The last run may go on to the end.
        let end = run.get(1).copied().unwrap_or(pixels);
        let (from, to) = (run[0], end - 1);
        last = to;
        match from / width == to / width {
            true => {
                left = left.min(from % width);
                right = right.max(to % width);
            }
            false => (left, right) = (0, width - 1),
        }
    }
    let top = first / width;
    Some(PixelRectangle {
        top,
        left,
        height: last / width + 1 - top,
        width: right + 1 - left,
    })
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
                ..
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
            let text = serde_json::to_string(&region).unwrap();
            prop_assert_eq!(serde_json::from_str::<Region>(&text).unwrap(), region);
        }

        #[test]
        fn bounds_hold_what_is_covered_and_no_more(
            mask in masks(), larger in (1usize..4, 1usize..4), size in (1usize..20, 1usize..20),
        ) {
            let Ok(region) = Region::of_mask(&mask) else { return Ok(()) };
            let held = |size: (usize, usize)| {
                let covered = region.covered(size);
                let at = |at: usize| (at / size.1, at % size.1);
                let places: Vec<_> = (0..covered.len()).filter(|&pixel| covered[pixel]).map(at).collect();
                (covered, places)
            };
            // At whole multiples of the size of the mask no pixel of it is passed over.
            let multiple = (mask.height() * larger.0, mask.width() * larger.1);
            let (covered, places) = held(multiple);
            let bounds = region.bounds(multiple).unwrap();
            let (rows, columns): (Vec<_>, Vec<_>) = places.iter().copied().unzip();
            let extent = |places: &[usize]| (*places.iter().min().unwrap(), *places.iter().max().unwrap() + 1);
            prop_assert_eq!((bounds.top, bounds.top + bounds.height), extent(&rows));
            prop_assert_eq!((bounds.left, bounds.left + bounds.width), extent(&columns));
            let expected: Vec<bool> = (0..covered.len())
                .filter(|at| (bounds.top..bounds.top + bounds.height).contains(&(at / multiple.1)))
                .filter(|at| (bounds.left..bounds.left + bounds.width).contains(&(at % multiple.1)))
                .map(|at| covered[at])
                .collect();
            prop_assert_eq!(&region.covered_in(multiple, bounds), &expected);
            if larger.0 == larger.1 {
                prop_assert_eq!(region.part_of(multiple).unwrap(), (bounds, Some(expected.clone())));
            }
            // What lies within is the same at its own size.
            prop_assert_eq!(region.inside(bounds.size()), Some(expected));
            let (_, places) = held(size);
            if let Some(bounds) = region.bounds(size) {
                for (y, x) in places {
                    prop_assert!((bounds.top..bounds.top + bounds.height).contains(&y));
                    prop_assert!((bounds.left..bounds.left + bounds.width).contains(&x));
                }
            } else {
                prop_assert!(places.is_empty());
            }
        }

        #[test]
        fn a_rectangle_is_what_its_bounds_hold(
            bounds in (0usize..10, 0usize..10, 1usize..10, 1usize..10), size in (1usize..20, 1usize..20),
        ) {
            let (top, left, tall, wide) = bounds;
            let tenth = |count: usize| count as f64 / 10.0;
            let region = Region::rectangle(
                tenth(top), tenth(left), tenth(tall.min(10 - top)), tenth(wide.min(10 - left)),
            ).unwrap();
            let covered = region.covered(size);
            prop_assert_eq!(region.inside(size), None);
            let Some(bounds) = region.bounds(size) else {
                prop_assert!(!covered.contains(&true));
                return Ok(());
            };
            prop_assert_eq!(region.part_of(size).unwrap(), (bounds, None));
            for (at, covered) in covered.into_iter().enumerate() {
                let rows = bounds.top..bounds.top + bounds.height;
                let columns = bounds.left..bounds.left + bounds.width;
                prop_assert_eq!(covered, rows.contains(&(at / size.1)) && columns.contains(&(at % size.1)));
            }
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
    fn masks_are_of_images_of_their_proportions() {
        let region = Region::of_mask(&Mask::new(30, 40, vec![true; 1200]).unwrap()).unwrap();
        for size in [
            (30, 40),
            (300, 400),
            (3, 4),
            (301, 400),
            (299, 400),
            (300, 401),
        ] {
            assert!(region.part_of(size).is_ok(), "{size:?}");
        }
        for size in [(40, 30), (100, 100), (320, 400), (300, 480)] {
            let message = region.part_of(size).unwrap_err().to_string();
            let (height, width) = size;
            let expected = format!(
                "region: found an image of {height}x{width}, expected the ratio of sides of its mask, 30x40"
            );
            assert_eq!(message, expected);
        }
        let thin = Region::rectangle(0.0, 0.0, 0.01, 1.0).unwrap();
        assert_eq!(
            thin.part_of((10, 20)).unwrap_err().to_string(),
            "region: found no pixel of 10x20 that lies in it, expected some"
        );
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
