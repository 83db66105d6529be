//! The scene and what moves in it, frame by frame.

use std::fmt;

use super::actor::Actor;
use super::ground::Ground;
use super::kind::WalkwayKind;
use crate::drawn::scene::backdrop::Backdrop;
use crate::drawn::scene::canvas::{Canvas, Placement};
use crate::drawn::scene::film::Exposure;
use crate::drawn::scene::video::{DrawnAnomaly, DrawnVideo};
use crate::random::Random;

/// An anomaly in a [`WalkwayVideo`].
pub type WalkwayAnomaly = DrawnAnomaly<WalkwayKind>;

/// Frames of the walkway, each with a label and a pixel mask.
pub type WalkwayVideo = DrawnVideo<WalkwayKind>;

/// Shows the sizes and the anomalies, and leaves out the pixels.
impl fmt::Debug for WalkwayVideo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_debug("WalkwayVideo", f)
    }
}

/// The place that all videos show.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) ground: Ground,
    pub(super) background: Backdrop,
}

/// What makes a video.
pub(super) struct Script {
    /// In the order in which they enter.
    pub(super) actors: Vec<Actor>,
    /// What the actors with an anomaly's number are.
    pub(super) kinds: Vec<WalkwayKind>,
    pub(super) exposure: Exposure,
}

impl Scene {
    pub(super) fn film(&self, script: &Script, frames: usize, random: &mut Random) -> WalkwayVideo {
        let mut canvas = Canvas::new(self.ground.height as usize, self.ground.width as usize);
        let mut coming = script.actors.iter().peekable();
        let mut here: Vec<&Actor> = Vec::new();
        let draw = |canvas: &mut Canvas, frame| {
            while let Some(actor) = coming.next_if(|actor| actor.entered <= frame as i64) {
                here.push(actor);
            }
            here.retain(|actor| !actor.has_left(&self.ground, frame));
            self.draw(canvas, &here, script, frame)
        };
        script
            .exposure
            .film(&mut canvas, frames, &script.kinds, random, draw)
    }

    /// Paints a frame and returns which anomalies are in it, in the order of the canvas's shares.
    fn draw(
        &self,
        canvas: &mut Canvas,
        here: &[&Actor],
        script: &Script,
        frame: usize,
    ) -> Vec<usize> {
        let sun = script.exposure.light.sun(frame);
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
