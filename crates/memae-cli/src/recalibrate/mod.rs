//! `memae recalibrate`: a new threshold without training, by new normal samples or by labelled ones.

mod drift;
mod options;
mod pixels;
mod run;
mod samples;

pub(crate) use options::Options;
pub(crate) use run::run;
