//! Data sets of videos in the folders that they are downloaded as.

mod avenue;
mod find;
mod folders;
mod open;
mod opening;
mod shanghaitech;
mod ucsd;
mod video_layout;

pub use video_layout::{VideoLayout, VideoLayoutError};
