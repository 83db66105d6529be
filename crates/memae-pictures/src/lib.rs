//! Pictures (PNG) that show at a glance what a memory holds, what is read from it, and how well that tells anomalies.
//!
//! | picture | shows |
//! |---|---|
//! | [`MemoryPicture`] | each memory item decoded alone, the most read first |
//! | [`ReconstructionsPicture`] | inputs, reconstructions and error maps, normal beside anomalous samples |
//! | [`AddressingPicture`] | the shrunk weights of single samples, the items they read and what comes of it |
//! | [`ScoresPicture`] | histograms of the anomaly scores, and ROC curves |
//! | [`CurvesPicture`] | lines over epochs: a loss, an AUC |
//! | [`SweepPicture`] | figures, with error bars, against a setting: AUC over the memory size |
//! | [`VideoScoresPicture`] | the anomaly scores of videos, frame by frame, over the spans labelled anomalous |
//! | [`WorstFramesPicture`] | the frames with the highest anomaly scores, their error maps laid over them |
//!
//! Everything is plain numbers; images come as an [`ImageStack`]. `save` writes to a temporary file in the same
//! folder and renames it, so that a file is either whole or not there. What is not finite is never drawn as a
//! number: pixels are marked in turquoise, all else is left out and counted; a [`SweepPicture`] refuses it.
//!
//! ```
//! use memae_pictures::{Curve, CurvesPicture};
//!
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("auc.png");
//! let picture = CurvesPicture {
//!     title: "Digit 9 is normal",
//!     x_label: "epoch",
//!     y_label: "AUC",
//!     curves: &[Curve { label: "MemAE", points: &[(1.0, 0.81), (2.0, 0.93), (3.0, 0.96)] }],
//! };
//! picture.save(&file)?;
//! assert!(file.exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod chart;
mod error;
mod figure;

pub use error::PictureError;
pub use figure::{
    AddressedSample, AddressingPicture, Curve, CurvesPicture, ErrorMapRow, FrameScores, ImageStack,
    MemoryPicture, ReconstructionRow, ReconstructionsPicture, ScoredModel, ScoresPicture,
    SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepReference, SweepSeries, VideoModel,
    VideoPanel, VideoScoresPicture, WorstFrame, WorstFramesPicture,
};
