//! From values to places along a side of the plot, and round numbers beside it.

use std::borrow::Borrow;
use std::cmp::Ordering;

/// A number beside the plot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// Where it stands, as a share of the axis.
    pub(crate) place: f64,
    pub(crate) label: String,
}

impl Tick {
    /// Its distance from the left.
    pub(crate) fn left(&self) -> String {
        percentage(self.place)
    }

    /// Its distance from the top.
    pub(crate) fn top(&self) -> String {
        percentage(1.0 - self.place)
    }
}

/// A share of the plot as SVG writes it; templates give some by reference.
pub(crate) fn percentage(share: impl Borrow<f64>) -> String {
    format!("{:.2}%", share.borrow() * 100.0)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    Linear,
    Logarithmic,
}

/// A range of finite values from the left or the bottom to the right or the top.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    spacing: Spacing,
    /// The ends, halved, since the distance of two numbers may be none; logarithms where the spacing is logarithmic.
    low: f64,
    high: f64,
    pub(crate) ticks: Vec<Tick>,
}

impl Axis {
    /// Equal steps are equally long. A range without a length is widened.
    pub(crate) fn linear(low: f64, high: f64) -> Self {
        Self::with_steps(low, high, 0.0)
    }

    /// The same for whole numbers.
    pub(crate) fn whole(low: f64, high: f64) -> Self {
        Self::with_steps(low, high, 1.0)
    }

    fn with_steps(low: f64, high: f64, least: f64) -> Self {
        let (low, high) = widened(low / 2.0, high / 2.0);
        Self {
            spacing: Spacing::Linear,
            low,
            high,
            ticks: Vec::new(),
        }
        .with_ticks(linear_ticks(low, high, least))
    }

    /// Equal factors are equally long; both ends above 0. A range without a length is widened.
    pub(crate) fn logarithmic(low: f64, high: f64) -> Self {
        let (low, high) = widened(low.log10(), high.log10());
        Self {
            spacing: Spacing::Logarithmic,
            low,
            high,
            ticks: Vec::new(),
        }
        .with_ticks(logarithmic_ticks(low, high))
    }

    fn with_ticks(mut self, ticks: Vec<(f64, String)>) -> Self {
        let ticks = ticks.into_iter().map(|(value, label)| Tick {
            place: self.place(value),
            label,
        });
        self.ticks = ticks.collect();
        self
    }

    pub(crate) fn is_logarithmic(&self) -> bool {
        self.spacing == Spacing::Logarithmic
    }

    /// Where a value that is a number stands, in [0, 1]; at an end where it lies beyond.
    pub(crate) fn place(&self, value: f64) -> f64 {
        match self.side(value) {
            Ordering::Less => 0.0,
            Ordering::Equal => {
                ((self.spaced(value) - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
            }
            Ordering::Greater => 1.0,
        }
    }

    /// Whether a value that is a number lies below the axis, on it or above.
    pub(crate) fn side(&self, value: f64) -> Ordering {
        let value = self.spaced(value);
        if value < self.low {
            Ordering::Less
        } else if value > self.high {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }

    /// A value as the ends are kept; what has no logarithm is below all that has.
    fn spaced(&self, value: f64) -> f64 {
        match self.spacing {
            Spacing::Linear => value / 2.0,
            Spacing::Logarithmic if value <= 0.0 => f64::NEG_INFINITY,
            Spacing::Logarithmic => value.log10(),
        }
    }

    /// The value at a place.
    pub(crate) fn value(&self, place: f64) -> f64 {
        let value = self.low + (self.high - self.low) * place;
        match self.spacing {
            Spacing::Linear => 2.0 * value,
            Spacing::Logarithmic => 10f64.powf(value),
        }
    }
}

fn widened(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-9 {
        return (low, high);
    }
    let apart = if size > 0.0 { size * 0.1 } else { 0.5 };
    (
        (low - apart).max(-f64::MAX / 2.0),
        (high + apart).min(f64::MAX / 2.0),
    )
}

/// Round numbers between twice `low` and twice `high`, `least` apart or more.
fn linear_ticks(low: f64, high: f64, least: f64) -> Vec<(f64, String)> {
    // A step is round before it is halved; between three and eight of them fit.
    let step = round_step((high - low) / 7.0 * 2.0).max(least) / 2.0;
    let first = (low / step - 1e-6).ceil();
    let count = ((high / step + 1e-6).floor() - first).clamp(0.0, 20.0) as i32;
    let size = 2.0 * low.abs().max(high.abs());
    (0..=count)
        // A sum such as -1 + 1 may leave a negative zero.
        .map(|tick| (first + f64::from(tick)) * step + 0.0)
        .filter(|value| value.abs() <= f64::MAX / 2.0)
        .map(|value| (2.0 * value, linear_label(2.0 * value, size, 2.0 * step)))
        .collect()
}

/// 1, 2 and 5 times powers of ten where these are few, else powers of ten alone. The ends are logarithms.
fn logarithmic_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    let inside = |(factor, exponent): (i32, i32)| {
        let value = f64::from(factor) * 10f64.powi(exponent);
        let place = value.log10();
        (value.is_normal() && place >= low - 1e-9 && place <= high + 1e-9)
            .then(|| (value, power_label(factor, exponent)))
    };
    let exponents = low.floor() as i32..=high.ceil() as i32;
    let fine: Vec<(f64, String)> = exponents
        .clone()
        .flat_map(|exponent| [1, 2, 5].map(|factor| (factor, exponent)))
        .filter_map(inside)
        .collect();
    match fine.len() {
        0..3 => linear_ticks(10f64.powf(low) / 2.0, 10f64.powf(high) / 2.0, 0.0),
        3..=7 => fine,
        _ => {
            let stride = ((high - low) / 6.0).ceil().max(1.0) as i32;
            exponents
                .filter(|exponent| exponent.rem_euclid(stride) == 0)
                .filter_map(|exponent| inside((1, exponent)))
                .collect()
        }
    }
}

/// The multiple of 1, 2 or 5 times a power of ten that is at least `step`.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| factor * power >= step * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// A tick of an axis up to `size`, with as many decimals as ticks `step` apart need.
fn linear_label(tick: f64, size: f64, step: f64) -> String {
    if tick == 0.0 {
        return "0".to_string();
    }
    let text = if size >= 1e6 || step < 1e-5 {
        let digits = (size.log10().floor() - step.log10().floor()).clamp(0.0, 6.0);
        format!("{tick:.*e}", digits as usize)
    } else {
        let decimals = (-step.log10() - 1e-9).ceil().max(0.0) as usize;
        format!("{tick:.decimals$}")
    };
    text.replace('-', "−")
}

fn power_label(factor: i32, exponent: i32) -> String {
    match exponent {
        -4..0 => format!("0.{factor:0>digits$}", digits = -exponent as usize),
        0..5 => format!("{factor}{}", "0".repeat(exponent as usize)),
        _ => format!("{factor}e{exponent}").replace('-', "−"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            labels(&Axis::linear(0.0, 1.0)),
            ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(
            labels(&Axis::linear(-3.0, 42.0)),
            ["0", "10", "20", "30", "40"]
        );
        assert_eq!(
            labels(&Axis::linear(0.0, 2e-7)),
            ["0", "5.0e−8", "1.0e−7", "1.5e−7", "2.0e−7"]
        );
        assert_eq!(labels(&Axis::whole(3.0, 5.0)), ["3", "4", "5"]);
        assert_eq!(
            labels(&Axis::logarithmic(0.01, 20.0)),
            ["0.01", "0.1", "1", "10"]
        );
        assert_eq!(
            labels(&Axis::logarithmic(2.0, 30.0)),
            ["2", "5", "10", "20"]
        );
    }

    #[test]
    fn places_are_shares_of_the_range() {
        let axis = Axis::linear(10.0, 20.0);
        assert_eq!(
            [10.0, 12.5, 20.0].map(|value| axis.place(value)),
            [0.0, 0.25, 1.0]
        );
        assert_eq!([-7.0, 21.0].map(|value| axis.place(value)), [0.0, 1.0]);
        let axis = Axis::logarithmic(0.1, 1000.0);
        assert!((axis.place(10.0) - 0.5).abs() < 1e-12);
        assert_eq!(axis.place(0.0), 0.0);
        assert_eq!(axis.place(f64::INFINITY), 1.0);
        let tick = &axis.ticks[0];
        assert_eq!(
            (tick.left(), tick.top()),
            ("0.00%".to_string(), "100.00%".to_string())
        );
    }

    #[test]
    fn a_range_without_a_length_has_its_value_in_the_middle() {
        for value in [0.0, 1.0, -3e9, 1e-300, 1e300] {
            let axis = Axis::linear(value, value);
            assert!((axis.place(value) - 0.5).abs() < 1e-9, "{axis:?}");
            assert!(axis.ticks.len() > 1, "{axis:?}");
        }
        let axis = Axis::linear(f64::MAX, f64::MAX);
        assert_eq!((axis.place(f64::MAX), axis.place(0.0)), (1.0, 0.0));
        assert!(axis.ticks.len() > 1, "{axis:?}");
        assert!((Axis::logarithmic(5.0, 5.0).place(5.0) - 0.5).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn places_keep_the_order_of_values(
            ends in any::<(f64, f64)>().prop_filter("finite", |(low, high)| low.is_finite() && high.is_finite()),
            values in any::<(f64, f64)>().prop_filter("numbers", |(one, other)| !one.is_nan() && !other.is_nan()),
        ) {
            let (low, high) = (ends.0.min(ends.1), ends.0.max(ends.1));
            let (less, more) = (values.0.min(values.1), values.0.max(values.1));
            let mut axes = vec![Axis::linear(low, high)];
            if low > 0.0 {
                axes.push(Axis::logarithmic(low, high));
            }
            for axis in axes {
                let (left, right) = (axis.place(less), axis.place(more));
                prop_assert!(0.0 <= left && left <= right && right <= 1.0, "{axis:?} {left} {right}");
                prop_assert!(axis.ticks.len() <= 12, "{axis:?}");
                prop_assert!(axis.ticks.windows(2).all(|pair| pair[0].place < pair[1].place), "{axis:?}");
                prop_assert!(axis.ticks.iter().all(|tick| tick.label.len() < 18), "{axis:?}");
            }
        }
    }
}
