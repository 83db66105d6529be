//! Motion that is not normal: in videos, and in frames as they arrive.

mod detector;
mod error;
mod fitted;
mod map;
mod scorer;
mod stream;
mod verdict;

pub use detector::MotionDetector;
pub use error::MotionDetectorError;
pub use map::motion_map;
pub use scorer::{MotionDistances, MotionScorer};
pub use stream::MotionStreamScorer;
pub use verdict::{MotionScore, MotionVerdict};
