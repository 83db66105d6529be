//! Everything on the road, frame by frame.

use super::camera::Place;
use super::carton::Carton;
use super::lane::{Drivers, Task};
use super::layout::{FRAME, Layout, OUTER, Pose};
use super::on_foot::{Crosser, Walker, stroll};
use super::vehicle::Vehicle;
use crate::drawn::scene::person::Person;
use crate::drawn::scene::wave::wave;
use crate::random::Random;

/// A vehicle that comes towards the others in their lane.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Oncoming {
    pub(super) number: usize,
    pub(super) lane: usize,
    pub(super) vehicle: Vehicle,
    /// Way on the lane at which its front is; it becomes less.
    pub(super) front: f64,
    pub(super) speed: f64,
}

impl Oncoming {
    pub(super) fn pose(&self, layout: &Layout) -> Pose {
        let length = self.vehicle.length;
        let pose = layout.pose(self.lane, false, self.front + length, length);
        Pose {
            ahead: (-pose.ahead.0, -pose.ahead.1),
            ..pose
        }
    }
}

/// What something on the road looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Figure<'a> {
    Vehicle {
        vehicle: &'a Vehicle,
        pose: Pose,
        pedals: f64,
    },
    Walker {
        person: &'a Person,
        turns: f64,
        facing: f64,
    },
    Crosser {
        person: &'a Person,
        turns: f64,
        towards: bool,
    },
    Carton(&'a Carton),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item<'a> {
    /// The ground below its middle.
    pub(super) place: Place,
    pub(super) figure: Figure<'a>,
    /// Number of the anomaly that this is.
    pub(super) anomaly: Option<usize>,
}

/// The road at one frame.
#[derive(Debug, Clone)]
pub(super) struct Traffic {
    pub(super) lanes: [Drivers; 4],
    pub(super) walkers: Vec<Walker>,
    pub(super) oncoming: Option<Oncoming>,
    pub(super) crosser: Option<Crosser>,
    pub(super) carton: Option<Carton>,
    /// How busy the road is, frames of a period in which it changes, and turns at frame 0.
    busy: (f64, f64, f64),
    random: Random,
}

impl Traffic {
    /// An empty road.
    pub(super) fn new(mut random: Random) -> Self {
        let busy = (
            random.uniform(0.7, 1.3),
            random.uniform(150.0, 400.0),
            random.unit(),
        );
        Self {
            lanes: [0, 1, 2, 3].map(Drivers::new),
            walkers: Vec::new(),
            oncoming: None,
            crosser: None,
            carton: None,
            busy,
            random,
        }
    }

    /// Goes on to a frame from the one before.
    pub(super) fn step(&mut self, layout: &Layout, frame: i64) {
        let (busy, period, start) = self.busy;
        let level = busy * (1.0 + 0.4 * wave(start + frame as f64 / period));
        let random = &mut self.random;
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            let on_foot = self.crosser.as_ref();
            let on_foot = on_foot.and_then(|crosser| crosser.claims(layout, number));
            lane.step(layout, level, on_foot, random);
        }
        stroll(&mut self.walkers, layout, level, random);
        if let Some(crosser) = &mut self.crosser {
            crosser.step(layout, &self.lanes);
        }
        self.crosser.take_if(|crosser| crosser.has_left(layout));
        if let Some(oncoming) = &mut self.oncoming {
            oncoming.front -= FRAME * oncoming.speed;
        }
        self.oncoming.take_if(|oncoming| oncoming.front < 0.0);
        if let Some(carton) = &mut self.carton {
            carton.step();
        }
        self.carton
            .take_if(|carton| carton.has_left(&layout.camera));
        self.drop_carton(layout);
    }

    /// Lets the carton fall when its pickup has come to the place.
    fn drop_carton(&mut self, layout: &Layout) {
        for driver in &mut self.lanes[OUTER].here {
            let Some((number, Task::Drop { x })) = driver.task else {
                continue;
            };
            let pose = driver.pose(layout, OUTER);
            if pose.x > x {
                continue;
            }
            driver.task = None;
            if let Some((ahead, grey)) = driver.vehicle.unload() {
                let (from, speed) = (pose.at(ahead, 0.0, 0.0), driver.speed);
                let carton = Carton::new(number, from, speed, grey, &mut self.random);
                self.carton = Some(carton);
            }
        }
    }

    /// What there is, from the farthest to the nearest.
    pub(super) fn items<'a>(&'a self, layout: &Layout) -> Vec<Item<'a>> {
        let mut items = Vec::new();
        for (lane, drivers) in self.lanes.iter().enumerate() {
            items.extend(drivers.here.iter().map(|driver| {
                let pose = driver.pose(layout, lane);
                Item {
                    place: pose.place(),
                    figure: Figure::Vehicle {
                        vehicle: &driver.vehicle,
                        pose,
                        pedals: driver.pedals,
                    },
                    anomaly: driver.anomaly(),
                }
            }));
        }
        items.extend(self.walkers.iter().map(|walker| Item {
            place: walker.place,
            figure: Figure::Walker {
                person: &walker.person,
                turns: walker.turns,
                facing: if walker.speed > 0.0 { 1.0 } else { -1.0 },
            },
            anomaly: None,
        }));
        items.extend(self.crosser.iter().map(|crosser| Item {
            place: crosser.place,
            figure: Figure::Crosser {
                person: &crosser.person,
                turns: crosser.turns,
                towards: crosser.direction < 0.0,
            },
            anomaly: Some(crosser.number),
        }));
        items.extend(self.oncoming.iter().map(|oncoming| {
            let pose = oncoming.pose(layout);
            Item {
                place: pose.place(),
                figure: Figure::Vehicle {
                    vehicle: &oncoming.vehicle,
                    pose,
                    pedals: 0.0,
                },
                anomaly: Some(oncoming.number),
            }
        }));
        items.extend(self.carton.iter().map(|carton| Item {
            place: carton.place(),
            figure: Figure::Carton(carton),
            anomaly: Some(carton.number),
        }));
        // Lanes lie behind one another, whichever way the camera looks at them.
        items.sort_by(|a, b| b.place.y.total_cmp(&a.place.y));
        items
    }
}
