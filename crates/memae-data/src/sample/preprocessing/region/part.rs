//! The part of images that is looked at.

use super::super::error::PreprocessingError;
use super::super::pixel_rectangle::PixelRectangle;
use super::super::resize::MAX_SIDE;
use super::runs::{bounds_of, inside_runs, middle_of};
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
#[derive(Debug, Clone, PartialEq)]
pub struct Region(pub(super) Form);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
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

    pub(super) fn of_changes(
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
    pub(in super::super) fn part_of(
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

    pub(super) fn covered_in(
        &self,
        (height, width): (usize, usize),
        part: PixelRectangle,
    ) -> Vec<bool> {
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
