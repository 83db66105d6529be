//! Videos: folders of images, video files, frames in memory.

#[cfg(feature = "files")]
mod config;
mod decode;
mod error;
#[cfg(feature = "files")]
mod file;
mod frame;
mod frame_format;
mod mask_source;
#[cfg(feature = "files")]
mod open;
mod sequence;
#[cfg(feature = "files")]
mod shared_labels;
mod test_video;
mod video_set;

#[cfg(feature = "files")]
pub use config::VideoConfig;
pub use error::VideoError;
pub use frame::Frame;
pub use frame_format::FrameFormat;
pub use mask_source::MaskSource;
pub use sequence::{Frames, Video};
pub use test_video::TestVideo;
pub use video_set::VideoSet;
