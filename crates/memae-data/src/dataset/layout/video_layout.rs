use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
#[non_exhaustive]
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
