//! Which values of a file become 0 and 1.

use serde::{Deserialize, Serialize};

use super::depth::PixelDepth;
use super::error::PreprocessingError;

/// Which values of an image file become 0 and 1; what lies between is scaled, what lies outside is cut off and counted.
///
/// ```
/// use memae_data::sample::StoredRange;
///
/// // A camera of 12 bits whose files have 16.
/// let range = StoredRange::given(0.0, 4095.0);
/// assert_eq!(range, serde_json::from_str(r#"{"given": {"low": 0.0, "high": 4095.0}}"#)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StoredRange {
    /// What the file's values can be: 0 to 255 for 8 bits, 0 to 65,535 for 16. Floats have no such range, so that images
    /// of floats are refused.
    #[default]
    Full,
    /// The lowest and the highest value in all training images, transparent pixels left out. Whoever reads training images
    /// puts the range found in the place of this.
    Measured,
    /// These values.
    Given {
        /// The value that becomes 0.
        low: f64,
        /// The value that becomes 1.
        high: f64,
        /// What the values are, where that is known: then images of another depth are refused.
        #[serde(default)]
        depth: Option<PixelDepth>,
    },
}

impl StoredRange {
    /// The range from `low`, which becomes 0, to `high`, which becomes 1.
    pub fn given(low: f64, high: f64) -> Self {
        Self::Given {
            low,
            high,
            depth: None,
        }
    }

    /// The full range of images of 8 bits, and of no others: those of 12 bits that are stored in 16 would be nearly black in the
    /// range of 16.
    ///
    /// ```
    /// use memae_data::sample::{ImagePreprocessing, StoredRange};
    ///
    /// let preprocessing = ImagePreprocessing::default().with_range(StoredRange::bytes());
    /// # let mut deep = std::io::Cursor::new(Vec::new());
    /// # image::DynamicImage::new_luma16(2, 2).write_to(&mut deep, image::ImageFormat::Png)?;
    /// # let deep = deep.into_inner();
    /// assert!(preprocessing.decode(&deep).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bytes() -> Self {
        Self::Given {
            low: 0.0,
            high: 255.0,
            depth: Some(PixelDepth::Bits8),
        }
    }

    /// Whether images of 8 bits keep their values.
    pub(crate) fn keeps_bytes(self) -> bool {
        self == Self::Full || self == Self::bytes()
    }

    /// The same range, for images of this depth only.
    #[cfg(feature = "files")]
    pub(crate) fn of_depth(self, found: PixelDepth) -> Self {
        match self {
            Self::Given {
                low,
                high,
                depth: None,
            } => Self::Given {
                low,
                high,
                depth: Some(found),
            },
            other => other,
        }
    }

    pub(super) fn check(self) -> Result<(), PreprocessingError> {
        match self {
            Self::Given { low, high, .. } if !(low < high && (high - low).is_finite()) => {
                Err(PreprocessingError::Range {
                    low: low.to_string(),
                    high: high.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

    /// The values that become 0 and 1 in an image of a depth.
    pub(super) fn ends(self, found: PixelDepth) -> Result<(f64, f64), PreprocessingError> {
        match (self, found.full()) {
            (Self::Full, Some(high)) => Ok((0.0, high)),
            (Self::Full, None) => Err(PreprocessingError::NoRange),
            (Self::Measured, _) => Err(PreprocessingError::NotMeasured),
            (Self::Given { low, high, depth }, _) => match depth {
                Some(expected) if expected != found => {
                    Err(PreprocessingError::Depth { found, expected })
                }
                _ => Ok((low, high)),
            },
        }
    }

    fn bits(self) -> Option<(u64, u64, Option<PixelDepth>)> {
        match self {
            Self::Given { low, high, depth } => Some((low.to_bits(), high.to_bits(), depth)),
            _ => None,
        }
    }
}

/// Bit by bit, so that a range with NaN, which is refused where it is used, is equal to itself.
impl PartialEq for StoredRange {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.bits() == other.bits()
    }
}

impl Eq for StoredRange {}
