//! `memae train`: what is normal, learned and written to a file.

mod held_out;
mod images;
mod options;
mod provenance;
mod run;
mod tables;
mod training;
mod videos;

pub(crate) use options::{Options, rate};
pub(crate) use run::run;
