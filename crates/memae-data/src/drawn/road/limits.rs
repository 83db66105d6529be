//! What a road may be.

/// Smallest height of a frame.
pub(super) const SMALLEST: usize = 48;
/// Largest height and width of a frame.
pub(super) const LARGEST: usize = 1024;
/// Frames that a test video must have for each of its anomalies.
pub(super) const FRAMES_PER_ANOMALY: usize = 160;
/// Strongest noise, in grey levels.
pub(super) const STRONGEST_NOISE: f64 = 64.0;
/// Most bytes that all frames and masks of a road may take together.
pub(super) const MOST_BYTES: usize = 1 << 30;

/// The narrowest and the widest frame of a height: a quarter wider than high, and three times as wide.
pub(super) fn widths(height: usize) -> std::ops::RangeInclusive<usize> {
    height.saturating_mul(5).div_ceil(4)..=height.saturating_mul(3).min(LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_go_with_the_height() {
        assert_eq!(
            [48, 50, 64, 240].map(widths),
            [60..=144, 63..=150, 80..=192, 300..=720]
        );
        // The highest frame has a width, the next one none.
        assert!(widths(819).contains(&1024) && widths(820).is_empty());
        assert!(widths(usize::MAX).is_empty());
    }
}
