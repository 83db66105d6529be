//! What motion tells of anomalies in videos: memories of it beside what needs none.
//!
//! The motion of all videos is found once ([`MotionData`]); then each [`Rival`] learns of the same training videos how normal
//! motion is, chooses a threshold by others, and scores the test videos.

mod choice;
mod data;
mod figures;
mod mixture_per_place;
mod network;
mod per_place;
mod place_scores;
mod rival;
mod run;
mod table;

pub use choice::{Choice, ChoiceConfig, choice_table};
pub use data::{MotionData, MotionVideo};
pub use figures::{Flagged, MotionFigures};
pub use rival::Rival;
pub use run::MotionExperiment;
pub use table::motion_table;
