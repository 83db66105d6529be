//! The shrunk weights of one query, ranked and as a bar chart.

use crate::chart::axis::Axis;
use crate::chart::cartesian::Chart;
use crate::chart::colour::Colour;
use crate::chart::mark::Mark;

/// Bars of the items whose images are shown.
pub(super) const SHOWN: Colour = [112, 48, 160];
/// Bars of all other items.
const OTHER: Colour = [168, 168, 176];

/// The active items, the one with the greatest weight first.
pub(super) fn rank(weights: &[f32]) -> Vec<usize> {
    let mut active: Vec<usize> = (0..weights.len())
        .filter(|&item| weights[item].is_finite() && weights[item] > 0.0)
        .collect();
    active.sort_by(|&one, &other| weights[other].total_cmp(&weights[one]));
    active
}

/// What is written into a chart's corner.
pub(super) fn count(weights: &[f32], active: usize) -> String {
    let mut count = match active {
        0 => "empty row: no active item".to_string(),
        1 => "1 active item".to_string(),
        _ => format!("{active} active items"),
    };
    let unknown = weights.iter().filter(|weight| !weight.is_finite()).count();
    if unknown > 0 {
        count.push_str(&format!(", {unknown} not finite"));
    }
    count
}

/// The bar chart of `weights`, `width` x `height` pixels large; `shown` of the `ranked` items are shown beside it.
pub(super) fn chart(
    weights: &[f32],
    ranked: &[usize],
    shown: usize,
    (width, height): (u32, u32),
) -> Chart<'static> {
    // Space between bars where there are few enough to see it.
    let space = if weights.len() <= 120 { 0.1 } else { 0.0 };
    let bar = |&item: &usize| {
        let start = item as f64;
        (
            start - 0.5 + space,
            start + 0.5 - space,
            f64::from(weights[item]),
        )
    };
    let marks = vec![
        Mark::Bars {
            bars: ranked[shown..].iter().map(bar).collect(),
            colour: OTHER,
            opacity: 1.0,
        },
        Mark::Bars {
            bars: ranked[..shown].iter().map(bar).collect(),
            colour: SHOWN,
            opacity: 1.0,
        },
    ];
    // Room above the bars for the number of active items.
    let top = ranked
        .first()
        .map_or(1.0, |&item| f64::from(weights[item]) * 1.25);
    Chart {
        width,
        height,
        x: Axis::between_whole(-0.5, weights.len() as f64 - 0.5, 6),
        y: Axis::between(0.0, top, 3),
        x_label: "",
        y_label: "",
        x_grid: false,
        marks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_ranked_by_weight_without_those_that_are_not_read() {
        let weights = [0.0, 0.2, f32::NAN, 0.7, -0.5, 0.1, f32::INFINITY];
        assert_eq!(rank(&weights), [3, 1, 5]);
        assert_eq!(count(&weights, 3), "3 active items, 2 not finite");
        assert_eq!(count(&[0.0], 0), "empty row: no active item");
    }
}
