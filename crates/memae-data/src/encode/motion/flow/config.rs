use serde::{Deserialize, Serialize};

use crate::encode::motion::error::{MAX_PIXELS, MotionError, check};

/// What becomes of a change of brightness that all of a picture shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Brightness {
    /// The later frame is multiplied by the median of `earlier / later`, from 1/4 to 4: what most of the picture does, a lamp that
    /// flickers or a camera that exposes longer, is no motion.
    #[default]
    Matched,
    /// Frames are taken as they are.
    Kept,
}

/// Settings of dense optical flow between neighbouring frames, by Lucas and Kanade over a pyramid.
///
/// Frames are smoothed, and halved to the levels of a pyramid. From its top down, the flow of each pixel is corrected in
/// `iterations` steps d, where (Σ g gᵀ + damping · 1) d = −Σ g (J − I): I is the earlier frame, J the later one seen where the
/// flow so far leads, g the gradient of their mean, the sums go over a window around the pixel. The corrected flow is smoothed.
/// Where there is nothing to see, the flow is 0.
///
/// Sizes are in pixels of the frames given: of larger frames, or smaller ones, windows should be too. Frames of about 240 rows are what
/// the defaults are for.
///
/// ```
/// use memae_data::encode::FlowConfig;
/// use memae_data::sample::PixelSlice;
///
/// // A bright spot that goes two pixels to the right and one up.
/// let frame = |x: f32, y: f32| -> Vec<f32> {
///     let pixels = (0..40).flat_map(|row| (0..50).map(move |column| (row as f32, column as f32)));
///     pixels.map(|(row, column)| (-((column - x).powi(2) + (row - y).powi(2)) / 30.0).exp()).collect()
/// };
/// let [earlier, later] = [frame(20.0, 20.0), frame(22.0, 19.0)];
/// let config = FlowConfig::default().with_half_size(false);
/// let flow = config.between(40, 50, PixelSlice::Float(&earlier), PixelSlice::Float(&later))?;
/// let [right, down] = flow.at(20, 20);
/// assert!((right - 2.0).abs() < 0.1 && (down + 1.0).abs() < 0.1, "{right} {down}");
/// # Ok::<(), memae_data::encode::MotionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct FlowConfig {
    /// Levels of the pyramid, each half as high and wide as the one before, 1 to 12; 4 by default. There are fewer where a
    /// level would have a side shorter than a window.
    pub levels: usize,
    /// Steps on each level, 1 to 100; 2 by default.
    pub iterations: usize,
    /// Standard deviation of the Gaussian that smooths frames, 0 to 20 pixels; 1 by default.
    pub sigma: f32,
    /// Side of the windows, an odd number of pixels from 1 to 63; 7 by default.
    pub window: usize,
    /// Added to the diagonal of the sums, for pixels in [0, 1], 10⁻⁸ to 1; 10⁻⁵ by default. More holds back the flow of
    /// faint texture.
    pub damping: f32,
    /// The longest step along either axis, above 0 and at most 16 pixels; 1.5 by default.
    pub max_step: f32,
    /// Side of the squares over which the flow is averaged after each step, an odd number of pixels from 1 (not at all) to
    /// 63; 3 by default.
    pub smoothing: usize,
    /// Whether the flow is halved at the end: a vector for every four pixels (the default) or for each.
    pub half_size: bool,
    /// What becomes of a change of brightness; it is matched by default.
    pub brightness: Brightness,
}

impl Default for FlowConfig {
    fn default() -> Self {
        Self {
            levels: 4,
            iterations: 2,
            sigma: 1.0,
            window: 7,
            damping: 1e-5,
            max_step: 1.5,
            smoothing: 3,
            half_size: true,
            brightness: Brightness::default(),
        }
    }
}

impl FlowConfig {
    /// The most pixels of a frame.
    pub const MAX_PIXELS: usize = MAX_PIXELS;

    /// Sets the levels of the pyramid.
    pub fn with_levels(mut self, levels: usize) -> Self {
        self.levels = levels;
        self
    }

    /// Sets the steps on each level.
    pub fn with_iterations(mut self, iterations: usize) -> Self {
        self.iterations = iterations;
        self
    }

    /// Sets the standard deviation of the Gaussian that smooths frames.
    pub fn with_sigma(mut self, pixels: f32) -> Self {
        self.sigma = pixels;
        self
    }

    /// Sets the side of the windows.
    pub fn with_window(mut self, pixels: usize) -> Self {
        self.window = pixels;
        self
    }

    /// Sets what is added to the diagonal of the sums.
    pub fn with_damping(mut self, damping: f32) -> Self {
        self.damping = damping;
        self
    }

    /// Sets the longest step along either axis.
    pub fn with_max_step(mut self, pixels: f32) -> Self {
        self.max_step = pixels;
        self
    }

    /// Sets the side of the squares over which the flow is averaged.
    pub fn with_smoothing(mut self, pixels: usize) -> Self {
        self.smoothing = pixels;
        self
    }

    /// Sets whether there is a vector for every four pixels or for each.
    pub fn with_half_size(mut self, half_size: bool) -> Self {
        self.half_size = half_size;
        self
    }

    /// Sets what becomes of a change of brightness.
    pub fn with_brightness(mut self, brightness: Brightness) -> Self {
        self.brightness = brightness;
        self
    }

    /// Checks that the settings can be met.
    ///
    /// # Errors
    ///
    /// One is out of its range.
    pub fn validate(&self) -> Result<(), MotionError> {
        let odd = |side: usize| side % 2 == 1 && side <= 63;
        let counts = [
            (
                "levels",
                self.levels,
                (1..=12).contains(&self.levels),
                "1 to 12",
            ),
            (
                "iterations",
                self.iterations,
                (1..=100).contains(&self.iterations),
                "1 to 100",
            ),
            (
                "window",
                self.window,
                odd(self.window),
                "an odd number of pixels from 1 to 63",
            ),
            (
                "smoothing",
                self.smoothing,
                odd(self.smoothing),
                "an odd number of pixels from 1 to 63",
            ),
        ];
        for (setting, found, fits, expected) in counts {
            check(fits, setting, found as f64, expected)?;
        }
        let sizes = [
            (
                "sigma",
                self.sigma,
                (0.0..=20.0).contains(&self.sigma),
                "0 to 20 pixels",
            ),
            (
                "damping",
                self.damping,
                (1e-8..=1.0).contains(&self.damping),
                "1e-8 to 1",
            ),
            (
                "max_step",
                self.max_step,
                self.max_step > 0.0 && self.max_step <= 16.0,
                "above 0 and at most 16 pixels",
            ),
        ];
        for (setting, found, fits, expected) in sizes {
            check(fits, setting, f64::from(found), expected)?;
        }
        Ok(())
    }
}
