//! Files in the formats of public data sets, one format a module.
//!
//! What comes in is bytes that cannot be trusted. What goes out is plain values: arrays, decoded pixels, rows of fields, the
//! names of files in order. No file, however damaged, makes a reader panic or allocate without bound, and each has a limit
//! for what it takes; every error names the place, what was found and what was expected, in one line. Writers write a
//! temporary file and rename it.
//!
//! `decode_…` take bytes from anywhere. `read_…` and `write_…` open files, as does [`Ffmpeg`]; they come with the feature
//! `files`.

#[cfg(feature = "files")]
mod at_most;
mod csv;
#[cfg(feature = "files")]
mod error;
#[cfg(feature = "files")]
mod ffmpeg;
#[cfg(feature = "files")]
mod frame_files;
mod gzip;
mod idx;
mod image_file;
mod mat;
mod npy;
#[cfg(feature = "files")]
mod open;
mod passed_over;
#[cfg(feature = "files")]
mod replace;
mod shown;
#[cfg(feature = "files")]
mod y4m;

#[cfg(feature = "files")]
pub(crate) use at_most::AtMost;
pub use csv::{CsvError, TextEncoding};
pub(crate) use csv::{Rows, RowsConfig};
#[cfg(feature = "files")]
pub use error::FileError;
#[cfg(feature = "files")]
pub use ffmpeg::{AddressError, DamagePolicy, Ffmpeg, FfmpegError, Gap, StreamAddress, masked};
#[cfg(feature = "files")]
pub(crate) use ffmpeg::{Decoder, Excerpt, Intact, LiveFfmpeg, LiveProcess, LiveStep};
#[cfg(feature = "files")]
pub use frame_files::{FrameFilesError, Numbering};
#[cfg(feature = "files")]
pub(crate) use frame_files::{
    entries, entries_counting, frame_files, is_hidden, is_image, is_unread_image, natural_order,
};
pub use gzip::uncompressed;
pub use idx::{IdxArray, IdxError, IdxLimits, decode_idx, encode_idx};
#[cfg(feature = "files")]
pub use idx::{read_idx, write_idx};
pub use image_file::ImageFileError;
pub(crate) use image_file::{DecodedImage, decode_image};
#[cfg(feature = "files")]
pub use image_file::{ImageHeader, read_image_header};
#[cfg(feature = "files")]
pub(crate) use image_file::{image_header, read_image};
#[cfg(feature = "files")]
pub use mat::read_mat;
pub use mat::{MatArray, MatError, MatLimits, MatValue, MatVariable, decode_mat};
#[cfg(feature = "files")]
pub(crate) use mat::{MatPart, visit_mat};
#[cfg(feature = "files")]
pub(crate) use npy::NpyFile;
pub use npy::{NpyArray, NpyError, NpyLimits, decode_npy};
#[cfg(feature = "files")]
pub use npy::{read_npy, read_npy_vector};
#[cfg(feature = "files")]
pub use open::{open_file, read_file};
pub use passed_over::{PassedOver, PassedOverReason};
#[cfg(feature = "files")]
pub use replace::{replace_file, replaceable};
pub use shown::shown;
#[cfg(feature = "files")]
pub use y4m::Y4mError;
#[cfg(feature = "files")]
pub(crate) use y4m::Y4mReader;
