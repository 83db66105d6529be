//! The one-class protocol: one class is normal, every other class is anomalous.

use serde::{Deserialize, Serialize};

use super::error::{ProtocolError, check_share};
use super::split::split_at;
use crate::sample::LabeledImages;

/// Random streams of one seed, so that no draw repeats another's choices.
const STREAM_SPLIT: u64 = 1;
const STREAM_ANOMALIES: u64 = 2;

/// Which images may be trained on.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Split {
    /// The data set's own division into training and test images.
    #[default]
    Official,
    /// All images pooled, then the normal class divided at random; every image of another class is a test image.
    Random {
        /// Share of the normal class to train on, in (0, 1); the paper takes 2/3.
        train_share: f64,
        /// Seed of the division.
        seed: u64,
    },
}

impl Split {
    /// The division of the paper: two thirds of the normal class, drawn by `seed`, are trained on.
    pub fn two_to_one(seed: u64) -> Self {
        Self::Random {
            train_share: 2.0 / 3.0,
            seed,
        }
    }
}

/// Settings of the one-class protocol.
///
/// Trained on are the images of one class, the normal class. The test set holds the other images of that class and
/// images of all other classes, the anomalies. Source: section 4.1 of Gong et al., ICCV 2019, where a third of the
/// normal class is tested and about 30 % of the test set is anomalous.
///
/// ```
/// use memae_data::drawn::DigitsConfig;
/// use memae_data::protocol::{OneClassConfig, Split};
///
/// let digits = DigitsConfig::default()
///     .with_train_per_class(20)
///     .with_test_per_class(10)
///     .generate();
/// let data = OneClassConfig::new(9)
///     .with_split(Split::two_to_one(1))
///     .with_anomaly_share(0.3)
///     .apply(&digits.train, &digits.test)?;
/// assert_eq!(data.train.len(), 20); // two thirds of 30 nines
/// assert_eq!(data.normal(), 10);
/// assert_eq!(data.anomalies(), 4); // 4 of 14 is the closest to 30 %
/// # Ok::<(), memae_data::protocol::ProtocolError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OneClassConfig {
    /// The class to train on.
    pub normal_class: u8,
    /// Which images may be trained on.
    #[serde(default)]
    pub split: Split,
    /// Share of anomalies in the test set, in (0, 1), reached by drawing among them; `None` keeps them all.
    #[serde(default)]
    pub anomaly_share: Option<f64>,
    /// Seed of the draw among the anomalies.
    #[serde(default)]
    pub seed: u64,
}

impl OneClassConfig {
    /// `normal_class` is normal; the official split, all anomalies, seed 0.
    pub fn new(normal_class: u8) -> Self {
        Self {
            normal_class,
            split: Split::Official,
            anomaly_share: None,
            seed: 0,
        }
    }

    /// Sets which images may be trained on.
    pub fn with_split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// Sets the share of anomalies in the test set, in (0, 1).
    pub fn with_anomaly_share(mut self, share: impl Into<Option<f64>>) -> Self {
        self.anomaly_share = share.into();
        self
    }

    /// Sets the seed of the draw among the anomalies.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Divides labelled images as the protocol says.
    ///
    /// Images keep their order; with [`Split::Random`] the training images come before the test images. The number
    /// of anomalies is the one whose share is closest to the share asked for, given all normal test images.
    ///
    /// # Errors
    ///
    /// A share is not in (0, 1); the shapes of the two sets differ; the normal class is absent or has too few images
    /// to divide; there is no image of another class; the share of anomalies asks for more images than there are, or
    /// for none.
    pub fn apply(
        &self,
        train: &LabeledImages,
        test: &LabeledImages,
    ) -> Result<OneClass, ProtocolError> {
        if let Split::Random { train_share, .. } = self.split {
            check_share("training share", train_share)?;
        }
        if let Some(share) = self.anomaly_share {
            check_share("anomaly share", share)?;
        }
        if train.shape() != test.shape() {
            return Err(ProtocolError::ShapeMismatch {
                train: train.shape(),
                test: test.shape(),
            });
        }
        match self.split {
            Split::Official => {
                let normal = self.normal_indices(train, "training images")?;
                let test_normal = self.normal_indices(test, "test images")?;
                self.divide(train, &normal, test, &test_normal, train.len())
            }
            Split::Random { train_share, seed } => {
                let pool = train.concat(test)?;
                let normal = self.normal_indices(&pool, "training and test images")?;
                let count = normal.len();
                if count < 2 {
                    return Err(ProtocolError::TooFew {
                        class: self.normal_class,
                        found: count,
                    });
                }
                // Neither part may be empty, however small the share of a small class.
                let trained = ((count as f64 * train_share).round() as usize).clamp(1, count - 1);
                let (first, second) = split_at(count, count - trained, seed, STREAM_SPLIT);
                let of_class = |part: Vec<usize>| -> Vec<usize> {
                    part.into_iter().map(|index| normal[index]).collect()
                };
                self.divide(&pool, &of_class(first), &pool, &of_class(second), 0)
            }
        }
    }

    fn normal_indices(
        &self,
        images: &LabeledImages,
        place: &'static str,
    ) -> Result<Vec<usize>, ProtocolError> {
        let indices = images.indices_of(self.normal_class);
        if indices.is_empty() {
            return Err(ProtocolError::UnknownClass {
                place,
                class: self.normal_class,
                present: images.classes(),
            });
        }
        Ok(indices)
    }

    /// `normal` of `train` are trained on; `test_normal` and anomalies of `test` are tested. So many images come before
    /// those of `test`.
    fn divide(
        &self,
        train: &LabeledImages,
        normal: &[usize],
        test: &LabeledImages,
        test_normal: &[usize],
        before_test: usize,
    ) -> Result<OneClass, ProtocolError> {
        let anomalies = self.draw_anomalies(test, test_normal.len())?;
        let mut tested = [test_normal, &anomalies].concat();
        tested.sort_unstable();
        let test = test.select(&tested);
        let anomalous = test
            .labels()
            .iter()
            .map(|&label| label != self.normal_class)
            .collect();
        Ok(OneClass {
            normal_class: self.normal_class,
            train: train.select(normal),
            test,
            anomalous,
            train_indices: normal.to_vec(),
            test_indices: tested
                .into_iter()
                .map(|index| before_test + index)
                .collect(),
        })
    }

    fn draw_anomalies(
        &self,
        test: &LabeledImages,
        normal: usize,
    ) -> Result<Vec<usize>, ProtocolError> {
        let available: Vec<usize> = (0..test.len())
            .filter(|&index| test.label(index) != self.normal_class)
            .collect();
        let count = available.len();
        if count == 0 {
            return Err(ProtocolError::NoAnomalies {
                class: self.normal_class,
            });
        }
        let Some(share) = self.anomaly_share else {
            return Ok(available);
        };
        let wanted = (normal as f64 * share / (1.0 - share)).round();
        if wanted < 1.0 || wanted > count as f64 {
            let share_of = |anomalies: usize| anomalies as f64 / (anomalies + normal) as f64;
            return Err(ProtocolError::UnreachableShare {
                found: share,
                normal,
                anomalies: count,
                lowest: share_of(1),
                highest: share_of(count),
            });
        }
        let (_, drawn) = split_at(count, wanted as usize, self.seed, STREAM_ANOMALIES);
        Ok(drawn.into_iter().map(|index| available[index]).collect())
    }
}

/// Images divided by the one-class protocol.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OneClass {
    /// The class trained on.
    pub normal_class: u8,
    /// Training images, all of the normal class.
    pub train: LabeledImages,
    /// Test images, of the normal class and of others.
    pub test: LabeledImages,
    /// Whether each test image is of another class than the normal one, `[test images]`.
    pub anomalous: Vec<bool>,
    /// Which of the images given each training image is, `[training images]`. Those given for training are counted
    /// first, from 0, then those given for testing.
    pub train_indices: Vec<usize>,
    /// Which of the images given each test image is, counted as in `train_indices`, `[test images]`.
    pub test_indices: Vec<usize>,
}

impl OneClass {
    /// Number of normal test images.
    pub fn normal(&self) -> usize {
        self.anomalous.len() - self.anomalies()
    }

    /// Number of anomalous test images.
    pub fn anomalies(&self) -> usize {
        self.anomalous
            .iter()
            .filter(|&&anomalous| anomalous)
            .count()
    }
}
