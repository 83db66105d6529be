//! Frames of video files, through FFmpeg's programs.

mod decoder;
mod error;
mod ppm;
mod program;
mod said;

pub(crate) use decoder::Decoder;
pub use error::FfmpegError;
pub use program::Ffmpeg;
