use std::fmt;
use std::path::PathBuf;

use memae_data::dataset::VideoLayout;
use memae_data::drawn::{RoadConfig, WalkwayConfig};
use memae_data::encode::ClipsError;
use memae_data::encode::{Clips, ClipsConfig};
use memae_data::sample::SampleError;
use memae_data::sample::{Mask, TestVideo, VideoConfig, VideoSet};

use crate::ExperimentError;

/// Gaps of a video that are told one by one.
const MOST_GAPS: usize = 8;

/// Where videos come from.
#[derive(Debug, Clone, PartialEq)]
pub enum VideoSource {
    /// A walkway drawn by this library; needs no files.
    Embedded(WalkwayConfig),
    /// A road drawn by this library, whose normal motion is fast; needs no files.
    Road(RoadConfig),
    /// A data set in a folder.
    Folder {
        /// The folder.
        path: PathBuf,
        /// How its folders are laid out.
        layout: VideoLayout,
        /// How its videos are opened: damaged files, start, end and rate.
        videos: VideoConfig,
    },
}

/// Clips to train on and to test, with what is known of the test videos.
#[derive(Debug, Clone)]
pub struct VideoData {
    /// What the data set is called.
    pub name: String,
    /// Clips of training videos.
    pub train: Clips,
    /// Clips of test videos.
    pub test: Clips,
    /// For each test video, whether each of its frames is anomalous; `None` where that is not known.
    pub labels: Vec<Option<Vec<bool>>>,
    videos: Vec<TestVideo>,
    passed_over: Vec<String>,
}

impl VideoSource {
    /// The videos as they are. Nothing is decoded.
    ///
    /// # Errors
    ///
    /// The folder or a file in it can't be read or is not what its layout says; settings out of range.
    pub fn videos(&self) -> Result<VideoSet, ExperimentError> {
        Ok(match self {
            VideoSource::Embedded(walkway) => walkway.generate()?.to_video_set()?,
            VideoSource::Road(road) => road.generate()?.to_video_set()?,
            VideoSource::Folder {
                path,
                layout,
                videos,
            } => VideoSet::open_by(path, *layout, videos)?,
        })
    }

    /// Opens the videos. Frames of images are decoded when they are asked for, video files at once.
    ///
    /// # Errors
    ///
    /// The folder or a file in it can't be read or is not what its layout says; settings out of range;
    /// no training videos, or no test videos.
    pub fn open(&self, config: &ClipsConfig) -> Result<VideoData, ExperimentError> {
        let set = self.videos()?;
        let (train, test) = (set.train.len(), set.test.len());
        if train == 0 || test == 0 {
            return Err(ExperimentError::Videos {
                source_name: self.to_string(),
                train,
                test,
            });
        }
        VideoData::new(self.to_string(), &set, config).map_err(ExperimentError::from)
    }
}

impl VideoData {
    /// The clips of a set of videos, for a set that is put together elsewhere.
    ///
    /// # Errors
    ///
    /// No training videos or no test videos; a video that can't be read or has fewer frames than a clip;
    /// labels of another length than their video.
    pub fn new(
        name: impl Into<String>,
        set: &VideoSet,
        config: &ClipsConfig,
    ) -> Result<Self, ClipsError> {
        let videos: Vec<_> = set.test.iter().map(|test| test.video.clone()).collect();
        let labels = set.test.iter().map(TestVideo::labels);
        // Training and test clips share the memory for frames, and the space on disk.
        let config = config.clone().with_cache_bytes(config.cache_bytes / 2);
        let train = config.open(&set.train)?;
        let spool_bytes = config.spool_bytes.saturating_sub(train.spooled_bytes());
        Ok(Self {
            name: name.into(),
            test: config.with_spool_bytes(spool_bytes).open(&videos)?,
            train,
            labels: labels
                .map(|labels| Ok(labels?.map(<[bool]>::to_vec)))
                .collect::<Result<_, SampleError>>()?,
            videos: set.test.clone(),
            passed_over: passed_over(set),
        })
    }

    /// What lies beside the videos and their images and was passed over, a line each; empty where there is nothing else.
    pub fn passed_over(&self) -> &[String] {
        &self.passed_over
    }

    /// What was left out of damaged videos and where recordings were joined, a line each; empty where all is whole.
    pub fn gaps(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (which, clips) in [("training", &self.train), ("test", &self.test)] {
            for video in 0..clips.videos() {
                let gaps = clips.gaps_of(video);
                if gaps.is_empty() {
                    continue;
                }
                let left_out: usize = gaps.iter().map(|gap| gap.left_out).sum();
                let places: Vec<String> = gaps
                    .iter()
                    .take(MOST_GAPS)
                    .map(|gap| match gap.left_out {
                        0 => format!("another recording after {} frames", gap.after),
                        count => format!("{count} after {} frames", gap.after),
                    })
                    .collect();
                let more = match gaps.len().saturating_sub(MOST_GAPS) {
                    0 => String::new(),
                    more => format!(", {more} more gaps"),
                };
                lines.push(format!(
                    "{which} video {}: {} frames, {left_out} left out: {}{more}",
                    clips.video(video).name(),
                    clips.frames_in(video),
                    places.join(", ")
                ));
            }
        }
        lines
    }

    /// Masks of the frames of a test video in the size of the clips' frames; `None` where there are
    /// none.
    ///
    /// # Errors
    ///
    /// The masks can't be read, or there is not one for each frame.
    ///
    /// # Panics
    ///
    /// Panics if there is no such video.
    pub fn masks(&self, video: usize) -> Result<Option<Vec<Mask>>, SampleError> {
        let shape = self.test.frame_shape();
        self.videos[video].masks(Some((shape.height, shape.width)))
    }
}

impl fmt::Display for VideoSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VideoSource::Embedded(walkway) => {
                write!(f, "walkway drawn by memae, seed {}", walkway.seed)
            }
            VideoSource::Road(road) => write!(f, "road drawn by memae, seed {}", road.seed),
            VideoSource::Folder { path, layout, .. } => {
                write!(f, "{} ({layout})", path.display())
            }
        }
    }
}

/// What was passed over when a set was opened, a line for the set and one for each video.
fn passed_over(set: &VideoSet) -> Vec<String> {
    let beside = Some(&set.passed_over).filter(|beside| !beside.is_empty());
    let test = set.test.iter().map(|test| &test.video);
    let videos = set.train.iter().map(|video| ("training", video));
    let within = videos
        .chain(test.map(|video| ("test", video)))
        .filter_map(|(which, video)| {
            let passed_over = video.passed_over()?;
            Some(format!("{which} video {}: {passed_over}", video.name()))
        });
    beside
        .map(|beside| format!("beside the videos: {beside}"))
        .into_iter()
        .chain(within)
        .collect()
}
