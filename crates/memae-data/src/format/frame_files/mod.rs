//! The image files of a folder, in the order of their numbers.

mod error;
mod folder;
mod order;

pub use error::FrameFilesError;
pub(crate) use folder::{
    entries, entries_counting, is_hidden, is_image, is_unread_image, natural_order,
};
pub use order::Numbering;
pub(crate) use order::frame_files;
