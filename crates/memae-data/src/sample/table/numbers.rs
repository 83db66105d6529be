use std::fmt;

/// What stands in a numeric field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A finite number, not larger in size than [`f32::MAX`].
    Finite(f64),
    /// Nothing, or a text that says so.
    Missing,
    /// An infinite number, or one above [`f32::MAX`].
    PlusInfinity,
    /// A negative infinite number, or one below −[`f32::MAX`].
    MinusInfinity,
}

impl Number {
    /// What a number of floating point is: NaN is missing.
    pub(super) fn from_f64(value: f64) -> Self {
        let largest = f64::from(f32::MAX);
        match value {
            value if value.abs() <= largest => Self::Finite(value),
            value if value > largest => Self::PlusInfinity,
            value if value < -largest => Self::MinusInfinity,
            _ => Self::Missing,
        }
    }

    fn is_infinite(self) -> bool {
        matches!(self, Self::PlusInfinity | Self::MinusInfinity)
    }
}

/// The numbers of a column, `[rows]`; some may be missing or infinite where the settings allow it.
///
/// ```
/// use memae_data::sample::{ColumnValues, InputColumn, Number, Table};
///
/// let duration = InputColumn::optional_numbers("duration", [Some(2.5), None, Some(f64::INFINITY)]);
/// let table = Table::from_columns("query", [duration])?;
/// let ColumnValues::Numeric(numbers) = &table.columns()[0].values else { unreachable!() };
/// assert_eq!(numbers.iter().collect::<Vec<_>>(), [Number::Finite(2.5), Number::Missing, Number::PlusInfinity]);
/// assert_eq!((numbers.missing(), numbers.infinite(), numbers.finite()), (1, 1, None));
/// # Ok::<(), memae_data::sample::SampleError>(())
/// ```
#[derive(Clone, Default)]
pub struct Numbers {
    /// NaN where a number is missing; never given away as it is.
    values: Vec<f64>,
    missing: usize,
    infinite: usize,
}

impl Numbers {
    /// How many there are, missing and infinite ones with them.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The number of a row.
    ///
    /// # Panics
    ///
    /// `row` is not below [`len`](Self::len).
    pub fn get(&self, row: usize) -> Number {
        assert!(row < self.len(), "row {row} of {} rows", self.len());
        Number::from_f64(self.values[row])
    }

    /// The numbers of all rows, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Number> + Clone + '_ {
        self.values.iter().map(|&value| Number::from_f64(value))
    }

    /// All numbers, `[rows]`, if none is missing or infinite.
    pub fn finite(&self) -> Option<&[f64]> {
        (self.missing + self.infinite == 0).then_some(&self.values)
    }

    /// How many are missing.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// How many are infinite, or larger in size than [`f32::MAX`].
    pub fn infinite(&self) -> usize {
        self.infinite
    }

    /// How many of some rows are missing, and how many infinite.
    pub(super) fn gaps_in(&self, rows: impl Iterator<Item = usize>) -> (usize, usize) {
        rows.fold((0, 0), |(missing, infinite), row| match self.get(row) {
            Number::Finite(_) => (missing, infinite),
            Number::Missing => (missing + 1, infinite),
            Number::PlusInfinity | Number::MinusInfinity => (missing, infinite + 1),
        })
    }

    pub(super) fn push(&mut self, number: Number) {
        self.missing += usize::from(number == Number::Missing);
        self.infinite += usize::from(number.is_infinite());
        self.values.push(match number {
            Number::Finite(value) => value,
            Number::Missing => f64::NAN,
            Number::PlusInfinity => f64::INFINITY,
            Number::MinusInfinity => f64::NEG_INFINITY,
        });
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.values.shrink_to_fit();
    }
}

/// Missing numbers are equal to each other.
impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
