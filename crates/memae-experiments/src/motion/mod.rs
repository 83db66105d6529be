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
pub(crate) use figures::highest;
pub use figures::{Flagged, MotionFigures};
pub(crate) use place_scores::PlaceScores;
pub use rival::Rival;
pub use run::MotionExperiment;
pub(crate) use table::figures_table;
pub use table::motion_table;
