//! What happens in a video: traffic from before its first frame on, and the anomalies in it.

use super::event::{Events, Planned};
use super::layout::{FRAME, Layout};
use super::on_foot::{PACE, end_of_pavement};
use super::traffic::Traffic;
use crate::random::Random;

#[derive(Debug, Clone)]
pub(super) struct Play {
    pub(super) traffic: Traffic,
    events: Events,
    frame: i64,
}

impl Play {
    /// Before the first frame of a video, with the road as full as it will be later on average.
    pub(super) fn new(
        layout: &Layout,
        planned: impl Iterator<Item = Planned>,
        traffic: Random,
        events: Random,
    ) -> Self {
        let mut play = Self {
            traffic: Traffic::new(traffic),
            events: Events::new(planned, events),
            frame: -before(layout),
        };
        while play.frame < 0 {
            play.step(layout);
        }
        play
    }

    /// Goes on to the next frame.
    pub(super) fn step(&mut self, layout: &Layout) {
        self.events.step(&mut self.traffic, layout, self.frame);
        self.traffic.step(layout, self.frame);
        self.frame += 1;
    }
}

/// Frames that the road fills for before a video begins: as long as the slowest walker takes along the pavement, which is
/// longer than any vehicle takes.
fn before(layout: &Layout) -> i64 {
    (2.0 * end_of_pavement(layout) / PACE.0 / FRAME).ceil() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::road::camera::{Camera, Place};
    use crate::drawn::road::kind::RoadKind;
    use crate::drawn::road::lane::Driver;
    use crate::drawn::road::layout::OUTER;
    use crate::drawn::road::traffic::Figure;

    fn layout(seed: u64) -> Layout {
        let random = &mut Random::new(seed, 0);
        Layout::new(Camera::new(64, 96, random), random)
    }

    fn play(layout: &Layout, kind: Option<RoadKind>, seed: u64) -> Play {
        let planned = kind.map(|kind| Planned {
            kind,
            number: 0,
            from: 20,
        });
        let random = |stream| Random::new(seed, stream);
        Play::new(layout, planned.into_iter(), random(1), random(2))
    }

    /// Corners on the ground of everything that must not touch anything else, walkers on the pavement left out.
    fn outlines(play: &Play, layout: &Layout) -> Vec<Vec<(f64, f64)>> {
        let items = play.traffic.items(layout);
        let outline = |items: &Figure<'_>, place: Place| match items {
            Figure::Vehicle { vehicle, pose, .. } => {
                let (length, half) = (0.5 * vehicle.length, vehicle.half);
                let corners = [
                    (-length, -half),
                    (length, -half),
                    (length, half),
                    (-length, half),
                ];
                Some(
                    corners
                        .map(|(ahead, left)| pose.at(ahead, left, 0.0))
                        .to_vec(),
                )
            }
            Figure::Crosser { .. } => {
                let square = [(-0.2, -0.2), (0.2, -0.2), (0.2, 0.2), (-0.2, 0.2)];
                Some(
                    square
                        .map(|(x, y)| Place::new(place.x + x, place.y + y, 0.0))
                        .to_vec(),
                )
            }
            _ => None,
        };
        let outlines = items
            .iter()
            .filter_map(|item| outline(&item.figure, item.place));
        outlines
            .map(|corners| corners.iter().map(|corner| (corner.x, corner.y)).collect())
            .collect()
    }

    /// Whether two convex outlines overlap: no side of either has all of the other beyond it.
    fn overlap(a: &[(f64, f64)], b: &[(f64, f64)]) -> bool {
        let apart = |a: &[(f64, f64)], b: &[(f64, f64)]| {
            (0..a.len()).any(|at| {
                let ((x, y), (u, v)) = (a[at], a[(at + 1) % a.len()]);
                // The corners go round to the left, so the inside is on the left.
                b.iter()
                    .all(|(p, q)| (u - x) * (q - y) - (v - y) * (p - x) < 0.0)
            })
        };
        !apart(a, b) && !apart(b, a)
    }

    #[test]
    fn outlines_overlap_where_they_should() {
        let square = |x: f64, y: f64| vec![(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)];
        assert!(overlap(&square(0.0, 0.0), &square(0.5, 0.9)));
        assert!(!overlap(&square(0.0, 0.0), &square(1.1, 0.5)));
        assert!(!overlap(&square(0.0, 0.0), &square(0.5, -1.1)));
    }

    /// In normal traffic and in that around every kind of anomaly.
    #[test]
    fn nothing_overlaps() {
        let kinds = RoadKind::ALL.map(Some);
        let mut met = 0;
        for (kind, seeds) in [(None, 30)].into_iter().chain(kinds.map(|kind| (kind, 12))) {
            for seed in 0..seeds {
                let layout = layout(seed);
                let mut play = play(&layout, kind, seed);
                for frame in 0..240 {
                    play.step(&layout);
                    let outlines = outlines(&play, &layout);
                    for (number, a) in outlines.iter().enumerate() {
                        for b in &outlines[..number] {
                            assert!(
                                !overlap(a, b),
                                "{kind:?} seed {seed} frame {frame}: {a:?} {b:?}"
                            );
                            met += 1;
                        }
                    }
                }
            }
        }
        assert!(met > 50_000, "{met}");
    }

    fn drivers(play: &Play) -> impl Iterator<Item = (usize, &Driver)> {
        let lanes = play.traffic.lanes.iter().enumerate();
        lanes.flat_map(|(lane, drivers)| drivers.here.iter().map(move |driver| (lane, driver)))
    }

    #[test]
    fn lanes_have_their_direction_and_their_speeds() {
        let mut speeds = [(); 4].map(|()| Vec::new());
        let (mut turned, mut straight) = (0, 0);
        for seed in 0..20 {
            let layout = layout(seed);
            let mut play = play(&layout, None, seed);
            for _ in 0..200 {
                play.step(&layout);
                for (lane, driver) in drivers(&play) {
                    let of_lane = &layout.lanes[lane];
                    let pose = driver.pose(&layout, lane);
                    if pose.ahead.0.abs() > 0.999 {
                        assert_eq!(pose.ahead.0.signum(), of_lane.direction);
                        assert!((pose.y - of_lane.y).abs() < 0.2 || driver.turns, "{pose:?}");
                    } else {
                        assert!(lane == OUTER && driver.turns && pose.y > of_lane.y - 0.2);
                        // Slowly round the bend.
                        assert!(
                            driver.speed < 5.0
                                || pose.ahead.1 > 0.99
                                || driver.front < layout.bend() + 1.0,
                            "{driver:?}"
                        );
                    }
                    let fastest = of_lane.usual + 2.6 * of_lane.spread;
                    assert!((0.0..fastest).contains(&driver.speed), "{driver:?}");
                    assert!(driver.task.is_none() && driver.anomaly().is_none());
                    turned += usize::from(driver.turns);
                    straight += usize::from(lane == OUTER && !driver.turns);
                    if !driver.turns {
                        speeds[lane].push(driver.speed);
                    }
                }
            }
        }
        assert!(
            4 * turned > straight && turned < 2 * straight,
            "{turned} {straight}"
        );
        let mean = speeds.map(|speeds| speeds.iter().sum::<f64>() / speeds.len() as f64);
        assert!((4.0..5.0).contains(&mean[0]), "{mean:?}");
        assert!((6.3..8.0).contains(&mean[1]), "{mean:?}");
        assert!((7.8..9.8).contains(&mean[2]), "{mean:?}");
        assert!((5.3..7.8).contains(&mean[3]), "{mean:?}");
        assert!(mean[2] > mean[1] + 0.8, "{mean:?}");
    }

    /// In pictures half as wide again as high.
    #[test]
    fn cars_cross_the_picture_in_one_and_a_half_to_four_seconds() {
        let mut times = Vec::new();
        for seed in 0..30 {
            let layout = layout(seed);
            let mut play = play(&layout, None, seed);
            // From when the middle of a vehicle comes into the picture to when it leaves it.
            let mut here: Vec<(f64, usize, usize)> = Vec::new();
            for frame in 0..300 {
                play.step(&layout);
                // Those who are there at the start have come before.
                let start = if frame == 0 { 10_000 } else { 1 };
                let mut now = Vec::new();
                for (lane, driver) in
                    drivers(&play).filter(|(lane, driver)| *lane > 0 && !driver.turns)
                {
                    let pose = driver.pose(&layout, lane);
                    if layout.camera.shows(pose.place(), 0.0) {
                        let before = here.iter().find(|(wish, ..)| *wish == driver.wish);
                        now.push((
                            driver.wish,
                            lane,
                            before.map_or(start, |(.., frames)| frames + 1),
                        ));
                    }
                }
                let gone = here
                    .iter()
                    .filter(|(wish, ..)| now.iter().all(|(other, ..)| other != wish));
                let gone = gone.filter(|(.., frames)| *frames < 10_000);
                times.extend(gone.map(|(.., frames)| *frames as f64 * FRAME));
                here = now;
            }
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[(share * times.len() as f64) as usize];
        assert!(times.len() > 500, "{}", times.len());
        assert!(
            at(0.02) >= 1.3 && at(0.97) <= 4.5,
            "{} {}",
            at(0.02),
            at(0.97)
        );
        assert!((1.6..3.0).contains(&at(0.5)), "{}", at(0.5));
    }

    #[test]
    fn the_road_is_as_full_at_the_start_as_later() {
        let layout = layout(2);
        let (mut first, mut later) = (0, 0);
        for seed in 0..150 {
            let mut play = play(&layout, None, seed);
            play.step(&layout);
            first += play.traffic.items(&layout).len();
            for _ in 0..250 {
                play.step(&layout);
            }
            later += play.traffic.items(&layout).len();
        }
        let share = first as f64 / later as f64;
        assert!((0.88..1.12).contains(&share), "{first} {later}");
    }

    /// Braking is comfortable, mostly: nobody is about to run into another.
    #[test]
    fn drivers_brake_in_time() {
        let mut hardest: f64 = 0.0;
        for seed in 0..30 {
            let layout = layout(seed);
            let mut play = play(&layout, None, seed);
            let mut before: Vec<(f64, f64)> = Vec::new();
            for _ in 0..240 {
                play.step(&layout);
                let now: Vec<(f64, f64)> = drivers(&play)
                    .map(|(_, driver)| (driver.wish, driver.speed))
                    .collect();
                for (wish, speed) in &now {
                    let last = before.iter().find(|(other, _)| other == wish);
                    hardest = hardest.max(last.map_or(0.0, |(_, last)| (last - speed) / FRAME));
                }
                before = now;
            }
        }
        assert!((1.0..5.5).contains(&hardest), "{hardest}");
    }
}
