//! The road as the videos that clips and scores are made of.

use super::generate::Road;
use crate::drawn::scene::video_set::video_set;
use crate::sample::{SampleError, VideoSet};

impl Road {
    /// The videos as those of a data set: what `VideoSet::open` gives for files. Training videos are named `train-01`,
    /// `train-02`, … and test videos `test-01`, `test-02`, …, in their order. Pixels and masks are copied.
    ///
    /// # Errors
    ///
    /// A video has no frames.
    ///
    /// ```
    /// use memae_data::drawn::RoadConfig;
    ///
    /// let road = RoadConfig::default().with_train(2, 20).with_test(1, 160).generate()?;
    /// let videos = road.to_video_set()?;
    /// assert_eq!(videos.train[1].name(), "train-02");
    /// assert_eq!(videos.test[0].labels()?, Some(road.test[0].labels()));
    /// assert_eq!(videos.test[0].masks(None)?.map(|masks| masks.len()), Some(160));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_video_set(&self) -> Result<VideoSet, SampleError> {
        video_set(&self.train, &self.test)
    }
}
