//! Charts as SVG. Places are shares of the plot's width and height, so that a chart is as wide as its page and its text
//! always of one size.

mod axis;
mod bar;
mod frame_curve;
mod histogram;
mod path;
mod rate_curve;

pub(crate) use bar::Bar;
pub(crate) use frame_curve::{FrameCurve, ScoreRange, Spans};
pub(crate) use histogram::{Histogram, Kind};
pub(crate) use rate_curve::{Course, RateCurve};
