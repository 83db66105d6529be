//! Data sources, protocols and metrics for unsupervised anomaly detection.
//!
//! This crate has no models. It brings data to a detector and judges the scores that come back:
//!
//! | module | from | to |
//! |---|---|---|
//! | [`source`] | image files, the network, or a generator | [`LabeledImages`] |
//! | [`source`] | video files, folders of frames, memory, or a generator | [`Video`], [`TestVideo`] with labels and masks |
//! | [`source`] | CSV files, KDDCUP99 | [`Table`]: numbers, categories and labels of rows |
//! | [`source`] | .npy, .mat, CSV and mask files | arrays, frame labels, [`Mask`]s |
//! | [`TableEncoderConfig`] | tables | [`Vectors`]: categories one-hot, numbers scaled |
//! | [`protocol`] | labelled images and tables | what to train on, what to test, what is anomalous |
//! | [`ClipsConfig`] | videos | [`Clips`]: sliding clips of frames, scaled and cached |
//! | [`metrics`] | anomaly scores and labels | ROC AUC, average precision, curves; precision, recall and F1; frame-level and pixel-level AUC of videos |
//!
//! Labelled images are a [`Dataset`](burn_dataset::Dataset) of [`ImageItem`]s, clips are one of [`ClipItem`]s and vectors
//! one of `Vec<f32>`, as Burn's data loaders take them.
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
//! A video's clips are scored in order, and the scores are judged by the protocol of published figures and by one that a
//! live camera can use. Here the score of a clip is the brightest value in its middle frame.
//!
//! ```
//! use memae_data::metrics::{VideoProtocol, VideoScores, frame_auc};
//! use memae_data::{ClipLayout, ClipsConfig, ImageShape, TestVideo, Video};
//!
//! let shape = ImageShape { channels: 1, height: 1, width: 2 };
//! let pixels = vec![10, 12, 11, 10, 12, 90, 13, 80, 10, 11, 12, 13];
//! let test = TestVideo::new(Video::in_memory("camera", shape, pixels)?)
//!     .with_labels(vec![false, false, true, true, false, false]);
//!
//! let layout = ClipLayout::new(3)?;
//! let clips = ClipsConfig::default().with_layout(layout).with_keep_size().open(&[test.video.clone()])?;
//! let mut scores = Vec::new();
//! for clip in clips.stream(clips.clips_of(0).collect(), 1) {
//!     let values = clip?.values; // [channels, time, height, width]
//!     scores.push(f64::from(values[2..4].iter().copied().fold(f32::MIN, f32::max)));
//! }
//! let labels = test.labels()?.expect("given above");
//! let video = VideoScores::from_clips(&scores, labels, layout.scored_frames(labels.len()))?;
//! assert_eq!(frame_auc(&[video], VideoProtocol::Reference, None)?.auc, 1.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is promised
//!
//! - Digits, walkways, permutations and splits of a seed are the same on every platform and in every release.
//! - No input file makes a reader panic or allocate without bound; every error names the file, the place, what was
//!   found and what was expected, in one line.
//! - A clip has the same values whatever the order, the number of threads and the memory for decoded frames.
//! - Metrics agree with scikit-learn. What has no value is an error, never NaN.
//!
//! # Features
//!
//! - `download`: `Mnist::download`, which fetches MNIST into the cache folder of burn-dataset.

#![forbid(unsafe_code)]

mod dataset;
mod drawn;
mod encode;
mod format;
pub mod metrics;
pub mod protocol;
mod random;
mod replace_file;
mod sample;

pub use encode::clips::layout::{ClipLayout, ClipLayoutError};
pub use encode::clips::{ClipItem, ClipStream, Clips, ClipsConfig, PixelRange};
#[doc(hidden)]
pub use encode::table::number_as_text;
pub use encode::table::{
    NumericScale, TableEncoder, TableEncoderConfig, TableEncoderError, UnknownCategory,
};
pub use metrics::{
    Detection, FrameAuc, MetricError, PixelRanking, PixelScores, PrecisionRecallCurve, RocCurve,
    ScoreRange, VideoMetricError, VideoProtocol, VideoScores, average_precision,
    detection_at_share, detection_at_threshold, frame_auc, precision_recall_curve, roc_auc,
    roc_curve,
};
pub use protocol::{
    NormalLabels, OneClass, OneClassConfig, ProtocolError, Split, TableOneClass,
    TableOneClassConfig, TableVectors, holdout,
};
pub use replace_file::replace_file;
pub use sample::images::{ImageItem, ImageShape, ImagesError, LabeledImages};
pub use sample::mask::{Mask, MaskError};
pub use sample::vectors::{Vectors, VectorsError};
pub use source::{
    Cifar10, ClassNames, Digits, DigitsConfig, Ffmpeg, Frame, FrameColour, FrameFormat,
    ImageFolder, ImageFolderConfig, Kddcup99, Mnist, Numbering, SourceError, Table, TableConfig,
    TestVideo, Video, VideoLayout, VideoSet, Walkway, WalkwayAnomaly, WalkwayConfig, WalkwayError,
    WalkwayKind, WalkwayVideo, read_clip_scores, read_frame_labels, videos_in,
};

/// Where data comes from.
pub mod source {
    pub use crate::dataset::cifar10::{Cifar10, Cifar10Error, read_cifar10_batch};
    pub use crate::dataset::class_names::ClassNames;
    pub use crate::dataset::clip_scores::{ClipScores, read_clip_scores};
    pub use crate::dataset::error::SourceError;
    pub use crate::dataset::image_folder::{ImageFolder, ImageFolderConfig, ImageFolderError};
    pub use crate::dataset::kddcup99::Kddcup99;
    pub use crate::dataset::labels::{
        FrameLabels, LabelError, read_frame_labels, read_mask_labels,
    };
    pub use crate::dataset::layout::{VideoLayout, VideoLayoutError, VideoSet};
    pub(crate) use crate::dataset::listing::videos_except;
    pub use crate::dataset::listing::videos_in;
    pub use crate::dataset::mnist::Mnist;
    pub use crate::drawn::digits::{Digits, DigitsConfig};
    pub use crate::drawn::walkway::{
        Walkway, WalkwayAnomaly, WalkwayConfig, WalkwayError, WalkwayKind, WalkwayVideo,
    };
    pub use crate::format::ffmpeg::Ffmpeg;
    pub use crate::format::frame_files::{FrameFilesError, Numbering};
    pub use crate::format::idx::{IdxArray, IdxError, IdxLimits, read_idx, write_idx};
    pub use crate::format::image_file::{ImageFileError, read_mask};
    pub use crate::format::mat::{MatArray, MatError, MatLimits, MatValue, MatVariable, read_mat};
    pub use crate::format::npy::{NpyArray, NpyError, NpyLimits, read_npy, read_npy_vector};
    pub(crate) use crate::format::short_text::shortened;
    pub use crate::sample::table::{
        Categories, ColumnId, ColumnKind, ColumnValues, FieldPlace, Header, Table, TableColumn,
        TableConfig, TableError,
    };
    pub(crate) use crate::sample::table::{counted_columns, listed};
    pub(crate) use crate::sample::video::located;
    pub use crate::sample::video::{
        Frame, FrameColour, FrameFormat, Frames, MaskSource, ResizeFilter, TestVideo, Video,
        VideoError,
    };
}
