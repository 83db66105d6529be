use std::ops::Range;

use askama::Template;

use super::axis::{self, Axis};
use super::path::path;
use crate::text::{counted, number};

/// Points along the curve at most; of more frames, the lowest and the highest score of each stretch are drawn.
const STRETCHES: usize = 600;

/// The finite scores that charts of several videos share an axis for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ScoreRange {
    low: f64,
    high: f64,
}

impl ScoreRange {
    /// From the lowest to the highest, and to the threshold; `None` where nothing is finite.
    pub(crate) fn of(scores: impl IntoIterator<Item = f64>) -> Option<Self> {
        let finite = scores.into_iter().filter(|score| score.is_finite());
        finite.fold(None, |range: Option<Self>, score| {
            let (low, high) = range.map_or((score, score), |range| (range.low, range.high));
            Some(Self {
                low: low.min(score),
                high: high.max(score),
            })
        })
    }

    fn axis(self) -> Axis {
        let room = (self.high / 2.0 - self.low / 2.0) * 0.12;
        // Errors begin at 0, and a range that begins near it is easier to read from there.
        let low = match self.low {
            low if low >= 0.0 && low < self.high / 2.0 => 0.0,
            low => low - room,
        };
        Axis::linear(low.max(-f64::MAX), (self.high + room).min(f64::MAX))
    }
}

/// Spans of frames, the end not counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spans<'a> {
    pub(crate) flagged: &'a [Range<usize>],
    pub(crate) labelled: &'a [Range<usize>],
    pub(crate) gaps: &'a [Range<usize>],
}

/// A span as it is drawn.
struct Span {
    left: f64,
    width: f64,
    title: String,
}

/// The scores of a video, frame by frame, with the threshold and marked spans.
#[derive(Template)]
#[template(path = "chart/frame_curve.svg")]
pub(crate) struct FrameCurve {
    title: String,
    description: String,
    x: Axis,
    y: Axis,
    x_label: &'static str,
    y_label: &'static str,
    labelled: Vec<Span>,
    gaps: Vec<Span>,
    flagged: Vec<Span>,
    line: String,
    /// Scores with neighbours on neither side, which no line can show: from the left, from the top.
    dots: Vec<(f64, f64)>,
    threshold: Option<f64>,
}

impl FrameCurve {
    /// A curve of `scores`, one a frame from `first` on; what is no number is a gap, what is infinite stands at the
    /// edge.
    pub(crate) fn new(
        title: String,
        first: usize,
        scores: &[f64],
        range: ScoreRange,
        threshold: Option<f64>,
        spans: Spans<'_>,
    ) -> Self {
        let last = first.saturating_add(scores.len().saturating_sub(1));
        let x = Axis::whole(first as f64, last.max(first.saturating_add(1)) as f64);
        let y = range.axis();
        let drawn = |spans: &[Range<usize>], word: &str| -> Vec<Span> {
            spans
                .iter()
                .filter_map(|span| Span::new(span, word, &x))
                .collect()
        };
        let description = description(first, last, threshold, spans);
        let (mut line, mut dots) = (String::new(), Vec::new());
        for stretch in stretches(scores) {
            let places: Vec<(f64, f64)> = stretch
                .map(|(at, score)| (x.place(first as f64 + at as f64), y.place(score)))
                .collect();
            match path(places.iter().copied()) {
                path if path.is_empty() => dots.extend(places.first().map(|&(x, y)| (x, 1.0 - y))),
                path => line.push_str(&path),
            }
        }
        Self {
            title,
            description,
            labelled: drawn(spans.labelled, "labelled anomalous"),
            gaps: drawn(spans.gaps, "gap"),
            flagged: drawn(spans.flagged, "flagged"),
            line,
            dots,
            threshold: threshold
                .filter(|value| value.is_finite())
                .map(|value| y.place(value)),
            x,
            y,
            x_label: "frame",
            y_label: "anomaly score",
        }
    }
}

impl Span {
    /// From the middle before the first frame to the middle after the last; `None` outside the axis.
    fn new(span: &Range<usize>, word: &str, x: &Axis) -> Option<Self> {
        let (left, right) = (
            x.place(span.start as f64 - 0.5),
            x.place(span.end as f64 - 0.5),
        );
        (span.start < span.end && left < right).then(|| Self {
            left,
            width: right - left,
            title: match span.end - span.start {
                1 => format!("{word}: frame {}", span.start),
                _ => format!("{word}: frames {} to {}", span.start, span.end - 1),
            },
        })
    }
}

/// Runs of scores without a gap, as frames counted from the first and their scores; thinned out where they are many.
fn stretches(scores: &[f64]) -> Vec<impl Iterator<Item = (usize, f64)>> {
    let size = scores.len().div_ceil(STRETCHES).max(1);
    let mut runs = Vec::new();
    let mut start = 0;
    while start < scores.len() {
        let end = scores[start..].iter().position(|score| score.is_nan());
        let end = end.map_or(scores.len(), |length| start + length);
        if end > start {
            let run = (start..end)
                .zip(&scores[start..end])
                .map(|(at, &score)| (at, score));
            runs.push(thinned(run.collect(), size).into_iter());
        }
        start = end + 1;
    }
    runs
}

/// The lowest and the highest of every `size` scores, in their order, and both ends of the run.
fn thinned(run: Vec<(usize, f64)>, size: usize) -> Vec<(usize, f64)> {
    if size < 3 {
        return run;
    }
    let ends = [run[0], run[run.len() - 1]];
    let mut kept: Vec<(usize, f64)> = run
        .chunks(size)
        .flat_map(|chunk| {
            let by_score = |one: &&(usize, f64), other: &&(usize, f64)| one.1.total_cmp(&other.1);
            [chunk.iter().min_by(by_score), chunk.iter().max_by(by_score)]
        })
        .flatten()
        .copied()
        .chain(ends)
        .collect();
    kept.sort_by_key(|&(at, _)| at);
    kept.dedup_by_key(|&mut (at, _)| at);
    kept
}

fn description(first: usize, last: usize, threshold: Option<f64>, spans: Spans<'_>) -> String {
    let mut text = format!(
        "Anomaly scores of frames {} to {}",
        counted(first),
        counted(last)
    );
    if let Some(threshold) = threshold {
        text.push_str(&format!("; the threshold is {}", number(threshold)));
    }
    for (word, spans) in [
        ("flagged", spans.flagged),
        ("labelled anomalous", spans.labelled),
        ("without a score", spans.gaps),
    ] {
        if !spans.is_empty() {
            let some: Vec<String> = spans.iter().take(10).map(shown).collect();
            let more = if spans.len() > 10 { " and more" } else { "" };
            text.push_str(&format!("; {word}: {}{more}", some.join(", ")));
        }
    }
    text.push('.');
    text
}

/// A span with its last frame.
fn shown(span: &Range<usize>) -> String {
    match span.len() {
        1 => span.start.to_string(),
        _ => format!("{}–{}", span.start, span.end - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::slice::from_ref;

    use proptest::prelude::*;

    const NONE: Spans<'static> = Spans {
        flagged: &[],
        labelled: &[],
        gaps: &[],
    };

    fn drawn(scores: &[f64], spans: Spans<'_>) -> FrameCurve {
        let range = ScoreRange::of(scores.iter().copied().chain([5.0])).unwrap();
        FrameCurve::new("video".to_string(), 10, scores, range, Some(5.0), spans)
    }

    #[test]
    fn the_curve_goes_through_its_scores() {
        let range = ScoreRange {
            low: 0.0,
            high: 10.0,
        };
        let curve = FrameCurve::new(String::new(), 0, &[0.0, 10.6, 5.3], range, Some(2.65), NONE);
        assert_eq!(curve.line, "M0 1000L500 0L1000 500");
        assert_eq!(curve.threshold, Some(0.25));
    }

    #[test]
    fn what_has_no_score_breaks_the_line() {
        let curve = drawn(&[1.0, 2.0, f64::NAN, 3.0, f64::NAN, 4.0, 5.0], NONE);
        assert_eq!(curve.line.matches('M').count(), 2);
        assert_eq!(curve.dots.len(), 1);
        assert_eq!(curve.dots[0].0, 0.5);
    }

    #[test]
    fn infinite_scores_stand_at_the_edge() {
        let curve = drawn(&[1.0, f64::INFINITY, 1.0, f64::NEG_INFINITY], NONE);
        assert!(
            curve.line.contains("L333.3 0L") && curve.line.ends_with("L1000 1000"),
            "{}",
            curve.line
        );
    }

    #[test]
    fn spans_end_with_their_last_frame() {
        // Frames 10 to 20.
        let scores = [1.0; 11];
        let curve = drawn(
            &scores,
            Spans {
                flagged: from_ref(&(12..15)),
                labelled: &[5..12, 40..50],
                gaps: from_ref(&(20..21)),
            },
        );
        let place = |spans: &[Span]| (spans[0].left, spans[0].left + spans[0].width);
        let near = |found: (f64, f64), expected: (f64, f64)| {
            assert!(
                (found.0 - expected.0).abs() < 1e-9 && (found.1 - expected.1).abs() < 1e-9,
                "{found:?}"
            );
        };
        near(place(&curve.flagged), (0.15, 0.45));
        near(place(&curve.labelled), (0.0, 0.15));
        near(place(&curve.gaps), (0.95, 1.0));
        assert_eq!(curve.labelled.len(), 1);
        assert_eq!(curve.flagged[0].title, "flagged: frames 12 to 14");
        assert_eq!(curve.gaps[0].title, "gap: frame 20");
        assert!(
            curve.description.contains(
                "; flagged: 12–14; labelled anomalous: 5–11, 40–49; without a score: 20."
            )
        );
    }

    #[test]
    fn no_peak_of_a_long_video_is_lost() {
        let mut scores = vec![1.0; 1_000_000];
        scores[777_777] = 9.0;
        let curve = drawn(&scores, NONE);
        assert!(curve.line.contains("L777.8 "), "{}", curve.line);
        let frames = (0..1_000_000).map(|at| (f64::from(at) * 0.7).sin());
        assert!(drawn(&frames.collect::<Vec<_>>(), NONE).line.len() < 30_000);
    }

    #[test]
    fn one_frame_and_none_can_be_drawn() {
        assert_eq!(drawn(&[3.0], NONE).dots.len(), 1);
        assert!(drawn(&[], NONE).line.is_empty());
        assert!(ScoreRange::of([f64::NAN, f64::INFINITY]).is_none());
    }

    proptest! {
        #[test]
        fn every_place_is_inside(scores in prop::collection::vec(any::<f64>(), 0..400), first in any::<usize>()) {
            let range = ScoreRange::of(scores.iter().copied().chain([1.0])).unwrap();
            let gap = first..first.saturating_add(3);
            let spans = Spans { flagged: &[], labelled: &[], gaps: from_ref(&gap) };
            let curve = FrameCurve::new(String::new(), first, &scores, range, Some(1.0), spans);
            for number in curve.line.split(['M', 'L', ' ']).filter(|number| !number.is_empty()) {
                let number: f64 = number.parse().unwrap();
                prop_assert!((0.0..=1000.0).contains(&number), "{number}");
            }
        }
    }
}
