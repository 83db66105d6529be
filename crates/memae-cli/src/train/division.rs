//! What is trained on, what the loss is watched on, and what the threshold is chosen by.

use memae::data::protocol::{FoldsConfig, NormalParts, NormalPartsConfig, ProtocolError};
use memae::train::TrainError;

use crate::failure::Failure;

/// How samples are divided.
#[derive(Debug, Clone, Copy)]
pub(super) enum Protocol {
    /// Once: a part calibrates.
    Parts(NormalPartsConfig),
    /// Into folds, each of which calibrates in its turn.
    Folds(FoldsConfig),
}

/// Samples divided.
#[derive(Debug, Clone)]
pub(super) struct Division {
    /// The parts of the network that is kept; of folds nothing calibrates.
    pub(super) kept: NormalParts,
    /// Of folds, the parts of the network that each is scored by.
    pub(super) turns: Vec<NormalParts>,
}

impl Protocol {
    /// Divides samples by the group of each; of folds at least `fewest` are to be left to train on.
    pub(super) fn divide(self, groups: &[usize], fewest: usize) -> Result<Division, Failure> {
        match self {
            Self::Parts(parts) => Ok(Division {
                kept: parts.divide(groups).map_err(TrainError::from)?,
                turns: Vec::new(),
            }),
            Self::Folds(config) => {
                let folds = config.divide(groups).map_err(of_folds)?;
                let turns: Vec<NormalParts> = folds.turns().collect();
                let trained_on = turns.iter().map(|parts| parts.train.len()).min();
                match trained_on {
                    Some(found) if found < fewest => Err(Failure::Other(format!(
                        "--folds: found {}, which leaves {found} of {} normal samples to train on, expected at least {fewest}",
                        config.folds,
                        groups.len()
                    ))),
                    _ => Ok(Division {
                        kept: folds.together(),
                        turns,
                    }),
                }
            }
        }
    }

    /// About how many of `samples` are trained on where `parts` divides them: what settings are chosen by.
    pub(super) fn trained_on(self, parts: &NormalParts, samples: usize) -> usize {
        match self {
            Self::Parts(config) => {
                let share = 1.0 - config.select_share - config.calibrate_share;
                (samples as f64 * share) as usize
            }
            Self::Folds(_) => parts.train.len(),
        }
    }
}

/// What can't be divided into folds, in words of the option.
fn of_folds(error: ProtocolError) -> Failure {
    match error {
        ProtocolError::TooFewGroupsForFolds {
            folds,
            groups,
            samples,
        } => Failure::Other(match groups {
            ..3 => format!(
                "--folds: found {samples} normal samples in {groups} groups, expected at least 3 groups, one for each fold and one that \
                 is only watched"
            ),
            _ => format!(
                "--folds: found {folds}, expected 2 to {} of {samples} normal samples in {groups} groups, one for each fold and one that \
                 is only watched",
                groups - 1
            ),
        }),
        other => TrainError::from(other).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(folds: usize, groups: &[usize], fewest: usize) -> String {
        let protocol = Protocol::Folds(FoldsConfig::default().with_folds(folds));
        let divided = protocol.divide(groups, fewest);
        divided.expect_err("too few").to_string()
    }

    #[test]
    fn folds_that_cannot_be_are_told_by_their_option() {
        assert_eq!(
            message(7, &[0, 1, 1, 2, 3], 2),
            "--folds: found 7, expected 2 to 3 of 5 normal samples in 4 groups, one for each fold and one that is only watched"
        );
        assert_eq!(
            message(2, &[0, 1, 1], 2),
            "--folds: found 3 normal samples in 2 groups, expected at least 3 groups, one for each fold and one that is only watched"
        );
        assert_eq!(
            message(2, &[0, 1, 2, 3, 4], 3),
            "--folds: found 2, which leaves 2 of 5 normal samples to train on, expected at least 3"
        );
    }

    #[test]
    fn of_folds_nothing_is_kept_from_the_network_but_what_is_watched() {
        let groups: Vec<usize> = (0..60).collect();
        let protocol = Protocol::Folds(FoldsConfig::default());
        let division = protocol.divide(&groups, 4).expect("enough");
        assert_eq!(division.turns.len(), 5);
        assert_eq!(protocol.trained_on(&division.kept, 60), 54);
        assert!(division.kept.calibrate.is_empty());
        let protocol = Protocol::Parts(NormalPartsConfig::default());
        let division = protocol.divide(&groups, 4).expect("enough");
        assert!(division.turns.is_empty());
        assert_eq!(protocol.trained_on(&division.kept, 60), 42);
        assert_eq!(division.kept.calibrate.len(), 12);
    }
}
