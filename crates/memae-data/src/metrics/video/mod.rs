//! Frame-level and pixel-level metrics of anomalies in video.
//!
//! | function | judges |
//! |---|---|
//! | [`frame_auc`] | scores of frames, by one of four [protocols](VideoProtocol) |
//! | [`PixelScores`] | error maps, those of images too, by pixel-level AUC, average precision, best F1 and AUPRO |
//!
//! The protocols are far apart: on UCSD Ped2 the scores of the authors' network give .904 with each video normalised
//! by its own scores, .950 as the mean of the videos' AUC, and .687 as they are.

mod error;
mod pixel;
mod protocol;
mod range;
mod regions;
mod scores;

pub use error::VideoMetricError;
pub use pixel::{PixelRanking, PixelScores};
pub use protocol::{FrameAuc, VideoProtocol, frame_auc};
pub use range::ScoreRange;
pub use scores::{VideoScores, split_labels};
