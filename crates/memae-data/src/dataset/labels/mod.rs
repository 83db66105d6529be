//! Frame labels from files: .npy, .mat (version 5), CSV and folders of masks.

mod csv;
mod error;
mod frame_labels;
mod mat;
mod npy;
mod read;

pub use error::LabelError;
pub use frame_labels::FrameLabels;
pub use read::{read_frame_labels, read_mask_labels};
