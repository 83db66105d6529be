//! Axes of charts: their range, round ticks, and how numbers are written.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// Values beyond this are treated as not finite: their differences would overflow.
const LARGEST: f64 = 1e300;

/// Whether a value can be placed on an axis.
pub(super) fn drawable(value: f64) -> bool {
    value.abs() < LARGEST
}

/// A linear axis with round ticks.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
    step: f64,
}

impl Axis {
    /// The axis from `low` to `high` with about `count` ticks at multiples of 1, 2 or 5 times a power of ten.
    ///
    /// Bounds that are too close together are moved apart, bounds that cannot be drawn become 0 and 1.
    pub(super) fn between(low: f64, high: f64, count: usize) -> Self {
        let (mut low, mut high) = if drawable(low) && drawable(high) && low <= high {
            (low, high)
        } else {
            (0.0, 1.0)
        };
        let size = low.abs().max(high.abs());
        if high - low <= size * 1e-9 {
            let apart = if size > 0.0 { size * 0.1 } else { 0.5 };
            (low, high) = (low - apart, high + apart);
        }
        let step = round_step((high - low) / count.max(1) as f64);
        Self::with_step(low, high, step)
    }

    /// The axis for `values`, with some room below and above; one that comes close to 0 starts there.
    pub(super) fn around(values: impl Iterator<Item = f64>, count: usize) -> Self {
        let (low, high) = bounds(values);
        let room = (high - low) * 0.05;
        let low = if low >= 0.0 && low < high * 0.3 {
            0.0
        } else {
            low - room
        };
        Self::between(low, high + room, count)
    }

    /// Like [`Axis::between`], with ticks at whole numbers alone.
    pub(super) fn between_whole(low: f64, high: f64, count: usize) -> Self {
        let axis = Self::between(low, high, count);
        if axis.step >= 1.0 {
            return axis;
        }
        Self::with_step(axis.low, axis.high, 1.0)
    }

    fn with_step(low: f64, high: f64, step: f64) -> Self {
        let first = (low / step - 1e-6).ceil();
        let last = (high / step + 1e-6).floor();
        let count = (last - first).clamp(-1.0, 99.0) as i32;
        let ticks = (0..=count)
            .map(|tick| (first + f64::from(tick)) * step)
            // A sum such as -1 + 1 may leave a negative zero.
            .map(|tick| tick + 0.0)
            .collect();
        Self {
            low,
            high,
            ticks,
            step,
        }
    }

    /// The values that carry a number.
    pub(super) fn ticks(&self) -> &[f64] {
        &self.ticks
    }

    /// The number at a tick, with as many decimals as the ticks need.
    pub(super) fn label(&self, tick: f64) -> String {
        let size = self.low.abs().max(self.high.abs());
        if size >= 1e6 || self.step < 1e-5 {
            if tick == 0.0 {
                return "0".to_string();
            }
            let digits = (size.log10().floor() - self.step.log10().floor()).clamp(0.0, 6.0);
            return format!("{tick:.*e}", digits as usize);
        }
        let decimals = (-self.step.log10() - 1e-9).ceil().max(0.0) as usize;
        format!("{tick:.decimals$}")
    }
}

/// The least and the greatest of `values`; without values they are infinite and in the wrong order.
pub(super) fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

/// The multiple of 1, 2 or 5 times a power of ten that is at least `step`.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| factor * power >= step * (1.0 - 1e-9))
        .unwrap_or(10.0);
    factor * power
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let place = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        first + (f64::from(last - first) * place).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.label(*value)
    }
}

/// A number with about three digits that count, such as `0.0312`, `4.21`, `137`.
pub(super) fn three_digits(value: f64) -> String {
    if !value.is_finite() {
        return "n/a".to_string();
    }
    if value == 0.0 {
        return "0".to_string();
    }
    let size = value.abs().log10().floor();
    if !(-4.0..6.0).contains(&size) {
        return format!("{value:.1e}");
    }
    let decimals = (2.0 - size).max(0.0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks().iter().map(|&tick| axis.label(tick)).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            labels(&Axis::between(0.0, 1.0, 5)),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(
            labels(&Axis::between(-3.0, 17.0, 4)),
            ["0", "5", "10", "15"]
        );
        assert_eq!(labels(&Axis::between(0.0, 0.0375, 3)), ["0.00", "0.02"]);
        assert_eq!(
            labels(&Axis::between(0.0, 3e7, 3)),
            ["0", "1e7", "2e7", "3e7"]
        );
    }

    #[test]
    fn whole_axes_have_no_halves() {
        assert_eq!(labels(&Axis::between_whole(1.0, 3.0, 6)), ["1", "2", "3"]);
        assert_eq!(
            labels(&Axis::between_whole(0.0, 100.0, 5)),
            ["0", "20", "40", "60", "80", "100"]
        );
    }

    #[test]
    fn axes_leave_room_around_their_values() {
        let range = |values: &[f64]| Axis::around(values.iter().copied(), 5).range();
        let near = |found: Range<f64>, expected: Range<f64>| {
            (found.start - expected.start).abs() < 1e-9 && (found.end - expected.end).abs() < 1e-9
        };
        assert!(near(range(&[9.0, 10.0, 7.0]), 6.85..10.15));
        assert!(near(range(&[2.0, 1.0, 11.0]), 0.0..11.5));
        assert!(near(range(&[-1.0, 1.0]), -1.1..1.1));
        assert!(near(range(&[]), 0.0..1.0));
    }

    #[test]
    fn degenerate_bounds_still_make_an_axis() {
        for (low, high) in [
            (0.0, 0.0),
            (5.0, 5.0),
            (1e16, 1e16 + 2.0),
            (2.0, 1.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
            (-1e299, 1e299),
            (1e-310, 1e-309),
        ] {
            let axis = Axis::between(low, high, 5);
            assert!(axis.high > axis.low, "{low} {high}");
            assert!(
                !axis.ticks().is_empty() && axis.ticks().len() < 20,
                "{axis:?}"
            );
            assert!(
                labels(&axis).iter().all(|label| label.len() < 12),
                "{axis:?}"
            );
            assert!((0..=100).contains(&axis.map(&low, (0, 100))));
        }
    }

    #[test]
    fn values_beyond_the_axis_stay_on_its_edge() {
        let axis = Axis::between(0.0, 1.0, 5);
        assert_eq!(axis.map(&9.0, (10, 110)), 110);
        assert_eq!(axis.map(&-9.0, (110, 10)), 110);
        assert_eq!(axis.map(&0.25, (110, 10)), 85);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(three_digits(0.031_24), "0.0312");
        assert_eq!(three_digits(4.2149), "4.21");
        assert_eq!(three_digits(137.2), "137");
        assert_eq!(three_digits(1.0), "1.00");
        assert_eq!(three_digits(0.0), "0");
        assert_eq!(three_digits(2.5e-7), "2.5e-7");
        assert_eq!(three_digits(f64::NAN), "n/a");
    }
}
