//! What is to be said of motion beside its scores.

use memae::data::encode::CameraMotion;
use memae::data::sample::Video;

/// Places that are named.
const NAMED: usize = 5;

/// Cuts, and cameras that move.
#[derive(Debug, Default)]
pub(crate) struct MotionNotes {
    cuts: Vec<String>,
    more_cuts: usize,
    frames: usize,
    moving: usize,
    first_moving: Option<String>,
}

impl MotionNotes {
    /// Takes a frame of a video: whether it does not continue the one before it, and how the picture moves as a whole.
    pub(crate) fn add(&mut self, video: &Video, frame: u64, cut: bool, camera: CameraMotion) {
        let place = || format!("{}: frame {frame}", video.name());
        if cut {
            match self.cuts.len() < NAMED {
                true => self.cuts.push(place()),
                false => self.more_cuts += 1,
            }
        }
        self.frames += 1;
        if camera.moves() {
            self.moving += 1;
            self.first_moving.get_or_insert_with(place);
        }
    }

    /// A line for each kind of thing that was found.
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        if !self.cuts.is_empty() {
            let more = match self.more_cuts {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            texts.push(format!(
                "the picture is another from one frame to the next, as at a cut, where nothing is known of motion: {}{more}",
                self.cuts.join(", ")
            ));
        }
        if let Some(first) = &self.first_moving {
            texts.push(format!(
                "most of the picture moves together in {} of {} frames, first in {first}: where it is the camera that moves, everything \
                 in the picture does",
                self.moving, self.frames
            ));
        }
        texts
    }
}
