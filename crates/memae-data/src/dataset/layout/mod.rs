//! Data sets of videos in the folders that they are downloaded as.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::format::frame_files::entries;
use crate::source::{Ffmpeg, Numbering, SourceError, TestVideo, Video, videos_except};

mod avenue;
mod folders;
mod shanghaitech;
mod ucsd;

/// Videos to train on, which are normal, and videos to test.
///
/// ```no_run
/// use memae_data::source::{VideoLayout, VideoSet};
///
/// let ped2 = VideoSet::open("data/UCSDped2", VideoLayout::Ucsd)?;
/// for test in &ped2.test {
///     println!("{}: {} frames", test.video.name(), test.video.frame_count()?);
/// }
/// # Ok::<(), memae_data::SourceError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct VideoSet {
    /// Training videos.
    pub train: Vec<Video>,
    /// Test videos.
    pub test: Vec<TestVideo>,
}

/// How the folders of a data set are laid out.
///
/// | layout | training | testing | labels | masks |
/// |---|---|---|---|---|
/// | `Folders` | `training/frames/01/000.jpg` | `testing/frames/01/000.jpg` | `frame_labels*.npy` | `testing/masks/01/000.png` |
/// | `Ucsd` | `Train/Train001/001.tif` | `Test/Test001/001.tif` | `Test/*.m` | `Test/Test001_gt/001.bmp` |
/// | `Avenue` | `training_videos/01.avi` | `testing_videos/01.avi` | from the masks | `testing_label_mask/1_label.mat` |
/// | `ShanghaiTech` | `training/videos/01_001.avi` | `testing/frames/01_0014/000.jpg` | `testing/test_frame_mask/01_0014.npy` | `testing/test_pixel_mask/01_0014.npy` |
///
/// - `Folders`: instead of `training` and `testing` also `train` and `test`, and instead of `frames` also `videos` or
///   nothing. A video is a folder of images or a video file. Labels are one file `frame_labels*` or `labels*` (.npy,
///   .mat, .csv or .txt) for all videos in their order, in the folder itself or in `testing`; without it they come from
///   the masks. Masks may be .npy files, too. One of training and testing may be absent.
/// - `Ucsd`: UCSD Ped1 and Ped2. Without `.m` file the labels come from the masks, where all videos have them. Masks
///   are there for some videos of Ped1 and all of Ped2. A folder with `training` in it is read as `Folders`.
/// - `Avenue`: the masks may also be in `ground_truth_demo/testing_label_mask`, inside the folder or beside it.
/// - `ShanghaiTech`: training videos may also be in `training/frames`, as images.
///
/// Names in text are `folders`, `ucsd` (also `ped1` and `ped2`), `avenue` and `shanghaitech`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VideoLayout {
    /// `training/frames`, `testing/frames`.
    #[default]
    Folders,
    /// UCSD Ped1 and Ped2.
    Ucsd,
    /// CUHK Avenue.
    Avenue,
    /// ShanghaiTech Campus.
    ShanghaiTech,
}

impl fmt::Display for VideoLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Folders => "folders",
            Self::Ucsd => "ucsd",
            Self::Avenue => "avenue",
            Self::ShanghaiTech => "shanghaitech",
        })
    }
}

/// The name of a layout is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "layout: found `{found}`, expected one of: folders, ucsd, ped1, ped2, avenue, shanghaitech"
)]
pub struct VideoLayoutError {
    /// The name found.
    pub found: String,
}

impl FromStr for VideoLayout {
    type Err = VideoLayoutError;

    fn from_str(name: &str) -> Result<Self, VideoLayoutError> {
        match name {
            "folders" => Ok(Self::Folders),
            "ucsd" | "ped1" | "ped2" => Ok(Self::Ucsd),
            "avenue" => Ok(Self::Avenue),
            "shanghaitech" => Ok(Self::ShanghaiTech),
            _ => Err(VideoLayoutError {
                found: name.to_string(),
            }),
        }
    }
}

impl VideoSet {
    /// Opens a data set with FFmpeg's programs on PATH, and names that count frames without gaps.
    ///
    /// # Errors
    ///
    /// As [`open_with`](Self::open_with).
    pub fn open(folder: impl AsRef<Path>, layout: VideoLayout) -> Result<Self, SourceError> {
        Self::open_with(folder, layout, Numbering::default(), &Ffmpeg::default())
    }

    /// Opens a data set: lists its frames and reads its labels. No frame is decoded.
    ///
    /// # Errors
    ///
    /// A folder, labels or masks are missing; a frame is missing; a video has no frames or no video stream; labels are
    /// damaged or not as many as the frames of a folder. Whether those of a video file are as many shows when its frames
    /// are counted ([`TestVideo::labels`]).
    pub fn open_with(
        folder: impl AsRef<Path>,
        layout: VideoLayout,
        numbering: Numbering,
        ffmpeg: &Ffmpeg,
    ) -> Result<Self, SourceError> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Err(SourceError::MissingFolder {
                path: folder.to_path_buf(),
                expected: "training and test videos",
            });
        }
        let opening = Opening { numbering, ffmpeg };
        let set = match layout {
            VideoLayout::Folders => folders::open(folder, &opening),
            VideoLayout::Ucsd => ucsd::open(folder, &opening),
            VideoLayout::Avenue => avenue::open(folder, &opening),
            VideoLayout::ShanghaiTech => shanghaitech::open(folder, &opening),
        }?;
        for test in &set.test {
            if test.video.is_random_access() {
                test.labels()?;
            }
        }
        Ok(set)
    }
}

/// How videos are opened.
struct Opening<'a> {
    numbering: Numbering,
    ffmpeg: &'a Ffmpeg,
}

impl Opening<'_> {
    fn videos_in(&self, folder: &Path) -> Result<Vec<Video>, SourceError> {
        // Masks may be in the folder of the videos that they belong to.
        videos_except(folder, &["masks"], self.numbering, self.ffmpeg)
    }
}

/// The first of some folders within `folder` that is there.
fn find_folder(folder: &Path, names: &[&str]) -> Option<PathBuf> {
    let mut paths = names.iter().map(|name| folder.join(name));
    paths.find(|path| path.is_dir())
}

/// As [`find_folder`]; an error that lists the names where none is there.
fn need_folder(
    folder: &Path,
    content: &'static str,
    names: &[&str],
) -> Result<PathBuf, SourceError> {
    find_folder(folder, names).ok_or_else(|| SourceError::MissingFile {
        folder: folder.to_path_buf(),
        content,
        names: names.iter().map(ToString::to_string).collect(),
    })
}

/// A file that must be there.
fn need_file(folder: &Path, content: &'static str, name: String) -> Result<PathBuf, SourceError> {
    let path = folder.join(&name);
    match path.is_file() {
        true => Ok(path),
        false => Err(SourceError::MissingFile {
            folder: folder.to_path_buf(),
            content,
            names: vec![name],
        }),
    }
}

/// The folders within a folder whose names `wanted` accepts, in natural order.
fn folders_in(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, SourceError> {
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        path.is_dir() && wanted(&path.file_name().unwrap_or_default().to_string_lossy())
    });
    Ok(paths)
}
