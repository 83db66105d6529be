//! The videos of a folder.

use std::ffi::OsStr;
use std::path::Path;

use super::error::SourceError;
use crate::format::{Ffmpeg, Numbering, entries, is_image};
use crate::sample::Video;

/// Endings of the video files that are looked for in folders, in lower case.
const EXTENSIONS: [&str; 11] = [
    "avi", "mp4", "m4v", "mkv", "mov", "mpg", "mpeg", "ts", "webm", "wmv", "flv",
];

/// The videos of a folder in the natural order of their names: each sub-folder is a video made of images, each video file
/// is a video. A folder that holds images itself is a single video. Other files are passed over.
///
/// # Errors
///
/// The folder cannot be read or has no videos; a sub-folder is not one; as [`Video::from_folder`] and
/// [`Video::from_file`].
pub fn videos_in(
    folder: impl AsRef<Path>,
    numbering: Numbering,
    ffmpeg: &Ffmpeg,
) -> Result<Vec<Video>, SourceError> {
    videos_except(folder.as_ref(), &[], numbering, ffmpeg)
}

/// As [`videos_in`], without the sub-folders of some names.
pub(super) fn videos_except(
    folder: &Path,
    names: &[&str],
    numbering: Numbering,
    ffmpeg: &Ffmpeg,
) -> Result<Vec<Video>, SourceError> {
    let entries = entries(folder)?;
    if entries.iter().any(|path| is_image(path)) {
        return Ok(vec![Video::from_folder(folder, numbering)?]);
    }
    let mut videos = Vec::new();
    for path in entries {
        let excepted = path
            .file_name()
            .is_some_and(|own| names.iter().any(|name| own == *name));
        if path.is_dir() && !excepted {
            videos.push(Video::from_folder(path, numbering)?);
        } else if is_video(&path) {
            videos.push(Video::from_file(path, ffmpeg.clone())?);
        }
    }
    match videos.is_empty() {
        true => Err(SourceError::NoVideos {
            folder: folder.to_path_buf(),
        }),
        false => Ok(videos),
    }
}

fn is_video(path: &Path) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| {
            EXTENSIONS
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
}
