//! Whoever moves: how they look, and where they are in each frame.

use super::ground::Ground;
use super::vehicle::Vehicle;
use crate::drawn::scene::canvas::Placement;
use crate::drawn::scene::form::{Form, Part, Point};
use crate::drawn::scene::person::Person;
use crate::drawn::scene::wave::wave;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Look {
    Walker(Person),
    Skater(Person),
    Cyclist { person: Person, frame: f64 },
    Cart(Vehicle),
    Van(Vehicle),
    Crosser { person: Person, towards: bool },
}

impl Look {
    /// Half the length on the ground, in heights of a person.
    pub(super) fn half_length(&self) -> f64 {
        match self {
            Look::Walker(_) => 0.3,
            Look::Crosser { .. } => 0.22,
            Look::Skater(_) => 0.36,
            Look::Cyclist { .. } => 0.56,
            Look::Cart(_) => 0.76,
            Look::Van(_) => 1.08,
        }
    }

    fn parts(&self, turns: f64) -> Vec<Part> {
        match self {
            Look::Walker(person) => person.walking(turns),
            Look::Skater(person) => person.skating(turns),
            Look::Cyclist { person, frame } => person.cycling(turns, *frame),
            Look::Cart(vehicle) => vehicle.cart(),
            Look::Van(vehicle) => vehicle.van(),
            Look::Crosser { person, towards } => person.crossing(turns, *towards),
        }
    }
}

/// The way through the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Route {
    /// Along the path, from one side to the other.
    Along {
        facing: f64,
        depth: f64,
        /// How far the depth wavers to either side.
        weave: f64,
        /// Heights of a person in a frame.
        speed: f64,
    },
    /// Across the path.
    Across {
        /// Column in the middle of the picture's height, and columns made in a row.
        x: f64,
        drift: f64,
        /// Rows in a frame; negative away from the camera.
        rows: f64,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Actor {
    pub(super) look: Look,
    pub(super) route: Route,
    /// Frame at which they come to the edge of the picture; negative for those who came before the video began.
    pub(super) entered: i64,
    /// Where in their gait they are when they enter, in double steps or turns of the pedals.
    pub(super) turns: f64,
    /// Turns of the gait in a frame.
    pub(super) cadence: f64,
    /// Number of the anomaly that this is.
    pub(super) anomaly: Option<usize>,
}

impl Actor {
    /// Where the actor is in a frame, `None` before entering and after leaving.
    pub(super) fn placement(&self, ground: &Ground, frame: usize) -> Option<Placement> {
        let frames = frame as i64 - self.entered;
        if frames < 0 {
            return None;
        }
        let frames = frames as f64;
        match self.route {
            Route::Along {
                facing,
                depth,
                weave,
                speed,
            } => {
                let size = ground.size(depth);
                let (gone, margin) = (speed * size * frames, self.look.half_length() * size);
                if gone > ground.width + 2.0 * margin {
                    return None;
                }
                let x = if facing > 0.0 {
                    gone - margin
                } else {
                    ground.width + margin - gone
                };
                let depth = depth + weave * wave(self.turns + 0.07 * speed * frames);
                Some(Placement {
                    x,
                    row: ground.row(depth, x),
                    size: ground.size(depth),
                    facing,
                })
            }
            Route::Across { x, drift, rows } => {
                // Below the picture until the head has gone as well; above it, the feet are the last to be seen.
                let low = ground.height + 1.15 * ground.size(1.0);
                let row = if rows > 0.0 {
                    rows * frames
                } else {
                    low + rows * frames
                };
                if !(0.0..=low).contains(&row) {
                    return None;
                }
                let x = x + drift * (row - 0.5 * ground.height);
                Some(Placement {
                    x,
                    row,
                    size: ground.size(ground.depth(row, x)),
                    facing: 1.0,
                })
            }
        }
    }

    /// Whether the actor has come and gone by a frame.
    pub(super) fn has_left(&self, ground: &Ground, frame: usize) -> bool {
        frame as i64 > self.entered && self.placement(ground, frame).is_none()
    }

    pub(super) fn parts(&self, frame: usize) -> Vec<Part> {
        let frames = (frame as i64 - self.entered) as f64;
        self.look.parts(self.turns + self.cadence * frames)
    }

    /// The shadow on the ground, in pixels.
    pub(super) fn shadow(&self, placement: &Placement) -> Form {
        const LEAN: f64 = 0.35;
        let half = (self.look.half_length() - 0.15) * placement.size;
        let radius = 0.08 * placement.size;
        Form::Limb {
            from: Point {
                x: placement.x - half,
                y: placement.row,
            },
            to: Point {
                x: placement.x + half + LEAN * placement.size,
                y: placement.row - 0.1 * placement.size,
            },
            radii: [radius, 0.7 * radius],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn ground() -> Ground {
        Ground::new(64, 96, &mut Random::new(2, 0))
    }

    fn walker(facing: f64) -> Actor {
        Actor {
            look: Look::Walker(Person::new(&mut Random::new(0, 0))),
            route: Route::Along {
                facing,
                depth: 0.5,
                weave: 0.02,
                speed: 0.06,
            },
            entered: 5,
            turns: 0.0,
            cadence: 0.07,
            anomaly: None,
        }
    }

    #[test]
    fn walkers_come_from_one_side_and_leave_at_the_other() {
        let ground = ground();
        for facing in [1.0, -1.0] {
            let actor = walker(facing);
            assert!(actor.placement(&ground, 4).is_none() && !actor.has_left(&ground, 4));
            let seen: Vec<Placement> = (5..)
                .map_while(|frame| actor.placement(&ground, frame))
                .collect();
            let (first, last) = (seen[0].x, seen[seen.len() - 1].x);
            let (left, right) = if facing > 0.0 {
                (first, last)
            } else {
                (last, first)
            };
            assert!(left < 0.0 && right > 96.0, "{left} {right}");
            for pair in seen.windows(2) {
                let step = facing * (pair[1].x - pair[0].x);
                assert!((0.5..1.2).contains(&step), "{step}");
            }
            assert!(actor.has_left(&ground, 5 + seen.len()));
        }
    }

    #[test]
    fn crossers_pass_every_row() {
        let ground = ground();
        for rows in [1.0, -1.0] {
            let actor = Actor {
                look: Look::Crosser {
                    person: Person::new(&mut Random::new(0, 0)),
                    towards: rows > 0.0,
                },
                route: Route::Across {
                    x: 40.0,
                    drift: 0.2,
                    rows,
                },
                ..walker(1.0)
            };
            let seen: Vec<Placement> = (5..)
                .map_while(|frame| actor.placement(&ground, frame))
                .collect();
            let rows = || seen.iter().map(|placement| placement.row);
            assert!(rows().fold(f64::INFINITY, f64::min) < 1.0);
            assert!(rows().fold(0.0, f64::max) > 78.0);
            assert!(
                seen.iter()
                    .all(|placement| (0.0..96.0).contains(&placement.x))
            );
        }
    }
}
