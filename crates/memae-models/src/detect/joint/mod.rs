//! Appearance and motion together: in videos, and in frames as they arrive.

mod detector;
mod error;
mod fitted;
mod networks;
mod part_stream;
mod parts;
mod rarity;
mod scale;
mod stream;
mod verdict;
#[cfg(feature = "files")]
mod videos;

pub use detector::JointDetector;
pub use error::JointDetectorError;
pub use part_stream::{JointPartStream, PartFrame};
pub use parts::{JointParts, PartScores};
pub use rarity::RarityScale;
pub use scale::{JointRule, JointScale};
pub use stream::JointStreamScorer;
pub use verdict::{JointScore, JointVerdict};
