//! Motion as samples: how fast what is at each place of a frame moves where.

mod camera;
mod config;
mod cut;
mod directions;
mod draw;
mod error;
mod field;
mod flow;
mod frame;
mod layout;
mod preprocessing;
mod queries;
mod stream;
mod video;

pub use camera::CameraMotion;
pub use config::MotionConfig;
pub use draw::MotionDraw;
pub use error::MotionError;
pub use field::MotionField;
pub use flow::{Brightness, Flow, FlowConfig, FlowEstimator};
pub use frame::MotionFrame;
pub use layout::MotionLayout;
pub use preprocessing::MotionPreprocessing;
pub use stream::MotionStream;
pub use video::MotionFrames;
