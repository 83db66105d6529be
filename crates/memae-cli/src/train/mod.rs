//! `memae train`: what is normal, learned and written to a file.

mod clip_lesson;
mod division;
mod footage;
mod frame_scores;
mod held_out;
mod images;
mod joint;
mod method;
mod motion;
mod motion_frames;
mod motion_lesson;
mod options;
mod pictures;
mod provenance;
mod run;
mod stretches;
mod table_lesson;
mod tables;
mod training;
mod videos;

pub(crate) use images::by_folder;
pub(crate) use options::{Groups, Options, rate};
pub(crate) use provenance::{CALIBRATE, CALIBRATE_BY_FOLDS, FLAGGED};
pub(crate) use run::run;
