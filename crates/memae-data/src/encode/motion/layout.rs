use super::config::MotionConfig;
use super::error::{MotionError, check, check_size};
use super::flow::half;
use crate::sample::PixelRectangle;

/// Directions that are told apart: right, right and down, down, and so on clockwise.
pub(super) const DIRECTIONS: usize = 8;

impl MotionConfig {
    /// What the settings are for frames of this height and width that come at this rate, in frames a second.
    ///
    /// # Errors
    ///
    /// A setting is out of range; the rate is not above 0 and at most 10,000; frames have no pixels, or more than
    /// [`FlowConfig::MAX_PIXELS`](super::FlowConfig::MAX_PIXELS).
    pub fn layout(
        &self,
        height: usize,
        width: usize,
        rate: f64,
    ) -> Result<MotionLayout, MotionError> {
        self.validate()?;
        check_size(height, width)?;
        MotionLayout::new(self, height, width, rate)
    }
}

/// Settings of motion as they are for frames of one size and rate: shares of a frame's height in pixels, seconds in frames.
///
/// ```
/// use memae_data::encode::MotionConfig;
///
/// let layout = MotionConfig::default().layout(240, 360, 10.0)?;
/// assert_eq!((layout.rows(), layout.columns()), (27, 42));
/// assert_eq!(layout.frames(), 8);
/// assert_eq!(layout.rectangle(1, 2).to_string(), "32x32 at 8, 16");
/// # Ok::<(), memae_data::encode::MotionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MotionLayout {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) rate: f64,
    /// Pixels of a frame from one vector of flow to the next.
    step: usize,
    /// Vectors of flow along the side of a cell.
    pub(super) cell: usize,
    pub(super) cell_rows: usize,
    pub(super) cell_columns: usize,
    /// Cells of a place, along the height and the width.
    pub(super) window: [usize; 2],
    pub(super) frames: usize,
    /// In pixels of the frame from one frame to the next.
    pub(super) min_speed: f32,
    /// What the side of a cell from place to place counts, in heights of the frame a second.
    pub(super) position: f32,
}

impl MotionLayout {
    pub(super) fn new(
        config: &MotionConfig,
        height: usize,
        width: usize,
        rate: f64,
    ) -> Result<Self, MotionError> {
        let fits = rate > 0.0 && rate <= 10_000.0;
        check(
            fits,
            "rate",
            rate,
            "above 0 and at most 10000 frames a second",
        )?;
        let (step, rows, columns) = match config.flow.half_size {
            true => (2, half(height), half(width)),
            false => (1, height, width),
        };
        let cell = (config.cell * height as f64 / step as f64).round().max(1.0) as usize;
        let (cell_rows, cell_columns) = (rows.div_ceil(cell), columns.div_ceil(cell));
        let window = (config.window / config.cell).round().max(1.0) as usize;
        Ok(Self {
            height,
            width,
            rate,
            step,
            cell,
            cell_rows,
            cell_columns,
            window: [cell_rows, cell_columns].map(|cells| window.min(cells)),
            frames: (config.seconds * rate).round().max(1.0) as usize,
            min_speed: (config.min_speed * height as f64 / rate) as f32,
            position: (config.position * (cell * step) as f64 / height as f64) as f32,
        })
    }

    /// Rows of places: as many as fit, one cell apart.
    pub fn rows(&self) -> usize {
        self.cell_rows - self.window[0] + 1
    }

    /// Places in a row.
    pub fn columns(&self) -> usize {
        self.cell_columns - self.window[1] + 1
    }

    /// Values of a query: directions, and two more where its [position](MotionConfig::position) counts.
    pub fn query_len(&self) -> usize {
        match self.position > 0.0 {
            true => DIRECTIONS + 2,
            false => DIRECTIONS,
        }
    }

    /// Frames whose flow a query is the mean of, the last one counted.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// The pixels of a frame that a place looks at.
    ///
    /// # Panics
    ///
    /// There is no such row or column.
    pub fn rectangle(&self, row: usize, column: usize) -> PixelRectangle {
        let size = (self.rows(), self.columns());
        assert!(
            row < size.0 && column < size.1,
            "row {row}, column {column} of {size:?}"
        );
        let side = self.cell * self.step;
        let (top, left) = (row * side, column * side);
        let end = |first: usize, cells: usize, all: usize| (first + cells * side).min(all);
        PixelRectangle {
            top,
            left,
            height: end(top, self.window[0], self.height) - top,
            width: end(left, self.window[1], self.width) - left,
        }
    }
}
