//! What lies at the paths that a command is given.

mod column_texts;
mod distinct;
mod kind;
mod parts;
mod pictures;
mod table;
mod videos;

pub(crate) use distinct::Distinct;
pub(crate) use kind::{InputKind, kind_of};
pub(crate) use parts::PartOptions;
pub(crate) use pictures::normal_pictures;
pub(crate) use table::{TableOptions, columns_of, refused};
pub(crate) use videos::{NormalVideos, normal_videos};
