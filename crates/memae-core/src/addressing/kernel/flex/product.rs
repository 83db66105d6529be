//! Matrix products of one thread: the only unsafe code of the crate, in one call.

use std::ops::Range;

use memae_kernels::simd::real::Real;

/// A matrix inside a slice.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a, R> {
    values: &'a [R],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, R: Real> Matrix<'a, R> {
    /// Row after row.
    pub fn new(values: &'a [R], [rows, columns]: [usize; 2]) -> Self {
        assert_eq!(
            values.len(),
            rows * columns,
            "values of a {rows}×{columns} matrix"
        );
        Self {
            values,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    /// Some of its columns.
    pub fn columns(self, columns: Range<usize>) -> Self {
        assert!(
            columns.start <= columns.end && columns.end <= self.columns,
            "columns {columns:?} of a matrix of {}",
            self.columns
        );
        let start = (columns.start * self.column_stride).min(self.values.len());
        Self {
            values: &self.values[start..],
            columns: columns.len(),
            ..self
        }
    }

    pub fn transpose(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// Every element's place is inside the slice, and no place overflows what pointers can reach.
    fn is_in_bounds(&self) -> bool {
        if self.rows == 0 || self.columns == 0 {
            return true;
        }
        let last = (self.rows - 1)
            .checked_mul(self.row_stride)
            .zip((self.columns - 1).checked_mul(self.column_stride))
            .and_then(|(row, column)| row.checked_add(column));
        last.is_some_and(|last| last < self.values.len())
    }
}

/// What becomes of the values that stand where a product is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Present {
    Overwritten,
    AddedTo,
}

/// `lhs · rhs`, written to `output` row after row, on this thread alone.
#[allow(unsafe_code)]
pub(super) fn multiply<R: Real>(
    output: &mut [R],
    present: Present,
    lhs: Matrix<R>,
    rhs: Matrix<R>,
) {
    assert_eq!(lhs.columns, rhs.rows, "inner dimensions of a product");
    assert_eq!(
        Some(output.len()),
        lhs.rows.checked_mul(rhs.columns),
        "size of a product"
    );
    assert!(
        lhs.is_in_bounds() && rhs.is_in_bounds(),
        "matrices lie inside their slices"
    );
    if output.is_empty() {
        return;
    }
    if lhs.columns == 0 {
        if present == Present::Overwritten {
            output.fill(R::ZERO);
        }
        return;
    }
    // A slice is at most isize::MAX bytes, and strides of a matrix with elements in it are no longer
    // than the slice, so the casts below don't wrap.
    //
    // SAFETY: `gemm` reads `lhs` at rows × columns places of the strides given, `rhs` likewise, and
    // reads (only if told to) and writes `output` at lhs.rows × rhs.columns places. The assertions
    // above hold all of them inside the slices that the pointers come from. `output` is borrowed
    // mutably, so that it overlaps neither. All element types of `Real` are plain numbers that
    // `gemm` knows (f32 and f64), valid for every bit pattern, and the slices are initialised.
    unsafe {
        gemm::gemm(
            lhs.rows,
            rhs.columns,
            lhs.columns,
            output.as_mut_ptr(),
            1,
            rhs.columns as isize,
            present == Present::AddedTo,
            lhs.values.as_ptr(),
            lhs.column_stride as isize,
            lhs.row_stride as isize,
            rhs.values.as_ptr(),
            rhs.column_stride as isize,
            rhs.row_stride as isize,
            R::ONE,
            R::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(lhs: Matrix<f32>, rhs: Matrix<f32>) -> Vec<f32> {
        let at = |m: &Matrix<f32>, row: usize, column: usize| {
            m.values[row * m.row_stride + column * m.column_stride]
        };
        (0..lhs.rows * rhs.columns)
            .map(|place| {
                let (row, column) = (place / rhs.columns, place % rhs.columns);
                (0..lhs.columns)
                    .map(|k| at(&lhs, row, k) * at(&rhs, k, column))
                    .sum()
            })
            .collect()
    }

    /// Small whole numbers, whose products and sums are exact.
    fn whole_numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count)
            .map(|i| ((i * 7 + seed * 5) % 11) as f32 - 5.0)
            .collect()
    }

    #[test]
    fn products_of_every_layout_are_exact_on_whole_numbers() {
        for (m, k, n) in [
            (1, 1, 1),
            (2, 3, 5),
            (7, 1, 3),
            (1, 13, 17),
            (19, 23, 1),
            (31, 37, 41),
        ] {
            let (a, b) = (whole_numbers(m * k, 1), whole_numbers(k * n, 2));
            for (transpose_lhs, transpose_rhs) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                let lhs = match transpose_lhs {
                    true => Matrix::new(&a, [k, m]).transpose(),
                    false => Matrix::new(&a, [m, k]),
                };
                let rhs = match transpose_rhs {
                    true => Matrix::new(&b, [n, k]).transpose(),
                    false => Matrix::new(&b, [k, n]),
                };
                let expected = naive(lhs, rhs);
                let mut output = vec![f32::NAN; m * n];
                multiply(&mut output, Present::Overwritten, lhs, rhs);
                assert_eq!(output, expected, "{m}×{k} · {k}×{n}");
                multiply(&mut output, Present::AddedTo, lhs, rhs);
                let doubled: Vec<f32> = expected.iter().map(|value| 2.0 * value).collect();
                assert_eq!(output, doubled, "{m}×{k} · {k}×{n}, added");
            }
        }
    }

    #[test]
    fn products_of_some_columns_add_up() {
        let (a, b) = (whole_numbers(5 * 7, 1), whole_numbers(7 * 3, 2));
        let (lhs, rhs) = (Matrix::new(&a, [5, 7]), Matrix::new(&b, [7, 3]));
        let mut output = vec![0.0; 15];
        for columns in [0..2, 2..2, 2..6, 6..7] {
            let rhs = Matrix::new(&b[3 * columns.start..3 * columns.end], [columns.len(), 3]);
            multiply(&mut output, Present::AddedTo, lhs.columns(columns), rhs);
        }
        assert_eq!(output, naive(lhs, rhs));

        // A column of what is turned over is a row of what it was.
        let lhs = Matrix::new(&a, [7, 5]).transpose();
        let mut output = vec![0.0; 15];
        for columns in [0..3, 3..7] {
            let rhs = Matrix::new(&b[3 * columns.start..3 * columns.end], [columns.len(), 3]);
            multiply(&mut output, Present::AddedTo, lhs.columns(columns), rhs);
        }
        assert_eq!(output, naive(lhs, rhs));
    }

    #[test]
    fn empty_products_are_zero_and_read_nothing() {
        let mut output = [f32::NAN; 6];
        multiply(
            &mut output,
            Present::Overwritten,
            Matrix::new(&[], [2, 0]),
            Matrix::new(&[], [0, 3]),
        );
        assert_eq!(output, [0.0; 6]);
        multiply::<f32>(
            &mut [],
            Present::Overwritten,
            Matrix::new(&[], [0, 3]),
            Matrix::new(&[0.0; 6], [3, 2]),
        );
    }

    #[test]
    #[should_panic(expected = "matrices lie inside their slices")]
    fn a_matrix_that_ends_behind_its_slice_is_refused() {
        // Its last place is the fifth.
        let longer = Matrix {
            row_stride: 3,
            ..Matrix::new(&[0.0f32; 4], [2, 2])
        };
        let rhs = Matrix::new(&[0.0; 2], [2, 1]);
        multiply(&mut [0.0; 2], Present::Overwritten, longer, rhs);
    }

    #[test]
    #[should_panic(expected = "size of a product")]
    fn an_output_of_another_size_is_refused() {
        multiply(
            &mut [0.0f32; 5],
            Present::Overwritten,
            Matrix::new(&[0.0; 2], [2, 1]),
            Matrix::new(&[0.0; 3], [1, 3]),
        );
    }

    #[test]
    #[should_panic(expected = "inner dimensions")]
    fn matrices_that_do_not_meet_are_refused() {
        multiply(
            &mut [0.0f32; 6],
            Present::Overwritten,
            Matrix::new(&[0.0; 4], [2, 2]),
            Matrix::new(&[0.0; 9], [3, 3]),
        );
    }
}
