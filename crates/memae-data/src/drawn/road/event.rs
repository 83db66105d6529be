//! When which anomaly comes, and how it is set up.

use std::collections::VecDeque;

use super::carton::farthest;
use super::kind::RoadKind;
use super::lane::{Ordered, Task};
use super::layout::{FRAME, Layout, OUTER};
use super::on_foot::Crosser;
use super::traffic::{Oncoming, Traffic};
use super::vehicle::Vehicle;
use crate::random::Random;

/// An anomaly that is to come into the picture at about frame `from`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Planned {
    pub(super) kind: RoadKind,
    pub(super) number: usize,
    pub(super) from: i64,
}

/// What has begun and is not over.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Current {
    /// A lane is closed until it is empty and the frame has come at which a vehicle may start from its end.
    Clearing {
        planned: Planned,
        lane: usize,
    },
    WrongWay {
        lane: usize,
    },
    /// A driver with a task has been ordered.
    Driver {
        number: usize,
    },
    Crossing,
}

/// The anomalies of a video; the next one begins when the one before is over.
#[derive(Debug, Clone)]
pub(super) struct Events {
    planned: VecDeque<Planned>,
    current: Option<Current>,
    random: Random,
}

impl Events {
    pub(super) fn new(planned: impl Iterator<Item = Planned>, random: Random) -> Self {
        Self {
            planned: planned.collect(),
            current: None,
            random,
        }
    }

    pub(super) fn step(&mut self, traffic: &mut Traffic, layout: &Layout, frame: i64) {
        self.current = self
            .current
            .take()
            .and_then(|current| self.go_on(current, traffic, layout, frame));
        let next = self.planned.front();
        let due = next.is_some_and(|next| next.from - lead(next.kind, layout) <= frame);
        if self.current.is_none() && due {
            let next = self.planned.pop_front();
            self.current = next.map(|next| self.begin(next, traffic, layout));
        }
    }

    fn begin(&mut self, planned: Planned, traffic: &mut Traffic, layout: &Layout) -> Current {
        let Planned { kind, number, .. } = planned;
        let random = &mut self.random;
        match kind {
            RoadKind::WrongWay => {
                let lane = 1 + random.below(3) as usize;
                traffic.lanes[lane].closed = true;
                Current::Clearing { planned, lane }
            }
            RoadKind::Stop => {
                let lane = 1 + random.below(3) as usize;
                let half = layout.half_width(layout.lanes[lane].y);
                let x = half * random.uniform(-0.45, 0.45);
                let task = Task::Brake {
                    // The middle of the vehicle stands there, about.
                    at: layout.along(lane, x) + 2.3,
                    frames: 40 + random.below(31),
                };
                traffic.lanes[lane].ordered = Some(Ordered {
                    number,
                    task,
                    loaded: false,
                });
                Current::Driver { number }
            }
            RoadKind::Crossing => {
                traffic.crosser = Some(Crosser::new(number, layout, random));
                Current::Crossing
            }
            RoadKind::Fall => {
                // It must not lie where others turn off.
                let rest = layout.mouth + random.uniform(4.8, 5.6);
                let x = rest + farthest(layout.lanes[OUTER].usual);
                traffic.lanes[OUTER].ordered = Some(Ordered {
                    number,
                    task: Task::Drop { x },
                    loaded: true,
                });
                Current::Driver { number }
            }
        }
    }

    /// What becomes of something that has begun; `None` when it is over.
    fn go_on(
        &mut self,
        current: Current,
        traffic: &mut Traffic,
        layout: &Layout,
        frame: i64,
    ) -> Option<Current> {
        match current {
            Current::Clearing { planned, lane } => {
                let early = frame < planned.from - START;
                if early || !traffic.lanes[lane].here.is_empty() {
                    return Some(current);
                }
                let random = &mut self.random;
                let vehicle = Vehicle::on_road(false, random);
                let of_lane = &layout.lanes[lane];
                let speed = of_lane.usual + of_lane.spread * random.bell().clamp(-2.0, 2.0);
                traffic.oncoming = Some(Oncoming {
                    number: planned.number,
                    lane,
                    speed: speed * vehicle.pace(),
                    front: 2.0 * layout.reach,
                    vehicle,
                });
                Some(Current::WrongWay { lane })
            }
            Current::WrongWay { lane } => {
                let over = traffic.oncoming.is_none();
                traffic.lanes[lane].closed = !over;
                (!over).then_some(current)
            }
            Current::Driver { number } => {
                let lanes = &traffic.lanes;
                let ordered = lanes.iter().any(|lane| lane.ordered.is_some());
                let drivers = || lanes.iter().flat_map(|lane| &lane.here);
                let busy = drivers().any(|driver| {
                    let task = driver.task.as_ref();
                    task.is_some_and(|(other, _)| *other == number)
                });
                (ordered || busy || traffic.carton.is_some()).then_some(current)
            }
            Current::Crossing => traffic.crosser.is_some().then_some(current),
        }
    }
}

/// Frames that a vehicle takes from the end of a lane to the edge of the picture, at most about: it shall not be there before.
const START: i64 = 8;

/// Frames from the begin of an anomaly until it comes into the picture, about.
fn lead(kind: RoadKind, layout: &Layout) -> i64 {
    // Vehicles come and go 9 metres and more beyond the edges of the picture.
    let seconds = match kind {
        RoadKind::WrongWay => 2.0 * layout.reach / 6.5 + 1.0,
        RoadKind::Stop => layout.reach / 8.5 + 0.4,
        RoadKind::Fall => 1.8,
        RoadKind::Crossing => 0.5,
    };
    (seconds / FRAME) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::road::camera::Camera;
    use crate::drawn::road::layout::FAR_LINE;
    use crate::drawn::road::play::Play;

    fn layout(seed: u64) -> Layout {
        let random = &mut Random::new(seed, 0);
        Layout::new(Camera::new(64, 96, random), random)
    }

    /// One anomaly that is to come at frame 30, and what `see` makes of each of 240 frames.
    fn watch<T>(kind: RoadKind, seed: u64, see: impl Fn(&Traffic, &Layout) -> T) -> Vec<T> {
        let layout = layout(seed);
        let planned = [Planned {
            kind,
            number: 7,
            from: 30,
        }];
        let random = |stream| Random::new(seed, stream);
        let mut play = Play::new(&layout, planned.into_iter(), random(1), random(2));
        let frames = (0..240).map(|_| {
            play.step(&layout);
            see(&play.traffic, &layout)
        });
        frames.collect()
    }

    /// Frames in which something with the anomaly's number is in the picture.
    fn shown(kind: RoadKind, seed: u64) -> Vec<usize> {
        let shown = watch(kind, seed, |traffic, layout| {
            let items = traffic.items(layout);
            let mut anomalies = items.iter().filter(|item| item.anomaly.is_some());
            let shown = anomalies.next().is_some_and(|item| {
                assert_eq!(item.anomaly, Some(7));
                layout.camera.shows(item.place, 0.0)
            });
            assert!(anomalies.next().is_none());
            shown
        });
        (0..240).filter(|&frame| shown[frame]).collect()
    }

    #[test]
    fn anomalies_come_when_they_should_and_go() {
        for kind in RoadKind::ALL {
            for seed in 0..20 {
                let shown = shown(kind, seed);
                let (first, last) = (shown[0], shown[shown.len() - 1]);
                assert!(
                    (30 - 12..30 + 60).contains(&first),
                    "{kind} {seed}: {first}"
                );
                assert!(
                    shown.len() >= 12 && last < 30 + 170,
                    "{kind} {seed}: {first} {last}"
                );
            }
        }
    }

    #[test]
    fn whoever_drives_the_wrong_way_has_the_lane_alone() {
        for seed in 0..20 {
            let ways = watch(RoadKind::WrongWay, seed, |traffic, layout| {
                let oncoming = traffic.oncoming.as_ref()?;
                assert!(traffic.lanes[oncoming.lane].here.is_empty());
                let pose = oncoming.pose(layout);
                let lane = &layout.lanes[oncoming.lane];
                assert_eq!((pose.y, pose.ahead), (lane.y, (-lane.direction, 0.0)));
                Some(pose.x * lane.direction)
            });
            let ways: Vec<f64> = ways.into_iter().flatten().collect();
            for pair in ways.windows(2) {
                let speed = (pair[0] - pair[1]) / FRAME;
                assert!((4.5..11.5).contains(&speed), "{speed}");
            }
            // Afterwards others come again.
            let last = watch(RoadKind::WrongWay, seed, |traffic, _| {
                traffic
                    .lanes
                    .iter()
                    .map(|lane| lane.closed)
                    .collect::<Vec<_>>()
            });
            assert!(
                !last[239].contains(&true) && last[20].contains(&true),
                "{seed}"
            );
        }
    }

    #[test]
    fn whoever_stops_is_labelled_while_slow_and_stands_for_a_while() {
        for seed in 0..20 {
            let speeds = watch(RoadKind::Stop, seed, |traffic, layout| {
                let items = traffic.items(layout);
                let labelled = items.iter().any(|item| item.anomaly.is_some());
                let mut drivers = traffic.lanes.iter().flat_map(|lane| &lane.here);
                let stops = drivers.find(|driver| driver.task.is_some())?;
                assert_eq!(labelled, stops.anomaly().is_some());
                assert!(!labelled || stops.speed < 0.5 * stops.wish);
                Some((stops.speed, labelled))
            });
            let standing = speeds
                .iter()
                .flatten()
                .filter(|(speed, _)| *speed == 0.0)
                .count();
            assert!((40..=75).contains(&standing), "{seed}: {standing}");
            let labelled = speeds
                .iter()
                .flatten()
                .filter(|(_, labelled)| *labelled)
                .count();
            assert!(
                (standing + 8..standing + 60).contains(&labelled),
                "{seed}: {labelled}"
            );
            assert!(speeds[239].is_none());
        }
    }

    #[test]
    fn cartons_come_to_lie_beside_where_others_turn_off() {
        for seed in 0..20 {
            let places = watch(RoadKind::Fall, seed, |traffic, layout| {
                let carton = traffic.carton.as_ref()?;
                Some((carton.place(), layout.mouth))
            });
            let places: Vec<_> = places.into_iter().flatten().collect();
            let still = places.windows(2).filter(|pair| pair[0] == pair[1]);
            let mut count = 0;
            for pair in still {
                let (place, mouth) = pair[0];
                assert!(
                    place.y > FAR_LINE + 0.5 && place.x > mouth + 4.5,
                    "{seed}: {place:?}"
                );
                count += 1;
            }
            assert!((40..=71).contains(&count), "{seed}: {count}");
        }
    }
}
