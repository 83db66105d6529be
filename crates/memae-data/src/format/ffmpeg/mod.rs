//! Frames of video files, through FFmpeg's programs.

mod address;
mod decoder;
mod error;
mod excerpt;
mod feeder_said;
mod frame_rate;
mod gap;
mod intact;
mod joined;
mod kinds;
mod live;
mod opened;
mod packets;
mod pixels;
mod pnm;
mod process;
mod program;
mod runs;
mod said;
mod turn;

pub use address::{AddressError, StreamAddress, masked};
pub(crate) use decoder::Decoder;
pub use error::FfmpegError;
pub(crate) use excerpt::Excerpt;
pub use gap::{DamagePolicy, Gap};
pub(crate) use intact::Intact;
pub(crate) use live::{LiveFfmpeg, LiveProcess, LiveStep};
pub use program::Ffmpeg;
