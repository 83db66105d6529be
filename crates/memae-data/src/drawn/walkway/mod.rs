//! A walkway seen by a fixed camera, in videos that this crate draws itself.

mod actor;
mod background;
mod canvas;
mod error;
mod form;
mod generate;
mod ground;
mod kind;
mod light;
mod limits;
mod person;
mod traffic;
mod vehicle;
mod video;
mod video_set;
mod wave;

pub use error::WalkwayError;
pub use generate::{Walkway, WalkwayConfig};
pub use kind::WalkwayKind;
pub use video::{WalkwayAnomaly, WalkwayVideo};
