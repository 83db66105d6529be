//! Rows with swapped columns.

use memae_data::sample::Vectors;
use memae_data::synthetic::{ColumnSwap, SyntheticError};
use proptest::prelude::*;

/// Rows whose columns, of one to three values each, hold the number of the row; equal rows follow each other in pairs.
fn numbered(rows: usize, widths: &[usize]) -> (Vectors, Vec<std::ops::Range<usize>>) {
    let width = widths.iter().sum();
    let values = (0..rows).flat_map(|row| std::iter::repeat_n((row / 2) as f32, width));
    let mut end = 0;
    let columns = widths.iter().map(|width| {
        end += width;
        end - width..end
    });
    let columns = columns.collect();
    (Vectors::new(width, values.collect()).unwrap(), columns)
}

proptest! {
    #[test]
    fn each_column_is_whole_and_of_one_of_two_rows(
        rows in 3usize..40,
        widths in proptest::collection::vec(1usize..4, 2..7),
        share in 0.05f64..0.95,
        seed in any::<u64>(),
    ) {
        let (vectors, columns) = numbered(rows, &widths);
        let swap = ColumnSwap::default().with_share(share).with_seed(seed);
        let swapped = swap.apply(&vectors, &columns).unwrap();
        prop_assert_eq!(swapped.rows.len(), swapped.of.len());
        prop_assert!(swapped.of.is_sorted());
        prop_assert_eq!(&swap.apply(&vectors, &columns).unwrap(), &swapped);
        for (index, &of) in swapped.of.iter().enumerate() {
            let row = swapped.rows.row(index);
            let own = vectors.row(of)[0];
            let taken: Vec<f32> = columns
                .iter()
                .map(|column| {
                    let values = &row[column.clone()];
                    assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
                    values[0]
                })
                .collect();
            let mut others: Vec<f32> = taken.iter().copied().filter(|value| *value != own).collect();
            prop_assert!(!others.is_empty() && others.len() < columns.len(), "{taken:?} of {own}");
            others.dedup();
            prop_assert_eq!(others.len(), 1, "{:?} of {}", taken, own);
        }
    }
}

#[test]
fn the_share_is_that_of_the_columns() {
    let (vectors, columns) = numbered(2000, &[1; 20]);
    for share in [0.1, 0.3, 0.8] {
        let swapped = ColumnSwap::default().with_share(share);
        let swapped = swapped.apply(&vectors, &columns).unwrap();
        let taken: usize = (0..swapped.rows.len())
            .map(|index| {
                let own = vectors.row(swapped.of[index])[0];
                let row = swapped.rows.row(index).iter();
                row.filter(|value| **value != own).count()
            })
            .sum();
        let found = taken as f64 / (20 * swapped.rows.len()) as f64;
        // One of twenty is taken where none was drawn.
        assert!((found - share).abs() < 0.02, "{found} for {share}");
    }
}

#[test]
fn rows_that_are_all_alike_give_no_anomalies() {
    let rows = Vectors::new(2, vec![1.0; 10]).unwrap();
    let swapped = ColumnSwap::default().apply(&rows, &[0..1, 1..2]).unwrap();
    assert!(swapped.of.is_empty() && swapped.rows.is_empty());
}

#[test]
fn what_cannot_be_swapped_is_an_error() {
    let rows = Vectors::new(3, vec![0.0; 6]).unwrap();
    let swap = ColumnSwap::default();
    let columns = [0..1, 1..3];
    assert!(swap.apply(&rows, &columns).is_ok());
    for share in [0.0, 1.0, f64::NAN] {
        let error = swap.with_share(share).apply(&rows, &columns).unwrap_err();
        assert!(matches!(error, SyntheticError::Share { .. }), "{error}");
    }
    let error = |rows: &Vectors, columns: &[_]| swap.apply(rows, columns).unwrap_err().to_string();
    assert_eq!(
        error(&rows, &columns[..1]),
        "swapped columns: found 1 columns, expected at least 2, as a row of one column is as normal as its values"
    );
    let one = Vectors::new(3, vec![0.0; 3]).unwrap();
    assert_eq!(
        error(&one, &columns),
        "swapped columns: found 1 rows, expected at least 2"
    );
    assert_eq!(
        error(&rows, &[0..1, 2..4]),
        "swapped columns: found a column of the values 2..4, expected ranges within 3 values, none of them empty"
    );
    assert!(error(&rows, &[1..1, 2..3]).contains("1..1"));
}
