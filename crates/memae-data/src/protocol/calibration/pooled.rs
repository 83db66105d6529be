//! Scores of several networks as one calibration.

use super::conformal::Calibration;
use super::error::CalibrationError;
use super::held_out::HeldOutScores;

impl Calibration {
    /// The scores of several calibrations as one; no two of them have a group in common. Of folds, each of which was held out from a network
    /// of its own: cross-conformal prediction.
    ///
    /// # What is not promised
    ///
    /// The rate of [`threshold`](Self::threshold) is proved for scores by the one network that scores new samples. Of K networks that are
    /// all kept, with a rule that compares a new sample with each fold by that fold's network (CV+), no more than about twice the rate is
    /// proved. A single network that was trained on all folds afterwards is neither: nothing is proved of it. It has seen more than each of
    /// the K, so that new normal samples usually score a little lower, and fewer than the rate are flagged; a network that depends much on
    /// what it was trained on can be worse.
    ///
    /// Sources: V. Vovk, "Cross-conformal predictors", Annals of Mathematics and Artificial Intelligence 74, 2015; R. F. Barber,
    /// E. Candès, A. Ramdas, R. Tibshirani, "Predictive inference with the jackknife+", Annals of Statistics 49, 2021.
    ///
    /// # Errors
    ///
    /// No calibrations; one that was [condensed](Self::condensed).
    ///
    /// ```
    /// use memae_data::protocol::Calibration;
    ///
    /// let folds = [[1.0, 4.0], [3.0, 2.0]].map(|scores| Calibration::new(&scores));
    /// let [first, second] = folds;
    /// let pooled = Calibration::pooled(&[first?, second?])?;
    /// assert_eq!(pooled, Calibration::new(&[1.0, 2.0, 3.0, 4.0])?);
    /// # Ok::<(), memae_data::protocol::CalibrationError>(())
    /// ```
    pub fn pooled(calibrations: &[Self]) -> Result<Self, CalibrationError> {
        let (mut scores, mut groups, mut before) = (Vec::new(), Vec::new(), 0);
        for calibration in calibrations {
            let HeldOutScores::All(all) = &calibration.held_out else {
                return Err(CalibrationError::Condensed);
            };
            scores.extend_from_slice(&all.scores);
            groups.extend(all.groups.iter().map(|group| before + group));
            before += all.num_groups();
        }
        Self::in_groups(&scores, &groups)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Groups of different calibrations are different ones, whatever they are called.
        #[test]
        fn pooled_scores_are_those_of_all(
            parts in proptest::collection::vec(proptest::collection::vec((-9.0..9.0, 0usize..4), 1..20), 1..6),
            rate in 0.01..0.99,
        ) {
            let calibrations: Vec<Calibration> = parts
                .iter()
                .map(|part| {
                    let (scores, groups): (Vec<f64>, Vec<usize>) = part.iter().copied().unzip();
                    Calibration::in_groups(&scores, &groups).unwrap()
                })
                .collect();
            let pooled = Calibration::pooled(&calibrations).unwrap();
            let numbered = parts.iter().enumerate();
            let all = numbered.flat_map(|(number, part)| part.iter().map(move |(score, group)| (*score, 4 * number + group)));
            let (scores, groups): (Vec<f64>, Vec<usize>) = all.unzip();
            let expected = Calibration::in_groups(&scores, &groups).unwrap();
            prop_assert_eq!((pooled.num_scores(), pooled.num_groups()), (expected.num_scores(), expected.num_groups()));
            prop_assert_eq!(pooled.threshold(rate).unwrap(), expected.threshold(rate).unwrap());
            for score in scores {
                prop_assert_eq!(pooled.p_value(score), expected.p_value(score));
            }
        }
    }

    #[test]
    fn what_cannot_be_pooled_is_an_error() {
        assert_eq!(Calibration::pooled(&[]), Err(CalibrationError::Empty));
        let many: Vec<f64> = (0..=Calibration::MAX_SAVED as u32).map(f64::from).collect();
        let condensed = Calibration::new(&many).unwrap().condensed(0.1).unwrap();
        assert_eq!(
            Calibration::pooled(&[condensed]),
            Err(CalibrationError::Condensed)
        );
    }
}
