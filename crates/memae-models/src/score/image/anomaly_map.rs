use memae_data::sample::Mask;
#[cfg(feature = "files")]
use memae_data::sample::PixelRectangle;

use super::interpolation::resized_map;
#[cfg(feature = "files")]
use super::within::clear_outside;

/// How anomalous each pixel of an image is, and which are above the pixel threshold.
///
/// Values are squared errors summed over channels and smoothed, at least 0 and finite: higher means more anomalous.
///
/// ```
/// use memae_models::score::AnomalyMap;
///
/// let map = AnomalyMap::new((1, 3), vec![0.1, 0.4, 0.2]).with_threshold(0.25);
/// assert_eq!(map.largest(), 0.4);
/// assert_eq!(map.mask().unwrap().anomalous(), [false, true, false]);
/// // At the size of the picture that the sample was made of.
/// let large = map.resized((2, 9));
/// assert_eq!((large.size(), large.largest()), ((2, 9), 0.4));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AnomalyMap {
    size: (usize, usize),
    values: Vec<f32>,
    threshold: Option<f64>,
}

impl AnomalyMap {
    /// A map, `[height, width]` flattened, without a threshold.
    ///
    /// # Panics
    ///
    /// Panics if there are not `height * width` values, a side is 0, or a value is below 0 or not finite.
    pub fn new((height, width): (usize, usize), values: Vec<f32>) -> Self {
        assert!(
            !values.is_empty() && height.checked_mul(width) == Some(values.len()),
            "map: found {} values, expected {height}x{width}, sides of at least 1",
            values.len()
        );
        let bad = values
            .iter()
            .find(|value| !(value.is_finite() && **value >= 0.0));
        if let Some(value) = bad {
            panic!("map: found {value}, expected finite numbers of 0 or more");
        }
        Self {
            size: (height, width),
            values,
            threshold: None,
        }
    }

    /// The same map; a pixel is anomalous if its value is above `threshold`.
    pub fn with_threshold(mut self, threshold: f64) -> Self {
        self.threshold = Some(threshold);
        self
    }

    /// Height and width.
    pub fn size(&self) -> (usize, usize) {
        self.size
    }

    /// The values, `[height, width]` flattened.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The value above which a pixel is anomalous; `None` if there is none.
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// The highest value.
    pub fn largest(&self) -> f32 {
        self.values.iter().copied().fold(0.0, f32::max)
    }

    /// Whether any pixel is above the threshold; `None` without one.
    pub fn is_anomalous(&self) -> Option<bool> {
        let threshold = self.threshold?;
        Some(f64::from(self.largest()) > threshold)
    }

    /// Which pixels are above the threshold; `None` without one.
    pub fn mask(&self) -> Option<Mask> {
        let threshold = self.threshold?;
        let values = self.values.iter();
        let anomalous = values.map(|&value| f64::from(value) > threshold);
        let (height, width) = self.size;
        Mask::new(height, width, anomalous.collect()).ok()
    }

    /// The same map with 0 outside.
    #[cfg(feature = "files")]
    pub(crate) fn within(mut self, inside: &[bool]) -> Self {
        clear_outside(&mut self.values, inside);
        self
    }

    /// The map of a picture of that of a part of it, 0 outside the part.
    #[cfg(feature = "files")]
    pub(crate) fn in_picture(self, part: PixelRectangle, picture: (usize, usize)) -> Self {
        if part == PixelRectangle::whole(picture) {
            return self;
        }
        let mut values = vec![0.0; picture.0 * picture.1];
        let rows = self.values.chunks_exact(part.width);
        for (row, of_part) in (part.top..).zip(rows) {
            values[row * picture.1 + part.left..][..part.width].copy_from_slice(of_part);
        }
        Self {
            size: picture,
            values,
            threshold: self.threshold,
        }
    }

    /// The map at another size, such as that of the picture that the sample was made of ([`resized_map`]). What was not
    /// above the threshold is not afterwards either.
    ///
    /// # Panics
    ///
    /// Panics if a side is 0.
    pub fn resized(&self, to: (usize, usize)) -> Self {
        Self {
            size: to,
            values: resized_map(&self.values, self.size, to),
            threshold: self.threshold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_the_threshold_is_normal() {
        let map = AnomalyMap::new((2, 1), vec![0.5, 0.25]);
        assert_eq!((map.mask(), map.is_anomalous()), (None, None));
        let map = map.with_threshold(0.5);
        assert_eq!(map.is_anomalous(), Some(false));
        assert!(!map.mask().unwrap().is_anomalous());
        let map = map.with_threshold(0.49);
        assert_eq!(map.is_anomalous(), Some(true));
        assert_eq!(map.mask().unwrap().anomalous(), [true, false]);
    }

    #[test]
    fn a_normal_map_is_normal_at_any_size() {
        let values: Vec<f32> = (0..77).map(|at| (at * at % 13) as f32 / 13.0).collect();
        let map = AnomalyMap::new((7, 11), values);
        let threshold = f64::from(map.largest());
        let map = map.with_threshold(threshold);
        for to in [(1, 1), (3, 200), (50, 2), (97, 89)] {
            assert_eq!(map.resized(to).is_anomalous(), Some(false), "{to:?}");
        }
    }

    #[test]
    #[should_panic(expected = "map: found NaN, expected finite numbers of 0 or more")]
    fn no_number_panics() {
        AnomalyMap::new((1, 2), vec![0.0, f32::NAN]);
    }
}
