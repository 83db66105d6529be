//! Long recordings divided, where there are too few for each part to have its own.

/// Most stretches that a recording is divided into.
pub(super) const STRETCHES: usize = 10;
/// A part to train on, one to select by and one to calibrate by.
pub(super) const FEWEST: usize = 3;

/// Frames of a stretch of a video: at least twice what a sample reaches over, if the video has as many.
pub(super) fn stretch(frames: usize, reach: usize) -> usize {
    let stretches = (frames / (2 * reach)).clamp(1, STRETCHES);
    frames.div_ceil(stretches).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_twice_a_clip_or_longer() {
        for frames in 1..2000 {
            let length = stretch(frames, 16);
            assert!(length >= 32.min(frames), "{frames}: {length}");
            assert!(frames.div_ceil(length) <= STRETCHES, "{frames}: {length}");
        }
        assert_eq!(stretch(96, 16), 32);
        assert_eq!(stretch(95, 16), 48);
        assert_eq!(stretch(10_000, 16), 1000);
    }
}
