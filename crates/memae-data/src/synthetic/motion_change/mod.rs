//! Videos in which things move as they do in no normal one.

mod change;
mod config;
mod order;
mod video;
mod view;

pub use change::MotionChange;
pub use config::MotionChangeConfig;
pub use video::ChangedFrames;
