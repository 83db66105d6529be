//! The last few rows of something that is made row by row.

/// Room for `kept` rows of `width` numbers in each of several channels; a row gives way to the one `kept` rows after it.
#[derive(Debug, Default)]
pub(super) struct Rows {
    width: usize,
    kept: usize,
    values: Vec<f32>,
}

impl Rows {
    pub(super) fn new(kept: usize, width: usize) -> Self {
        Self {
            width,
            kept,
            values: vec![0.0; kept * width],
        }
    }

    #[inline(always)]
    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.values[row % self.kept * self.width..][..self.width]
    }

    #[inline(always)]
    pub(super) fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row % self.kept * self.width..][..self.width]
    }
}
