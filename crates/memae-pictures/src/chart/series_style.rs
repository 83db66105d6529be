//! How series are told from one another.

use super::colour::{CURVES, Colour};
use super::marker::{MARKERS, Marker};
use super::stroke::Stroke;

/// How the line and the points of a series look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeriesStyle {
    pub(crate) colour: Colour,
    pub(crate) marker: Marker,
    pub(crate) stroke: Stroke,
}

impl SeriesStyle {
    /// Series that can be told apart by their lines: two a colour, one solid and one dashed.
    pub(crate) const MOST: usize = 2 * CURVES.len();

    /// The style of the series that is the `at`-th to appear.
    pub(crate) fn new(at: usize) -> Self {
        Self {
            colour: CURVES[at % CURVES.len()],
            marker: MARKERS[at % MARKERS.len()],
            stroke: if at < CURVES.len() {
                Stroke::Solid
            } else {
                Stroke::Dashed
            },
        }
    }
}
