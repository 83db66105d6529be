use memae_data::encode::{MotionError, MotionField, MotionLayout, MotionPreprocessing};
use memae_data::sample::{Mask, Video, VideoSet};

use crate::ExperimentError;

/// The motion in a video; about 36 KB a frame of 360×240, and 84 KB more where there are masks.
#[derive(Debug, Clone)]
pub struct MotionVideo {
    /// What is known of each frame: `None` of the first, and of one after a cut.
    pub fields: Vec<Option<MotionField>>,
    /// Whether each frame is anomalous; `None` where that is not known.
    pub anomalous: Option<Vec<bool>>,
    /// Which pixels of each frame are; `None` where that is not known.
    pub(crate) masks: Option<Vec<Mask>>,
}

/// The motion in all videos of a set, in memory.
#[derive(Debug, Clone)]
pub struct MotionData {
    /// Of normal videos.
    pub train: Vec<MotionVideo>,
    /// Of videos with anomalies.
    pub test: Vec<MotionVideo>,
    /// Where places are.
    pub layout: MotionLayout,
}

impl MotionVideo {
    /// The motion in a video of which nothing is known.
    ///
    /// # Errors
    ///
    /// The video does not go the way.
    pub fn of(video: &Video, way: &MotionPreprocessing) -> Result<Self, MotionError> {
        let fields = way.frames(video)?.map(|motion| Ok(motion?.field));
        Ok(Self {
            fields: fields.collect::<Result<_, MotionError>>()?,
            anomalous: None,
            masks: None,
        })
    }

    /// The frames whose motion is known.
    pub(super) fn known(&self) -> impl Iterator<Item = &MotionField> {
        self.fields.iter().flatten()
    }
}

impl MotionData {
    /// Finds the motion in all videos of a set.
    ///
    /// # Errors
    ///
    /// No training videos or no test videos; a video that does not go the way; labels that are not those of its frames.
    pub fn of(set: &VideoSet, way: &MotionPreprocessing) -> Result<Self, ExperimentError> {
        let (train, test) = (set.train.len(), set.test.len());
        if train == 0 || test == 0 {
            return Err(ExperimentError::Videos {
                source_name: "motion".to_string(),
                train,
                test,
            });
        }
        let train = set.train.iter().map(|video| MotionVideo::of(video, way));
        let test = set.test.iter().map(|test| -> Result<_, ExperimentError> {
            Ok(MotionVideo {
                anomalous: test.labels()?.map(<[bool]>::to_vec),
                masks: test.masks(way.format().size)?,
                ..MotionVideo::of(&test.video, way)?
            })
        });
        let layout = way.layout()?;
        Ok(Self {
            train: train.collect::<Result<_, _>>()?,
            test: test.collect::<Result<_, _>>()?,
            layout,
        })
    }
}
