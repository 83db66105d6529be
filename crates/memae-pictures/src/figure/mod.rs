//! What people look at.

mod addressing;
mod curves;
mod frame_curve;
mod heat_map;
mod histogram;
mod image_stack;
mod memory_items;
mod overlay;
mod reconstructions;
mod sample_blocks;
mod scores;
mod sweep;
mod video_scores;
mod weights;
mod worst_frames;

pub use addressing::{AddressedSample, AddressingPicture};
pub use curves::{Curve, CurvesPicture};
pub use heat_map::{HeatMapPicture, ShownPixels};
pub use image_stack::ImageStack;
pub use memory_items::MemoryPicture;
pub use reconstructions::{ErrorMapRow, ReconstructionRow, ReconstructionsPicture};
pub use scores::{ScoredModel, ScoresPicture};
pub use sweep::{SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepReference, SweepSeries};
pub use video_scores::{FrameScores, VideoModel, VideoPanel, VideoScoresPicture};
pub use worst_frames::{WorstFrame, WorstFramesPicture};
