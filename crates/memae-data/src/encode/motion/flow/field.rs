use super::plane::Plane;
use super::scale::half;

/// Dense optical flow from one frame to the next: how far what is seen at each place moves, in pixels of the frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    step: usize,
    pub(super) planes: [Plane; 2],
}

impl Flow {
    /// No motion, of frames of this height and width.
    pub(super) fn new(height: usize, width: usize, half_size: bool) -> Self {
        let (step, height, width) = match half_size {
            true => (2, half(height), half(width)),
            false => (1, height, width),
        };
        Self {
            step,
            planes: [Plane::new(height, width), Plane::new(height, width)],
        }
    }

    /// Rows of vectors.
    pub fn height(&self) -> usize {
        self.planes[0].height
    }

    /// Vectors in a row.
    pub fn width(&self) -> usize {
        self.planes[0].width
    }

    /// Pixels of the frame from one vector to its neighbour: 2 where the flow is [of half size](super::FlowConfig::half_size),
    /// 1 elsewhere.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Motion to the right, `[height, width]` flattened.
    pub fn horizontal(&self) -> &[f32] {
        &self.planes[0].values
    }

    /// Motion downwards, `[height, width]` flattened.
    pub fn vertical(&self) -> &[f32] {
        &self.planes[1].values
    }

    /// Motion to the right and downwards at one place.
    ///
    /// # Panics
    ///
    /// There is no such row or column.
    pub fn at(&self, row: usize, column: usize) -> [f32; 2] {
        let size = (self.height(), self.width());
        assert!(
            row < size.0 && column < size.1,
            "row {row}, column {column} of {size:?}"
        );
        [0, 1].map(|axis| self.planes[axis].row(row)[column])
    }
}
