use std::fmt;

use super::IdxError;

/// An array of bytes with one or more dimensions, none of them zero.
///
/// ```
/// use memae_data::format::IdxArray;
///
/// let array = IdxArray::new(vec![2, 3], vec![0, 1, 2, 3, 4, 5])?;
/// assert_eq!(array.dimensions(), [2, 3]);
/// assert_eq!(array.values()[4], 4);
/// # Ok::<(), memae_data::format::IdxError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct IdxArray {
    dimensions: Vec<usize>,
    values: Vec<u8>,
}

impl IdxArray {
    /// An array of `values`, last dimension fastest.
    ///
    /// # Errors
    ///
    /// There are no dimensions or more than 255, one is zero or does not fit 32 bits, or their product is not the
    /// number of values.
    pub fn new(dimensions: Vec<usize>, values: Vec<u8>) -> Result<Self, IdxError> {
        let sizes: Vec<u32> = dimensions
            .iter()
            .map(|&size| u32::try_from(size).map_err(|_| IdxError::SizeTooLarge { found: size }))
            .collect::<Result<_, _>>()?;
        let expected = value_count(&sizes)?;
        if values.len() as u64 != expected {
            return Err(IdxError::ValueCount {
                found: values.len(),
                dimensions: sizes,
            });
        }
        Ok(Self { dimensions, values })
    }

    /// Size of each dimension; at least one, none of them zero.
    pub fn dimensions(&self) -> &[usize] {
        &self.dimensions
    }

    /// The values, last dimension fastest.
    pub fn values(&self) -> &[u8] {
        &self.values
    }

    /// Gives up the dimensions and the values.
    pub fn into_parts(self) -> (Vec<usize>, Vec<u8>) {
        (self.dimensions, self.values)
    }
}

/// Shows the dimensions and leaves out the values, of which there may be millions.
impl fmt::Debug for IdxArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdxArray")
            .field("dimensions", &self.dimensions)
            .finish_non_exhaustive()
    }
}

/// Product of the sizes, none of which may be zero; `u64::MAX` where it is larger.
pub(super) fn value_count(sizes: &[u32]) -> Result<u64, IdxError> {
    if sizes.is_empty() || sizes.len() > 255 {
        return Err(IdxError::DimensionCount { found: sizes.len() });
    }
    if let Some(dimension) = sizes.iter().position(|&size| size == 0) {
        return Err(IdxError::ZeroSize { dimension });
    }
    Ok(sizes
        .iter()
        .fold(1u64, |product, &size| product.saturating_mul(size.into())))
}
