//! A walkway seen by a fixed camera, in videos that this crate draws itself.

mod actor;
mod background;
mod error;
mod generate;
mod ground;
mod kind;
mod limits;
mod traffic;
mod vehicle;
mod video;
mod video_set;

pub use error::WalkwayError;
pub use generate::{Walkway, WalkwayConfig};
pub use kind::WalkwayKind;
pub use video::{WalkwayAnomaly, WalkwayVideo};
