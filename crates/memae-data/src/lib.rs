//! Data sources, protocols and metrics for unsupervised anomaly detection.
//!
//! This crate has no models. It brings data to a detector and judges the scores that come back. The data goes through its
//! modules from top to bottom, and no module takes anything from one that the data reaches later:
//!
//! | module | from | to |
//! |---|---|---|
//! | [`mod@format`] | bytes of IDX, .npy, .mat, CSV, image and video files | arrays, decoded pixels, rows of fields |
//! | [`dataset`] | files and folders: MNIST, CIFAR-10, KDDCUP99, image folders, data sets of videos, frame labels | samples with their labels |
//! | [`drawn`] | settings and a seed | digits and videos that this crate draws |
//! | [`sample`] | plain values, and image files by one [`ImagePreprocessing`](sample::ImagePreprocessing) | [`LabeledImages`](sample::LabeledImages), [`Images`](sample::Images), [`Video`](sample::Video), [`TestVideo`](sample::TestVideo) with labels and masks, [`Table`](sample::Table), [`Vectors`](sample::Vectors), and their shapes |
//! | [`encode`] | videos and tables | [`Clips`](encode::Clips): sliding clips of frames, scaled and cached; vectors: categories one-hot, numbers scaled |
//! | [`synthetic`] | normal rows and videos | anomalies made of them, to choose settings by where nobody has labels |
//! | [`protocol`] | labelled images and tables | what to train on, what to test, what is anomalous |
//! | [`metrics`] | anomaly scores and labels | ROC AUC, average precision, curves; precision, recall and F1; frame-level AUC of videos; pixel-level AUC and AUPRO of images and frames |
//!
//! Labelled images are a [`Dataset`](burn_dataset::Dataset) of [`ImageItem`](sample::ImageItem)s, clips are one of
//! [`ClipItem`](encode::ClipItem)s and vectors one of `Vec<f32>`, as Burn's data loaders take them.
//!
//! # Example
//!
//! The digit 0 is normal, every other digit is an anomaly, and the anomaly score is the distance to the nearest
//! training image. No files are needed: the digits are drawn by this crate.
//!
//! ```
//! use memae_data::drawn::DigitsConfig;
//! use memae_data::metrics::roc_auc;
//! use memae_data::protocol::OneClassConfig;
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
//! use memae_data::encode::{ClipLayout, ClipsConfig};
//! use memae_data::metrics::{VideoProtocol, VideoScores, frame_auc};
//! use memae_data::sample::{ImageShape, TestVideo, Video};
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
//! - Digits, walkways, roads, permutations and splits of a seed are the same on every platform and in every release.
//! - No input file makes a reader panic or allocate without bound; every error names the file, the place, what was
//!   found and what was expected, in one line.
//! - A clip has the same values whatever the order, the number of threads and the memory for decoded frames.
//! - Metrics agree with scikit-learn. What has no value is an error, never NaN.
//!
//! # Features
//!
//! - `files` (on by default): whatever opens files or folders, starts FFmpeg's programs or makes temporary files: [`dataset`],
//!   `read_…` and `write_…` in [`mod@format`]. Without it, files are decoded from their bytes, and the crate builds for
//!   `wasm32-unknown-unknown`; there a program gives `getrandom`, which burn-dataset brings along, its feature `wasm_js`.
//! - `threads` (on by default): clips are decoded ahead by threads. Without it they are decoded as they are asked for.
//! - `download`: `Mnist::download`, which fetches MNIST into the cache folder of burn-dataset.

#![forbid(unsafe_code)]

#[cfg(feature = "files")]
pub mod dataset;
pub mod drawn;
pub mod encode;
pub mod format;
pub mod metrics;
pub mod protocol;
mod random;
pub mod sample;
mod short_text;
pub mod synthetic;
