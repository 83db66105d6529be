//! Streams: frames that are decoded as they arrive.

mod address;
mod arrival;
mod config;
mod pump;
mod reader;
mod video;

pub use arrival::{Arrival, Break};
pub use config::LiveConfig;
pub use video::LiveVideo;
