use serde::{Deserialize, Serialize};

use super::config::ClipsConfig;
#[cfg(not(feature = "files"))]
use crate::encode::kept_opening::KeptOpening as Opening;
#[cfg(feature = "files")]
use crate::sample::VideoConfig as Opening;
#[cfg(feature = "files")]
use crate::sample::VideoConfig;

/// The whole way from a video to clips, as one value: what a detector keeps, so that another video goes the same way.
///
/// What belongs to one video or to one machine is not part of it: start and end, FFmpeg's programs, memory and space on disk.
///
/// ```
/// use memae_data::encode::{ClipsConfig, VideoPreprocessing};
/// use memae_data::sample::VideoConfig;
///
/// let opening = VideoConfig::default().with_rate(5.0).with_start(60.0);
/// let clips = ClipsConfig::default().with_size(64, 64).with_cache_bytes(0);
/// let preprocessing = VideoPreprocessing::new(&opening, &clips);
/// assert_eq!(preprocessing.opening(), &VideoConfig::default().with_rate(5.0));
/// assert_eq!(preprocessing.clips(), &ClipsConfig::default().with_size(64, 64));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VideoPreprocessing {
    pub(in crate::encode) opening: Opening,
    clips: ClipsConfig,
}

impl VideoPreprocessing {
    /// What of these settings other videos need, too.
    #[cfg(feature = "files")]
    pub fn new(opening: &VideoConfig, clips: &ClipsConfig) -> Self {
        let machine = ClipsConfig::default();
        Self {
            opening: opening.of_any_video(),
            clips: ClipsConfig {
                cache_bytes: machine.cache_bytes,
                spool_folder: machine.spool_folder,
                spool_bytes: machine.spool_bytes,
                ..clips.clone()
            },
        }
    }

    /// How videos are opened.
    #[cfg(feature = "files")]
    pub fn opening(&self) -> &VideoConfig {
        &self.opening
    }

    /// How they are cut into clips.
    pub fn clips(&self) -> &ClipsConfig {
        &self.clips
    }
}
