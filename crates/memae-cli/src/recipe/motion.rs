//! What the motion in videos is learned by.

use memae::data::encode::{MotionConfig, MotionError, MotionPreprocessing};
use memae::data::sample::VideoConfig;
use memae::train::MotionMemoryConfig;

use super::videos::VideoSettings;

/// The most rows that frames are brought to; flow takes its time for each pixel.
const MOST_ROWS: usize = 240;
/// The most frames a second that are looked at; a person moves little from one to the next.
const MOST_RATE: f64 = 15.0;

/// How videos become motion, and what is learned of it.
#[derive(Debug, Clone)]
pub(crate) struct MotionRecipe {
    settings: VideoSettings,
}

impl MotionRecipe {
    pub(crate) fn new(settings: VideoSettings) -> Self {
        Self { settings }
    }

    /// For videos of frames of this height and width that come at this rate.
    pub(crate) fn way(
        &self,
        opening: &VideoConfig,
        stored: (usize, usize),
        rate: f64,
    ) -> Result<MotionPreprocessing, MotionError> {
        let size = self.settings.size.unwrap_or(brought_to(stored));
        MotionPreprocessing::new(opening, size, thinned(rate), &MotionConfig::default())
    }

    pub(crate) fn memory(&self) -> MotionMemoryConfig {
        let config = MotionMemoryConfig::default().with_seed(self.settings.seed);
        match self.settings.items {
            Some(items) => config.with_items(items),
            None => config,
        }
    }
}

/// Height and width of as many rows as are looked at, in the ratio of those stored.
fn brought_to((height, width): (usize, usize)) -> (usize, usize) {
    let rows = height.min(MOST_ROWS);
    let columns = (width as f64 * rows as f64 / height.max(1) as f64).round();
    (rows, (columns as usize).max(1))
}

/// One frame of so many that the rest come at most so often: evenly, where a rate between would take them unevenly.
fn thinned(rate: f64) -> f64 {
    rate / (rate / MOST_RATE).ceil().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_divided_evenly() {
        let rates = [0.5, 10.0, 15.0, 24.0, 25.0, 30.0, 50.0, 60.0];
        let expected = [0.5, 10.0, 15.0, 12.0, 12.5, 15.0, 12.5, 15.0];
        assert_eq!(rates.map(thinned), expected);
    }

    #[test]
    fn large_frames_keep_their_ratio() {
        assert_eq!(brought_to((240, 360)), (240, 360));
        assert_eq!(brought_to((1080, 1920)), (240, 427));
        assert_eq!(brought_to((5000, 1)), (240, 1));
        assert_eq!(brought_to((64, 64)), (64, 64));
    }
}
