#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod chart;
mod error;
mod figure;

pub use error::PictureError;
pub use figure::{
    AddressedSample, AddressingPicture, Curve, CurvesPicture, ErrorMapRow, FrameScores,
    HeatMapPicture, ImageStack, MemoryPicture, ReconstructionRow, ReconstructionsPicture,
    ScoredModel, ScoresPicture, ShownPixels, SweepAxis, SweepPanel, SweepPicture, SweepPoint,
    SweepReference, SweepSeries, VideoModel, VideoPanel, VideoScoresPicture, WorstFrame,
    WorstFramesPicture,
};
