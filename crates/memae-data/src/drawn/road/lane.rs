//! The drivers in one lane: they come, keep their distance, and go.

use super::following::{Ahead, DISTANCE, HEADWAY, acceleration, braking, limited};
use super::layout::{FRAME, Layout, OUTER, Pose};
use super::vehicle::Vehicle;
use crate::random::Random;

/// Share of its usual speed below which a vehicle that stops is an anomaly.
const SLOW: f64 = 0.5;
/// Braking before a bend, and of one that stops, in metres a second squared.
const BEFORE_BEND: f64 = 1.7;
const TO_STAND: f64 = 3.0;
/// Speed in the bend, in metres a second.
const IN_BEND: f64 = 3.8;
/// Way beyond the begin of the bend at which the back of a vehicle is out of the way of those who go another way.
const OUT_OF_THE_WAY: f64 = 5.5;
/// Least gap between two vehicles, in metres.
const LEAST_GAP: f64 = 0.5;
/// Share of the vehicles of the outer lane that turn off, of those that may.
const TURN: f64 = 0.45;

/// What a driver does that others do not.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Task {
    /// Brakes to stand at a way.
    Brake {
        at: f64,
        frames: u64,
    },
    Stand {
        frames: u64,
    },
    /// Drives on.
    Start,
    /// Loses a carton at an x.
    Drop {
        x: f64,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Driver {
    pub(super) vehicle: Vehicle,
    pub(super) turns: bool,
    /// Way that the front has made on the lane.
    pub(super) front: f64,
    /// Metres a second, now and where nothing is in the way.
    pub(super) speed: f64,
    pub(super) wish: f64,
    /// Metres to the left of the lane's middle.
    aside: f64,
    pub(super) pedals: f64,
    /// Number of the anomaly and what it takes.
    pub(super) task: Option<(usize, Task)>,
}

impl Driver {
    pub(super) fn back(&self) -> f64 {
        self.front - self.vehicle.length
    }

    pub(super) fn pose(&self, layout: &Layout, lane: usize) -> Pose {
        let pose = layout.pose(lane, self.turns, self.front, self.vehicle.length);
        let place = pose.at(0.0, self.aside, 0.0);
        Pose {
            x: place.x,
            y: place.y,
            ..pose
        }
    }

    /// Number of the anomaly that the vehicle is now.
    pub(super) fn anomaly(&self) -> Option<usize> {
        let (number, task) = self.task.as_ref()?;
        let stops = match task {
            // Before, others may make it slow.
            Task::Brake { at, .. } => limited(0.0, at - self.front, TO_STAND) < self.wish,
            Task::Stand { .. } | Task::Start => true,
            Task::Drop { .. } => false,
        };
        (stops && self.speed < SLOW * self.wish).then_some(*number)
    }

    /// Fastest speed that the way ahead and the task allow.
    fn limit(&self, layout: &Layout) -> f64 {
        let mut limit = self.wish;
        if self.turns && self.front - self.vehicle.length < layout.bend_end() {
            limit = limit.min(limited(IN_BEND, layout.bend() - self.front, BEFORE_BEND));
        }
        match self.task {
            Some((_, Task::Brake { at, .. })) => limit.min(limited(0.0, at - self.front, TO_STAND)),
            Some((_, Task::Stand { .. })) => 0.0,
            _ => limit,
        }
    }

    /// Goes on with what it does after another frame.
    fn carry_on(&mut self) {
        let task = self.task.take();
        self.task = match task {
            Some((number, Task::Brake { at, frames }))
                if self.speed < 0.2 && at - self.front < 1.0 =>
            {
                Some((number, Task::Stand { frames }))
            }
            Some((number, Task::Stand { frames: 0 })) => Some((number, Task::Start)),
            Some((number, Task::Stand { frames })) => {
                Some((number, Task::Stand { frames: frames - 1 }))
            }
            Some((_, Task::Start)) if self.speed >= SLOW * self.wish => None,
            other => other,
        };
    }
}

/// Someone on foot at a way, who is let pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OnFoot(pub(super) f64);

impl OnFoot {
    /// Metres that vehicles keep from them.
    const KEPT: f64 = 1.2;

    /// Metres that a driver may still go, none for one who has gone by or can no longer stop.
    fn ahead_of(self, driver: &Driver) -> Option<Ahead> {
        let gap = self.0 - Self::KEPT - driver.front;
        (gap > 0.0 && braking(driver.speed, gap) <= 6.0).then_some(Ahead {
            gap: gap + DISTANCE,
            speed: 0.0,
        })
    }

    /// Whether all drivers have gone by or will stop without haste.
    pub(super) fn may_enter(self, drivers: &[Driver]) -> bool {
        drivers.iter().all(|driver| {
            let gap = self.0 - Self::KEPT - driver.front;
            driver.back() > self.0 + 0.8 || (gap > 0.0 && braking(driver.speed, gap) <= 3.5)
        })
    }
}

/// A driver with a task who is to come next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ordered {
    pub(super) number: usize,
    pub(super) task: Task,
    pub(super) loaded: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drivers {
    pub(super) lane: usize,
    /// In the order in which they came.
    pub(super) here: Vec<Driver>,
    /// How many wait for room to come.
    waiting: u32,
    /// Nobody may come.
    pub(super) closed: bool,
    pub(super) ordered: Option<Ordered>,
}

impl Drivers {
    pub(super) fn new(lane: usize) -> Self {
        Self {
            lane,
            here: Vec::new(),
            waiting: 0,
            closed: false,
            ordered: None,
        }
    }

    /// One frame later; `level` is how busy the road is, 1 on average.
    pub(super) fn step(
        &mut self,
        layout: &Layout,
        level: f64,
        on_foot: Option<OnFoot>,
        random: &mut Random,
    ) {
        if random.unit() < layout.lanes[self.lane].arrivals * level {
            self.waiting = (self.waiting + 1).min(2);
        }
        if !self.closed && (self.waiting > 0 || self.ordered.is_some()) {
            self.admit(layout, random);
        }
        // Twice as fine as the frames.
        for _ in 0..2 {
            self.drive(layout, on_foot, 0.5 * FRAME);
        }
        for driver in &mut self.here {
            driver.carry_on();
            driver.pedals += 0.14 * driver.speed * FRAME;
        }
        self.here
            .retain(|driver| driver.front <= layout.end(driver.turns));
    }

    fn admit(&mut self, layout: &Layout, random: &mut Random) {
        let lane = &layout.lanes[self.lane];
        let last = self.here.last();
        let fastest = last.map_or(f64::INFINITY, |last| last.speed + 1.5);
        let room = last.map_or(f64::INFINITY, Driver::back);
        let most = fastest.min(lane.usual + 3.0 * lane.spread);
        if room < DISTANCE + HEADWAY * most {
            return;
        }
        let ordered = self.ordered.take();
        self.waiting = self.waiting.saturating_sub(1);
        let vehicle = if lane.bicycles {
            Vehicle::bicycle(random)
        } else {
            let loaded = ordered.as_ref().is_some_and(|ordered| ordered.loaded);
            Vehicle::on_road(loaded, random)
        };
        let wish = (lane.usual + lane.spread * random.bell().clamp(-2.5, 2.5)) * vehicle.pace();
        let turning = random.unit() < TURN;
        self.here.push(Driver {
            turns: self.lane == OUTER && ordered.is_none() && vehicle.may_turn() && turning,
            front: 0.0,
            speed: wish.min(fastest),
            wish,
            aside: random.uniform(-0.12, 0.12),
            pedals: random.unit(),
            task: ordered.map(|ordered| (ordered.number, ordered.task)),
            vehicle,
        });
    }

    fn drive(&mut self, layout: &Layout, on_foot: Option<OnFoot>, seconds: f64) {
        for index in 0..self.here.len() {
            let (before, rest) = self.here.split_at_mut(index);
            let driver = &mut rest[0];
            let leader = before.iter().rev().find(|other| {
                other.turns == driver.turns || other.back() < layout.bend() + OUT_OF_THE_WAY
            });
            let behind_leader = leader.map(|leader| Ahead {
                gap: leader.back() - driver.front,
                speed: leader.speed,
            });
            let behind_person = on_foot.and_then(|on_foot| on_foot.ahead_of(driver));
            let wish = driver.limit(layout);
            let change =
                [behind_leader, behind_person].map(|ahead| acceleration(driver.speed, wish, ahead));
            driver.speed = (driver.speed + seconds * change[0].min(change[1])).max(0.0);
            if matches!(driver.task, Some((_, Task::Stand { .. }))) {
                driver.speed = 0.0;
            }
            driver.front += seconds * driver.speed;
            if let Some(leader) = leader {
                let most = leader.back() - LEAST_GAP;
                if driver.front > most {
                    driver.front = most;
                    driver.speed = driver.speed.min(leader.speed);
                }
            }
        }
    }
}
