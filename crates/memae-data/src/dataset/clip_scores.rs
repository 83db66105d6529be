//! Scores that a detector gave to the clips of several videos, one file for each video.

use std::path::{Path, PathBuf};

use super::error::SourceError;
use crate::format::{NpyLimits, entries, read_npy_vector};

/// Scores of the clips of a video, and the file that they come from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClipScores {
    /// The file.
    pub path: PathBuf,
    /// One score for each clip; at least one.
    pub scores: Vec<f64>,
}

/// Reads the .npy files of a folder, each a row of the scores of one video's clips, in the natural order of their names:
/// `Test2.npy` before `Test10.npy`. Other files are passed over.
///
/// # Errors
///
/// The folder cannot be read or has no .npy file; a file cannot be read, is damaged, or holds no row of scores.
///
/// ```no_run
/// use memae_data::dataset::read_clip_scores;
///
/// for video in read_clip_scores("scores")? {
///     println!("{}: {} clips", video.path.display(), video.scores.len());
/// }
/// # Ok::<(), memae_data::dataset::SourceError>(())
/// ```
pub fn read_clip_scores(folder: impl AsRef<Path>) -> Result<Vec<ClipScores>, SourceError> {
    let folder = folder.as_ref();
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("npy"))
    });
    if paths.is_empty() {
        return Err(SourceError::NoScores {
            folder: folder.to_path_buf(),
        });
    }
    paths
        .into_iter()
        .map(|path| {
            let scores = read_npy_vector(&path, NpyLimits::default())?;
            match scores.is_empty() {
                false => Ok(ClipScores { path, scores }),
                true => Err(SourceError::EmptyScores { path }),
            }
        })
        .collect()
}
