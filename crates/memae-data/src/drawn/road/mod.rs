//! A road seen by a fixed camera, in videos that this crate draws itself.

mod background;
mod camera;
mod carton;
mod error;
mod event;
mod following;
mod generate;
mod kind;
mod lane;
mod layout;
mod limits;
mod on_foot;
mod play;
mod scene;
mod solid;
mod traffic;
mod vehicle;
mod video;
mod video_set;

pub use error::RoadError;
pub use generate::{Road, RoadConfig};
pub use kind::RoadKind;
pub use video::{RoadAnomaly, RoadVideo};
