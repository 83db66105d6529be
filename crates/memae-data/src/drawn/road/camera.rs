//! Where things beside and on the road appear, and how large.

use crate::drawn::scene::form::Point;
use crate::random::Random;

/// A place in metres: x along the road to the right, y across it away from the camera, z up. The near edge of the near
/// pavement lies at y = 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) z: f64,
}

impl Place {
    pub(super) fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y, self.z - other.z)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub(super) fn cross(self, other: Self) -> Self {
        Self::new(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }
}

/// Cosine and sine of an angle of this tangent, by operations that are rounded alike everywhere.
fn direction(tangent: f64) -> (f64, f64) {
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    (cosine, tangent * cosine)
}

/// A pinhole camera on a mast, far off and with a long lens, that looks down across the road.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Camera {
    /// Height and width of the picture, in pixels.
    pub(super) height: f64,
    pub(super) width: f64,
    /// Focal length in pixels.
    focal: f64,
    eye: Place,
    /// Cosine and sine of the angle down from the horizon, and of the angle to the right of straight across.
    pitch: (f64, f64),
    yaw: (f64, f64),
}

impl Camera {
    pub(super) fn new(height: usize, width: usize, random: &mut Random) -> Self {
        let (height, width) = (height as f64, width as f64);
        let lens = random.uniform(3.6, 4.4);
        let down = random.uniform(0.58, 0.68);
        // What the picture shows of the ground in its middle column, from its lowest row to its highest.
        let (nearest, depth) = (random.uniform(-0.5, 0.0), random.uniform(18.6, 19.4));
        let turned = random.uniform(-0.1, 0.1);

        // Distances on the ground at which the rays through the middle, the lowest and the highest row arrive, as shares of
        // the first.
        let half = 0.5 / lens;
        let low = (1.0 - half * down) / (1.0 + half / down);
        let high = (1.0 + half * down) / (1.0 - half / down);
        let middle = depth / (high - low);
        let y = nearest - middle * low;
        Self {
            height,
            width,
            focal: lens * height,
            // The middle of the picture shows x = 0.
            eye: Place::new(-turned * middle, y, down * middle),
            pitch: direction(down),
            yaw: direction(turned),
        }
    }

    pub(super) fn eye(&self) -> Place {
        self.eye
    }

    /// Way to the right of the camera's axis, up from it, and along it.
    fn seen(&self, place: Place) -> (f64, f64, f64) {
        let off = place.minus(self.eye);
        let right = off.x * self.yaw.0 - off.y * self.yaw.1;
        let away = off.x * self.yaw.1 + off.y * self.yaw.0;
        let up = away * self.pitch.1 + off.z * self.pitch.0;
        let along = away * self.pitch.0 - off.z * self.pitch.1;
        (right, up, along)
    }

    /// Column and row of a place.
    pub(super) fn project(&self, place: Place) -> Point {
        let (right, up, along) = self.seen(place);
        Point {
            x: 0.5 * self.width + self.focal * right / along,
            y: 0.5 * self.height - self.focal * up / along,
        }
    }

    /// Pixels that a metre has at a place, to the right.
    pub(super) fn scale(&self, place: Place) -> f64 {
        self.focal / self.seen(place).2
    }

    /// Pixels that a metre has at a place, upwards.
    pub(super) fn upright(&self, place: Place) -> f64 {
        self.scale(place) * self.pitch.0
    }

    /// The place on the ground that is seen at a column and a row; the inverse of [`project`](Self::project).
    pub(super) fn ground(&self, column: f64, row: f64) -> Place {
        let right = (column - 0.5 * self.width) / self.focal;
        let up = (0.5 * self.height - row) / self.focal;
        let away = self.pitch.0 + up * self.pitch.1;
        let down = self.pitch.1 - up * self.pitch.0;
        let (right, away) = (right * self.eye.z / down, away * self.eye.z / down);
        Place {
            x: self.eye.x + right * self.yaw.0 + away * self.yaw.1,
            y: self.eye.y - right * self.yaw.1 + away * self.yaw.0,
            z: 0.0,
        }
    }

    /// Whether a place lies in the picture or no more than `margin` pixels outside.
    pub(super) fn shows(&self, place: Place, margin: f64) -> bool {
        let at = self.project(place);
        (-margin..self.width + margin).contains(&at.x)
            && (-margin..self.height + margin).contains(&at.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_places_on_the_ground_are_inverse() {
        for seed in 0..50 {
            let camera = Camera::new(61, 127, &mut Random::new(seed, 0));
            for (column, row) in [(0.0, 0.0), (63.5, 30.5), (127.0, 61.0), (10.0, 50.0)] {
                let place = camera.ground(column, row);
                let at = camera.project(place);
                assert!((at.x - column).abs() < 1e-9 && (at.y - row).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_picture_shows_the_road_from_side_to_side() {
        for seed in 0..200 {
            let camera = Camera::new(64, 96, &mut Random::new(seed, 0));
            let (near, far) = (camera.ground(48.0, 64.0).y, camera.ground(48.0, 0.0).y);
            // The ray through the middle column goes a little aslant.
            assert!((-0.6..0.2).contains(&near), "{near}");
            assert!((17.9..19.5).contains(&far), "{far}");
            let middle = camera.ground(48.0, 32.0);
            assert!(middle.x.abs() < 0.3, "{middle:?}");
        }
    }

    #[test]
    fn what_is_nearer_is_larger_and_what_stands_is_above_its_foot() {
        let camera = Camera::new(64, 96, &mut Random::new(1, 0));
        let (near, far) = (Place::new(1.0, 3.0, 0.0), Place::new(1.0, 13.0, 0.0));
        assert!(camera.scale(near) > 1.1 * camera.scale(far));
        let head = camera.project(Place::new(1.0, 3.0, 1.0));
        let height = camera.project(near).y - head.y;
        assert!(
            (height / camera.upright(near) - 1.0).abs() < 0.03,
            "{height}"
        );
    }
}
