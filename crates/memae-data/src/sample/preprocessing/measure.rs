//! The range of values that images have.

use image::DynamicImage;

use super::depth::PixelDepth;
use super::error::PreprocessingError;
use super::range::StoredRange;
use super::region::Region;
use super::stored::Stored;

/// The values of images seen so far.
#[derive(Debug)]
pub(crate) struct RangeMeasure<'a> {
    region: Option<&'a Region>,
    found: Option<(f64, f64, PixelDepth)>,
}

impl<'a> RangeMeasure<'a> {
    /// No values yet; those of images count within the region.
    pub(crate) fn new(region: Option<&'a Region>) -> Self {
        Self {
            region,
            found: None,
        }
    }

    /// Takes the values of an image into account.
    pub(crate) fn add(&mut self, image: &DynamicImage) -> Result<(), PreprocessingError> {
        let stored = Stored::of(image);
        let (mut low, mut high, mut not_finite) = (f64::INFINITY, f64::NEG_INFINITY, 0);
        let covered = self
            .region
            .map(|region| region.covered((image.height() as usize, image.width() as usize)));
        let inside = |at: usize| covered.as_ref().is_none_or(|covered| covered[at]);
        let pixels = stored.pixels().enumerate();
        let seen = pixels.filter(|(at, pixel)| pixel.alpha != 0.0 && inside(*at));
        for (_, pixel) in seen {
            for value in pixel.colour {
                low = low.min(value);
                high = high.max(value);
            }
            not_finite += usize::from(!pixel.colour.iter().all(|value| value.is_finite()));
        }
        if not_finite > 0 {
            return Err(PreprocessingError::NotFinite { count: not_finite });
        }
        self.widen((low, high, stored.depth))
    }

    /// Takes the values of what was measured apart into account.
    pub(crate) fn include(&mut self, other: &Self) -> Result<(), PreprocessingError> {
        other.found.map_or(Ok(()), |found| self.widen(found))
    }

    fn widen(
        &mut self,
        (low, high, found): (f64, f64, PixelDepth),
    ) -> Result<(), PreprocessingError> {
        self.found = Some(match self.found {
            None => (low, high, found),
            Some((known_low, known_high, depth)) if depth == found => {
                (known_low.min(low), known_high.max(high), depth)
            }
            Some((_, _, expected)) => {
                return Err(PreprocessingError::Depth { found, expected });
            }
        });
        Ok(())
    }

    /// The range of the values.
    pub(crate) fn finish(self) -> Result<StoredRange, PreprocessingError> {
        match self.found {
            Some((low, high, depth)) if low < high => Ok(StoredRange::Given {
                low,
                high,
                depth: Some(depth),
            }),
            _ => Err(PreprocessingError::Constant),
        }
    }
}
