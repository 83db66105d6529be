//! The labels of reference lines, right of a chart.

use super::panel::{SweepPanel, SweepReference};
use crate::chart::cartesian::{Borders, Chart};
use crate::chart::colour::FAINT_INK;
use crate::chart::page::{Align, Page, SMALL};
use crate::chart::text;

/// From the end of a reference line to its label, and how wide that may be.
const SIGN: u32 = 12;
const WIDTH: u32 = 160;
/// From one label to the next, at least.
const ROW: i64 = SMALL as i64 + 2;

/// The space that the labels of all reference lines need.
pub(super) fn width(panels: &[SweepPanel]) -> u32 {
    let references = panels.iter().flat_map(|panel| panel.references);
    let widths = references.map(|reference| text::width(reference.label, SMALL));
    widths.max().map_or(0, |widest| SIGN + widest.min(WIDTH))
}

/// Writes the label of each reference line beside its right end, or as near to it as the others allow.
pub(super) fn label(
    page: &mut Page,
    references: &[SweepReference],
    chart: &Chart,
    (left, top): (u32, u32),
    borders: Borders,
) {
    let mut rows: Vec<(i64, &str)> = references
        .iter()
        .map(|reference| {
            let row = chart.row(reference.value, top, borders);
            (i64::from(row), reference.label)
        })
        .collect();
    rows.sort_by_key(|&(row, _)| row);
    let wanted: Vec<i64> = rows.iter().map(|&(row, _)| row).collect();
    let (first, last) = chart.rows(top, borders);
    let placed = spread(&wanted, i64::from(first), i64::from(last));
    let end = left + chart.width - borders.right + 1;
    for (&(row, label), at) in rows.iter().zip(placed) {
        let (row, at) = (row as u32, at as u32);
        let half = (SIGN - 4) / 2;
        page.fill(end, row, half, 1, FAINT_INK);
        page.fill(end + half, row.min(at), 1, row.abs_diff(at) + 1, FAINT_INK);
        page.fill(end + half, at, half, 1, FAINT_INK);
        let label = text::fit(label, SMALL, WIDTH);
        let x = end + SIGN;
        page.text(x, at - SMALL / 2 - 1, &label, SMALL, FAINT_INK, Align::Left);
    }
}

/// The rows next to `wanted`, which ascend, that lie a label's height apart and between `first` and `last`.
fn spread(wanted: &[i64], first: i64, last: i64) -> Vec<i64> {
    let downwards = |rows: &[i64], start: i64| -> Vec<i64> {
        let mut free = start;
        let place = |&row: &i64| {
            let row = free.max(row);
            free = row + ROW;
            row
        };
        rows.iter().map(place).collect()
    };
    let upwards = |rows: &[i64], end: i64| -> Vec<i64> {
        let turned: Vec<i64> = rows.iter().rev().map(|row| -row).collect();
        let placed = downwards(&turned, -end);
        placed.iter().rev().map(|row| -row).collect()
    };
    // Pushed down only, labels lie too low; pushed up only, too high by as much.
    let below = downwards(wanted, i64::MIN);
    let above = upwards(wanted, i64::MAX);
    let middle: Vec<i64> = below
        .iter()
        .zip(&above)
        .map(|(below, above)| (below + above).div_euclid(2))
        .collect();
    upwards(&downwards(&middle, first), last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn labels_keep_their_order_and_distance(
            mut wanted in prop::collection::vec(10i64..=210, 0..=8),
        ) {
            wanted.sort_unstable();
            let placed = spread(&wanted, 10, 210);
            prop_assert_eq!(placed.len(), wanted.len());
            prop_assert!(placed.iter().all(|row| (10..=210).contains(row)), "{:?}", placed);
            let apart = |rows: &[i64]| rows.windows(2).all(|pair| pair[1] - pair[0] >= ROW);
            prop_assert!(apart(&placed), "{:?}", placed);
            if apart(&wanted) {
                prop_assert_eq!(placed, wanted);
            }
        }
    }

    #[test]
    fn labels_that_would_overlap_move_apart_evenly() {
        assert_eq!(spread(&[100, 103], 0, 300), [93, 110]);
        assert_eq!(spread(&[1, 2], 0, 300), [0, 17]);
        assert_eq!(spread(&[299, 300], 0, 300), [283, 300]);
    }
}
