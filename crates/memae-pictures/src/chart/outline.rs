//! Lines around the pixels that a mask covers, found row by row.

use std::collections::VecDeque;

/// Where a pixel lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Neither on the line nor beside it.
    Away,
    /// On the line.
    Line,
    /// Beside it.
    Rim,
}

/// Finds the line `line` pixels wide around the pixels that a mask covers, and the rim of one pixel around it; along
/// the edge of the picture both run inside.
///
/// `inside` writes the rows of the mask, `paint` takes the rows that have some of the line or the rim; both from the top
/// down.
pub(crate) fn trace(
    [height, width]: [usize; 2],
    line: usize,
    mut inside: impl FnMut(usize, &mut [bool]),
    mut paint: impl FnMut(usize, &[Edge]),
) {
    let reach = line + 1;
    let mut window: VecDeque<Row> = VecDeque::with_capacity(2 * reach + 1);
    let mut free = Vec::new();
    let mut edges = vec![Edge::Away; width];
    let mut next = 0;
    for y in 0..height {
        while next < height && next <= y + reach {
            let mut row = free.pop().unwrap_or_else(|| Row::new(width));
            inside(next, &mut row.inside);
            row.measure();
            window.push_back(row);
            next += 1;
        }
        let first = y.saturating_sub(reach);
        // One row leaves at the top once there are enough.
        while window.len() > next - first {
            free.extend(window.pop_front());
        }
        if window.iter().any(|row| row.covered) {
            edges.fill(Edge::Away);
            for (at, row) in (first..next).zip(&window) {
                let apart = at.abs_diff(y);
                if row.covered {
                    row.reach(
                        &mut edges,
                        half_chord(line, apart),
                        half_chord(reach, apart),
                    );
                }
            }
            let here = &window[y - first].inside;
            for (x, edge) in edges.iter_mut().enumerate() {
                if here[x] {
                    let border = (x + 1).min(y + 1).min(width - x).min(height - y);
                    *edge = match border {
                        border if border <= line => Edge::Line,
                        border if border <= reach => Edge::Rim,
                        _ => Edge::Away,
                    };
                }
            }
            if edges.iter().any(|&edge| edge != Edge::Away) {
                paint(y, &edges);
            }
        }
    }
}

/// How far a disc of `radius` reaches to the side in the row `apart` from its middle; `None` beyond it.
fn half_chord(radius: usize, apart: usize) -> Option<usize> {
    let left = (radius * radius).checked_sub(apart * apart)?;
    Some(left.isqrt())
}

/// A row of the mask.
struct Row {
    inside: Vec<bool>,
    /// How far the nearest covered pixel of the row is.
    distances: Vec<usize>,
    /// Whether any pixel is covered.
    covered: bool,
}

impl Row {
    fn new(width: usize) -> Self {
        Self {
            inside: vec![false; width],
            distances: vec![0; width],
            covered: false,
        }
    }

    fn measure(&mut self) {
        self.covered = self.inside.contains(&true);
        if !self.covered {
            return;
        }
        let mut distance = usize::MAX;
        for (nearest, &inside) in self.distances.iter_mut().zip(&self.inside) {
            distance = if inside {
                0
            } else {
                distance.saturating_add(1)
            };
            *nearest = distance;
        }
        for (nearest, &inside) in self.distances.iter_mut().zip(&self.inside).rev() {
            distance = if inside {
                0
            } else {
                distance.saturating_add(1)
            };
            *nearest = distance.min(*nearest);
        }
    }

    /// Marks the pixels that are near enough.
    fn reach(&self, edges: &mut [Edge], line: Option<usize>, rim: Option<usize>) {
        for (edge, &distance) in edges.iter_mut().zip(&self.distances) {
            if line.is_some_and(|line| distance <= line) {
                *edge = Edge::Line;
            } else if *edge == Edge::Away && rim.is_some_and(|rim| distance <= rim) {
                *edge = Edge::Rim;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition: whether a pixel on the other side lies within `reach`; beyond the picture nothing is covered.
    fn on_edge(mask: &[bool], [height, width]: [usize; 2], y: usize, x: usize, reach: i64) -> bool {
        let covered = |y: i64, x: i64| {
            let within = (0..height as i64).contains(&y) && (0..width as i64).contains(&x);
            within.then(|| mask[y as usize * width + x as usize])
        };
        let (y, x) = (y as i64, x as i64);
        let here = covered(y, x) == Some(true);
        let mut around = (-reach..=reach)
            .flat_map(|dy| (-reach..=reach).map(move |dx| (dy, dx)))
            .filter(|(dy, dx)| dy * dy + dx * dx <= reach * reach);
        around.any(|(dy, dx)| match covered(y + dy, x + dx) {
            Some(there) => there && !here,
            None => here,
        })
    }

    proptest! {
        #[test]
        fn the_line_agrees_with_its_definition(
            (height, width, mask) in (1usize..17, 1usize..23).prop_flat_map(|(height, width)| {
                let pixel = (0u8..12).prop_map(|value| value == 0);
                (Just(height), Just(width), proptest::collection::vec(pixel, height * width))
            }),
            line in 1usize..5,
        ) {
            let mut found = vec![Edge::Away; mask.len()];
            trace(
                [height, width],
                line,
                |y, row| row.copy_from_slice(&mask[y * width..][..width]),
                |y, edges| found[y * width..][..width].copy_from_slice(edges),
            );
            for (at, found) in found.into_iter().enumerate() {
                let on = |reach| on_edge(&mask, [height, width], at / width, at % width, reach);
                let expected = match (on(line as i64), on(line as i64 + 1)) {
                    (true, _) => Edge::Line,
                    (false, true) => Edge::Rim,
                    (false, false) => Edge::Away,
                };
                prop_assert_eq!(found, expected, "pixel {}", at);
            }
        }
    }
}
