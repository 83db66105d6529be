/// Rows that are read side by side, so that what is written is a cache line of f32.
const ROWS: usize = 16;

/// Writes the transpose of `matrix`, which has `columns` columns and is stored row after row.
pub(crate) fn transpose<T: Copy>(output: &mut [T], matrix: &[T], columns: usize) {
    assert_eq!(
        output.len(),
        matrix.len(),
        "values of a matrix and of its transpose"
    );
    if matrix.is_empty() {
        return;
    }
    let rows = matrix.len() / columns;
    for (index, lines) in matrix.chunks(ROWS * columns).enumerate() {
        let (start, height) = (index * ROWS, lines.len() / columns);
        for column in 0..columns {
            let place = column * rows + start;
            for (row, output) in output[place..place + height].iter_mut().enumerate() {
                *output = lines[row * columns + column];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::transpose;

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
        ] {
            let matrix: Vec<u32> = (0..rows * columns).map(|place| place as u32).collect();
            let mut output = vec![0; matrix.len()];
            transpose(&mut output, &matrix, columns);
            for (place, value) in output.iter().enumerate() {
                let (column, row) = (place / rows, place % rows);
                assert_eq!(*value as usize, row * columns + column, "{rows}×{columns}");
            }
        }
        transpose::<u32>(&mut [], &[], 7);
    }
}
