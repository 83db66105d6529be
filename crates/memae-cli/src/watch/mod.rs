//! `memae watch`: verdicts as pictures and frames arrive.

mod arrivals;
mod folder;
mod frames;
mod run;
mod source;
mod stream;
mod verdicts;
mod video;

pub(crate) use run::{Options, run};
