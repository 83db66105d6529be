//! File formats.

pub(crate) mod csv;
pub(crate) mod ffmpeg;
pub(crate) mod frame_files;
pub(crate) mod gzip;
pub(crate) mod idx;
pub(crate) mod image_file;
pub(crate) mod mat;
pub(crate) mod npy;
pub(crate) mod short_text;
