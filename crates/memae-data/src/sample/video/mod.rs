//! Videos: folders of images, video files, frames in memory.

mod error;
mod frame;
mod mask_source;
mod sequence;
mod test_video;

pub use error::VideoError;
pub use frame::{Frame, FrameColour, FrameFormat, ResizeFilter};
pub use mask_source::MaskSource;
pub(crate) use sequence::located;
pub use sequence::{Frames, Video};
pub use test_video::TestVideo;
