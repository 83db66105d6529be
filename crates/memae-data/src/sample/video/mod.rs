//! Videos: folders of images, video files, frames in memory.

#[cfg(feature = "files")]
mod config;
mod decode;
mod error;
#[cfg(feature = "files")]
mod file;
#[cfg(feature = "files")]
mod form;
mod frame;
mod frame_format;
#[cfg(feature = "files")]
mod live;
mod mask_source;
#[cfg(feature = "files")]
mod open;
mod sequence;
#[cfg(feature = "files")]
mod shared_labels;
mod test_video;
mod video_set;
#[cfg(feature = "files")]
mod y4m;

#[cfg(feature = "files")]
pub use config::VideoConfig;
pub use error::VideoError;
pub use frame::Frame;
pub use frame_format::FrameFormat;
#[cfg(feature = "files")]
pub use live::{Arrival, Break, LiveConfig, LiveVideo};
pub use mask_source::MaskSource;
pub use sequence::{Frames, Video};
pub use test_video::TestVideo;
pub use video_set::VideoSet;
#[cfg(feature = "files")]
pub use y4m::Y4mFrames;
