/// An array of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct NpyArray {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f64>,
}

impl NpyArray {
    /// Size of each dimension; none for a single number.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values, last dimension fastest. Whole numbers beyond 2⁵³ are rounded.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Gives up the shape and the values.
    pub fn into_parts(self) -> (Vec<usize>, Vec<f64>) {
        (self.shape, self.values)
    }
}

/// What an .npy file may hold; a file that claims more is refused before its values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NpyLimits {
    /// The most values, each of which takes 8 bytes of memory; 2²⁴ (128 MiB) by default.
    pub max_values: u64,
}

impl Default for NpyLimits {
    fn default() -> Self {
        Self {
            max_values: 1 << 24,
        }
    }
}

impl NpyLimits {
    /// Sets the most values.
    pub fn with_max_values(mut self, max_values: u64) -> Self {
        self.max_values = max_values;
        self
    }
}
