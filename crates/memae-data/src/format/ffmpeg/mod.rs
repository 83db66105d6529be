//! Frames of video files, through FFmpeg's programs.

mod decoder;
mod error;
mod excerpt;
mod gap;
mod intact;
mod joined;
mod kinds;
mod packets;
mod pixels;
mod pnm;
mod process;
mod program;
mod runs;
mod said;
mod turn;

pub(crate) use decoder::Decoder;
pub use error::FfmpegError;
pub(crate) use excerpt::Excerpt;
pub use gap::{DamagePolicy, Gap};
pub(crate) use intact::Intact;
pub use program::Ffmpeg;
