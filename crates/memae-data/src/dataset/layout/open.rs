use std::path::Path;

use super::opening::Opening;
use super::video_layout::VideoLayout;
use super::{avenue, folders, shanghaitech, ucsd};
use crate::dataset::error::SourceError;
use crate::format::{Ffmpeg, Numbering, PassedOver};
use crate::sample::{VideoConfig, VideoSet};

impl VideoSet {
    /// Opens a data set with FFmpeg's programs on PATH, and names that count frames without gaps.
    ///
    /// # Errors
    ///
    /// As [`open_with`](Self::open_with).
    pub fn open(folder: impl AsRef<Path>, layout: VideoLayout) -> Result<Self, SourceError> {
        Self::open_with(folder, layout, Numbering::default(), &Ffmpeg::default())
    }

    /// Opens a data set: lists its frames and reads its labels. No frame of a video is decoded: of images the sizes are read
    /// when clips are made, and video files are decoded by [`ClipsConfig::open`](crate::encode::ClipsConfig::open), or when
    /// their frames or labels are asked for. Masks that labels are made of are read.
    ///
    /// # Errors
    ///
    /// A folder, labels or masks are missing; a frame is missing; a video has no frames or no video stream; labels are
    /// damaged or not as many as the frames of a folder. Whether those of a video file are as many shows when its frames
    /// are counted ([`TestVideo::labels`](crate::sample::TestVideo::labels)).
    pub fn open_with(
        folder: impl AsRef<Path>,
        layout: VideoLayout,
        numbering: Numbering,
        ffmpeg: &Ffmpeg,
    ) -> Result<Self, SourceError> {
        let config = VideoConfig::default()
            .with_numbering(numbering)
            .with_ffmpeg(ffmpeg.clone());
        Self::open_by(folder, layout, &config)
    }

    /// As [`open_with`](Self::open_with), with every setting of how a video is opened: damaged files, start, end and rate.
    /// Labels and masks are those of the frames that are taken.
    ///
    /// # Errors
    ///
    /// As [`open_with`](Self::open_with); settings out of range.
    pub fn open_by(
        folder: impl AsRef<Path>,
        layout: VideoLayout,
        config: &VideoConfig,
    ) -> Result<Self, SourceError> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Err(SourceError::MissingFolder {
                path: folder.to_path_buf(),
                expected: "training and test videos",
            });
        }
        let mut opening = Opening {
            config,
            root: folder,
            passed_over: PassedOver::default(),
        };
        let mut set = match layout {
            VideoLayout::Folders => folders::open(folder, &mut opening),
            VideoLayout::Ucsd => ucsd::open(folder, &mut opening),
            VideoLayout::Avenue => avenue::open(folder, &mut opening),
            VideoLayout::ShanghaiTech => shanghaitech::open(folder, &mut opening),
        }?;
        set.passed_over = opening.passed_over;
        for test in &set.test {
            if test.has_labels_at_hand() {
                test.labels()?;
            }
        }
        Ok(set)
    }
}
