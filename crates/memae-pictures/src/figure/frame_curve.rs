//! Scores and labels along the frames of a video, as lines and spans that a chart of limited width can show.

use std::ops::Range;

use crate::chart::axis::drawable;

/// How the frames of a video share the pixels of a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frames {
    /// Frames of the video.
    pub(super) count: usize,
    /// Pixels of the chart's width.
    pub(super) pixels: usize,
}

impl Frames {
    /// Whether `frames` side by side are at least a pixel wide; true of one frame unless there are more frames than
    /// pixels.
    fn visible(self, frames: usize) -> bool {
        frames > 0 && frames as f64 * self.pixels as f64 >= self.count as f64
    }

    fn pixel(self, frame: usize) -> usize {
        (frame as f64 / self.count as f64 * self.pixels as f64) as usize
    }

    /// The scores as lines of points (frame, score), in order. A frame without a score, or with one that cannot be
    /// drawn, breaks the line if the gap is wide enough to be seen.
    ///
    /// Of the frames that share a pixel the first, the last, the lowest and the highest remain, so that a long
    /// video takes no longer to draw and keeps its peaks.
    pub(super) fn lines(self, first: usize, scores: &[Option<f64>]) -> Vec<Vec<(f64, f64)>> {
        let mut lines: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut pixel: Vec<(usize, f64)> = Vec::new();
        let mut before: Option<usize> = None;
        for (at, score) in scores.iter().enumerate() {
            let Some(score) = score.filter(|&score| drawable(score)) else {
                continue;
            };
            let frame = first + at;
            let broken = before.is_none_or(|before| self.visible(frame - before - 1));
            if broken || pixel.last().map(|last| self.pixel(last.0)) != Some(self.pixel(frame)) {
                flush(&mut pixel, &mut lines);
            }
            if broken {
                lines.push(Vec::new());
            }
            pixel.push((frame, score));
            before = Some(frame);
        }
        flush(&mut pixel, &mut lines);
        lines
    }

    /// The stretches of anomalous frames. Gaps between them too narrow to be seen are closed.
    pub(super) fn spans(self, anomalous: &[bool]) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        for frame in (0..anomalous.len()).filter(|&frame| anomalous[frame]) {
            match spans.last_mut() {
                Some(span) if !self.visible(frame - span.end) => span.end = frame + 1,
                _ => spans.push(frame..frame + 1),
            }
        }
        spans
    }
}

/// Ends a pixel: appends what remains of its frames to the last line.
fn flush(pixel: &mut Vec<(usize, f64)>, lines: &mut [Vec<(f64, f64)>]) {
    let by_score = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
    let lowest = pixel.iter().min_by(by_score);
    let highest = pixel.iter().max_by(by_score);
    let mut kept: Vec<(usize, f64)> = [pixel.first(), lowest, highest, pixel.last()]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    kept.sort_by_key(|point| point.0);
    kept.dedup();
    if let Some(line) = lines.last_mut() {
        line.extend(kept.into_iter().map(|(frame, score)| (frame as f64, score)));
    }
    pixel.clear();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_break_where_there_is_no_score() {
        let frames = Frames {
            count: 11,
            pixels: 100,
        };
        let scores = [
            None,
            Some(1.0),
            Some(2.0),
            None,
            Some(3.0),
            Some(f64::NAN),
            Some(4.0),
            Some(5.0),
        ];
        assert_eq!(
            frames.lines(3, &scores),
            [
                vec![(4.0, 1.0), (5.0, 2.0)],
                vec![(7.0, 3.0)],
                vec![(9.0, 4.0), (10.0, 5.0)],
            ]
        );
        assert!(frames.lines(0, &[None, Some(f64::INFINITY)]).is_empty());
    }

    #[test]
    fn spans_are_the_stretches_of_anomalous_frames() {
        let anomalous = [true, false, true, true, true, false, false, true];
        let frames = Frames {
            count: 8,
            pixels: 100,
        };
        assert_eq!(frames.spans(&anomalous), [0..1, 2..5, 7..8]);
        assert!(frames.spans(&[false; 8]).is_empty());
        // Four frames a pixel: gaps of one and of two frames cannot be seen.
        let frames = Frames {
            count: 8,
            pixels: 2,
        };
        assert_eq!(frames.spans(&anomalous), std::slice::from_ref(&(0..8)));
    }

    #[test]
    fn a_long_video_keeps_its_ends_and_its_peak() {
        let count = 100_003;
        let mut scores: Vec<Option<f64>> =
            (0..count).map(|frame| Some((frame as f64).sin())).collect();
        scores[31_337] = Some(9.0);
        let pixels = 503;
        let lines = Frames { count, pixels }.lines(0, &scores);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].len() <= 4 * pixels, "{}", lines[0].len());
        assert_eq!(lines[0][0], (0.0, 0.0));
        assert_eq!(lines[0].last().unwrap().0, 100_002.0);
        assert!(lines[0].contains(&(31_337.0, 9.0)));
    }

    proptest! {
        #[test]
        fn every_line_ascends_and_few_points_are_all_kept(
            scores in prop::collection::vec(prop::option::of(-5.0f64..5.0), 1..200),
            pixels in 1usize..300,
        ) {
            let frames = Frames { count: scores.len(), pixels };
            let lines = frames.lines(0, &scores);
            let points: Vec<(f64, f64)> = lines.concat();
            prop_assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
            prop_assert!(points.iter().all(|point| scores[point.0 as usize] == Some(point.1)));
            if pixels >= scores.len() {
                prop_assert_eq!(points.len(), scores.iter().flatten().count());
            }
            let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::MIN, f64::max);
            prop_assert_eq!(
                highest(&mut points.iter().map(|point| point.1)),
                highest(&mut scores.iter().flatten().copied())
            );
        }

        #[test]
        fn spans_hold_every_anomalous_frame(
            anomalous in prop::collection::vec(any::<bool>(), 1..200),
            pixels in 1usize..300,
        ) {
            let frames = Frames { count: anomalous.len(), pixels };
            let spans = frames.spans(&anomalous);
            prop_assert!(spans.len() <= pixels.min(anomalous.len()) + 1);
            for (frame, &anomalous) in anomalous.iter().enumerate() {
                let shaded = spans.iter().any(|span| span.contains(&frame));
                prop_assert!(shaded || !anomalous);
                prop_assert!(anomalous || !shaded || pixels < frames.count);
            }
        }
    }
}
