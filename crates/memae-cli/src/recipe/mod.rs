//! Networks and trainings that are chosen by the data; the guide has the table.

mod images;
mod motion;
mod tables;
mod videos;

pub(crate) use images::{ImageRecipe, ImageSettings};
pub(crate) use motion::MotionRecipe;
pub(crate) use tables::TableRecipe;
pub(crate) use videos::{VideoRecipe, VideoSettings};

/// Steps that a training takes, about.
const STEPS: usize = 512;

/// Passes over so many samples that make about [`STEPS`] steps, within bounds.
fn passes(samples: usize, batch_size: usize) -> usize {
    (STEPS * batch_size).div_ceil(samples.max(1)).clamp(8, 200)
}

/// Samples a step: small for small sets, so that there are several steps a pass.
fn batch_size(samples: usize) -> usize {
    (samples / 16).next_power_of_two().clamp(8, 64)
}

/// Memory items: fewer where there are few samples to make them of.
fn items(samples: usize, most: usize) -> usize {
    (samples / 3).clamp(4, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_sets_are_passed_over_more_often() {
        assert_eq!((batch_size(4164), passes(4164, 64)), (64, 8));
        assert_eq!((batch_size(230), passes(230, 16)), (16, 36));
        assert_eq!((batch_size(5), passes(5, 8)), (8, 200));
        assert_eq!(batch_size(1_000_000), 64);
    }

    #[test]
    fn items_are_fewer_than_samples() {
        assert_eq!(
            [3, 30, 300, 3000].map(|samples| items(samples, 100)),
            [4, 10, 100, 100]
        );
    }
}
