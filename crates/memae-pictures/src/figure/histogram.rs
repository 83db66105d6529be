//! Histograms of the anomaly scores of normal and anomalous samples.

use crate::chart::axis::{Axis, drawable, three_digits};
use crate::chart::cartesian::Chart;
use crate::chart::colour::{ANOMALOUS, Colour, NORMAL};
use crate::chart::mark::Mark;
use crate::chart::stroke::Stroke;

/// The share of scores whose range is always drawn whole.
const CORE: f64 = 0.995;

/// Densities of both classes over common bins.
pub(super) struct Histogram {
    edges: Vec<f64>,
    normal: Vec<f64>,
    anomalous: Vec<f64>,
    /// What is not drawn, or nothing.
    pub(super) note: String,
}

impl Histogram {
    /// Counts `scores` into bins; one `anomalous` a score.
    pub(super) fn new(scores: &[f64], anomalous: &[bool]) -> Self {
        let mut finite: Vec<f64> = scores
            .iter()
            .copied()
            .filter(|&score| drawable(score))
            .collect();
        finite.sort_by(f64::total_cmp);
        let (low, high) = range(&finite);
        let bins = ((finite.len() as f64).sqrt() as usize).clamp(8, 48);
        let edges: Vec<f64> = (0..=bins)
            .map(|edge| low + (high - low) * (edge as f64 / bins as f64))
            .collect();
        let density = |wanted: bool| {
            let of_class = scores
                .iter()
                .zip(anomalous)
                .filter(|&(&score, &anomalous)| anomalous == wanted && drawable(score));
            let mut counts = vec![0.0; bins];
            let mut total = 0.0;
            for (&score, _) in of_class {
                total += 1.0;
                if score <= high {
                    let bin = ((score - low) / (high - low) * bins as f64) as usize;
                    counts[bin.min(bins - 1)] += 1.0;
                }
            }
            let scale = f64::max(total, 1.0) * (high - low) / bins as f64;
            counts.into_iter().map(|count| count / scale).collect()
        };
        let beyond = finite.iter().filter(|&&score| score > high).count();
        let mut notes = Vec::new();
        if beyond > 0 {
            notes.push(format!("{beyond} above {}", three_digits(high)));
        }
        if finite.len() < scores.len() {
            notes.push(format!("{} not finite", scores.len() - finite.len()));
        }
        Self {
            normal: density(false),
            anomalous: density(true),
            note: if notes.is_empty() {
                String::new()
            } else {
                format!("not drawn: {}", notes.join(", "))
            },
            edges,
        }
    }

    /// The chart, `width` x `height` pixels large.
    pub(super) fn chart(&self, width: u32, height: u32) -> Chart<'static> {
        let highest = self
            .normal
            .iter()
            .chain(&self.anomalous)
            .copied()
            .fold(0.0, f64::max);
        let classes = [(&self.normal, NORMAL), (&self.anomalous, ANOMALOUS)];
        let mut marks: Vec<Mark> = classes
            .iter()
            .map(|(density, colour)| self.bars(density, *colour))
            .collect();
        marks.extend(
            classes
                .iter()
                .map(|(density, colour)| self.outline(density, *colour)),
        );
        Chart {
            width,
            height,
            x: Axis::between(self.edges[0], self.edges[self.edges.len() - 1], 6),
            y: Axis::between(0.0, if highest > 0.0 { highest * 1.05 } else { 1.0 }, 5),
            x_label: "anomaly score",
            y_label: "density",
            x_grid: false,
            marks,
        }
    }

    fn bars(&self, density: &[f64], colour: Colour) -> Mark {
        Mark::Bars {
            bars: self
                .edges
                .windows(2)
                .zip(density)
                .map(|(edges, &height)| (edges[0], edges[1], height))
                .collect(),
            colour,
            opacity: 0.4,
        }
    }

    /// The steps along the tops of the bars; nothing for a class without samples.
    fn outline(&self, density: &[f64], colour: Colour) -> Mark {
        let mut points = Vec::new();
        if density.iter().any(|&height| height > 0.0) {
            points.push((self.edges[0], 0.0));
            for (edges, &height) in self.edges.windows(2).zip(density) {
                points.push((edges[0], height));
                points.push((edges[1], height));
            }
            points.push((self.edges[self.edges.len() - 1], 0.0));
        }
        Mark::Line {
            points,
            colour,
            stroke: Stroke::Solid,
            dots: false,
            width: 2,
        }
    }
}

/// The range of ascending scores, cut where the highest lie far beyond all others.
fn range(ascending: &[f64]) -> (f64, f64) {
    let (Some(&low), Some(&high)) = (ascending.first(), ascending.last()) else {
        return (0.0, 1.0);
    };
    let core = ascending[((ascending.len() - 1) as f64 * CORE) as usize];
    let high = if core > low && high - core > (core - low) * 0.5 {
        core + (core - low) * 0.05
    } else {
        high
    };
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-9 {
        (low, high)
    } else {
        let apart = if size > 0.0 { size * 0.1 } else { 0.5 };
        (low - apart, high + apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_density_one() {
        let scores: Vec<f64> = (0..300).map(|at| (f64::from(at) * 0.7).sin()).collect();
        let anomalous: Vec<bool> = (0..300).map(|at| at % 7 == 0).collect();
        let histogram = Histogram::new(&scores, &anomalous);
        let width = histogram.edges[1] - histogram.edges[0];
        for density in [&histogram.normal, &histogram.anomalous] {
            let area: f64 = density.iter().map(|height| height * width).sum();
            assert!((area - 1.0).abs() < 1e-9, "{area}");
        }
        assert!(histogram.note.is_empty());
    }

    #[test]
    fn scores_far_above_all_others_are_counted_not_drawn() {
        let mut scores: Vec<f64> = (0..1000).map(f64::from).collect();
        scores[999] = 1e9;
        let histogram = Histogram::new(&scores, &vec![false; 1000]);
        assert!(histogram.edges.last().unwrap() < &1100.0);
        assert!(
            histogram.note.starts_with("not drawn: 1 above"),
            "{}",
            histogram.note
        );
    }

    #[test]
    fn scores_that_are_not_finite_are_left_out() {
        let scores = [f64::NAN, 1.0, 2.0, f64::INFINITY, f64::NEG_INFINITY];
        let histogram = Histogram::new(&scores, &[true, false, true, true, false]);
        assert_eq!(histogram.note, "not drawn: 3 not finite");
        assert!(
            histogram
                .normal
                .iter()
                .chain(&histogram.anomalous)
                .all(|height| height.is_finite())
        );
        assert_eq!(
            (histogram.edges[0], *histogram.edges.last().unwrap()),
            (1.0, 2.0)
        );
    }
}
