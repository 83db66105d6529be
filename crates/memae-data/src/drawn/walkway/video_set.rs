//! The walkway as the videos that clips and scores are made of.

use super::generate::Walkway;
use crate::drawn::scene::video_set::video_set;
use crate::sample::{SampleError, VideoSet};

impl Walkway {
    /// The videos as those of a data set: what `VideoSet::open` gives for files. Training videos are named `train-01`,
    /// `train-02`, … and test videos `test-01`, `test-02`, …, in their order. Pixels and masks are copied.
    ///
    /// # Errors
    ///
    /// A video has no frames.
    ///
    /// ```
    /// use memae_data::drawn::WalkwayConfig;
    /// use memae_data::encode::ClipsConfig;
    ///
    /// let walkway = WalkwayConfig::default().with_train(2, 40).with_test(1, 80).generate()?;
    /// let videos = walkway.to_video_set()?;
    /// let clips = ClipsConfig::default().with_keep_size().open(&videos.train)?;
    /// assert_eq!(clips.len(), 2 * (40 - 15)); // 16 frames a clip
    ///
    /// let test = &videos.test[0];
    /// assert_eq!(test.video.name(), "test-01");
    /// assert_eq!(test.labels()?, Some(walkway.test[0].labels()));
    /// assert_eq!(test.masks(None)?.map(|masks| masks.len()), Some(80));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_video_set(&self) -> Result<VideoSet, SampleError> {
        video_set(&self.train, &self.test)
    }
}
