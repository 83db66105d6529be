//! Normal samples in folds, group by group, so that each is held out once.

use serde::{Deserialize, Serialize};

use super::error::{ProtocolError, check_share};
use super::parts::NormalParts;
use super::whole_groups::WholeGroups;

/// Random stream of the division, apart from those of other protocols.
const STREAM: u64 = 4;

/// How few normal samples are divided, so that all but the part *select* are held out once: into folds of about equal size, of which each
/// is scored by a network that was trained on all others.
///
/// What one part of a fifth can't promise, as 1 % by 12 samples, the scores of all folds together tell. But they are scores of several
/// networks, and the one that is kept is another still: see [`Calibration::pooled`](super::Calibration::pooled).
///
/// Samples of one group stay together, as in [`NormalPartsConfig`](super::NormalPartsConfig).
///
/// ```
/// use memae_data::protocol::FoldsConfig;
///
/// let folds = FoldsConfig::default().with_folds(3).divide_single(60)?;
/// assert_eq!(folds.select().len(), 6);
/// for parts in folds.turns() {
///     // A network is trained on `parts.train`, and scores `parts.calibrate`.
///     assert_eq!((parts.train.len(), parts.calibrate.len()), (36, 18));
/// }
/// // The one that is kept is trained on all of them.
/// assert_eq!(folds.together().train.len(), 54);
/// # Ok::<(), memae_data::protocol::ProtocolError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct FoldsConfig {
    /// Number of folds, at least 2. Default: 5.
    pub folds: usize,
    /// Share of the samples that epochs and settings are chosen by, the same for all folds, in (0, 1). Default: 0.1.
    pub select_share: f64,
    /// Seed of the division. Default: 0.
    pub seed: u64,
}

impl Default for FoldsConfig {
    fn default() -> Self {
        Self {
            folds: 5,
            select_share: 0.1,
            seed: 0,
        }
    }
}

/// Indices of normal samples in folds and a part to select by, each in ascending order and none of them empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    select: Vec<usize>,
    folds: Vec<Vec<usize>>,
}

impl FoldsConfig {
    /// Sets the number of folds, at least 2.
    pub fn with_folds(mut self, folds: usize) -> Self {
        self.folds = folds;
        self
    }

    /// Sets the share that epochs and settings are chosen by, in (0, 1).
    pub fn with_select_share(mut self, share: f64) -> Self {
        self.select_share = share;
        self
    }

    /// Sets the seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// Fewer than two folds; a share that is not in (0, 1).
    pub fn validate(&self) -> Result<(), ProtocolError> {
        if self.folds < 2 {
            return Err(ProtocolError::FewFolds { found: self.folds });
        }
        check_share("share to select by", self.select_share)
    }

    /// Divides samples of which each is a group of its own.
    ///
    /// # Errors
    ///
    /// As [`divide`](Self::divide).
    pub fn divide_single(&self, samples: usize) -> Result<Folds, ProtocolError> {
        let groups: Vec<usize> = (0..samples).collect();
        self.divide(&groups)
    }

    /// Divides samples by the group of each: whole groups, drawn at random, to select by until they have about their share of the samples,
    /// and all others to folds whose sizes differ by no more than the largest group.
    ///
    /// # Errors
    ///
    /// Settings out of range; not one group for each fold and one more.
    pub fn divide(&self, groups: &[usize]) -> Result<Folds, ProtocolError> {
        self.validate()?;
        let mut whole = WholeGroups::new(groups);
        if whole.len() <= self.folds {
            return Err(ProtocolError::TooFewGroupsForFolds {
                folds: self.folds,
                groups: whole.len(),
                samples: groups.len(),
            });
        }
        whole.shuffle(self.seed, STREAM);
        let select = whole.take(self.select_share, self.folds);
        let folds = whole.deal(self.folds);
        Ok(Folds { select, folds })
    }
}

impl Folds {
    /// How many folds there are.
    pub fn num_folds(&self) -> usize {
        self.folds.len()
    }

    /// What epochs and settings are chosen by.
    pub fn select(&self) -> &[usize] {
        &self.select
    }

    /// The folds, each of which is held out once.
    pub fn folds(&self) -> &[Vec<usize>] {
        &self.folds
    }

    /// Each fold held out in its turn: all others are trained on, and it calibrates.
    pub fn turns(&self) -> impl ExactSizeIterator<Item = NormalParts> {
        (0..self.folds.len()).map(|turn| {
            let train = self.all_but(Some(turn));
            NormalParts::new(train, self.select.clone(), self.folds[turn].clone())
        })
    }

    /// All folds to train on together, and nothing that calibrates.
    pub fn together(&self) -> NormalParts {
        NormalParts::new(self.all_but(None), self.select.clone(), Vec::new())
    }

    fn all_but(&self, held_out: Option<usize>) -> Vec<usize> {
        let numbered = self.folds.iter().enumerate();
        let others = numbered.filter(|(number, _)| Some(*number) != held_out);
        let mut all: Vec<usize> = others.flat_map(|(_, fold)| fold.iter().copied()).collect();
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    proptest! {
        #[test]
        fn each_sample_is_held_out_once_with_its_group(
            sizes in proptest::collection::vec(1usize..9, 3..40), seed: u64, folds in 2usize..12, select in 0.01..0.99,
        ) {
            // Samples of a group need not be neighbours.
            let mut groups: Vec<usize> = sizes.iter().enumerate().flat_map(|(group, &size)| vec![group * 3; size]).collect();
            Random::new(seed, 9).shuffle(&mut groups);
            let config = FoldsConfig::default().with_folds(folds).with_select_share(select).with_seed(seed);
            if folds >= sizes.len() {
                let samples = groups.len();
                let expected = ProtocolError::TooFewGroupsForFolds { folds, groups: sizes.len(), samples };
                prop_assert_eq!(config.divide(&groups), Err(expected));
                return Ok(());
            }
            let divided = config.divide(&groups).unwrap();
            prop_assert_eq!(&divided, &config.divide(&groups).unwrap());
            prop_assert_eq!(divided.num_folds(), folds);
            let mut all = [divided.folds().concat(), divided.select().to_vec()].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..groups.len()).collect::<Vec<_>>());

            let of = |part: &[usize]| -> BTreeSet<usize> { part.iter().map(|&sample| groups[sample]).collect() };
            let mut known = BTreeSet::new();
            for part in divided.folds().iter().map(Vec::as_slice).chain([divided.select()]) {
                prop_assert!(!part.is_empty() && part.is_sorted());
                for group in of(part) {
                    prop_assert!(known.insert(group), "group {} is in two parts", group);
                }
            }
            let lengths = divided.folds().iter().map(Vec::len);
            let (least, most) = (lengths.clone().min().unwrap(), lengths.max().unwrap());
            prop_assert!(most - least <= sizes.iter().copied().max().unwrap(), "{} to {}", least, most);

            let together = divided.together();
            prop_assert!(together.calibrate.is_empty());
            for (parts, fold) in divided.turns().zip(divided.folds()) {
                prop_assert_eq!(&parts.calibrate, fold);
                prop_assert_eq!(&parts.select, divided.select());
                prop_assert!(parts.train.is_sorted() && !parts.train.is_empty());
                let mut both = [&parts.train[..], &parts.calibrate].concat();
                both.sort_unstable();
                prop_assert_eq!(&both, &together.train);
            }
        }
    }

    #[test]
    fn single_samples_are_shared_out_to_the_sample() {
        let lengths = |config: FoldsConfig, samples| -> Vec<usize> {
            let folds = config.divide_single(samples).unwrap();
            folds.folds().iter().map(Vec::len).collect()
        };
        let config = FoldsConfig::default();
        assert_eq!(lengths(config, 60), [11, 11, 11, 11, 10]);
        assert_eq!(lengths(config.with_folds(2), 3), [1, 1]);
        assert_eq!(lengths(config.with_folds(99), 100), [1; 99]);
        let other = config.with_seed(1).divide_single(60);
        assert_ne!(config.divide_single(60), other);
    }

    /// The indices of a seed are a promise across platforms and releases.
    #[test]
    fn indices_are_pinned() {
        let folds = FoldsConfig::default()
            .with_folds(3)
            .divide_single(10)
            .unwrap();
        assert_eq!(folds.select(), [5]);
        assert_eq!(folds.folds(), [[0, 1, 6], [3, 7, 8], [2, 4, 9]]);
    }

    #[test]
    fn what_cannot_be_divided_is_an_error() {
        let message =
            |config: FoldsConfig, groups: &[usize]| config.divide(groups).unwrap_err().to_string();
        let config = FoldsConfig::default();
        assert_eq!(
            message(config.with_folds(1), &[1, 2, 3]),
            "folds: found 1, expected at least 2"
        );
        assert_eq!(
            message(config, &[4, 4, 4, 5]),
            "folds: found 5 of 4 normal samples in 2 groups, expected at least 6 groups, one for each fold and one for selection"
        );
        assert!(message(config.with_folds(usize::MAX), &[1, 2, 3]).contains("in 3 groups"),);
        assert_eq!(
            message(config.with_select_share(1.0), &[1, 2, 3]),
            "share to select by: found 1, expected a number between 0 and 1, both excluded"
        );
    }

    #[test]
    fn settings_are_read_strictly() {
        let config = FoldsConfig::default().with_folds(7).with_seed(3);
        let json = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<FoldsConfig>(&json).unwrap(), config);
        assert!(serde_json::from_str::<FoldsConfig>(r#"{"folds": 3, "fold": 2}"#).is_err());
    }
}
