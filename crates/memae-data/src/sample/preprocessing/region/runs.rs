//! Masks as runs of pixels: where they change from outside to inside or back, row by row, beginning outside.

use super::super::pixel_rectangle::PixelRectangle;

/// Whether pixels of a mask of this width lie inside: those of each row at the columns, which ascend.
pub(super) fn inside_runs(
    changes: &[usize],
    width: usize,
    rows: impl Iterator<Item = usize>,
    columns: &[usize],
) -> Vec<bool> {
    let mut inside = Vec::with_capacity(rows.size_hint().0 * columns.len());
    for row in rows {
        let mut passed = changes.partition_point(|&change| change <= row * width);
        inside.extend(columns.iter().map(|column| {
            let at = row * width + column;
            while changes.get(passed).is_some_and(|&change| change <= at) {
                passed += 1;
            }
            passed % 2 == 1
        }));
    }
    inside
}

/// The smallest rectangle that holds all pixels inside; `None` if there are none.
pub(super) fn bounds_of(changes: &[usize], height: usize, width: usize) -> Option<PixelRectangle> {
    let pixels = height * width;
    let first = changes.first().copied().filter(|&first| first < pixels)?;
    let (mut last, mut left, mut right) = (first, width, 0);
    for run in changes.chunks(2) {
        // The last run may go on to the end.
        let end = run.get(1).copied().unwrap_or(pixels);
        let (from, to) = (run[0], end - 1);
        last = to;
        match from / width == to / width {
            true => {
                left = left.min(from % width);
                right = right.max(to % width);
            }
            false => (left, right) = (0, width - 1),
        }
    }
    let top = first / width;
    Some(PixelRectangle {
        top,
        left,
        height: last / width + 1 - top,
        width: right + 1 - left,
    })
}

/// The pixel of `to` in which the middle of pixel `index` of `from` lies.
pub(super) fn middle_of(index: usize, from: usize, to: usize) -> usize {
    (2 * index + 1) * to / (2 * from)
}
