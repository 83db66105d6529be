//! Images in folders, each folder a class.

mod config;
mod error;
mod images;
mod layout;
mod mask_error;
mod masks;
mod read;
mod walk;

pub use config::ImageFolderConfig;
pub use error::ImageFolderError;
pub use images::{ClippedPixels, ImageFolder};
pub use mask_error::ImageMaskError;
pub use masks::MaskFolder;
