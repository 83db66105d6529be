//! Who walks: along the near pavement, and across the road.

use super::camera::Place;
use super::lane::{Drivers, OnFoot};
use super::layout::{FRAME, Layout, NEAR_KERB};
use super::vehicle::PERSON;
use crate::drawn::scene::person::Person;
use crate::random::Random;

/// Walkers that come to the pavement in a frame, on average over all videos.
const ARRIVALS: f64 = 0.012;
/// Slowest and fastest walkers on the pavement, in metres a second.
pub(super) const PACE: (f64, f64) = (1.15, 1.6);

/// Turns of the gait in a metre.
fn cadence(person: &Person) -> f64 {
    1.0 / (PERSON * person.stride * person.stature)
}

/// Someone on the pavement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Walker {
    pub(super) person: Person,
    pub(super) place: Place,
    /// Metres a second, to the right.
    pub(super) speed: f64,
    pub(super) turns: f64,
}

/// x of the place where walkers come into sight or go out of it, to either side.
pub(super) fn end_of_pavement(layout: &Layout) -> f64 {
    1.25 * layout.half_width(NEAR_KERB) + 1.0
}

/// Those on the pavement, a frame later.
pub(super) fn stroll(walkers: &mut Vec<Walker>, layout: &Layout, level: f64, random: &mut Random) {
    let end = end_of_pavement(layout);
    if random.unit() < ARRIVALS * level {
        let person = Person::new(random);
        let right = if random.below(2) == 0 { 1.0 } else { -1.0 };
        walkers.push(Walker {
            person,
            place: Place::new(-right * end, random.uniform(0.35, NEAR_KERB - 0.35), 0.0),
            speed: right * random.uniform(PACE.0, PACE.1),
            turns: random.unit(),
        });
    }
    for walker in walkers.iter_mut() {
        walker.place.x += FRAME * walker.speed;
        walker.turns += FRAME * walker.speed.abs() * cadence(&walker.person);
    }
    walkers.retain(|walker| walker.place.x.abs() <= end);
}

/// Someone who crosses the road.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Crosser {
    pub(super) number: usize,
    pub(super) person: Person,
    pub(super) place: Place,
    /// 1 away from the camera, −1 towards it.
    pub(super) direction: f64,
    speed: f64,
    pub(super) turns: f64,
    /// The lane that they are in or have been let into.
    entered: Option<usize>,
}

/// Metres before a lane at which people wait, and at which drivers see that they want to cross it.
const WAIT: f64 = 0.3;
const SEEN: f64 = 1.8;

impl Crosser {
    pub(super) fn new(number: usize, layout: &Layout, random: &mut Random) -> Self {
        let camera = &layout.camera;
        // Beside the side street and its corner.
        let x = random.uniform(layout.mouth + 5.6, 0.75 * layout.half_width(NEAR_KERB));
        let away = random.below(2) == 0;
        // Out of the picture from head to foot.
        let mut y = if away { 0.0 } else { 17.0 };
        let seen = |y: f64| {
            [0.0, 1.2 * PERSON].into_iter().any(|z| {
                let row = camera.project(Place::new(x, y, z)).y;
                (0.0..camera.height).contains(&row)
            })
        };
        while seen(y) {
            y += if away { -0.1 } else { 0.1 };
        }
        let person = Person::new(random);
        Self {
            number,
            person,
            place: Place::new(x, y, 0.0),
            direction: if away { 1.0 } else { -1.0 },
            speed: random.uniform(1.9, 2.3),
            turns: random.unit(),
            entered: None,
        }
    }

    fn lane_at(layout: &Layout, y: f64) -> Option<usize> {
        layout
            .lanes
            .iter()
            .position(|lane| (y - lane.y).abs() < lane.half)
    }

    /// Where the drivers of a lane must let them pass.
    pub(super) fn claims(&self, layout: &Layout, lane: usize) -> Option<OnFoot> {
        let Lane { low, high } = Lane::of(layout, lane);
        let (from, to) = (
            self.place.y - self.direction * WAIT,
            self.place.y + self.direction * SEEN,
        );
        (from.min(to) < high && from.max(to) > low)
            .then(|| OnFoot(layout.along(lane, self.place.x)))
    }

    /// A frame later: they walk on, or wait before a lane whose drivers cannot stop any more.
    pub(super) fn step(&mut self, layout: &Layout, lanes: &[Drivers]) {
        let step = FRAME * self.speed;
        let next = Self::lane_at(layout, self.place.y + self.direction * (step + WAIT));
        if let Some(lane) = next
            && self.entered != next
        {
            let at = OnFoot(layout.along(lane, self.place.x));
            if !at.may_enter(&lanes[lane].here) {
                return;
            }
        }
        self.entered = next.or(self.entered);
        self.place.y += self.direction * step;
        self.turns += step * cadence(&self.person);
    }

    /// Whether they have crossed and are out of the picture.
    pub(super) fn has_left(&self, layout: &Layout) -> bool {
        let camera = &layout.camera;
        if self.direction > 0.0 {
            camera.project(self.place).y < 0.0
        } else {
            let head = Place {
                z: 1.2 * PERSON,
                ..self.place
            };
            camera.project(head).y > camera.height
        }
    }
}

/// The edges of a lane.
struct Lane {
    low: f64,
    high: f64,
}

impl Lane {
    fn of(layout: &Layout, lane: usize) -> Self {
        let lane = &layout.lanes[lane];
        Self {
            low: lane.y - lane.half,
            high: lane.y + lane.half,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::road::camera::Camera;

    fn layout() -> Layout {
        let random = &mut Random::new(2, 0);
        Layout::new(Camera::new(64, 96, random), random)
    }

    #[test]
    fn walkers_stay_on_the_pavement_and_come_from_both_sides() {
        let (layout, random) = (layout(), &mut Random::new(3, 0));
        let (mut walkers, mut right, mut left) = (Vec::new(), 0, 0);
        for _ in 0..4_000 {
            stroll(&mut walkers, &layout, 1.0, random);
            for walker in &walkers {
                assert!((0.3..1.7).contains(&walker.place.y));
                let pace = walker.speed.abs();
                assert!((PACE.0..PACE.1).contains(&pace), "{pace}");
                right += usize::from(walker.speed > 0.0);
                left += usize::from(walker.speed < 0.0);
            }
        }
        assert!(right > 500 && left > 500, "{right} {left}");
        assert!(
            !layout
                .camera
                .shows(Place::new(end_of_pavement(&layout), 1.0, 0.0), 0.0)
        );
    }

    /// On an empty road nobody waits, and the whole picture is crossed.
    #[test]
    fn whoever_crosses_begins_and_ends_out_of_the_picture() {
        let layout = layout();
        let lanes = [0, 1, 2, 3].map(Drivers::new);
        for seed in 0..40 {
            let mut crosser = Crosser::new(0, &layout, &mut Random::new(seed, 0));
            let x = crosser.place.x;
            assert!(x > layout.mouth + 5.5 && layout.camera.shows(Place::new(x, 1.0, 0.0), 0.0));
            let (mut frames, mut claimed) = (0, [0; 4]);
            while !crosser.has_left(&layout) {
                let before = crosser.place.y;
                crosser.step(&layout, &lanes);
                let step = crosser.direction * (crosser.place.y - before);
                assert!((0.19..0.23).contains(&step), "{step}");
                for (lane, claimed) in claimed.iter_mut().enumerate() {
                    *claimed += usize::from(crosser.claims(&layout, lane).is_some());
                }
                frames += 1;
            }
            assert!((80..125).contains(&frames), "{frames}");
            for (lane, claimed) in claimed.into_iter().enumerate() {
                // The width of the lane and what lies before and behind.
                let expected =
                    (2.0 * layout.lanes[lane].half + WAIT + SEEN) / (FRAME * crosser.speed);
                assert!(
                    (claimed as f64 - expected).abs() < 1.5,
                    "{claimed} {expected}"
                );
            }
        }
    }
}
