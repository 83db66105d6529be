//! Videos: folders of images, video files, frames in memory.

mod decode;
mod error;
mod frame;
mod frame_format;
mod mask_source;
mod sequence;
mod test_video;
mod video_set;

pub use error::VideoError;
pub use frame::Frame;
pub use frame_format::FrameFormat;
pub use mask_source::MaskSource;
pub use sequence::{Frames, Video};
pub use test_video::TestVideo;
pub use video_set::VideoSet;
