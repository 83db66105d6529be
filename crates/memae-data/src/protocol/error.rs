use crate::sample::{ImageShape, ImagesError};

/// Why data cannot be divided as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// The normal class does not occur.
    #[error("normal class {class}: not among the {place}, expected one of {present:?}")]
    UnknownClass {
        /// Where the class was looked for.
        place: &'static str,
        /// The class asked for.
        class: u8,
        /// The classes that occur there.
        present: Vec<u8>,
    },
    /// A share is not a number between 0 and 1.
    #[error("{name}: found {found}, expected a number between 0 and 1, both excluded")]
    Share {
        /// Which share.
        name: &'static str,
        /// Its value.
        found: f64,
    },
    /// No number of anomalies gives the share asked for.
    #[error(
        "anomaly share: found {found}, expected {lowest:.4} to {highest:.4}: \
         the test set has {normal} normal images and up to {anomalies} anomalies"
    )]
    UnreachableShare {
        /// The share asked for.
        found: f64,
        /// Normal test images.
        normal: usize,
        /// Anomalous images that can be drawn.
        anomalies: usize,
        /// Share of a single anomaly.
        lowest: f64,
        /// Share of all anomalies.
        highest: f64,
    },
    /// The normal class cannot be divided in two.
    #[error("normal class {class}: found {found} image, expected at least 2 to divide")]
    TooFew {
        /// The normal class.
        class: u8,
        /// Its images.
        found: usize,
    },
    /// Every test image is normal.
    #[error("test images: found only class {class}, expected another class too, as anomalies")]
    NoAnomalies {
        /// The normal class.
        class: u8,
    },
    /// There are not as many groups as parts.
    #[error(
        "normal samples: found {samples} in {groups} groups, expected at least 3 groups, one for each of training, selection \
         and calibration"
    )]
    TooFewGroups {
        /// Groups of samples.
        groups: usize,
        /// Samples.
        samples: usize,
    },
    /// One fold or none: what is held out leaves nothing to train on.
    #[error("folds: found {found}, expected at least 2")]
    FewFolds {
        /// Folds asked for.
        found: usize,
    },
    /// There are not as many groups as folds, and one to select by.
    #[error(
        "folds: found {folds} of {samples} normal samples in {groups} groups, expected at least {} groups, one for each fold and one \
         for selection", folds.saturating_add(1)
    )]
    TooFewGroupsForFolds {
        /// Folds asked for.
        folds: usize,
        /// Groups of samples.
        groups: usize,
        /// Samples.
        samples: usize,
    },
    /// A table has no labels.
    #[error("labels: found none, expected a table with a column of labels")]
    NoLabels,
    /// A label does not occur in a table.
    #[error("label `{label}`: not in the table, expected one of {present}")]
    UnknownLabel {
        /// The label asked for.
        label: String,
        /// The labels that occur, or the first of them.
        present: String,
    },
    /// No row that was drawn to train on is normal.
    #[error("training rows: found {drawn} and none of them normal, expected at least one")]
    NoNormalRows {
        /// Rows that were drawn.
        drawn: usize,
    },
    /// The rows to test are all normal, or all anomalous.
    #[error("test rows: found {normal} normal and {anomalies} anomalous, expected some of both")]
    OneKindOfRows {
        /// Normal rows.
        normal: usize,
        /// Anomalous rows.
        anomalies: usize,
    },
    /// Training and test images differ in shape.
    #[error("test images: found shape {test}, expected {train} as in training")]
    ShapeMismatch {
        /// Shape of a training image.
        train: ImageShape,
        /// Shape of a test image.
        test: ImageShape,
    },
    /// Training and test images cannot be pooled.
    #[error(transparent)]
    Images(#[from] ImagesError),
}

/// A share lies between 0 and 1.
pub(super) fn check_share(name: &'static str, share: f64) -> Result<(), ProtocolError> {
    if share > 0.0 && share < 1.0 {
        Ok(())
    } else {
        Err(ProtocolError::Share { name, found: share })
    }
}
