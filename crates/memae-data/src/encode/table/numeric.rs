use serde::{Deserialize, Serialize};

use super::config::NumericScale;
use super::fills::Fills;
use crate::sample::Number;

/// How the numbers of a column are scaled: `(x - offset) / spread`, x being a number or its signed logarithm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct NumericEncoding {
    log: bool,
    #[serde(with = "super::number_as_text")]
    offset: f64,
    /// 0 where all numbers that were fitted are the same.
    #[serde(with = "super::number_as_text")]
    spread: f64,
    #[serde(default, skip_serializing_if = "Fills::is_empty")]
    fills: Fills,
    /// Whether a second value says that the number is missing or infinite.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    flag: bool,
}

impl NumericEncoding {
    /// Fits to `numbers`, filled by `fills`, of which there is at least one.
    pub(super) fn fit(
        numbers: impl Iterator<Item = f64> + Clone,
        log: bool,
        scale: NumericScale,
        fills: Fills,
        flag: bool,
    ) -> Self {
        let numbers = numbers.map(|number| transformed(number, log));
        let low = numbers.clone().fold(f64::INFINITY, f64::min);
        let high = numbers.clone().fold(f64::NEG_INFINITY, f64::max);
        let (offset, spread) = match scale {
            // Rounding would give equal numbers a mean beside them and a deviation above 0.
            _ if low == high => (low, 0.0),
            NumericScale::MinMax => (low, high - low),
            NumericScale::Standard => {
                let count = numbers.clone().count() as f64;
                let mean = numbers.clone().sum::<f64>() / count;
                let squares = numbers.map(|number| (number - mean) * (number - mean));
                (mean, (squares.sum::<f64>() / count).sqrt())
            }
        };
        Self {
            log,
            offset,
            spread,
            fills,
            flag,
        }
    }

    /// Values of a row: that of the number, and one that says whether there was one.
    pub(super) fn width(&self) -> usize {
        1 + usize::from(self.flag)
    }

    pub(super) fn fills(&self) -> &Fills {
        &self.fills
    }

    /// Writes the values of a number, `[width]`; gives `false` where it is a gap that may not be.
    pub(super) fn write(&self, number: Number, limit: f64, values: &mut [f32]) -> bool {
        let Some(filled) = self.fills.fill(number) else {
            return false;
        };
        values[0] = self.apply(filled, limit) as f32;
        if self.flag && !matches!(number, Number::Finite(_)) {
            values[1] = 1.0;
        }
        true
    }

    pub(super) fn spread(&self) -> f64 {
        self.spread
    }

    /// The value that a number becomes, between -`limit` and `limit`.
    fn apply(&self, number: f64, limit: f64) -> f64 {
        let distance = transformed(number, self.log) - self.offset;
        let value = match self.spread > 0.0 {
            true => distance / self.spread,
            false => distance / (1.0 + distance.abs()),
        };
        value.clamp(-limit, limit)
    }
}

/// A number, or the logarithm of its size with its sign: sign(x)·ln(1 + |x|).
fn transformed(number: f64, log: bool) -> f64 {
    match log {
        true => number.abs().ln_1p().copysign(number),
        false => number,
    }
}
