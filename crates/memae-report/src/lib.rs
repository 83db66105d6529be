#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod chart;
mod error;
mod page;
mod palette;
mod part;
mod picture;
mod report;
mod text;
mod whole_file;

pub use error::ReportError;
pub use part::{
    Columns, Confusion, Contribution, Curve, Facts, Figure, Head, LeftOut, MemoryHealth,
    MemoryItem, ReadItem, Sample, SampleGroup, Scores, Threshold, Verdicts, Video,
};
pub use picture::Picture;
pub use report::Report;
