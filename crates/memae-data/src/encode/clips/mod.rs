//! Clips of videos, as a detector takes them.

mod cache;
mod config;
mod error;
mod layout;
mod preprocessing;
mod spool;
mod stream;
mod window;

pub use config::{ClipsConfig, PixelRange};
pub use error::ClipsError;
pub use layout::{ClipLayout, ClipLayoutError};
pub use preprocessing::VideoPreprocessing;
pub use stream::ClipStream;
pub use window::{ClipItem, Clips};
