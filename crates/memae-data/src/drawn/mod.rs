//! Samples that this crate draws itself, where there is no data at hand.
//!
//! What comes in is settings and a seed; no file is needed. What goes out is [`Digits`], and videos of a [`Walkway`] and of a
//! [`Road`] with their labels and masks, the same on every platform and in every release.

mod digits;
mod road;
mod scene;
mod walkway;

pub use digits::{Digits, DigitsConfig, DigitsError};
pub use road::{Road, RoadAnomaly, RoadConfig, RoadError, RoadKind, RoadVideo};
pub use scene::video::{DrawnAnomaly, DrawnVideo};
pub use walkway::{
    Walkway, WalkwayAnomaly, WalkwayConfig, WalkwayError, WalkwayKind, WalkwayVideo,
};
