use serde::{Deserialize, Serialize};

/// Most scores kept for a mean.
const MAX_MEAN: usize = 100_000;

/// How scores are smoothed over time. None of them looks ahead.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub enum Smoothing {
    /// Not at all.
    #[default]
    Off,
    /// The mean of the last scores, of fewer at the start of a video.
    Mean {
        /// Scores averaged, 1 to 100,000.
        scores: usize,
    },
    /// `smooth ← decay · smooth + (1 − decay) · score`, from the first score of a video.
    Exponential {
        /// Share kept from one score to the next, in `[0, 1)`.
        decay: f64,
    },
}

impl Smoothing {
    /// Scores that it looks back on, about.
    pub fn window(self) -> usize {
        match self {
            Smoothing::Off => 1,
            Smoothing::Mean { scores } => scores,
            Smoothing::Exponential { decay } => (1.0 / (1.0 - decay)).ceil() as usize,
        }
    }

    /// What is out of range: found and expected.
    pub(crate) fn problem(self) -> Option<(f64, &'static str)> {
        match self {
            Smoothing::Mean { scores } if !(1..=MAX_MEAN).contains(&scores) => {
                Some((scores as f64, "the mean of 1 to 100000 scores"))
            }
            Smoothing::Exponential { decay } if !(0.0..1.0).contains(&decay) => {
                Some((decay, "a decay of 0 or above and below 1"))
            }
            _ => None,
        }
    }

    /// Smooths the scores of one video.
    ///
    /// # Panics
    ///
    /// Panics if the setting is out of range.
    ///
    /// ```
    /// use memae_models::score::Smoothing;
    ///
    /// let scores = [4.0, 0.0, 2.0, 2.0];
    /// assert_eq!(Smoothing::Mean { scores: 2 }.apply(&scores), [4.0, 2.0, 1.0, 2.0]);
    /// assert_eq!(Smoothing::Exponential { decay: 0.5 }.apply(&scores), [4.0, 2.0, 2.0, 2.0]);
    /// ```
    pub fn apply(self, scores: &[f64]) -> Vec<f64> {
        if let Some((found, expected)) = self.problem() {
            panic!("smoothing is {found}, expected {expected}");
        }
        let mut smoother = Smoother::new(self);
        scores.iter().map(|score| smoother.push(*score)).collect()
    }
}

/// Smooths scores as they come.
#[derive(Debug, Clone)]
pub(crate) struct Smoother {
    smoothing: Smoothing,
    /// The last scores, the oldest at `oldest` once all places are taken; of an exponential mean, the
    /// mean itself.
    kept: Vec<f64>,
    oldest: usize,
}

impl Smoother {
    pub(crate) fn new(smoothing: Smoothing) -> Self {
        Self {
            smoothing,
            kept: Vec::new(),
            oldest: 0,
        }
    }

    /// The smoothed score.
    pub(crate) fn push(&mut self, score: f64) -> f64 {
        match self.smoothing {
            Smoothing::Off => score,
            Smoothing::Mean { scores } => {
                if self.kept.len() < scores {
                    self.kept.push(score);
                } else {
                    self.kept[self.oldest] = score;
                    self.oldest = (self.oldest + 1) % scores;
                }
                // From the oldest on, so that the sum does not depend on where it lies.
                let (late, early) = self.kept.split_at(self.oldest);
                early.iter().chain(late).sum::<f64>() / self.kept.len() as f64
            }
            Smoothing::Exponential { decay } => {
                let smooth = match self.kept.first() {
                    Some(smooth) => decay * smooth + (1.0 - decay) * score,
                    None => score,
                };
                self.kept = vec![smooth];
                smooth
            }
        }
    }

    /// Forgets all scores, as at the start of a video.
    pub(crate) fn reset(&mut self) {
        self.kept.clear();
        self.oldest = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_mean_is_that_of_the_last_scores(
            scores in proptest::collection::vec(-9.0f64..9.0, 0..40),
            window in 1usize..13,
        ) {
            let found = Smoothing::Mean { scores: window }.apply(&scores);
            for (index, found) in found.iter().enumerate() {
                let last = &scores[(index + 1).saturating_sub(window)..=index];
                let expected = last.iter().sum::<f64>() / last.len() as f64;
                prop_assert!((found - expected).abs() < 1e-12);
            }
        }

        #[test]
        fn what_comes_later_changes_nothing(
            scores in proptest::collection::vec(-9.0f64..9.0, 1..40),
            decay in 0.0f64..1.0,
            cut in 0usize..40,
        ) {
            let cut = cut.min(scores.len());
            for smoothing in [
                Smoothing::Off,
                Smoothing::Mean { scores: 5 },
                Smoothing::Exponential { decay },
            ] {
                let all = smoothing.apply(&scores);
                prop_assert_eq!(&smoothing.apply(&scores[..cut])[..], &all[..cut]);
            }
        }
    }

    #[test]
    #[should_panic(expected = "smoothing is 0, expected the mean of 1 to 100000 scores")]
    fn a_mean_of_nothing_panics() {
        Smoothing::Mean { scores: 0 }.apply(&[1.0]);
    }

    #[test]
    fn a_reset_is_a_new_start() {
        for smoothing in [
            Smoothing::Mean { scores: 3 },
            Smoothing::Exponential { decay: 0.9 },
        ] {
            let mut smoother = Smoother::new(smoothing);
            for score in [5.0, 7.0, 11.0, 13.0] {
                smoother.push(score);
            }
            smoother.reset();
            assert_eq!(smoother.push(2.0), 2.0);
        }
    }
}
