//! What ways of writing are made of: points and the strokes through them.
//!
//! Coordinates: x to the right, y down, a digit about 10 wide and 14 high.

/// A point that the pen passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Knot {
    pub(super) x: f64,
    pub(super) y: f64,
    /// How freely writers place it, relative to other points.
    pub(super) looseness: f64,
    /// Whether the pen may turn sharply here.
    pub(super) corner: bool,
}

impl Knot {
    /// A point that writers place more freely than others.
    pub(super) const fn loose(mut self, looseness: f64) -> Self {
        self.looseness = looseness;
        self
    }
}

/// A point on a smooth stretch.
pub(super) const fn k(x: f64, y: f64) -> Knot {
    Knot {
        x,
        y,
        looseness: 1.0,
        corner: false,
    }
}

/// A point where the pen turns sharply.
pub(super) const fn c(x: f64, y: f64) -> Knot {
    Knot {
        corner: true,
        ..k(x, y)
    }
}

/// One way of writing a digit.
#[derive(Debug)]
pub(super) struct Variant {
    /// How common it is, relative to the digit's other variants.
    pub(super) frequency: f64,
    /// Strokes between two lifts of the pen, each of at least two points.
    pub(super) strokes: &'static [&'static [Knot]],
}
