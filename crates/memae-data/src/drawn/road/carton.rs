//! A carton that falls from a pickup.

use super::camera::{Camera, Place};
use super::layout::{FAR_LINE, FRAME};
use super::solid::Solid;
use super::vehicle::{BED, CARTON};
use crate::drawn::scene::wave::wave;
use crate::random::Random;

/// Half of a side.
const HALF: f64 = 0.5 * CARTON;
/// Where it comes to lie: on the shoulder, beside the lane.
const REST: f64 = FAR_LINE + 0.65;
/// Share of the pickup's way in the time of the fall that the carton makes.
const SLIDE: f64 = 0.42;
const GRAVITY: f64 = 9.81;
/// Speed of the first bounce, upwards.
const BOUNCE: f64 = 1.4;
/// How the wind takes it: metres a second squared and metres a second.
const GUST: (f64, f64) = (2.5, 4.5);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Carton {
    pub(super) number: usize,
    grey: f64,
    from: Place,
    /// x at which it comes to lie.
    rest: f64,
    /// Frames since it left the bed, frames of the fall, and frames for which it lies.
    age: u64,
    fall: u64,
    lies: u64,
    /// Metres to the right for each metre that the wind blows it across.
    drift: f64,
}

/// Where the middle of the carton is, and its turns about an axis across the road and about one along it.
struct Attitude {
    middle: Place,
    turns: (f64, f64),
}

/// Farthest that a carton may come from where it leaves a pickup of this speed.
pub(super) fn farthest(speed: f64) -> f64 {
    1.6 * SLIDE * speed
}

impl Carton {
    /// From the bed of a pickup at a place, which drives to the left with `speed` metres a second.
    pub(super) fn new(
        number: usize,
        from: Place,
        speed: f64,
        grey: f64,
        random: &mut Random,
    ) -> Self {
        let fall = 12 + random.below(5);
        Self {
            number,
            grey,
            from,
            rest: from.x - SLIDE * speed.max(2.0) * fall as f64 * FRAME,
            age: 0,
            fall,
            lies: 40 + random.below(31),
            drift: random.uniform(-0.15, 0.15),
        }
    }

    pub(super) fn step(&mut self) {
        self.age += 1;
    }

    fn attitude(&self) -> Attitude {
        let blown = self.age.saturating_sub(self.fall + self.lies);
        if blown > 0 {
            let seconds = blown as f64 * FRAME;
            let (gain, most) = GUST;
            let until = seconds.min(most / gain);
            let way = 0.5 * gain * until * until + most * (seconds - until);
            // It rolls: a quarter of a turn for each side.
            let turn = 0.25 * way / CARTON;
            return Attitude {
                middle: Place::new(self.rest + self.drift * way, REST + way, upright(turn)),
                turns: (0.0, turn),
            };
        }
        let share = (self.age as f64 / self.fall as f64).min(1.0);
        let eased = 1.0 - (1.0 - share) * (1.0 - share);
        let seconds = self.age as f64 * FRAME;
        let down = (2.0 * BED / GRAVITY).sqrt();
        let lift = if seconds < down {
            BED - 0.5 * GRAVITY * seconds * seconds
        } else {
            let since = seconds - down;
            (BOUNCE * since - 0.5 * GRAVITY * since * since).max(0.0)
        };
        // Once round, so that it lies on the face on which it stood.
        Attitude {
            middle: Place {
                x: self.from.x + (self.rest - self.from.x) * eased,
                y: self.from.y + (REST - self.from.y) * eased,
                z: lift + upright(eased),
            },
            turns: (eased, 0.0),
        }
    }

    /// The ground below it.
    pub(super) fn place(&self) -> Place {
        Place {
            z: 0.0,
            ..self.attitude().middle
        }
    }

    pub(super) fn solid(&self) -> Solid {
        let Attitude { middle, turns } = self.attitude();
        let turned = |turns: f64, (a, b): (f64, f64)| {
            let (cosine, sine) = (wave(turns + 0.25), wave(turns));
            (cosine * a - sine * b, sine * a + cosine * b)
        };
        let corner = |x: f64, y: f64, z: f64| {
            // Forward is to the left, and the wind blows away from the camera.
            let (x, z) = turned(turns.0, (x, z));
            let (z, y) = turned(turns.1, (z, y));
            Place::new(middle.x + x, middle.y + y, middle.z + z)
        };
        let around = [(-HALF, -HALF), (HALF, -HALF), (HALF, HALF), (-HALF, HALF)];
        let mut corners = [middle; 8];
        for (number, (x, y)) in around.into_iter().enumerate() {
            corners[number] = corner(x, y, -HALF);
            corners[number + 4] = corner(x, y, HALF);
        }
        let greys = [0.7, 1.05, 0.85, 0.75, 0.9, 0.75].map(|share| self.grey * share);
        Solid { corners, greys }
    }

    /// Whether the wind has blown it out of the picture.
    pub(super) fn has_left(&self, camera: &Camera) -> bool {
        let place = self.place();
        self.age > self.fall + self.lies && !camera.shows(place, 1.2 * CARTON * camera.scale(place))
    }
}

/// Height of the middle of a carton that touches the ground, after so many turns.
fn upright(turns: f64) -> f64 {
    HALF * (wave(turns).abs() + wave(turns + 0.25).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carton(seed: u64) -> Carton {
        let from = Place::new(6.0, 11.1, 0.0);
        Carton::new(0, from, 7.0, 180.0, &mut Random::new(seed, 0))
    }

    /// Its corners move less than a metre and a half in a frame, never into the ground, and not at all while it lies.
    #[test]
    fn it_falls_lies_and_is_blown_away() {
        for seed in 0..30 {
            let random = &mut Random::new(seed, 9);
            let camera = Camera::new(64, 96, random);
            let mut carton = carton(seed);
            let mut still = 0;
            while !carton.has_left(&camera) {
                let before = carton.solid();
                carton.step();
                let after = carton.solid();
                let steps = before.corners.iter().zip(&after.corners).map(|(a, b)| {
                    let step = b.minus(*a);
                    step.dot(step).sqrt()
                });
                let most = steps.fold(0.0, f64::max);
                assert!(most < 1.5, "{most}");
                still += u64::from(most == 0.0);
                let lowest = after.corners.iter().map(|corner| corner.z);
                assert!(lowest.fold(f64::INFINITY, f64::min) > -0.01);
                assert!(carton.age < 200);
            }
            // A step lies between two frames.
            assert_eq!(still, carton.lies);
            assert!((40..=70).contains(&carton.lies));
            assert!(carton.place().y > FAR_LINE + 4.0);
        }
    }

    #[test]
    fn it_lies_on_the_shoulder_where_it_should() {
        for seed in 0..30 {
            let mut carton = carton(seed);
            let start = carton.solid().corners;
            let high = start.iter().map(|corner| corner.z);
            assert!((high.fold(0.0, f64::max) - BED - CARTON).abs() < 1e-9);
            for _ in 0..carton.fall {
                carton.step();
            }
            let place = carton.place();
            assert!(place.x < 6.0 && place.x > 6.0 - farthest(7.0), "{place:?}");
            for corner in carton.solid().corners {
                assert!((FAR_LINE..FAR_LINE + 1.3).contains(&corner.y), "{corner:?}");
            }
        }
    }
}
