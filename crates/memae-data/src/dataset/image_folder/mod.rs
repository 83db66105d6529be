//! Images in folders, each folder a class.

mod config;
mod error;
mod files;
mod images;
mod layout;
mod mask_error;
mod masks;
mod read;
mod visit;
mod walk;

pub use config::ImageFolderConfig;
pub use error::ImageFolderError;
pub use files::ImageFiles;
pub use images::{ClippedPixels, ImageFolder};
pub use layout::{ClassFiles, ImageFolderFiles};
pub use mask_error::ImageMaskError;
pub use masks::MaskFolder;
pub use visit::visit_images;
