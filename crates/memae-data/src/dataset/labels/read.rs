use std::path::Path;

use super::error::LabelError;
use super::frame_labels::FrameLabels;
use super::{csv, mat, npy};
use crate::dataset::error::SourceError;
use crate::format::{Numbering, frame_files};
use crate::sample::Mask;

/// Reads frame labels from an .npy, .mat, .csv or .txt file.
///
/// | file | content |
/// |---|---|
/// | .npy | a row of labels, or masks `[frames, height, width]` |
/// | .mat | one variable: a row of labels; masks `[height, width, frames]`; cells with a mask for each frame; cells with a row of labels for each video; or cells with the spans of each video, `[2, spans]`, first and last frames counted from 1 |
/// | .csv, .txt | one label a line, below a header or not; or a column `label` or `anomalous`, of which a column `frame` must count the lines; or a single line of labels |
///
/// A label is 0 (normal) or 1 (anomalous), in text also `false` or `true`; a frame with a mask is anomalous if a value of
/// its mask is not 0. Masks are read one at a time.
///
/// # Errors
///
/// The file cannot be read or is damaged; it holds something else; a label is neither 0 nor 1.
pub fn read_frame_labels(path: impl AsRef<Path>) -> Result<FrameLabels, SourceError> {
    let path = path.as_ref();
    let extension = path
        .extension()
        .map(|extension| extension.to_ascii_lowercase());
    match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("npy") => npy::read(path),
        Some("mat") => mat::read(path),
        Some("csv" | "txt") => csv::read(path),
        _ => Err(SourceError::in_labels(path)(LabelError::Extension)),
    }
}

/// Frame labels from a folder of masks, one image for each frame: a frame is anomalous if a pixel of its mask is not
/// black. The names are ordered and checked by [`Numbering::Consecutive`].
///
/// # Errors
///
/// The folder cannot be read or holds no masks; a mask is missing, or is not a whole image.
pub fn read_mask_labels(folder: impl AsRef<Path>) -> Result<Vec<bool>, SourceError> {
    let found = frame_files(folder.as_ref(), "masks", Numbering::Consecutive)?;
    let masks = found.files.iter();
    masks
        .map(|path| Ok(Mask::read(path)?.is_anomalous()))
        .collect()
}
