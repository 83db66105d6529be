use std::cmp::Ordering;

use askama::Template;

use super::axis::{self, Axis};
use super::path::path;
use crate::text::{counted, number, percent};

/// Of how many samples one at either end may lie so far outside that the range does not follow it.
const ENDS: f64 = 0.005;
/// How many times the median the highest score must be for the axis to be logarithmic.
const SKEWED: f64 = 12.0;

/// Scores of one kind of samples.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind<'a> {
    /// Such as `normal`.
    pub(crate) name: &'static str,
    pub(crate) scores: &'a [f64],
}

/// A kind as it is drawn.
struct Series {
    name: &'static str,
    /// Samples that are drawn.
    count: usize,
    bars: Vec<Bar>,
    outline: String,
}

#[derive(Debug, Clone, PartialEq)]
struct Bar {
    left: f64,
    width: f64,
    height: f64,
    title: String,
}

/// How many samples score how much, kind by kind over common bins; each kind's bars sum up to all of its samples.
///
/// What lies beyond the ends is counted into the outermost bars; `notes` say how much that is.
#[derive(Template)]
#[template(path = "chart/histogram.svg")]
pub(crate) struct Histogram {
    title: String,
    description: String,
    series: Vec<Series>,
    x: Axis,
    y: Axis,
    x_label: &'static str,
    y_label: &'static str,
    /// Where the threshold stands.
    threshold: Option<f64>,
    threshold_label: String,
    pub(crate) notes: Vec<String>,
}

impl Histogram {
    /// `None` where no score is a number.
    pub(crate) fn new(kinds: &[Kind<'_>], threshold: Option<f64>) -> Option<Self> {
        let threshold = threshold.filter(|value| value.is_finite());
        let all = || kinds.iter().flat_map(|kind| kind.scores).copied();
        let mut finite: Vec<f64> = all().filter(|score| score.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        if all().all(f64::is_nan) {
            return None;
        }
        let (x, cut) = fitted_axis(&finite, threshold);
        let bins = ((finite.len() as f64).sqrt() as usize).clamp(10, 60);
        let series: Vec<Series> = kinds
            .iter()
            .filter(|kind| !kind.scores.is_empty())
            .map(|kind| Series::new(kind, &x, bins))
            .collect();
        let highest = series
            .iter()
            .flat_map(|one| &one.bars)
            .map(|bar| bar.height);
        let y = Axis::linear(0.0, 100.0 * highest.fold(0.0, f64::max).max(1e-9) * 1.05);
        let series: Vec<Series> = series.into_iter().map(|one| one.scaled(&y)).collect();
        let counts: Vec<String> = series
            .iter()
            .map(|one| format!("{} {}", counted(one.count), one.name))
            .collect();
        Some(Self {
            title: "Histogram of the anomaly scores".to_string(),
            description: description(&counts, &finite, threshold),
            x_label: if x.is_logarithmic() {
                "anomaly score (logarithmic)"
            } else {
                "anomaly score"
            },
            y_label: if series.len() > 1 {
                "% of each kind"
            } else {
                "% of samples"
            },
            threshold: threshold.map(|value| x.place(value)),
            threshold_label: threshold.map_or(String::new(), |value| threshold_label(value, &x)),
            notes: notes(kinds, &finite, cut),
            series,
            x,
            y,
        })
    }
}

impl Series {
    fn new(kind: &Kind<'_>, x: &Axis, bins: usize) -> Self {
        let mut counts = vec![0usize; bins];
        for &score in kind.scores.iter().filter(|score| !score.is_nan()) {
            let bin = (x.place(score) * bins as f64) as usize;
            counts[bin.min(bins - 1)] += 1;
        }
        let count = counts.iter().sum();
        let width = 1.0 / bins as f64;
        let bars = counts
            .into_iter()
            .enumerate()
            .filter(|(_, inside)| *inside > 0)
            .map(|(bin, inside)| {
                let (left, height) = (bin as f64 * width, inside as f64 / count as f64);
                let (from, to) = (number(x.value(left)), number(x.value(left + width)));
                Bar {
                    left,
                    width,
                    height,
                    title: format!(
                        "{} {} ({}), score {from} to {to}",
                        counted(inside),
                        kind.name,
                        percent(height)
                    ),
                }
            })
            .collect();
        Self {
            name: kind.name,
            count,
            bars,
            outline: String::new(),
        }
    }

    /// Heights as shares of the plot, and the steps along the tops.
    fn scaled(mut self, y: &Axis) -> Self {
        let mut steps: Vec<(f64, f64)> = Vec::new();
        let mut end = 0.0;
        for bar in &mut self.bars {
            bar.height = y.place(100.0 * bar.height);
            if bar.left > end + 1e-9 || steps.is_empty() {
                steps.extend([(end, 0.0), (bar.left, 0.0)]);
            }
            end = bar.left + bar.width;
            steps.extend([(bar.left, bar.height), (end, bar.height)]);
        }
        steps.extend([(end, 0.0), (1.0, 0.0)]);
        self.outline = path(steps);
        self
    }
}

/// The threshold, with an arrow to where it lies if that is beyond the axis.
fn threshold_label(value: f64, x: &Axis) -> String {
    let text = format!("threshold {}", number(value));
    match x.side(value) {
        Ordering::Less => format!("← {text}"),
        Ordering::Equal => text,
        Ordering::Greater => format!("{text} →"),
    }
}

/// The axis over ascending scores, and what of them lies beyond its ends: how many, below and above.
fn fitted_axis(ascending: &[f64], threshold: Option<f64>) -> (Axis, [usize; 2]) {
    let (Some(&lowest), Some(&highest)) = (ascending.first(), ascending.last()) else {
        let middle = threshold.unwrap_or(0.0);
        return (Axis::linear(middle, middle), [0, 0]);
    };
    let end = (ascending.len() as f64 * ENDS) as usize;
    let (core_low, core_high) = (ascending[end], ascending[ascending.len() - 1 - end]);
    let median = ascending[ascending.len() / 2];
    let logarithmic = lowest > 0.0 && highest / median > SKEWED;
    let (mut low, mut high) = (lowest, highest);
    if logarithmic {
        if lowest < core_low / 10.0 {
            low = core_low / 1.5;
        }
    } else {
        let spread = core_high / 2.0 - core_low / 2.0;
        if spread > 0.0 && highest / 2.0 - core_high / 2.0 > 2.0 * spread {
            high = core_high + spread * 0.2;
        }
        if spread > 0.0 && core_low / 2.0 - lowest / 2.0 > 2.0 * spread {
            low = core_low - spread * 0.2;
        }
    }
    if let Some(threshold) = threshold {
        // A threshold far away would leave no room for the scores: it is then marked at the end.
        let near = if logarithmic {
            threshold > low / 100.0 && threshold < high * 100.0
        } else {
            let room = (high / 2.0 - low / 2.0).max(high.abs() * 0.05) * 2.0;
            threshold / 2.0 > low / 2.0 - room && threshold / 2.0 < high / 2.0 + room
        };
        if near {
            (low, high) = (low.min(threshold), high.max(threshold));
        }
    }
    let below = ascending.partition_point(|&score| score < low);
    let above = ascending.len() - ascending.partition_point(|&score| score <= high);
    let axis = if logarithmic {
        Axis::logarithmic(low, high)
    } else {
        Axis::linear(low, high)
    };
    (axis, [below, above])
}

fn notes(kinds: &[Kind<'_>], ascending: &[f64], [below, above]: [usize; 2]) -> Vec<String> {
    let count = |wanted: fn(f64) -> bool| {
        let scores = kinds.iter().flat_map(|kind| kind.scores);
        scores.filter(|&&score| wanted(score)).count()
    };
    let infinite = [
        count(|score| score == f64::NEG_INFINITY),
        count(|score| score == f64::INFINITY),
    ];
    let ends = [
        ("first", below, infinite[0], ascending.first(), "from"),
        ("last", above, infinite[1], ascending.last(), "up to"),
    ];
    let mut notes = Vec::new();
    for (place, beyond, infinite, extreme, word) in ends {
        if let (1.., Some(&extreme)) = (beyond, extreme) {
            notes.push(format!(
                "The {place} bar holds {} {} beyond the axis too, {word} {}.",
                counted(beyond),
                if beyond == 1 { "score" } else { "scores" },
                number(extreme)
            ));
        }
        if infinite > 0 {
            let sign = if place == "first" { "minus " } else { "" };
            let scores = if infinite == 1 {
                "score that is"
            } else {
                "scores that are"
            };
            notes.push(format!(
                "The {place} bar holds {} {scores} {sign}infinite.",
                counted(infinite)
            ));
        }
    }
    let unknown = count(f64::is_nan);
    if unknown > 0 {
        notes.push(format!(
            "Not drawn: {} without a number as score.",
            counted(unknown)
        ));
    }
    notes
}

fn description(counts: &[String], ascending: &[f64], threshold: Option<f64>) -> String {
    let mut text = format!("Scores of {} samples", counts.join(", "));
    if let (Some(&low), Some(&high)) = (ascending.first(), ascending.last()) {
        text.push_str(&format!(", from {} to {}", number(low), number(high)));
    }
    if let Some(threshold) = threshold {
        text.push_str(&format!("; the threshold is {}", number(threshold)));
    }
    text.push('.');
    text
}

#[cfg(test)]
#[path = "histogram/tests.rs"]
mod tests;
