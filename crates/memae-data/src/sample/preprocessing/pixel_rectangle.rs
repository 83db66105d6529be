use std::fmt;

/// Whole pixels of an image that lie in a rectangle.
///
/// Written as its size and where it begins, row before column: `64x48 at 10, 0`.
///
/// ```
/// use memae_data::sample::PixelRectangle;
///
/// let corner = PixelRectangle { top: 10, left: 0, height: 64, width: 48 };
/// assert_eq!(corner.to_string(), "64x48 at 10, 0");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelRectangle {
    /// Rows above it.
    pub top: usize,
    /// Columns left of it.
    pub left: usize,
    /// Its rows.
    pub height: usize,
    /// Its columns.
    pub width: usize,
}

impl PixelRectangle {
    /// All of an image of this height and width.
    pub fn whole((height, width): (usize, usize)) -> Self {
        Self {
            top: 0,
            left: 0,
            height,
            width,
        }
    }

    /// Height and width.
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }
}

impl fmt::Display for PixelRectangle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            top,
            left,
            height,
            width,
        } = self;
        write!(f, "{height}x{width} at {top}, {left}")
    }
}
