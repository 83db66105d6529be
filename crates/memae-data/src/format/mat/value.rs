/// An array of numbers, first dimension fastest, as MATLAB stores it.
#[derive(Debug, Clone, PartialEq)]
pub struct MatArray {
    /// Size of each dimension; two or more.
    pub dimensions: Vec<usize>,
    /// The values, first dimension fastest. Whole numbers beyond 2⁵³ are rounded.
    pub values: Vec<f64>,
}

/// What a variable holds, or a cell.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MatValue {
    /// Numbers or truth values.
    Array(MatArray),
    /// Cells, first dimension fastest. Cells within them are [`Other`](Self::Other).
    Cells(Vec<MatValue>),
    /// Something else, by the name of its class: `char`, `struct`, `sparse`, …, or `complex` for numbers with
    /// imaginary parts.
    Other(&'static str),
}

/// A named variable.
#[derive(Debug, Clone, PartialEq)]
pub struct MatVariable {
    /// Its name; empty where the file gives none.
    pub name: String,
    /// What it holds.
    pub value: MatValue,
}

/// What a .mat file may hold; a file that claims more is refused before its values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MatLimits {
    /// The most values in all arrays together, each of which takes 8 bytes of memory; 2²⁴ (128 MiB) by default.
    pub max_values: u64,
}

impl Default for MatLimits {
    fn default() -> Self {
        Self {
            max_values: 1 << 24,
        }
    }
}

impl MatLimits {
    /// Sets the most values.
    pub fn with_max_values(mut self, max_values: u64) -> Self {
        self.max_values = max_values;
        self
    }
}
