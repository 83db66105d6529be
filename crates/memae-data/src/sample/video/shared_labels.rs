use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::error::VideoError;
use super::sequence::Video;
use crate::sample::error::SampleError;

/// The labels of each video, given how many frames each has; or why there are none.
type Split = dyn Fn(&[usize]) -> Result<Vec<Vec<bool>>, String> + Send + Sync;

/// Labels of several videos that can be told apart only when it is known how many frames each has. Video files are decoded
/// for that, so it is put off until labels are asked for.
pub(super) struct SharedLabels {
    path: PathBuf,
    videos: Vec<Video>,
    split: Box<Split>,
    found: OnceLock<Vec<Vec<bool>>>,
}

impl SharedLabels {
    pub(super) fn new(path: PathBuf, videos: Vec<Video>, split: Box<Split>) -> Arc<Self> {
        Arc::new(Self {
            path,
            videos,
            split,
            found: OnceLock::new(),
        })
    }

    pub(super) fn of(&self, video: usize) -> Result<&[bool], SampleError> {
        if let Some(found) = self.found.get() {
            return Ok(&found[video]);
        }
        let frames: Vec<usize> = self
            .videos
            .iter()
            .map(Video::frame_count)
            .collect::<Result<_, _>>()?;
        let found = (self.split)(&frames).map_err(|reason| VideoError::Labels { reason });
        let found = found.map_err(SampleError::in_video(&self.path))?;
        Ok(&self.found.get_or_init(|| found)[video])
    }
}

impl std::fmt::Debug for SharedLabels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedLabels")
            .field("path", &self.path)
            .field("videos", &self.videos.len())
            .finish_non_exhaustive()
    }
}
