use std::path::PathBuf;
#[cfg(feature = "files")]
use std::sync::Arc;

use super::error::VideoError;
use super::mask_source::MaskSource;
use super::sequence::Video;
#[cfg(feature = "files")]
use super::shared_labels::SharedLabels;
use crate::sample::error::SampleError;
use crate::sample::mask::Mask;

/// A video to be scored, with what is known of its anomalies.
///
/// ```
/// use memae_data::sample::{ImageShape, TestVideo, Video};
///
/// let shape = ImageShape { channels: 1, height: 1, width: 1 };
/// let video = Video::in_memory("walk", shape, vec![7, 7, 9])?;
/// let test = TestVideo::new(video).with_labels(vec![false, false, true]);
/// assert_eq!(test.labels()?, Some(&[false, false, true][..]));
/// assert!(test.masks(None)?.is_none());
/// # Ok::<(), memae_data::sample::SampleError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TestVideo {
    /// Its frames.
    pub video: Video,
    labels: Option<Labels>,
    masks: Option<MaskSource>,
}

#[derive(Debug, Clone)]
enum Labels {
    /// Those of this video, and the file that they come from.
    Own(PathBuf, Vec<bool>),
    /// Those of several videos, of which this is the one of a number.
    #[cfg(feature = "files")]
    Shared(Arc<SharedLabels>, usize),
}

impl TestVideo {
    /// A video of which nothing is known.
    pub fn new(video: Video) -> Self {
        Self {
            video,
            labels: None,
            masks: None,
        }
    }

    /// Sets whether each frame is anomalous.
    pub fn with_labels(self, anomalous: Vec<bool>) -> Self {
        let path = self.video.path().to_path_buf();
        self.with_labels_of(path, anomalous)
    }

    /// Sets labels and the file that they come from.
    pub(crate) fn with_labels_of(mut self, path: PathBuf, anomalous: Vec<bool>) -> Self {
        self.labels = Some(Labels::Own(path, anomalous));
        self
    }

    /// Sets labels that several videos share, which are told apart when it is known how many frames each has.
    #[cfg(feature = "files")]
    pub(crate) fn with_shared_labels(
        tests: Vec<Self>,
        path: PathBuf,
        split: impl Fn(&[usize]) -> Result<Vec<Vec<bool>>, String> + Send + Sync + 'static,
    ) -> Vec<Self> {
        let videos = tests.iter().map(|test| test.video.clone()).collect();
        let shared = SharedLabels::new(path, videos, Box::new(split));
        let tests = tests.into_iter().enumerate();
        tests
            .map(|(index, mut test)| {
                test.labels = Some(Labels::Shared(shared.clone(), index));
                test
            })
            .collect()
    }

    /// Whether labels can be asked for without decoding a file.
    #[cfg(feature = "files")]
    pub(crate) fn has_labels_at_hand(&self) -> bool {
        match &self.labels {
            Some(Labels::Shared(..)) => false,
            _ => self.video.is_random_access(),
        }
    }

    /// Sets where masks come from.
    pub fn with_masks(mut self, masks: MaskSource) -> Self {
        self.masks = Some(masks);
        self
    }

    /// Whether each frame is anomalous; `None` where that is not known. A video file is decoded for it once, unless its
    /// frames were counted before. Where parts of it are left out, there is a label for each frame that is not.
    ///
    /// # Errors
    ///
    /// There is not one label for each frame; the frames cannot be counted.
    pub fn labels(&self) -> Result<Option<&[bool]>, SampleError> {
        let (path, labels) = match &self.labels {
            None => return Ok(None),
            Some(Labels::Own(path, labels)) => (path, labels),
            #[cfg(feature = "files")]
            Some(Labels::Shared(shared, index)) => return shared.of(*index).map(Some),
        };
        let frames = self.video.frame_count()?;
        if labels.len() != frames {
            return Err(SampleError::in_video(path)(VideoError::LabelCount {
                labels: labels.len(),
                frames,
            }));
        }
        Ok(Some(labels))
    }

    /// Whether there are masks.
    pub fn has_masks(&self) -> bool {
        self.masks.is_some()
    }

    /// The mask of each frame, at another height and width where `size` asks for it; `None` where there are none. Of a
    /// video file a frame is decoded, to see whether masks have its size.
    ///
    /// # Errors
    ///
    /// Masks cannot be read; there is not one for each frame; a mask has not the size of the frames. Where there are
    /// [`labels`](Self::labels): as theirs; a frame is labelled normal whose mask has anomalous pixels, or anomalous whose
    /// mask has none.
    pub fn masks(&self, size: Option<(usize, usize)>) -> Result<Option<Vec<Mask>>, SampleError> {
        let Some(masks) = &self.masks else {
            return Ok(None);
        };
        let frames = self.video.frame_count()?;
        let stored = self.video.frame_size()?;
        let labels = self.labels()?;
        let masks = masks.read_for(self.video.name(), labels, frames, stored, size);
        masks.map(Some)
    }
}
