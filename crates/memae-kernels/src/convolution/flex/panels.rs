//! Products with matrices in panels, the form that a processor's vectors want.
//!
//! A matrix in panels is stored 64 columns at a time, row after row: value `(row, column)` of a matrix of `rows` rows
//! is at `(column / 64 · rows + row) · 64 + column % 64`. Columns beyond the last one are there and are computed with,
//! but mean nothing.

use std::marker::PhantomData;

use pulp::bytemuck::{cast_slice, cast_slice_mut};
use pulp::{Arch, Simd, WithSimd};

use crate::simd::pool::Storage;
use crate::simd::real::Real;

/// Columns of a panel.
pub(super) const PANEL: usize = 64;
/// Rows of a product that are computed at a time: with four vectors of columns, as many sums as leave room in 32
/// registers for the numbers that are multiplied.
const ROWS: usize = 6;

/// Values of a matrix in panels.
pub(super) fn panel_values(rows: usize, columns: usize) -> usize {
    columns.div_ceil(PANEL) * rows * PANEL
}

/// Numbers that begin where a vector register would have them, and that are written before they are read.
pub(super) struct Buffer<R> {
    storage: Storage,
    element: PhantomData<R>,
}

impl<R: Real> Buffer<R> {
    const ALIGNMENT: usize = 64;

    pub fn new() -> Self {
        Self {
            storage: Storage::new(0),
            element: PhantomData,
        }
    }

    /// A number of them, from one use to the next.
    pub fn take(&mut self, length: usize) -> &mut [R] {
        let bytes = length * size_of::<R>() + Self::ALIGNMENT;
        if self.storage.len() < bytes {
            self.storage = Storage::new(bytes);
        }
        let start = self.start();
        let values: &mut [R] = cast_slice_mut(&mut self.storage[start..]);
        &mut values[..length]
    }

    /// As many as were taken last, and maybe more.
    pub fn values(&self) -> &[R] {
        cast_slice(&self.storage[self.start()..])
    }

    fn start(&self) -> usize {
        let start = self.storage.as_ptr().align_offset(Self::ALIGNMENT);
        start.min(self.storage.len())
    }
}

/// A matrix whose rows are `stride` apart in a slice.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a, R> {
    pub values: &'a [R],
    pub stride: usize,
    pub count: usize,
}

/// What becomes of the values that stand where a product is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Present {
    Overwritten,
    AddedTo,
}

/// `rows · panels`, of which `columns` columns are wanted, written in panels.
pub(super) fn multiply<R: Real>(
    rows: Rows<R>,
    panels: &[R],
    columns: usize,
    output: &mut [R],
    present: Present,
) {
    for_panels(rows, panels, columns, output, present, |panel| {
        Arch::new().dispatch(panel)
    });
}

fn for_panels<R: Real>(
    rows: Rows<R>,
    panels: &[R],
    columns: usize,
    output: &mut [R],
    present: Present,
    run: impl Fn(Panel<R>),
) {
    let count = columns.div_ceil(PANEL);
    assert_eq!(
        output.len(),
        panel_values(rows.count, columns),
        "values of a product"
    );
    assert!(
        panels.len().is_multiple_of((count * PANEL).max(1)),
        "panels of a product"
    );
    if output.is_empty() {
        return;
    }
    let depth = panels.len() / (count * PANEL);
    for (index, output) in output.chunks_exact_mut(rows.count * PANEL).enumerate() {
        run(Panel {
            rows,
            depth,
            panel: &panels[index * depth * PANEL..][..depth * PANEL],
            columns: PANEL.min(columns - index * PANEL),
            output,
            present,
        });
    }
}

/// The product of rows and one panel.
struct Panel<'a, R> {
    rows: Rows<'a, R>,
    depth: usize,
    panel: &'a [R],
    columns: usize,
    output: &'a mut [R],
    present: Present,
}

impl<R: Real> WithSimd for Panel<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            rows,
            depth,
            panel,
            columns,
            output,
            present,
        } = self;
        let lanes = size_of::<R::Vector<S>>() / size_of::<R>();
        let panel = R::vectors::<S>(panel).0;
        let wanted = columns.div_ceil(lanes);
        // As many sums as there are registers for.
        let wide = if S::REGISTER_COUNT >= 32 { 4 } else { 2 };
        for (block, output) in output.chunks_mut(ROWS * PANEL).enumerate() {
            let output = R::vectors_mut::<S>(output).0;
            let first = block * ROWS;
            let row = |index: usize| &rows.values[(first + index) * rows.stride..][..depth];
            let mut block = Block {
                simd,
                panel,
                output,
                vectors: PANEL / lanes,
                start: 0,
                present,
            };
            while block.start < wanted {
                let width = wide.min(wanted - block.start);
                match rows.count - first {
                    1 => block.of_rows([row(0)], width),
                    2 => block.of_rows([0, 1].map(row), width),
                    3 => block.of_rows([0, 1, 2].map(row), width),
                    4 => block.of_rows([0, 1, 2, 3].map(row), width),
                    5 => block.of_rows([0, 1, 2, 3, 4].map(row), width),
                    _ => block.of_rows([0, 1, 2, 3, 4, 5].map(row), width),
                }
                block.start += width;
            }
        }
    }
}

/// A few rows of the product of rows and a panel.
struct Block<'a, S: Simd, R: Real> {
    simd: S,
    panel: &'a [R::Vector<S>],
    output: &'a mut [R::Vector<S>],
    /// Vectors of a panel's row.
    vectors: usize,
    /// The first of the vectors that are computed.
    start: usize,
    present: Present,
}

impl<S: Simd, R: Real> Block<'_, S, R> {
    #[inline(always)]
    fn of_rows<const N: usize>(&mut self, rows: [&[R]; N], width: usize) {
        match width {
            1 => self.product::<N, 1>(rows),
            2 => self.product::<N, 2>(rows),
            3 => self.product::<N, 3>(rows),
            _ => self.product::<N, 4>(rows),
        }
    }

    #[inline(always)]
    fn product<const N: usize, const W: usize>(&mut self, rows: [&[R]; N]) {
        let Self {
            simd,
            panel,
            start,
            vectors,
            present,
            ..
        } = *self;
        let mut sums = [[R::splat(simd, R::ZERO); W]; N];
        for (index, values) in panel.chunks_exact(vectors).enumerate() {
            let Some(values) = values[start..].first_chunk::<W>() else {
                break;
            };
            for (row, sums) in rows.iter().zip(&mut sums) {
                let factor = R::splat(simd, row[index]);
                for (sum, &value) in sums.iter_mut().zip(values) {
                    *sum = R::times_plus(simd, factor, value, *sum);
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            let output = &mut self.output[row * vectors + start..][..W];
            match present {
                Present::Overwritten => output.copy_from_slice(sums),
                // Sums of few terms each, so that rounding errors stay small.
                Present::AddedTo => {
                    for (output, sum) in output.iter_mut().zip(sums) {
                        *output = R::plus(simd, *output, *sum);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use pulp::Scalar;

    use super::*;

    /// Small whole numbers, whose products and sums are exact.
    fn whole_numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count)
            .map(|i| ((i * 7 + seed * 5) % 11) as f32 - 5.0)
            .collect()
    }

    fn to_panels(matrix: &[f32], columns: usize) -> Vec<f32> {
        let rows = matrix.len() / columns;
        let mut panels = vec![f32::NAN; panel_values(rows, columns)];
        for (place, value) in matrix.iter().enumerate() {
            let (row, column) = (place / columns, place % columns);
            panels[(column / PANEL * rows + row) * PANEL + column % PANEL] = *value;
        }
        panels
    }

    /// With what this processor has for vectors, with less of it, and with none.
    fn check(run: impl Fn(Panel<f32>)) {
        for (count, depth, columns) in [
            (1, 1, 1),
            (5, 3, 16),
            (6, 7, 17),
            (7, 2, 63),
            (13, 9, 64),
            (31, 41, 65),
            (8, 5, 200),
        ] {
            let stride = depth + 3;
            let rows = whole_numbers(count * stride, 1);
            let matrix = whole_numbers(depth * columns, 2);
            let expected: Vec<f32> = (0..count * columns)
                .map(|place| {
                    let (row, column) = (place / columns, place % columns);
                    (0..depth)
                        .map(|k| rows[row * stride + k] * matrix[k * columns + column])
                        .sum()
                })
                .collect();
            let expected = to_panels(&expected, columns);
            let panels = to_panels(&matrix, columns);
            let rows = Rows {
                values: &rows,
                stride,
                count,
            };
            let mut output = vec![f32::NAN; expected.len()];
            let wanted = |values: &[f32], factor: f32| -> Vec<f32> {
                let in_use = |place: usize| place / PANEL / count * PANEL + place % PANEL < columns;
                let values = values
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| in_use(*place));
                values.map(|(_, value)| factor * value).collect()
            };
            for (present, factor) in [(Present::Overwritten, 1.0), (Present::AddedTo, 2.0)] {
                for_panels(rows, &panels, columns, &mut output, present, &run);
                assert_eq!(
                    wanted(&output, 1.0),
                    wanted(&expected, factor),
                    "{count}×{depth} · {depth}×{columns}"
                );
            }
        }
    }

    #[test]
    fn products_of_every_size_are_exact_on_whole_numbers() {
        check(|panel| Arch::new().dispatch(panel));
    }

    #[test]
    fn products_without_vectors_are_exact_on_whole_numbers() {
        check(|panel| Simd::vectorize(Scalar::new(), panel));
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn products_of_shorter_vectors_are_exact_on_whole_numbers() {
        if let Some(simd) = pulp::x86::V3::try_new() {
            check(|panel| Simd::vectorize(simd, panel));
        }
    }
}
