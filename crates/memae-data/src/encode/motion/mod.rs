//! Motion as samples: how fast what is at each place of a frame moves where.

mod camera;
mod config;
mod cut;
mod directions;
mod error;
mod field;
mod flow;
mod frame;
mod layout;
mod stream;
mod video;

pub use camera::CameraMotion;
pub use config::MotionConfig;
pub use error::MotionError;
pub use field::MotionField;
pub use flow::{Brightness, Flow, FlowConfig, FlowEstimator};
pub use frame::MotionFrame;
pub use layout::MotionLayout;
pub use stream::MotionStream;
pub use video::MotionFrames;
