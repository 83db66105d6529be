//! Data sources, protocols and metrics for unsupervised anomaly detection.
//!
//! This crate has no models. It brings data to a detector and judges the scores that come back:
//!
//! | module | from | to |
//! |---|---|---|
//! | [`source`] | files, the network, or a generator | [`LabeledImages`] |
//! | [`protocol`] | labelled images | what to train on, what to test, what is anomalous |
//! | [`metrics`] | anomaly scores and labels | ROC AUC, average precision, curves; frame-level and pixel-level AUC of videos |
//!
//! Labelled images are a [`Dataset`](burn_dataset::Dataset) of [`ImageItem`]s, as Burn's data loaders take them.
//!
//! # Example
//!
//! The digit 0 is normal, every other digit is an anomaly, and the anomaly score is the distance to the nearest
//! training image. No files are needed: the digits are drawn by this crate.
//!
//! ```
//! use memae_data::{DigitsConfig, OneClassConfig, roc_auc};
//!
//! let digits = DigitsConfig::default()
//!     .with_train_per_class(100)
//!     .with_test_per_class(20)
//!     .generate();
//! let data = OneClassConfig::new(0).apply(&digits.train, &digits.test)?;
//! assert_eq!((data.train.len(), data.normal(), data.anomalies()), (100, 20, 180));
//!
//! let distance = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum() };
//! let normal: Vec<Vec<f32>> = (0..data.train.len()).map(|index| data.train.scaled(index)).collect();
//! let scores: Vec<f64> = (0..data.test.len())
//!     .map(|index| {
//!         let image = data.test.scaled(index);
//!         let nearest = normal.iter().map(|other| distance(&image, other));
//!         f64::from(nearest.fold(f32::INFINITY, f32::min))
//!     })
//!     .collect();
//!
//! let auc = roc_auc(&scores, &data.anomalous)?;
//! assert!(auc > 0.95, "{auc}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is promised
//!
//! - Digits, permutations and splits of a seed are the same on every platform and in every release.
//! - No input file makes a reader panic or allocate without bound; every error names the file, the place, what was
//!   found and what was expected, in one line.
//! - Metrics agree with scikit-learn. What has no value is an error, never NaN.
//!
//! # Features
//!
//! - `download`: `Mnist::download`, which fetches MNIST into the cache folder of burn-dataset.

#![forbid(unsafe_code)]

mod clip_layout;
mod images;
mod mask;
pub mod metrics;
pub mod protocol;
mod random;
mod replace_file;
pub mod source;

pub use clip_layout::{ClipLayout, ClipLayoutError};
pub use images::{ImageItem, ImageShape, ImagesError, LabeledImages};
pub use mask::{Mask, MaskError};
pub use metrics::{
    FrameAuc, MetricError, PixelRanking, PixelScores, PrecisionRecallCurve, RocCurve, ScoreRange,
    VideoMetricError, VideoProtocol, VideoScores, average_precision, frame_auc,
    precision_recall_curve, roc_auc, roc_curve,
};
pub use protocol::{OneClass, OneClassConfig, ProtocolError, Split, holdout};
pub use replace_file::replace_file;
pub use source::{Digits, DigitsConfig, Mnist, SourceError, read_clip_scores, read_frame_labels};
