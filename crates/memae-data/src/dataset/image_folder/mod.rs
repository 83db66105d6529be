//! Images in folders, each folder a class.

mod config;
mod error;
mod read;

pub use config::ImageFolderConfig;
pub use error::ImageFolderError;
pub use read::ImageFolder;
