//! The walkway as the videos that clips and scores are made of.

use super::generate::Walkway;
use super::video::WalkwayVideo;
use crate::sample::{ImageShape, Mask, MaskSource, SampleError, TestVideo, Video, VideoSet};

impl WalkwayVideo {
    /// The frames as a grey [`Video`] in memory of this name. They are copied.
    ///
    /// # Errors
    ///
    /// There are no frames.
    pub fn to_video(&self, name: impl Into<String>) -> Result<Video, SampleError> {
        let shape = ImageShape {
            channels: 1,
            height: self.height(),
            width: self.width(),
        };
        Video::in_memory(name, shape, self.pixels())
    }

    /// The frames as a [`TestVideo`] of this name, with their labels and masks.
    ///
    /// # Errors
    ///
    /// There are no frames.
    pub fn to_test_video(&self, name: impl Into<String>) -> Result<TestVideo, SampleError> {
        let (height, width) = (self.height(), self.width());
        let masks = self.masks().chunks_exact(height * width).map(|mask| {
            Mask::new(height, width, mask.to_vec()).expect("a mask has the size of its frame")
        });
        Ok(TestVideo::new(self.to_video(name)?)
            .with_labels(self.labels().to_vec())
            .with_masks(MaskSource::Memory(masks.collect())))
    }
}

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
        let (train, test) = (self.train.iter().zip(1..), self.test.iter().zip(1..));
        Ok(VideoSet {
            train: train
                .map(|(video, number): (_, usize)| video.to_video(format!("train-{number:02}")))
                .collect::<Result<_, _>>()?,
            test: test
                .map(|(video, number): (_, usize)| video.to_test_video(format!("test-{number:02}")))
                .collect::<Result<_, _>>()?,
            ..VideoSet::default()
        })
    }
}
