use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The largest size of a value.
pub(super) const MAX_SIZE: f64 = 1e15;

/// How the numbers of a column are scaled, by those of the rows that are fitted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NumericScale {
    /// Their range becomes [0, 1]: `(x - min) / (max - min)`.
    #[default]
    MinMax,
    /// They get mean 0 and standard deviation 1: `(x - mean) / deviation`, the deviation of the whole population.
    Standard,
}

/// Of which columns the logarithm of a number x is scaled in its place: sign(x)·ln(1 + |x|), for numbers such as bytes, of which a few
/// are a million times as large as the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Logarithm {
    /// Of none.
    #[default]
    Never,
    /// Of those with a heavy tail: the farthest of the distinct numbers in the rows that are fitted on lies more than 20 times as far
    /// from their median as half of them do. Of evenly spread numbers it lies twice as far, of normally distributed ones about 6
    /// times, of incomes and bytes hundreds of times. What lies on a plane stays on it.
    HeavyTailed,
    /// Of all.
    Always,
}

/// What becomes of a category that is not in the vocabulary of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UnknownCategory {
    /// It is an error that says where it stands.
    #[default]
    Error,
    /// All values of its column are 0.
    Zeros,
}

/// What becomes of a number that is [missing](crate::sample::Number::Missing).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MissingNumber {
    /// It is an error that says where it stands.
    #[default]
    Error,
    /// It becomes this number, before it is scaled: finite, not larger in size than [`f32::MAX`].
    Value(f64),
    /// It becomes the median of the finite numbers of its column in the rows that are fitted on.
    Median,
    /// It becomes their mean.
    Mean,
}

/// What becomes of a number that is infinite or larger in size than [`f32::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InfiniteNumber {
    /// It is an error that says where it stands.
    #[default]
    Error,
    /// It becomes what a missing number becomes.
    AsMissing,
    /// It becomes the largest finite number of its column in the rows that are fitted on, a negative one the smallest.
    Extreme,
}

/// How tables are made into vectors; fitted on rows it makes a [`TableEncoder`](super::TableEncoder).
///
/// Numbers of rows that were not fitted on may leave the range of the fitted ones. They are scaled as those are, so that
/// with [`NumericScale::MinMax`] a value below 0 or above 1 comes out, however far away, unless [`clip`](Self::clip) is
/// set.
///
/// A column with the same number c in all fitted rows has no range to scale by. c becomes 0, and another number x becomes
/// d / (1 + |d|) with d = x - c: never 0, and always between -1 and 1, so that the change shows and does not outweigh all
/// other columns.
///
/// Missing and infinite numbers, which only a table has that [allows them](crate::sample::TableConfig::missing), are filled
/// before anything is scaled: rows that are fitted on count with what they were filled with. What fills them is fitted for
/// every column, and kept by the encoder. How many were filled [`Table::gaps`](crate::sample::Table::gaps) tells.
///
/// ```
/// use memae_data::encode::{Logarithm, NumericScale, TableEncoderConfig, UnknownCategory};
///
/// let config = TableEncoderConfig::default()
///     .with_scale(NumericScale::Standard)
///     .with_log(Logarithm::HeavyTailed)
///     .with_clip(5.0)
///     .with_vocabulary("protocol", ["icmp", "tcp", "udp"])
///     .with_unknown(UnknownCategory::Zeros);
/// assert_eq!(config.vocabularies["protocol"].len(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TableEncoderConfig {
    /// How numbers are scaled; by their range by default.
    pub scale: NumericScale,
    /// Of which columns the logarithm is scaled; of none by default.
    pub log: Logarithm,
    /// The largest size of the value that a number becomes, 1 to [`TableEncoder::MAX_SIZE`](super::TableEncoder::MAX_SIZE), which is also the default:
    /// values are clipped to [-clip, clip].
    pub clip: Option<f64>,
    /// What becomes of a category that is not in the vocabulary of its column; an error by default.
    pub unknown: UnknownCategory,
    /// What becomes of a missing number; an error by default.
    pub missing: MissingNumber,
    /// What becomes of an infinite number; an error by default.
    pub infinite: InfiniteNumber,
    /// Whether each numeric column gets a second value: 1 where its number is missing or infinite, 0 elsewhere; off by
    /// default. Each does, so that the width does not depend on where gaps are, and one shows where none was trained on.
    pub gap_flags: bool,
    /// The vocabulary of each of these columns, by name. The vocabulary of every other column are the categories of the
    /// fitted rows, in ascending order.
    pub vocabularies: BTreeMap<String, Vec<String>>,
}

impl TableEncoderConfig {
    /// Sets how numbers are scaled.
    pub fn with_scale(mut self, scale: NumericScale) -> Self {
        self.scale = scale;
        self
    }

    /// Sets of which columns the logarithm is scaled.
    pub fn with_log(mut self, log: Logarithm) -> Self {
        self.log = log;
        self
    }

    /// Sets the largest size of the value that a number becomes, 1 to [`TableEncoder::MAX_SIZE`](super::TableEncoder::MAX_SIZE).
    pub fn with_clip(mut self, clip: impl Into<Option<f64>>) -> Self {
        self.clip = clip.into();
        self
    }

    /// Sets what becomes of a category that is not in the vocabulary of its column.
    pub fn with_unknown(mut self, unknown: UnknownCategory) -> Self {
        self.unknown = unknown;
        self
    }

    /// Sets what becomes of a missing number.
    pub fn with_missing(mut self, missing: MissingNumber) -> Self {
        self.missing = missing;
        self
    }

    /// Sets what becomes of an infinite number.
    pub fn with_infinite(mut self, infinite: InfiniteNumber) -> Self {
        self.infinite = infinite;
        self
    }

    /// Sets whether each numeric column gets a second value that is 1 where its number is missing or infinite.
    pub fn with_gap_flags(mut self, gap_flags: bool) -> Self {
        self.gap_flags = gap_flags;
        self
    }

    /// Sets the vocabulary of a column, whatever the rows that are fitted on hold.
    pub fn with_vocabulary<S: Into<String>>(
        mut self,
        column: impl Into<String>,
        categories: impl IntoIterator<Item = S>,
    ) -> Self {
        let categories = categories.into_iter().map(Into::into).collect();
        self.vocabularies.insert(column.into(), categories);
        self
    }

    /// Sets the vocabularies of several columns, each the name of a column with its categories.
    pub fn with_vocabularies<'a>(
        self,
        vocabularies: impl IntoIterator<Item = (&'a str, &'a [&'a str])>,
    ) -> Self {
        let vocabularies = vocabularies.into_iter();
        vocabularies.fold(self, |config, (column, categories)| {
            config.with_vocabulary(column, categories.iter().copied())
        })
    }
}
