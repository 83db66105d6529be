//! What becomes of the gaps of a column.

use serde::{Deserialize, Serialize};

use super::config::{InfiniteNumber, MissingNumber};
use super::median::median;
use crate::sample::{Number, Numbers};

/// What missing and infinite numbers become; nothing where they are errors.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Fills {
    #[serde(
        with = "super::number_as_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    missing: Option<f64>,
    #[serde(
        with = "super::number_as_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    plus_infinity: Option<f64>,
    #[serde(
        with = "super::number_as_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    minus_infinity: Option<f64>,
}

/// There is no finite number to fit to.
pub(super) struct NoNumbers;

impl Fills {
    /// Fits to the finite numbers of some rows.
    pub(super) fn fit(
        numbers: &Numbers,
        rows: &[usize],
        missing: MissingNumber,
        infinite: InfiniteNumber,
    ) -> Result<Self, NoNumbers> {
        let finite = || {
            let found = rows.iter().filter_map(|&row| finite(numbers.get(row)));
            let found: Vec<f64> = found.collect();
            match found.is_empty() {
                true => Err(NoNumbers),
                false => Ok(found),
            }
        };
        let missing = match missing {
            MissingNumber::Error => None,
            MissingNumber::Value(value) => Some(value),
            MissingNumber::Median => Some(median(&mut finite()?)),
            MissingNumber::Mean => {
                let finite = finite()?;
                Some(finite.iter().sum::<f64>() / finite.len() as f64)
            }
        };
        let (plus_infinity, minus_infinity) = match infinite {
            InfiniteNumber::Error => (None, None),
            InfiniteNumber::AsMissing => (missing, missing),
            InfiniteNumber::Extreme => {
                let finite = finite()?;
                let largest = finite.iter().copied().reduce(f64::max);
                (largest, finite.into_iter().reduce(f64::min))
            }
        };
        Ok(Self {
            missing,
            plus_infinity,
            minus_infinity,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn missing(&self) -> Option<f64> {
        self.missing
    }

    /// All that are there.
    pub(super) fn iter(&self) -> impl Iterator<Item = f64> {
        let all = [self.missing, self.plus_infinity, self.minus_infinity];
        all.into_iter().flatten()
    }

    /// A number, filled if it is a gap that may be.
    pub(super) fn fill(&self, number: Number) -> Option<f64> {
        match number {
            Number::Finite(value) => Some(value),
            Number::Missing => self.missing,
            Number::PlusInfinity => self.plus_infinity,
            Number::MinusInfinity => self.minus_infinity,
        }
    }
}

fn finite(number: Number) -> Option<f64> {
    match number {
        Number::Finite(value) => Some(value),
        _ => None,
    }
}
