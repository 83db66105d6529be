//! What was measured.

use memae::data::metrics::Detection;

use super::pixels::PixelFigures;

/// What was measured.
pub(super) struct Figures {
    pub(super) auc: f64,
    pub(super) average_precision: f64,
    pub(super) best: Detection,
    pub(super) at_threshold: Detection,
    pub(super) pixels: Option<PixelFigures>,
}
