//! One video: what is in it, and its frames.

use std::fmt;
use std::ops::Range;

use super::actor::Actor;
use super::background::Background;
use super::canvas::{Canvas, Placement};
use super::ground::Ground;
use super::kind::WalkwayKind;
use super::light::Light;
use crate::random::Random;

/// An anomaly in a [`WalkwayVideo`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkwayAnomaly {
    /// What it is.
    pub kind: WalkwayKind,
    /// From the first frame in which it is visible to the one after the last; empty if it never is. Between them it may
    /// be hidden behind somebody for a few frames.
    pub frames: Range<usize>,
}

/// Frames of the walkway, each with a label and a pixel mask.
///
/// A pixel belongs to an anomaly if the anomaly fills at least half of it; what is hidden behind somebody does not
/// count, nor does a shadow on the ground. An anomaly is visible in a frame if at least one pixel in 500, rounded up,
/// belongs to it (9 of 64×64). The mask of a frame holds the pixels of the anomalies that are visible in it, and the
/// frame is labelled anomalous if there is one. So a label is true exactly where the mask is not empty.
#[derive(Clone, PartialEq, Eq)]
pub struct WalkwayVideo {
    height: usize,
    width: usize,
    pixels: Vec<u8>,
    masks: Vec<bool>,
    labels: Vec<bool>,
    anomalies: Vec<WalkwayAnomaly>,
}

impl WalkwayVideo {
    /// Number of frames.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no frames.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Rows of a frame.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Grey levels of all frames, `[frames, height, width]` flattened.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Whether each pixel shows an anomaly, `[frames, height, width]` flattened.
    pub fn masks(&self) -> &[bool] {
        &self.masks
    }

    /// Whether each frame is anomalous, `[frames]`.
    pub fn labels(&self) -> &[bool] {
        &self.labels
    }

    /// The anomalies, in the order in which they come; none in a training video.
    pub fn anomalies(&self) -> &[WalkwayAnomaly] {
        &self.anomalies
    }

    /// Grey levels of one frame, `[height, width]` flattened.
    ///
    /// # Panics
    ///
    /// `frame` is not below [`len`](Self::len).
    pub fn frame(&self, frame: usize) -> &[u8] {
        &self.pixels[self.span(frame)]
    }

    /// Whether each pixel of one frame shows an anomaly, `[height, width]` flattened.
    ///
    /// # Panics
    ///
    /// `frame` is not below [`len`](Self::len).
    pub fn mask(&self, frame: usize) -> &[bool] {
        &self.masks[self.span(frame)]
    }

    fn span(&self, frame: usize) -> Range<usize> {
        assert!(frame < self.len(), "frame {frame} of {} frames", self.len());
        let size = self.height * self.width;
        frame * size..(frame + 1) * size
    }
}

/// Shows the sizes and the anomalies, and leaves out the pixels.
impl fmt::Debug for WalkwayVideo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalkwayVideo")
            .field("len", &self.len())
            .field("height", &self.height)
            .field("width", &self.width)
            .field("anomalies", &self.anomalies)
            .finish_non_exhaustive()
    }
}

/// The place that all videos show.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) ground: Ground,
    pub(super) background: Background,
}

/// What makes a video.
pub(super) struct Script {
    /// In the order in which they enter.
    pub(super) actors: Vec<Actor>,
    /// What the actors with an anomaly's number are.
    pub(super) kinds: Vec<WalkwayKind>,
    pub(super) light: Light,
    /// Standard deviation of the sensor's noise, in grey levels.
    pub(super) noise: f64,
}

/// Pixels that must belong to an anomaly for it to be visible.
fn visible_from(pixels: usize) -> usize {
    pixels.div_ceil(500)
}

impl Scene {
    pub(super) fn film(&self, script: &Script, frames: usize, random: &mut Random) -> WalkwayVideo {
        let (height, width) = (self.ground.height as usize, self.ground.width as usize);
        let size = height * width;
        let mut video = WalkwayVideo {
            height,
            width,
            pixels: Vec::with_capacity(frames * size),
            masks: vec![false; frames * size],
            labels: vec![false; frames],
            anomalies: Vec::with_capacity(script.kinds.len()),
        };
        let kinds = script.kinds.iter();
        video
            .anomalies
            .extend(kinds.map(|&kind| WalkwayAnomaly { kind, frames: 0..0 }));

        let mut canvas = Canvas::new(height, width);
        let mut coming = script.actors.iter().peekable();
        let mut here: Vec<&Actor> = Vec::new();
        for frame in 0..frames {
            while let Some(actor) = coming.next_if(|actor| actor.entered <= frame as i64) {
                here.push(actor);
            }
            here.retain(|actor| !actor.has_left(&self.ground, frame));
            let shown = self.draw(&mut canvas, &here, script, frame);

            let mask = &mut video.masks[frame * size..][..size];
            for (plane, &number) in shown.iter().enumerate() {
                let share = canvas.share(plane);
                let own = |share: &f64| *share >= 0.5;
                if share.iter().filter(|share| own(share)).count() < visible_from(size) {
                    continue;
                }
                for (pixel, share) in mask.iter_mut().zip(share) {
                    *pixel |= own(share);
                }
                video.labels[frame] = true;
                let span = &mut video.anomalies[number].frames;
                if span.end == 0 {
                    span.start = frame;
                }
                span.end = frame + 1;
            }

            let brightness = script.light.brightness(frame);
            video.pixels.extend(canvas.grey().iter().map(|grey| {
                let grey = grey * brightness + script.noise * bell(random);
                grey.round().clamp(0.0, 255.0) as u8
            }));
        }
        video
    }

    /// Paints a frame and returns which anomalies are in it, in the order of the canvas's shares.
    fn draw(
        &self,
        canvas: &mut Canvas,
        here: &[&Actor],
        script: &Script,
        frame: usize,
    ) -> Vec<usize> {
        let sun = script.light.sun(frame);
        let mut shown: Vec<usize> = here.iter().filter_map(|actor| actor.anomaly).collect();
        shown.sort_unstable();
        canvas.begin(self.background.pixels(sun), shown.len());

        let mut placed: Vec<(Placement, &Actor)> = here
            .iter()
            .filter_map(|actor| Some((actor.placement(&self.ground, frame)?, *actor)))
            .collect();
        // Whoever stands lower in the picture is nearer.
        placed.sort_by(|(a, _), (b, _)| {
            let depth = |at: &Placement| self.ground.depth(at.row, at.x);
            depth(a).total_cmp(&depth(b))
        });
        for (placement, actor) in &placed {
            canvas.shade(&actor.shadow(placement), 0.12 * placement.size, 0.3 * sun);
        }
        for (placement, actor) in &placed {
            // Shadows reach up a person less than they darken the ground.
            let light = self
                .background
                .light_at(placement.x, placement.row, 0.7 * sun);
            let plane = actor
                .anomaly
                .and_then(|number| shown.iter().position(|&other| other == number));
            canvas.paint(&actor.parts(frame), placement, light, plane);
        }
        shown
    }
}

/// Bell-shaped like [`Random::bell`], but coarser and from a fourth of the random bits: noise takes one for each pixel.
fn bell(random: &mut Random) -> f64 {
    // The sum of four uniforms of 0 to 4095 has the mean 4 · 4095 / 2 and the variance 4 · (4096² − 1) / 12.
    const MEAN: f64 = 8_190.0;
    const DEVIATION: f64 = 2_364.826_632_123_378;
    let bits = random.below(1 << 48);
    let sum = (bits & 4095) + (bits >> 12 & 4095) + (bits >> 24 & 4095) + (bits >> 36);
    (sum as f64 - MEAN) / DEVIATION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bell_has_mean_zero_and_deviation_one() {
        let mut random = Random::new(5, 0);
        let draws: Vec<f64> = (0..40_000).map(|_| bell(&mut random)).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let square = draws.iter().map(|draw| draw * draw).sum::<f64>() / draws.len() as f64;
        assert!(
            mean.abs() < 0.02 && (square - 1.0).abs() < 0.02,
            "{mean} {square}"
        );
    }

    #[test]
    fn visible_is_one_pixel_in_500_rounded_up() {
        assert_eq!([1, 500, 501, 4_096].map(visible_from), [1, 1, 2, 9]);
    }
}
