//! Public data sets, and folders laid out like them.
//!
//! What comes in is files and folders, read through [`format`](crate::format). What goes out is [`sample`](crate::sample)s
//! with their labels: [`Mnist`], [`Cifar10`] and [`ImageFolder`] give labelled images, [`MaskFolder`] the masks of images, [`Kddcup99`] a table,
//! [`VideoSet::open`](crate::sample::VideoSet::open) and [`videos_in`] videos, [`read_frame_labels`] the labels of their
//! frames.

mod cifar10;
mod class_names;
mod clip_scores;
mod error;
mod image_folder;
mod kddcup99;
mod labels;
mod layout;
mod left_out;
mod listing;
mod mnist;

pub use cifar10::{Cifar10, Cifar10Error, read_cifar10_batch};
pub use class_names::ClassNames;
pub use clip_scores::{ClipScores, read_clip_scores};
pub use error::SourceError;
pub use image_folder::{
    ClassFiles, ClippedPixels, ImageFiles, ImageFolder, ImageFolderConfig, ImageFolderError,
    ImageFolderFiles, ImageMaskError, MaskFolder, visit_images,
};
pub use kddcup99::Kddcup99;
pub use labels::{FrameLabels, LabelError, read_frame_labels, read_mask_labels};
pub use layout::{VideoLayout, VideoLayoutError};
pub use left_out::LeftOutFile;
pub use listing::{VideoFolder, names_video, readable_videos_in, videos_in};
pub use mnist::Mnist;
