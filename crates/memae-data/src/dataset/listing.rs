//! The videos of a folder.

use std::ffi::OsStr;
use std::path::Path;

use super::error::SourceError;
use crate::format::{Ffmpeg, Numbering, entries, is_image};
use crate::sample::{Video, VideoConfig};

/// Endings of the video files that are looked for in folders, in lower case.
const EXTENSIONS: [&str; 11] = [
    "avi", "mp4", "m4v", "mkv", "mov", "mpg", "mpeg", "ts", "webm", "wmv", "flv",
];

/// The videos of a folder in the natural order of their names: each sub-folder is a video made of images, each video file
/// is a video. A folder that holds images itself is a single video. Other files are passed over. Nothing is decoded.
///
/// # Errors
///
/// The folder cannot be read or has no videos; a sub-folder is not one; there are images beside videos, so that it is not
/// known which of them are meant; as [`Video::from_folder`] and [`Video::from_file`].
pub fn videos_in(
    folder: impl AsRef<Path>,
    numbering: Numbering,
    ffmpeg: &Ffmpeg,
) -> Result<Vec<Video>, SourceError> {
    let config = VideoConfig::default()
        .with_numbering(numbering)
        .with_ffmpeg(ffmpeg.clone());
    videos_by(folder, &config)
}

/// As [`videos_in`], with every setting of how a video is opened.
///
/// # Errors
///
/// As [`videos_in`]; settings out of range.
pub fn videos_by(
    folder: impl AsRef<Path>,
    config: &VideoConfig,
) -> Result<Vec<Video>, SourceError> {
    videos_except(folder.as_ref(), &[], config)
}

/// As [`videos_by`], without the sub-folders of some names.
pub(super) fn videos_except(
    folder: &Path,
    names: &[&str],
    config: &VideoConfig,
) -> Result<Vec<Video>, SourceError> {
    let mut entries = entries(folder)?;
    entries.retain(|path| {
        let own = path.file_name();
        !own.is_some_and(|own| names.iter().any(|name| own == *name))
    });
    if let Some(image) = entries.iter().find(|path| is_image_file(path)) {
        for other in &entries {
            if is_video(other) || (other.is_dir() && holds_frames(other)?) {
                return Err(SourceError::StrayImage {
                    image: image.clone(),
                    video: other.clone(),
                });
            }
        }
        return Ok(vec![config.open_folder(folder)?]);
    }
    let mut videos = Vec::new();
    for path in entries {
        if path.is_dir() {
            videos.push(config.open_folder(path)?);
        } else if is_video(&path) {
            videos.push(config.open_file(path)?);
        }
    }
    match videos.is_empty() {
        true => Err(SourceError::NoVideos {
            folder: folder.to_path_buf(),
        }),
        false => Ok(videos),
    }
}

fn is_image_file(path: &Path) -> bool {
    is_image(path) && !path.is_dir()
}

/// Whether images or video files lie in a folder.
fn holds_frames(folder: &Path) -> Result<bool, SourceError> {
    let entries = entries(folder)?;
    Ok(entries
        .iter()
        .any(|path| is_image_file(path) || is_video(path)))
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
