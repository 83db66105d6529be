//! Videos: folders of images, video files, frames in memory.

mod error;
mod ffmpeg;
mod frame;
mod listing;
mod masks;
mod sequence;
mod test_video;

pub use error::VideoError;
pub use ffmpeg::Ffmpeg;
pub use frame::{Frame, FrameColour, FrameFormat, ResizeFilter};
pub(super) use listing::videos_except;
pub use listing::videos_in;
pub use masks::MaskSource;
pub(crate) use sequence::located;
pub use sequence::{Frames, Video};
pub use test_video::TestVideo;
