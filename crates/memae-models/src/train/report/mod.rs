//! What a run says of itself: figures of each batch, means of each epoch, a progress bar.

mod divergence;
mod figures;
mod history;
mod progress;

pub(super) use divergence::DivergenceWatch;
pub use figures::{BatchFigures, Figure, FigureMetric};
pub(super) use history::HistoryLogger;
pub use history::{EpochFigures, Phase, TrainHistory};
pub use progress::ProgressDisplay;
