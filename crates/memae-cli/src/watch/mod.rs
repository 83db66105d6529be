//! `memae watch`: verdicts as pictures and frames arrive.

mod arrivals;
mod folder;
mod run;
mod verdicts;
mod video;

pub(crate) use run::{Options, run};
