//! YUV4MPEG2 (`.y4m`): a line of text, then frames as they are, one after the other.

mod chroma;
mod error;
mod header;
mod reader;
mod rgb;

pub use error::Y4mError;
pub(crate) use reader::Y4mReader;
