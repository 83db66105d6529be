//! The videos of a folder.

use std::ffi::OsStr;
use std::path::Path;

use super::error::SourceError;
use super::left_out::LeftOutFile;
use crate::format::{PassedOver, PassedOverReason, entries, entries_counting, is_image};
use crate::sample::{SampleError, Video, VideoConfig};

/// Endings of the video files that are looked for in folders, in lower case.
const EXTENSIONS: [&str; 11] = [
    "avi", "mp4", "m4v", "mkv", "mov", "mpg", "mpeg", "ts", "webm", "wmv", "flv",
];

/// Whether a file has the ending of a video file (avi, mp4, m4v, mkv, mov, mpg, mpeg, ts, webm, wmv, flv), in whatever case.
///
/// ```
/// use memae_data::dataset::names_video;
///
/// assert!(names_video("camera/monday.MP4"));
/// assert!(!names_video("camera/monday.png"));
/// ```
pub fn names_video(path: impl AsRef<Path>) -> bool {
    let ending = path.as_ref().extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| {
        EXTENSIONS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// The videos of a folder, and what else is in it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct VideoFolder {
    /// In the natural order of their names; at least one, unless all were left out.
    pub videos: Vec<Video>,
    /// What is no video. What lies beside the images of one is counted by [`Video::passed_over`].
    pub passed_over: PassedOver,
    /// What is no whole video; nothing where that is an error.
    pub left_out: Vec<LeftOutFile>,
}

/// The videos of a folder in the natural order of their names: each sub-folder is a video made of images, each video file
/// (avi, mp4, m4v, mkv, mov, mpg, mpeg, ts, webm, wmv, flv) is a video. A folder that holds images itself is a single video.
/// Other files are passed over. Nothing is decoded.
///
/// # Errors
///
/// Settings out of range; the folder cannot be read or has no videos; a sub-folder is not one; there are images beside
/// videos, so that it is not known which of them are meant; as [`VideoConfig::open`].
pub fn videos_in(
    folder: impl AsRef<Path>,
    config: &VideoConfig,
) -> Result<VideoFolder, SourceError> {
    let folder = folder.as_ref();
    videos_except(folder, |_| false, folder, config)
}

/// As [`videos_in`], but a video that cannot be opened is left out: a damaged file, or a sub-folder without frames. A file that
/// opens may still turn out to be damaged when it is decoded.
///
/// # Errors
///
/// The folder cannot be read or has no videos, whether they can be opened or not; there are images beside videos.
///
/// ```
/// use memae_data::dataset::readable_videos_in;
/// use memae_data::sample::VideoConfig;
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # for name in ["monday/0.pgm", "monday/1.pgm"] {
/// #     std::fs::create_dir_all(folder.join("monday"))?;
/// #     std::fs::write(folder.join(name), b"P5 2 1 255\n01")?;
/// # }
/// # std::fs::create_dir(folder.join("tuesday"))?;
/// // monday/0.pgm, monday/1.pgm; tuesday is empty
/// let found = readable_videos_in(folder, &VideoConfig::default())?;
/// assert_eq!((found.videos.len(), found.left_out.len()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn readable_videos_in(
    folder: impl AsRef<Path>,
    config: &VideoConfig,
) -> Result<VideoFolder, SourceError> {
    let folder = folder.as_ref();
    let mut left_out = Vec::new();
    let found = listed(folder, |_| false, folder, config, &mut |path, error| {
        left_out.push(LeftOutFile {
            path: path.to_path_buf(),
            reason: error.to_string(),
        });
        Ok(())
    });
    match found {
        Ok(found) => Ok(VideoFolder { left_out, ..found }),
        Err(SourceError::NoVideos { .. }) if !left_out.is_empty() => Ok(VideoFolder {
            left_out,
            ..VideoFolder::default()
        }),
        Err(error) => Err(error),
    }
}

/// As [`videos_in`], without what is known to be something else. What is passed over is named as seen from `root`.
pub(super) fn videos_except(
    folder: &Path,
    is_known: impl Fn(&Path) -> bool,
    root: &Path,
    config: &VideoConfig,
) -> Result<VideoFolder, SourceError> {
    listed(folder, is_known, root, config, &mut |_, error| {
        Err(error.into())
    })
}

/// What becomes of a video that cannot be opened.
type Unopened<'a> = &'a mut dyn FnMut(&Path, SampleError) -> Result<(), SourceError>;

fn listed(
    folder: &Path,
    is_known: impl Fn(&Path) -> bool,
    root: &Path,
    config: &VideoConfig,
    unopened: Unopened<'_>,
) -> Result<VideoFolder, SourceError> {
    let mut passed_over = PassedOver::default();
    let mut entries = entries_counting(folder, &mut passed_over, root)?;
    entries.retain(|path| !is_known(path));
    if let Some(image) = entries.iter().find(|path| is_image_file(path)) {
        for other in &entries {
            if names_video(other) || (other.is_dir() && holds_frames(other)?) {
                return Err(SourceError::StrayImage {
                    image: image.clone(),
                    video: other.clone(),
                });
            }
        }
        // Its own count holds all that lies here.
        return Ok(VideoFolder {
            videos: vec![config.open_folder(folder)?],
            ..VideoFolder::default()
        });
    }
    let mut videos = Vec::new();
    for path in entries {
        let opened = if path.is_dir() {
            config.open_folder(&path)
        } else if names_video(&path) {
            config.open_file(&path)
        } else {
            passed_over.add(PassedOverReason::Ending, root, &path);
            continue;
        };
        match opened {
            Ok(video) => videos.push(video),
            Err(error) => unopened(&path, error)?,
        }
    }
    match videos.is_empty() {
        true => Err(SourceError::NoVideos {
            folder: folder.to_path_buf(),
        }),
        false => Ok(VideoFolder {
            videos,
            passed_over,
            left_out: Vec::new(),
        }),
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
        .any(|path| is_image_file(path) || names_video(path)))
}
