//! Does what a run of a table says: trains or fits, and judges the scores.

mod found;
mod images;
mod judge;
mod run;
mod trial;
mod vectors;
mod video;

pub(crate) use found::{BASELINE_RULE, Figures, Found};
pub(crate) use run::run;
