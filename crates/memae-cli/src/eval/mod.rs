//! `memae eval`: how well a detector tells normal from anomalous.

mod figures;
mod labelled;
mod options;
mod pixels;
mod report;
mod run;

pub(crate) use options::Options;
pub(crate) use run::run;
