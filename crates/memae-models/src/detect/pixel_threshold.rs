//! The error above which a pixel of an image is anomalous.

use serde::{Deserialize, Serialize};

use super::error::DetectorError;
use super::threshold::DetectionThreshold;
use crate::score::MAX_SIGMA;

/// How the pixel threshold of a detector of images is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PixelThresholdConfig {
    /// Share of normal images that may have a pixel above the threshold, in (0, 1). Default: 0.01.
    pub rate: f64,
    /// Standard deviation of the Gaussian that error maps are smoothed by, in pixels of the samples, in [0, 100].
    /// Default: 1.
    pub sigma: f64,
}

impl Default for PixelThresholdConfig {
    fn default() -> Self {
        Self {
            rate: 0.01,
            sigma: 1.0,
        }
    }
}

impl PixelThresholdConfig {
    /// Sets the share of normal images that may have a pixel above the threshold.
    pub fn with_rate(mut self, rate: f64) -> Self {
        self.rate = rate;
        self
    }

    /// Sets the standard deviation of the smoothing, in pixels of the samples.
    pub fn with_sigma(mut self, sigma: f64) -> Self {
        self.sigma = sigma;
        self
    }
}

/// The error above which a pixel of an image is anomalous, and how error maps are smoothed before.
///
/// ```
/// use memae_data::protocol::Calibration;
/// use memae_models::detect::{DetectionThreshold, PixelThreshold};
///
/// // The largest errors of 99 normal images.
/// let largest: Vec<f64> = (1..=99).map(f64::from).collect();
/// let threshold = DetectionThreshold::held_out(Calibration::new(&largest)?, 0.05)?;
/// let pixels = PixelThreshold::new(1.5, threshold)?;
/// assert_eq!((pixels.sigma(), pixels.value()), (1.5, 95.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PixelThreshold {
    sigma: f64,
    threshold: DetectionThreshold,
}

impl PixelThreshold {
    /// A threshold for maps that are smoothed by a Gaussian with a standard deviation of `sigma` pixels of the samples.
    ///
    /// # Errors
    ///
    /// `sigma` is not in [0, 100].
    pub fn new(sigma: f64, threshold: DetectionThreshold) -> Result<Self, DetectorError> {
        check_sigma(sigma)?;
        Ok(Self { sigma, threshold })
    }

    /// Standard deviation of the smoothing, in pixels of the samples, in [0, 100].
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The error above which a pixel is anomalous.
    pub fn value(&self) -> f64 {
        self.threshold.value()
    }

    /// The threshold with where it comes from; what it was chosen by are the largest errors of images, so that its verdicts
    /// and p-values are of whole images by their largest error.
    pub fn threshold(&self) -> &DetectionThreshold {
        &self.threshold
    }
}

pub(super) fn check_sigma(sigma: f64) -> Result<(), DetectorError> {
    match (0.0..=MAX_SIGMA).contains(&sigma) {
        true => Ok(()),
        false => Err(DetectorError::Sigma { found: sigma }),
    }
}
