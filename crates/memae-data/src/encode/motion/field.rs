use super::layout::{DIRECTIONS, MotionLayout};

/// Motion as queries: for each place of a frame how fast what is seen there moves in eight directions.
///
/// Speeds are in heights of the frame a second. The directions are right, right and down, down, and so on clockwise. The
/// sum of a query is the mean speed.
#[derive(Debug, Clone, PartialEq)]
pub struct MotionField {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

impl MotionField {
    /// Values of a query.
    pub const DIRECTIONS: usize = DIRECTIONS;

    /// The mean of cells over places and over these frames, the earliest first.
    pub(super) fn mean<'a>(
        layout: &MotionLayout,
        cells: impl ExactSizeIterator<Item = &'a Vec<f32>>,
    ) -> Self {
        let [high, wide] = layout.window;
        let (rows, columns) = (layout.rows(), layout.columns());
        let scale = layout.rate / layout.height as f64;
        let scale = (scale / (cells.len() * high * wide) as f64) as f32;
        let mut summed = vec![0.0; layout.cell_rows * layout.cell_columns * DIRECTIONS];
        for cells in cells {
            add(&mut summed, cells);
        }
        let of_row = layout.cell_columns * DIRECTIONS;
        let mut values = Vec::with_capacity(rows * columns * DIRECTIONS);
        let mut band = vec![0.0; of_row];
        for row in 0..rows {
            band.fill(0.0);
            for cells in summed[row * of_row..][..high * of_row].chunks_exact(of_row) {
                add(&mut band, cells);
            }
            let first = values.len();
            values.resize(first + columns * DIRECTIONS, 0.0);
            let queries = &mut values[first..];
            for column in 0..wide {
                add(queries, &band[column * DIRECTIONS..]);
            }
            for value in queries {
                *value *= scale;
            }
        }
        Self {
            rows,
            columns,
            values,
        }
    }

    /// That of a frame in which nothing moves.
    pub(super) fn still(layout: &MotionLayout) -> Self {
        let (rows, columns) = (layout.rows(), layout.columns());
        Self {
            rows,
            columns,
            values: vec![0.0; rows * columns * DIRECTIONS],
        }
    }

    /// Rows of places.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Places in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All queries, `[rows, columns, 8]` flattened.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The queries, row by row.
    pub fn queries(&self) -> impl ExactSizeIterator<Item = &[f32; DIRECTIONS]> {
        self.values.as_chunks().0.iter()
    }

    /// The query of one place.
    ///
    /// # Panics
    ///
    /// There is no such row or column.
    pub fn query(&self, row: usize, column: usize) -> &[f32; DIRECTIONS] {
        let size = (self.rows, self.columns);
        assert!(
            row < size.0 && column < size.1,
            "row {row}, column {column} of {size:?}"
        );
        &self.values.as_chunks().0[row * self.columns + column]
    }
}

fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}
