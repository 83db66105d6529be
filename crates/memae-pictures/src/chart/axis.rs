//! Axes of charts: their range and scale.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use super::ticks::{self, Tick};

/// Values beyond this are treated as not finite: their differences would overflow.
const LARGEST: f64 = 1e300;
/// The room beyond the values at either end, as a share of their range.
const ROOM: f64 = 0.05;

/// Whether a value can be placed on an axis.
pub(crate) fn drawable(value: f64) -> bool {
    value.abs() < LARGEST
}

/// How values are spread over an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    Linear,
    /// By their logarithm to base 10. That of 0 is taken to be `zero`.
    Logarithmic {
        zero: f64,
    },
    /// Whole numbers from 0 on, which stand for names.
    Names,
}

impl Scale {
    fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear | Self::Names => value,
            Self::Logarithmic { zero } if value <= 0.0 => zero,
            Self::Logarithmic { .. } => value.log10(),
        }
    }
}

/// An axis, its range and its ticks.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    scale: Scale,
    /// The places of both ends on the scale.
    low: f64,
    high: f64,
    /// The place on a logarithmic scale where it is broken, to show 0 too.
    broken_at: Option<f64>,
    ticks: Vec<Tick>,
}

impl Axis {
    /// The linear axis from `low` to `high` with about `count` ticks at multiples of 1, 2 or 5 times a power of ten.
    ///
    /// Bounds that are too close together are moved apart, bounds that cannot be drawn become 0 and 1.
    pub(crate) fn between(low: f64, high: f64, count: usize) -> Self {
        let (low, high) = apart(low, high);
        Self::linear(
            low,
            high,
            ticks::round_step((high - low) / count.max(1) as f64),
        )
    }

    /// Like [`Axis::between`], with ticks at whole numbers alone.
    pub(crate) fn between_whole(low: f64, high: f64, count: usize) -> Self {
        let (low, high) = apart(low, high);
        let step = ticks::round_step((high - low) / count.max(1) as f64);
        Self::linear(low, high, step.max(1.0))
    }

    /// The linear axis for `values`, with some room below and above; one that comes close to 0 starts there.
    pub(crate) fn around(values: impl Iterator<Item = f64>, count: usize) -> Self {
        let (low, high) = bounds(values);
        let room = (high - low) * ROOM;
        let low = if low >= 0.0 && low < high * 0.3 {
            0.0
        } else {
            low - room
        };
        Self::between(low, high + room, count)
    }

    /// The linear axis for `values`, with some room below and above even where they come close to 0.
    pub(crate) fn with_room(values: impl Iterator<Item = f64>, count: usize) -> Self {
        let (low, high) = bounds(values);
        let room = (high - low) * ROOM;
        Self::between(low - room, high + room, count)
    }

    /// The logarithmic axis for `values` of 0 or more, with some room below and above and about `count` numbers.
    ///
    /// If there is a 0 among them, it stands on its own left of a break.
    pub(crate) fn logarithmic(values: impl Iterator<Item = f64> + Clone, count: usize) -> Self {
        let with_zero = values.clone().any(|value| value <= 0.0);
        let above = values.filter(|&value| value > 0.0);
        let (mut low, mut high) = bounds(above.map(f64::log10));
        if low > high {
            (low, high) = (0.0, 0.0);
        }
        if high - low < 1e-4 {
            (low, high) = (low - 0.5, high + 0.5);
        }
        let room = (high - low) * ROOM;
        let zero = low - 4.0 * room;
        let mut ticks = ticks::logarithmic(low - room, high + room, count);
        let mut axis = Self {
            scale: Scale::Logarithmic { zero },
            low: low - room,
            high: high + room,
            broken_at: None,
            ticks: Vec::new(),
        };
        if with_zero {
            let label = "0".to_string();
            ticks.insert(0, Tick { value: 0.0, label });
            axis.low = zero - room;
            axis.broken_at = Some(low - 2.5 * room);
        }
        Self { ticks, ..axis }
    }

    /// The axis that counts `names` from 0, each in a slot of the same width.
    pub(crate) fn names(names: &[&str]) -> Self {
        let ticks = names.iter().enumerate().map(|(at, name)| Tick {
            value: at as f64,
            label: (*name).to_string(),
        });
        Self {
            scale: Scale::Names,
            low: -0.5,
            high: names.len() as f64 - 0.5,
            broken_at: None,
            ticks: ticks.collect(),
        }
    }

    fn linear(low: f64, high: f64, step: f64) -> Self {
        Self {
            scale: Scale::Linear,
            low,
            high,
            broken_at: None,
            ticks: ticks::linear(low, high, step),
        }
    }

    /// The values that are marked, in ascending order.
    pub(crate) fn ticks(&self) -> &[Tick] {
        &self.ticks
    }

    /// How wide a tick's text may be on an axis `pixels` wide; numbers are never cut.
    pub(crate) fn widest_label(&self, pixels: u32) -> u32 {
        match self.scale {
            Scale::Names => (pixels / self.ticks.len().max(1) as u32).saturating_sub(10),
            Scale::Linear | Scale::Logarithmic { .. } => u32::MAX,
        }
    }

    /// The pixel at which the axis is broken, between those of its ends.
    pub(crate) fn broken_at(&self, ends: (i32, i32)) -> Option<i32> {
        self.broken_at.map(|place| self.pixel(place, ends))
    }

    fn pixel(&self, place: f64, (first, last): (i32, i32)) -> i32 {
        let share = ((place - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        first + (f64::from(last - first) * share).round() as i32
    }
}

/// Bounds that can be drawn and are some way apart.
fn apart(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = if drawable(low) && drawable(high) && low <= high {
        (low, high)
    } else {
        (0.0, 1.0)
    };
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-9 {
        return (low, high);
    }
    let apart = if size > 0.0 { size * 0.1 } else { 0.5 };
    (low - apart, high + apart)
}

/// The least and the greatest of `values`; without values they are infinite and in the wrong order.
pub(crate) fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, ends: (i32, i32)) -> i32 {
        self.pixel(self.scale.place(*value), ends)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.ticks.iter().map(|tick| tick.value).collect()
    }

    fn range(&self) -> Range<f64> {
        match self.scale {
            Scale::Linear | Scale::Names => self.low..self.high,
            Scale::Logarithmic { .. } => 10f64.powf(self.low)..10f64.powf(self.high),
        }
    }
}

/// Plotters asks for it; the chart writes the ticks' own labels.
impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        three_digits(*value)
    }
}

/// A number with about three digits that count, such as `0.0312`, `4.21`, `137`.
pub(crate) fn three_digits(value: f64) -> String {
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
        axis.ticks().iter().map(|tick| tick.label.clone()).collect()
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
    fn logarithmic_ticks_are_round() {
        let labels = |values: &[f64]| labels(&Axis::logarithmic(values.iter().copied(), 10));
        assert_eq!(
            labels(&[10.0, 1000.0]),
            ["10", "20", "50", "100", "200", "500", "1000"]
        );
        assert_eq!(labels(&[0.02, 0.3]), ["0.02", "0.05", "0.1", "0.2"]);
        assert_eq!(
            labels(&[1e-6, 2e-5]),
            ["1e-6", "2e-6", "5e-6", "1e-5", "2e-5"]
        );
        // Too close together for three of them.
        assert_eq!(labels(&[41.0, 47.0])[..3], ["41", "42", "43"]);
        // Without numbers between the powers where these are many, and then at every other power.
        let many = labels(&[0.0, 1e-3, 1e2]);
        assert_eq!(many[..5], ["0", "0.001", "", "", "0.01"]);
        assert_eq!(labels(&[1e-9, 1e9])[..5], ["", "1e-8", "", "1e-6", ""]);
    }

    #[test]
    fn logarithmic_axes_spread_by_ratio() {
        let axis = Axis::logarithmic([10.0, 1000.0].into_iter(), 10);
        let at = |value: f64| axis.map(&value, (0, 11_000));
        assert_eq!([10.0, 100.0, 1000.0].map(at), [500, 5500, 10_500]);
        assert_eq!(axis.broken_at((0, 100)), None);
        let axis = Axis::logarithmic([1000.0, 0.0, 10.0].into_iter(), 10);
        let at = |value: f64| axis.map(&value, (0, 13_000));
        assert_eq!([0.0, 10.0, 1000.0].map(at), [500, 2500, 12_500]);
        let broken = axis.broken_at((0, 13_000)).unwrap();
        assert!((1000..2000).contains(&broken), "{broken}");
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
