//! Drawn videos as those that clips and scores are made of.

use super::video::DrawnVideo;
use crate::sample::{ImageShape, Mask, MaskSource, SampleError, TestVideo, Video, VideoSet};

impl<Kind> DrawnVideo<Kind> {
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

/// Training videos as `train-01`, `train-02`, … and test videos as `test-01`, `test-02`, …, in their order.
pub(in crate::drawn) fn video_set<Kind>(
    train: &[DrawnVideo<Kind>],
    test: &[DrawnVideo<Kind>],
) -> Result<VideoSet, SampleError> {
    let (train, test) = (train.iter().zip(1..), test.iter().zip(1..));
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
