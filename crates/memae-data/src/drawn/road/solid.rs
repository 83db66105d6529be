//! Bodies with flat faces, seen from any side.

use super::camera::{Camera, Place};
use super::layout::Pose;
use crate::drawn::scene::canvas::Canvas;
use crate::drawn::scene::form::Form;

/// A body with six faces: corners of the lower face and, in the same order, of the upper one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Solid {
    pub(super) corners: [Place; 8],
    /// Greys of the faces: below, above, and those whose lower edges begin at corners 0 to 3.
    pub(super) greys: [f64; 6],
}

const FACES: [[usize; 4]; 6] = [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [0, 1, 5, 4],
    [1, 2, 6, 5],
    [2, 3, 7, 6],
    [3, 0, 4, 7],
];

impl Solid {
    /// A body above a rectangle on the ground, as long as `ahead` and as high as `up` say (metres from a vehicle's middle
    /// and from the ground), of half a width. Upwards it becomes narrower by `slant`: at its back, at its front and at
    /// either side. `greys` are those of the sides, of the two ends, and of what is above.
    pub(super) fn on(pose: &Pose, block: &Block) -> Self {
        let &Block {
            ahead,
            up,
            half,
            slant,
            greys,
        } = block;
        let level = |back, front, half: f64, up| {
            [(back, -half), (front, -half), (front, half), (back, half)]
                .map(|(ahead, left)| pose.at(ahead, left, up))
        };
        let below = level(ahead.0, ahead.1, half, up.0);
        let above = level(ahead.0 + slant.0, ahead.1 - slant.1, half - slant.2, up.1);
        let mut corners = [below[0]; 8];
        corners[..4].copy_from_slice(&below);
        corners[4..].copy_from_slice(&above);
        let [side, end, top] = greys;
        Self {
            corners,
            greys: [side, top, side, end, side, end],
        }
    }

    fn middle(&self) -> Place {
        let sum = |axis: fn(&Place) -> f64| self.corners.iter().map(axis).sum::<f64>() / 8.0;
        Place::new(
            sum(|place| place.x),
            sum(|place| place.y),
            sum(|place| place.z),
        )
    }

    /// Square of the distance on the ground from the camera to the middle.
    pub(super) fn distance(&self, camera: &Camera) -> f64 {
        let off = self.middle().minus(camera.eye());
        off.x * off.x + off.y * off.y
    }

    /// Whether the camera sees the outer side of a face.
    fn faces(&self, face: &[usize; 4], camera: &Camera) -> bool {
        let [a, b, c, _] = face.map(|corner| self.corners[corner]);
        let outwards = b.minus(a).cross(c.minus(a));
        let (inside, eye) = (self.middle().minus(a), camera.eye().minus(a));
        outwards.dot(inside) * outwards.dot(eye) < 0.0
    }

    /// Paints the body, its greys multiplied by `light`.
    pub(super) fn paint(
        &self,
        canvas: &mut Canvas,
        camera: &Camera,
        light: f64,
        anomaly: Option<usize>,
    ) {
        // Those that are turned away first: where two faces meet they keep the ground from shining through.
        for turned_away in [true, false] {
            for (face, grey) in FACES.iter().zip(self.greys) {
                if self.faces(face, camera) != turned_away {
                    let corners = face.map(|corner| camera.project(self.corners[corner]));
                    canvas.fill(&Form::Panel(corners.to_vec()), grey * light, anomaly);
                }
            }
        }
    }
}

/// A body on a vehicle, see [`Solid::on`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Block {
    pub(super) ahead: (f64, f64),
    pub(super) up: (f64, f64),
    pub(super) half: f64,
    pub(super) slant: (f64, f64, f64),
    pub(super) greys: [f64; 3],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn block(greys: [f64; 3]) -> Block {
        Block {
            ahead: (-2.0, 2.0),
            up: (0.0, 1.5),
            half: 0.9,
            slant: (0.0, 0.0, 0.0),
            greys,
        }
    }

    /// Seen from in front and above, the top and the near side fill what the body hides, and nothing shines through.
    #[test]
    fn top_and_near_side_are_seen() {
        let camera = Camera::new(64, 96, &mut Random::new(1, 0));
        let pose = Pose {
            x: 0.0,
            y: 8.0,
            ahead: (1.0, 0.0),
        };
        let solid = Solid::on(&pose, &block([100.0, 50.0, 200.0]));
        let mut canvas = Canvas::new(64, 96);
        canvas.begin(std::iter::repeat_n(0.0, 64 * 96), 1);
        solid.paint(&mut canvas, &camera, 1.0, Some(0));
        let at = |place: Place| {
            let point = camera.project(place);
            canvas.grey()[point.y as usize * 96 + point.x as usize]
        };
        assert!((at(Place::new(0.0, 8.0, 1.5)) - 200.0).abs() < 1.0);
        assert!((at(Place::new(0.0, 7.1, 0.75)) - 100.0).abs() < 1.0);
        // Between the two the edge is a blend of both, and of nothing else.
        let edge = at(Place::new(0.0, 7.1, 1.5));
        assert!((100.0..=200.0).contains(&edge), "{edge}");
        let shown: f64 = canvas.share(0).iter().sum();
        let size = camera.scale(pose.place());
        assert!(
            (shown / (4.0 * size) / (2.1 * size) - 1.0).abs() < 0.35,
            "{shown}"
        );
    }

    #[test]
    fn three_faces_at_most_are_seen() {
        let camera = Camera::new(64, 96, &mut Random::new(1, 0));
        for (x, ahead) in [(0.0, (1.0, 0.0)), (-6.0, (0.6, 0.8)), (6.0, (0.0, 1.0))] {
            let pose = Pose { x, y: 8.0, ahead };
            let solid = Solid::on(&pose, &block([100.0; 3]));
            let seen: Vec<bool> = FACES
                .iter()
                .map(|face| solid.faces(face, &camera))
                .collect();
            assert!(!seen[0] && seen[1], "{seen:?}");
            let count = seen.iter().filter(|seen| **seen).count();
            assert!((2..=3).contains(&count), "{seen:?}");
        }
    }
}
