//! Normal samples in three parts, group by group: what is trained on, what settings look at, what the threshold looks at.

use serde::{Deserialize, Serialize};

use super::error::{ProtocolError, check_share};
use super::whole_groups::WholeGroups;

/// Random stream of the division, apart from those of other protocols.
const STREAM: u64 = 3;

/// How normal samples are divided: most are trained on, epochs and settings look at the part *select*, and nothing but the
/// threshold looks at the part *calibrate*.
///
/// Samples of one group stay together: pictures of one part, clips of one video, which are so alike that one of them in training
/// would make the others look more normal than a new one.
///
/// ```
/// use memae_data::protocol::NormalPartsConfig;
///
/// let videos = [[0; 40], [1; 40], [2; 40], [3; 40], [4; 40]].concat();
/// let parts = NormalPartsConfig::default().with_seed(1).divide(&videos)?;
/// assert_eq!((parts.train.len(), parts.select.len(), parts.calibrate.len()), (120, 40, 40));
/// # Ok::<(), memae_data::protocol::ProtocolError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct NormalPartsConfig {
    /// Share of the samples that epochs and settings are chosen by, in (0, 1). Default: 0.1.
    pub select_share: f64,
    /// Share of the samples that the threshold is chosen by, in (0, 1). Default: 0.2.
    pub calibrate_share: f64,
    /// Seed of the division. Default: 0.
    pub seed: u64,
}

impl Default for NormalPartsConfig {
    fn default() -> Self {
        Self {
            select_share: 0.1,
            calibrate_share: 0.2,
            seed: 0,
        }
    }
}

/// Indices of normal samples in three parts, each in ascending order; none that [`NormalPartsConfig`] divides is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NormalParts {
    /// What is trained on.
    pub train: Vec<usize>,
    /// What epochs and settings are chosen by.
    pub select: Vec<usize>,
    /// What the threshold is chosen by, and nothing else.
    pub calibrate: Vec<usize>,
}

impl NormalParts {
    /// Parts that were divided in another way.
    pub fn new(train: Vec<usize>, select: Vec<usize>, calibrate: Vec<usize>) -> Self {
        Self {
            train,
            select,
            calibrate,
        }
    }
}

impl NormalPartsConfig {
    /// Sets the share that epochs and settings are chosen by, in (0, 1).
    pub fn with_select_share(mut self, share: f64) -> Self {
        self.select_share = share;
        self
    }

    /// Sets the share that the threshold is chosen by, in (0, 1).
    pub fn with_calibrate_share(mut self, share: f64) -> Self {
        self.calibrate_share = share;
        self
    }

    /// Sets the seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Checks the shares.
    ///
    /// # Errors
    ///
    /// A share that is not in (0, 1), or two that leave nothing to train on.
    pub fn validate(&self) -> Result<(), ProtocolError> {
        check_share("share to select by", self.select_share)?;
        check_share("share to calibrate by", self.calibrate_share)?;
        check_share(
            "share to select and to calibrate by together",
            self.select_share + self.calibrate_share,
        )
    }

    /// Divides samples of which each is a group of its own.
    ///
    /// # Errors
    ///
    /// As [`divide`](Self::divide).
    pub fn divide_single(&self, samples: usize) -> Result<NormalParts, ProtocolError> {
        let groups: Vec<usize> = (0..samples).collect();
        self.divide(&groups)
    }

    /// Divides samples by the group of each: whole groups, drawn at random, until a part has about its share of the samples. Each part
    /// has at least one group.
    ///
    /// # Errors
    ///
    /// A share out of range; fewer than three groups.
    pub fn divide(&self, groups: &[usize]) -> Result<NormalParts, ProtocolError> {
        self.validate()?;
        let mut whole = WholeGroups::new(groups);
        if whole.len() < 3 {
            return Err(ProtocolError::TooFewGroups {
                groups: whole.len(),
                samples: groups.len(),
            });
        }
        whole.shuffle(self.seed, STREAM);
        let calibrate = whole.take(self.calibrate_share, 2);
        let select = whole.take(self.select_share, 1);
        let train = whole.deal(1).concat();
        Ok(NormalParts {
            train,
            select,
            calibrate,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    proptest! {
        #[test]
        fn parts_are_whole_groups_and_make_the_whole(
            sizes in proptest::collection::vec(1usize..9, 3..40), seed: u64,
            (select, calibrate) in (0.01..0.5, 0.01..0.49),
        ) {
            // Samples of a group need not be neighbours.
            let mut groups: Vec<usize> = sizes.iter().enumerate().flat_map(|(group, &size)| vec![group * 3; size]).collect();
            Random::new(seed, 9).shuffle(&mut groups);
            let config = NormalPartsConfig::default()
                .with_select_share(select)
                .with_calibrate_share(calibrate)
                .with_seed(seed);
            let parts = config.divide(&groups).unwrap();
            let mut all = [&parts.train[..], &parts.select, &parts.calibrate].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..groups.len()).collect::<Vec<_>>());
            let of = |part: &[usize]| -> Vec<usize> {
                let mut of: Vec<usize> = part.iter().map(|&sample| groups[sample]).collect();
                of.sort_unstable();
                of.dedup();
                of
            };
            let [train, select_groups, calibrate_groups] = [&parts.train, &parts.select, &parts.calibrate].map(|part| of(part));
            for (part, of) in [(&parts.train, &train), (&parts.select, &select_groups), (&parts.calibrate, &calibrate_groups)] {
                prop_assert!(!part.is_empty() && part.is_sorted());
                let size: usize = of.iter().map(|group| sizes[group / 3]).sum();
                prop_assert_eq!(part.len(), size, "a group is in two parts");
            }
            // As near to its share as the sizes of groups allow.
            let largest = sizes.iter().copied().max().unwrap_or(0) as f64;
            let off = (parts.calibrate.len() as f64 - calibrate * groups.len() as f64).abs();
            prop_assert!(off <= largest, "{} of {}", parts.calibrate.len(), groups.len());
        }
    }

    #[test]
    fn single_samples_have_their_shares_to_the_sample() {
        let parts = NormalPartsConfig::default().divide_single(1000).unwrap();
        let sizes = [parts.train.len(), parts.select.len(), parts.calibrate.len()];
        assert_eq!(sizes, [700, 100, 200]);
        let other = NormalPartsConfig::default()
            .with_seed(1)
            .divide_single(1000)
            .unwrap();
        assert_ne!(parts, other);
        assert_eq!(NormalPartsConfig::default().divide_single(1000), Ok(parts));
    }

    /// Of groups of 4 samples, 12 are nearer to a share of 10.5 than 8 are.
    #[test]
    fn a_part_ends_where_it_is_nearest_to_its_share() {
        let groups: Vec<usize> = (0..40).map(|sample| sample / 4).collect();
        let parts = NormalPartsConfig::default()
            .with_calibrate_share(0.2625)
            .divide(&groups)
            .unwrap();
        assert_eq!(parts.calibrate.len(), 12);
    }

    /// The indices of a seed are a promise across platforms and releases.
    #[test]
    fn indices_are_pinned() {
        let parts = NormalPartsConfig::default().divide_single(10).unwrap();
        assert_eq!((parts.select, parts.calibrate), (vec![2], vec![1, 7]));
    }

    #[test]
    fn what_cannot_be_divided_is_an_error() {
        let message = |config: NormalPartsConfig, groups: &[usize]| {
            config.divide(groups).unwrap_err().to_string()
        };
        let config = NormalPartsConfig::default();
        assert_eq!(
            message(config, &[4, 4, 4, 5]),
            "normal samples: found 4 in 2 groups, expected at least 3 groups, one for each of training, selection and calibration"
        );
        assert_eq!(
            message(config.with_calibrate_share(0.9), &[1, 2, 3]),
            "share to select and to calibrate by together: found 1, expected a number between 0 and 1, both excluded"
        );
        assert!(
            message(config.with_select_share(f64::NAN), &[1, 2, 3])
                .starts_with("share to select by: found NaN")
        );
    }
}
