//! What a walkway may be.

/// Smallest height and width of a frame.
pub(super) const SMALLEST: usize = 32;
/// Largest height and width of a frame.
pub(super) const LARGEST: usize = 1024;
/// Frames that a test video must have for each of its anomalies.
pub(super) const FRAMES_PER_ANOMALY: usize = 40;
/// Strongest noise, in grey levels.
pub(super) const STRONGEST_NOISE: f64 = 64.0;
/// Most bytes that all frames and masks of a walkway may take together.
pub(super) const MOST_BYTES: usize = 1 << 30;
