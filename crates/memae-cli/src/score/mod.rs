//! `memae score`: verdicts on pictures, videos and rows.

mod files;
mod found;
mod heat_maps;
mod paths;
mod pictures;
mod run;
mod videos;
mod writer;

pub(crate) use found::{Counts, Found, Scored, Sink, each, nothing_scored};
pub(crate) use paths::score_paths;
pub(crate) use run::{Options, run};
pub(crate) use writer::{Format, Writer, json_left_out, json_passed_over};
