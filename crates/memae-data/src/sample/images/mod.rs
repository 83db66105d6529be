//! Images in memory, with labels and without.

mod error;
mod labeled;
mod unlabeled;

pub use error::ImagesError;
pub use labeled::{ImageItem, LabeledImages};
pub use unlabeled::Images;
