//! Normal videos whose motion is looked at, opened as a detector will open others.

use std::path::Path;

use memae::data::encode::MotionPreprocessing;
use memae::data::format::shown;
use memae::data::sample::{Video, VideoConfig};

use super::motion_frames::{Frames, first_size};
use super::training::Training;
use crate::failure::Failure;
use crate::input::{NormalVideos, normal_videos};
use crate::left_out::LeftOut;
use crate::recipe::MotionRecipe;
use crate::wording::in_options;

/// Normal videos that were found, and the way to the motion in them.
pub(super) struct Opened {
    pub(super) found: NormalVideos,
    pub(super) way: MotionPreprocessing,
    /// Height and width of the frames as they are stored.
    stored: (usize, usize),
}

/// The same with their frames, which can be decoded.
pub(super) struct Footage {
    pub(super) frames: Frames,
    pub(super) way: MotionPreprocessing,
    pub(super) left_out: LeftOut,
}

impl Opened {
    /// Opens the videos that a training was given.
    pub(super) fn open(
        training: &Training<'_>,
        opening: &VideoConfig,
        recipe: &MotionRecipe,
    ) -> Result<Self, Failure> {
        let options = training.options;
        let opening = match options.image_rate {
            Some(rate) => opening.clone().with_image_rate(rate),
            None => opening.clone(),
        };
        let whole = normal_videos(&options.normal, &opening)?;
        let stored = first_size(&whole.videos)?;
        let way = recipe.way(&opening, stored, slowest(&whole.videos)?)?;
        // Opened again, as the detector will open others.
        let found = normal_videos(&options.normal, way.opening())?;
        for passed_over in &found.passed_over {
            training.note(passed_over);
        }
        Ok(Self { found, way, stored })
    }

    /// Decodes them once, and says what was found; a score reaches over so many frames.
    pub(super) fn decode(
        mut self,
        training: &Training<'_>,
        reach: usize,
    ) -> Result<Footage, Failure> {
        let frames = Frames::of(&mut self.found, &self.way, reach)?;
        let mut left_out = self.found.left_out;
        frames.gaps(&mut left_out)?;
        let (height, width) = self.way.format().size.unwrap_or(self.stored);
        training.note(format_args!(
            "{} videos, {} frames of {height}x{width} at {:.2} a second{}",
            frames.videos().len(),
            frames.len(),
            self.way.rate(),
            frames
                .stretches()
                .map_or(String::new(), |stretches| format!(
                    ", divided into {stretches} stretches"
                ))
        ));
        Ok(Footage {
            frames,
            way: self.way,
            left_out,
        })
    }
}

/// The rate that all videos can be brought to: that of the one which has the fewest frames a second. A file whose frames can't be
/// listed says nothing of it, if others do: what can't be decoded is left out later on.
fn slowest(videos: &[Video]) -> Result<f64, Failure> {
    let mut slowest = None;
    let mut problem = None;
    for video in videos {
        match video.frame_rate() {
            Ok(Some(rate)) => {
                slowest = Some(slowest.map_or(rate, |slowest: f64| slowest.min(rate)))
            }
            Ok(None) => return Err(without_rate(video.path())),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    match (slowest, problem) {
        (Some(rate), _) => Ok(rate),
        (None, Some(error)) => Err(Failure::Other(in_options(&error.to_string()))),
        (None, None) => Err(Failure::Other(
            "found no video, expected at least one".to_string(),
        )),
    }
}

fn without_rate(path: &Path) -> Failure {
    Failure::Other(format!(
        "{}: found frames without times, expected --image-rate, which says how many there are a second",
        shown(path)
    ))
}
