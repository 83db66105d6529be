//! The road and what is on it, as a picture.

use super::kind::RoadKind;
use super::layout::Layout;
use super::play::Play;
use super::traffic::{Figure, Item};
use super::vehicle::{PERSON, standing};
use super::video::RoadVideo;
use crate::drawn::scene::backdrop::Backdrop;
use crate::drawn::scene::canvas::Canvas;
use crate::drawn::scene::film::Exposure;
use crate::drawn::scene::form::{Form, Point};
use crate::random::Random;

/// The place that all videos show.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) layout: Layout,
    pub(super) backdrop: Backdrop,
}

impl Scene {
    pub(super) fn film(
        &self,
        play: &mut Play,
        exposure: &Exposure,
        frames: usize,
        kinds: &[RoadKind],
        random: &mut Random,
    ) -> RoadVideo {
        let camera = &self.layout.camera;
        let mut canvas = Canvas::new(camera.height as usize, camera.width as usize);
        exposure.film(&mut canvas, frames, kinds, random, |canvas, frame| {
            play.step(&self.layout);
            let items = play.traffic.items(&self.layout);
            self.paint(canvas, &items, exposure.light.sun(frame))
        })
    }

    /// Paints a frame and returns which anomalies are in it, in the order of the canvas's shares.
    pub(super) fn paint(&self, canvas: &mut Canvas, items: &[Item<'_>], sun: f64) -> Vec<usize> {
        let camera = &self.layout.camera;
        let mut shown: Vec<usize> = items.iter().filter_map(|item| item.anomaly).collect();
        shown.sort_unstable();
        canvas.begin(self.backdrop.pixels(sun), shown.len());
        for item in items {
            let size = camera.scale(item.place);
            canvas.shade(&self.shadow(item), 0.3 * size, 0.12 + 0.3 * sun);
        }
        for item in items {
            let at = camera.project(item.place);
            // Shadows reach up what stands in them less than they darken the ground.
            let light = self.backdrop.light_at(at.x, at.y, 0.7 * sun);
            let plane = item
                .anomaly
                .and_then(|number| shown.iter().position(|&other| other == number));
            match item.figure {
                Figure::Vehicle {
                    vehicle,
                    pose,
                    pedals,
                } => vehicle.paint(canvas, camera, &pose, pedals, light, plane),
                Figure::Walker {
                    person,
                    turns,
                    facing,
                } => {
                    let placement = standing(camera, item.place, facing);
                    canvas.paint(&person.walking(turns), &placement, light, plane);
                }
                Figure::Crosser {
                    person,
                    turns,
                    towards,
                } => {
                    let placement = standing(camera, item.place, 1.0);
                    canvas.paint(&person.crossing(turns, towards), &placement, light, plane);
                }
                Figure::Carton(carton) => {
                    carton.solid().paint(canvas, camera, light, plane);
                }
            }
        }
        shown
    }

    /// The shadow on the ground, in pixels.
    fn shadow(&self, item: &Item<'_>) -> Form {
        let camera = &self.layout.camera;
        let radius = match item.figure {
            Figure::Vehicle { vehicle, pose, .. } => return vehicle.shadow(camera, &pose),
            Figure::Carton(_) => 0.55,
            Figure::Walker { .. } | Figure::Crosser { .. } => 0.14,
        };
        let at = camera.project(item.place);
        let (size, lean) = (camera.scale(item.place), 0.35 * PERSON);
        let radius = radius * size;
        Form::Limb {
            from: Point { x: at.x, y: at.y },
            to: Point {
                x: at.x + lean * size,
                y: at.y - 0.3 * lean * size,
            },
            radii: [radius, 0.7 * radius],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::road::background;
    use crate::drawn::road::camera::Camera;
    use crate::drawn::road::event::Planned;

    /// The same traffic with the anomaly left out of the picture differs where the anomaly's share is, and hardly elsewhere.
    #[test]
    fn shares_are_where_the_picture_differs() {
        for kind in RoadKind::ALL {
            let (mut inside, mut differing, mut outside, mut elsewhere) = (0, 0, 0, 0);
            for seed in 0..3 {
                let random = &mut Random::new(seed, 0);
                let layout = Layout::new(Camera::new(64, 96, random), random);
                let backdrop = background::empty(&layout, random);
                let scene = Scene { layout, backdrop };
                let planned = [Planned {
                    kind,
                    number: 0,
                    from: 10,
                }];
                let mut play = Play::new(
                    &scene.layout,
                    planned.into_iter(),
                    Random::new(seed, 1),
                    Random::new(seed, 2),
                );
                let (mut with, mut without) = (Canvas::new(64, 96), Canvas::new(64, 96));
                for _ in 0..120 {
                    play.step(&scene.layout);
                    let mut items = play.traffic.items(&scene.layout);
                    if scene.paint(&mut with, &items, 0.7).is_empty() {
                        continue;
                    }
                    items.retain(|item| item.anomaly.is_none());
                    assert!(scene.paint(&mut without, &items, 0.7).is_empty());
                    let pairs = with.grey().iter().zip(without.grey());
                    for ((a, b), share) in pairs.zip(with.share(0)) {
                        let differs = usize::from((a - b).abs() > 3.0);
                        if *share >= 0.5 {
                            (inside, differing) = (inside + 1, differing + differs);
                        } else {
                            (outside, elsewhere) = (outside + 1, elsewhere + differs);
                        }
                    }
                }
            }
            assert!(inside > 1_000, "{kind}: {inside}");
            assert!(
                differing * 100 > inside * 85,
                "{kind}: {differing} of {inside}"
            );
            // The rim of the anomaly and its shadow.
            assert!(
                elsewhere * 100 < outside * 5,
                "{kind}: {elsewhere} of {outside}"
            );
        }
    }
}
