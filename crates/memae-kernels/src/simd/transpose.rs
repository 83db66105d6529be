use std::ops::Range;

use rayon::prelude::*;

/// Rows that are read side by side, so that what is written is a cache line of f32.
const ROWS: usize = 16;

/// Columns whose transpose one of many threads writes at once.
const COLUMNS: usize = 64;

/// Writes the transpose of `matrix`, which has `columns` columns and is stored row after row.
pub fn transpose<T: Copy>(output: &mut [T], matrix: &[T], columns: usize) {
    check(output, matrix);
    transpose_columns(output, matrix, columns, 0..columns);
}

/// Does what [`transpose`] does on all threads.
pub fn transpose_by_all<T: Copy + Send + Sync>(output: &mut [T], matrix: &[T], columns: usize) {
    check(output, matrix);
    if matrix.is_empty() {
        return;
    }
    let rows = matrix.len() / columns;
    output
        .par_chunks_mut(COLUMNS * rows)
        .enumerate()
        .for_each(|(index, output)| {
            let first = index * COLUMNS;
            transpose_columns(output, matrix, columns, first..first + output.len() / rows);
        });
}

fn check<T>(output: &[T], matrix: &[T]) {
    assert_eq!(
        output.len(),
        matrix.len(),
        "values of a matrix and of its transpose"
    );
}

/// Writes the transpose of some of the columns.
fn transpose_columns<T: Copy>(output: &mut [T], matrix: &[T], columns: usize, some: Range<usize>) {
    if matrix.is_empty() {
        return;
    }
    let rows = matrix.len() / columns;
    for (index, lines) in matrix.chunks(ROWS * columns).enumerate() {
        let (start, height) = (index * ROWS, lines.len() / columns);
        for (place, column) in some.clone().enumerate() {
            let place = place * rows + start;
            for (row, output) in output[place..place + height].iter_mut().enumerate() {
                *output = lines[row * columns + column];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{transpose, transpose_by_all};

    #[test]
    fn every_value_finds_its_place() {
        for (rows, columns) in [
            (1, 1),
            (1, 37),
            (41, 1),
            (16, 32),
            (17, 31),
            (33, 5),
            (100, 64),
            (19, 200),
        ] {
            let matrix: Vec<u32> = (0..rows * columns).map(|place| place as u32).collect();
            let mut output = vec![0; matrix.len()];
            for transpose in [transpose, transpose_by_all] {
                output.fill(0);
                transpose(&mut output, &matrix, columns);
                for (place, value) in output.iter().enumerate() {
                    let (column, row) = (place / rows, place % rows);
                    assert_eq!(*value as usize, row * columns + column, "{rows}×{columns}");
                }
            }
        }
        transpose::<u32>(&mut [], &[], 7);
        transpose_by_all::<u32>(&mut [], &[], 7);
    }
}
