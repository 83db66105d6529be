//! The road: its lanes, the side street, and the ways along them.

use super::camera::{Camera, Place};
use crate::drawn::scene::wave::wave;
use crate::random::Random;

/// Seconds between two frames.
pub(super) const FRAME: f64 = 0.1;

/// Where one surface ends and the next begins, from the near pavement on: the kerb, the line beside the cyclists, the line
/// between the directions, the dashes between the two lanes of one direction, the line beside the shoulder, the kerb.
pub(super) const NEAR_KERB: f64 = 2.0;
pub(super) const CYCLE_LINE: f64 = 3.6;
pub(super) const MIDDLE: f64 = 6.6;
pub(super) const DASHES: f64 = 9.6;
pub(super) const FAR_LINE: f64 = 12.6;
pub(super) const FAR_KERB: f64 = 13.8;
/// Half the width of the side street, and the radius of its kerb where vehicles turn in.
pub(super) const STREET: f64 = 2.4;
pub(super) const CORNER: f64 = 1.8;
/// Radius of the bend that vehicles take into the side street.
const RADIUS: f64 = 4.5;
const QUARTER: f64 = RADIUS * std::f64::consts::FRAC_PI_2;

/// The lane from which vehicles turn off.
pub(super) const OUTER: usize = 3;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lane {
    pub(super) y: f64,
    /// Half the width.
    pub(super) half: f64,
    /// 1 to the right, −1 to the left.
    pub(super) direction: f64,
    /// Usual speed in metres a second, and its standard deviation.
    pub(super) usual: f64,
    pub(super) spread: f64,
    /// Vehicles that come in a frame, on average over all videos.
    pub(super) arrivals: f64,
    /// Whether it is for bicycles.
    pub(super) bicycles: bool,
}

/// Where a vehicle is: its middle on the ground, and the unit vector ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pose {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) ahead: (f64, f64),
}

impl Pose {
    pub(super) fn place(&self) -> Place {
        Place::new(self.x, self.y, 0.0)
    }

    /// A place that is given by the way ahead, to the left and up from the middle.
    pub(super) fn at(&self, ahead: f64, left: f64, up: f64) -> Place {
        Place {
            x: self.x + self.ahead.0 * ahead - self.ahead.1 * left,
            y: self.y + self.ahead.1 * ahead + self.ahead.0 * left,
            z: up,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) camera: Camera,
    /// From the one nearest to the camera on.
    pub(super) lanes: [Lane; 4],
    /// Lanes go from x = −reach to reach, or the other way; at both ends vehicles are out of sight.
    pub(super) reach: f64,
    /// x of the middle of the side street.
    pub(super) mouth: f64,
}

impl Layout {
    pub(super) fn new(camera: Camera, random: &mut Random) -> Self {
        let lane = |y, direction, usual, spread, arrivals| Lane {
            y,
            half: 1.5,
            direction,
            usual,
            spread,
            arrivals,
            bicycles: false,
        };
        let mut usual = |mean: f64| mean * random.uniform(0.95, 1.05);
        let lanes = [
            Lane {
                half: 0.8,
                bicycles: true,
                ..lane(2.8, 1.0, usual(4.6), 0.35, 0.012)
            },
            lane(5.1, 1.0, usual(7.6), 0.7, 0.033),
            lane(8.1, -1.0, usual(9.4), 0.8, 0.031),
            lane(11.1, -1.0, usual(7.4), 0.7, 0.033),
        ];
        let mut layout = Self {
            camera,
            lanes,
            reach: 0.0,
            mouth: 0.0,
        };
        layout.mouth = -layout.half_width(FAR_KERB) * random.uniform(0.46, 0.58);
        layout.reach = layout.out_of_sight() + 9.0;
        layout
    }

    /// Half the width of what the picture shows at a y, about.
    pub(super) fn half_width(&self, y: f64) -> f64 {
        0.5 * self.camera.width / self.camera.scale(Place::new(0.0, y, 0.0))
    }

    /// A whole number of metres to either side beyond which nothing on a lane is seen, however high.
    fn out_of_sight(&self) -> f64 {
        let mut x = 4.0;
        let seen = |x: f64| {
            let places = self.lanes.iter().flat_map(|lane| {
                [(-x, 0.0), (-x, 3.0), (x, 0.0), (x, 3.0)].map(|(x, z)| Place::new(x, lane.y, z))
            });
            let mut columns = places.map(|place| self.camera.project(place).x);
            columns.any(|column| (0.0..self.camera.width).contains(&column))
        };
        while seen(x) {
            x += 1.0;
        }
        x
    }

    /// Way along a lane at which it has a given x.
    pub(super) fn along(&self, lane: usize, x: f64) -> f64 {
        self.reach + self.lanes[lane].direction * x
    }

    /// Way at which the bend into the side street begins, on the lane from which it is taken.
    pub(super) fn bend(&self) -> f64 {
        self.along(OUTER, self.mouth + RADIUS)
    }

    /// Way at which the bend ends.
    pub(super) fn bend_end(&self) -> f64 {
        self.bend() + QUARTER
    }

    /// Way at which vehicles are gone.
    pub(super) fn end(&self, turns: bool) -> f64 {
        // The side street goes out of the picture at its upper edge.
        if turns {
            self.bend_end() + 20.0
        } else {
            2.0 * self.reach
        }
    }

    /// The place on a lane, or on the way from it into the side street.
    fn point(&self, lane: usize, turns: bool, way: f64) -> (f64, f64) {
        let Lane { y, direction, .. } = self.lanes[lane];
        let beyond = way - self.bend();
        if !turns || beyond <= 0.0 {
            return (direction * (way - self.reach), y);
        }
        let (right, top) = (self.mouth + RADIUS, y + RADIUS);
        if beyond < QUARTER {
            // A quarter of a turn about the corner.
            let turn = 0.25 * beyond / QUARTER;
            return (
                right - RADIUS * wave(turn),
                top - RADIUS * wave(turn + 0.25),
            );
        }
        (self.mouth, top + beyond - QUARTER)
    }

    /// Where a vehicle is whose front has made a way.
    pub(super) fn pose(&self, lane: usize, turns: bool, front: f64, length: f64) -> Pose {
        let overhang = 0.18 * length;
        let (head, tail) = (
            self.point(lane, turns, front - overhang),
            self.point(lane, turns, front - length + overhang),
        );
        let (x, y) = (head.0 - tail.0, head.1 - tail.1);
        let between = (x * x + y * y).sqrt();
        Pose {
            x: 0.5 * (head.0 + tail.0),
            y: 0.5 * (head.1 + tail.1),
            ahead: (x / between, y / between),
        }
    }

    /// Whether a place is paved for vehicles on the far side of the road: metres to the nearest kerb, negative where it is.
    pub(super) fn beyond_kerb(&self, x: f64, y: f64) -> f64 {
        let road = y - FAR_KERB;
        let street = (x - self.mouth).abs() - STREET;
        // The corner is rounded where vehicles turn in.
        let (right, up) = (x - self.mouth - STREET, y - FAR_KERB);
        let (x, y) = (CORNER - right, CORNER - up);
        if (0.0..CORNER).contains(&right) && (0.0..CORNER).contains(&up) {
            return CORNER - (x * x + y * y).sqrt();
        }
        road.min(street)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(seed: u64) -> Layout {
        let random = &mut Random::new(seed, 0);
        Layout::new(Camera::new(64, 96, random), random)
    }

    #[test]
    fn ways_begin_and_end_out_of_sight() {
        for seed in 0..50 {
            for (height, width) in [(48, 60), (64, 96), (100, 300)] {
                let random = &mut Random::new(seed, 0);
                let layout = Layout::new(Camera::new(height, width, random), random);
                for lane in 0..4 {
                    for turns in [false, lane == OUTER] {
                        let length = 7.5;
                        for front in [0.0, layout.end(turns) + 0.01] {
                            let pose = layout.pose(lane, turns, front, length);
                            for (ahead, left, up) in [(4.0, 1.0, 0.0), (-4.0, -1.0, 2.5)] {
                                let place = pose.at(ahead, left, up);
                                assert!(
                                    !layout.camera.shows(place, 0.0),
                                    "{seed} {lane} {turns} {pose:?}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    /// However vehicles turn, they go on as fast as their way grows, without a jump.
    #[test]
    fn ways_have_no_jumps() {
        let layout = layout(3);
        for turns in [false, true] {
            let steps = (layout.end(turns) * 100.0) as usize;
            let points = (0..steps).map(|step| layout.point(OUTER, turns, step as f64 / 100.0));
            let points: Vec<(f64, f64)> = points.collect();
            for pair in points.windows(2) {
                let (x, y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
                let step = (x * x + y * y).sqrt();
                assert!((step - 0.01).abs() < 0.001, "{step}");
            }
        }
    }

    #[test]
    fn those_who_turn_go_away_from_the_camera_in_the_end() {
        let layout = layout(4);
        let pose = layout.pose(OUTER, true, layout.end(true), 4.5);
        assert_eq!((pose.x, pose.ahead), (layout.mouth, (0.0, 1.0)));
        let before = layout.pose(OUTER, true, layout.bend(), 4.5);
        assert_eq!(
            (before.y, before.ahead),
            (layout.lanes[OUTER].y, (-1.0, 0.0))
        );
    }

    #[test]
    fn the_bend_stays_on_what_is_paved() {
        for seed in 0..20 {
            let layout = layout(seed);
            let mut way = 0.0;
            while way < layout.end(true) {
                let pose = layout.pose(OUTER, true, way, 5.3);
                for (ahead, left) in [(2.65, 1.0), (2.65, -1.0), (-2.65, 1.0), (-2.65, -1.0)] {
                    let corner = pose.at(ahead, left, 0.0);
                    assert!(layout.beyond_kerb(corner.x, corner.y) < 0.0, "{corner:?}");
                }
                way += 0.1;
            }
        }
    }
}
