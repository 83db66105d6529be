//! Who comes when.

use super::actor::{Actor, Look, Route};
use super::ground::Ground;
use super::kind::WalkwayKind;
use super::vehicle::Vehicle;
use crate::drawn::scene::person::Person;
use crate::drawn::scene::wave::wave;
use crate::random::Random;

/// Speeds of walkers, in heights of a person in a frame: mean, standard deviation, slowest and fastest.
const WALK: (f64, f64, f64, f64) = (0.058, 0.005, 0.046, 0.07);
/// Groups that come in a frame, on average over all videos.
const ARRIVALS: f64 = 0.022;
/// Depths that are walked in.
const DEPTHS: (f64, f64) = (0.05, 0.97);

/// The walkers of a video of `frames` frames, in the order in which they come. Those of the first frames do not depend
/// on how many follow.
pub(super) fn walkers(ground: &Ground, frames: usize, random: &mut Random) -> Vec<Actor> {
    let before = warm_up(ground);
    // How busy the path is differs from video to video and changes within each.
    let busy = random.uniform(0.55, 1.45);
    let (period, start) = (random.uniform(150.0, 400.0), random.unit());
    let mut walkers = Vec::new();
    for frame in -before..frames as i64 {
        let level = busy * (1.0 + 0.5 * wave(start + frame as f64 / period));
        if random.unit() >= ARRIVALS * level {
            continue;
        }
        let facing = facing(random);
        let speed = (WALK.0 + WALK.1 * random.bell()).clamp(WALK.2, WALK.3);
        let depth = random.uniform(DEPTHS.0, DEPTHS.1);
        walkers.push(walker(frame, facing, depth, speed, random));
        if random.below(8) == 0 {
            // Two who walk together, one a little further from the camera.
            let beside = if depth > 0.5 {
                depth - 0.2
            } else {
                depth + 0.2
            };
            let speed = speed * ground.size(depth) / ground.size(beside);
            walkers.push(walker(frame + 3, facing, beside, speed, random));
        }
    }
    // The second of a pair comes after its first, perhaps after others, and perhaps not in this video. The sort is stable:
    // those who come within the first frames are the same, in the same order, however many frames there are.
    walkers.sort_by_key(|walker| walker.entered);
    walkers.retain(|walker| walker.entered < frames as i64);
    walkers
}

/// Frames that the path fills for before a video begins. It is as full in frame 0 as later if that is as long as the slowest
/// walker takes. Whoever walks beside somebody makes as many pixels in a frame, so none of them is slower.
fn warm_up(ground: &Ground) -> i64 {
    let slowest = WALK.2 * ground.size(DEPTHS.0);
    ((ground.width + ground.size(1.0)) / slowest).ceil() as i64
}

fn facing(random: &mut Random) -> f64 {
    if random.below(2) == 0 { 1.0 } else { -1.0 }
}

fn walker(entered: i64, facing: f64, depth: f64, speed: f64, random: &mut Random) -> Actor {
    let person = Person::new(random);
    Actor {
        entered,
        turns: random.unit(),
        cadence: speed / (person.stride * person.stature),
        route: Route::Along {
            facing,
            depth,
            weave: random.uniform(0.0, 0.03),
            speed,
        },
        look: Look::Walker(person),
        anomaly: None,
    }
}

/// Something that is not normal, which comes to the edge of the picture at frame `entered`.
pub(super) fn anomaly(
    kind: WalkwayKind,
    number: usize,
    entered: i64,
    ground: &Ground,
    random: &mut Random,
) -> Actor {
    let look = match kind {
        WalkwayKind::Cyclist => Look::Cyclist {
            person: Person::in_sportswear(random),
            frame: random.uniform(30.0, 220.0),
        },
        WalkwayKind::Skater => Look::Skater(Person::in_sportswear(random)),
        WalkwayKind::Cart => Look::Cart(Vehicle::new(random)),
        WalkwayKind::Van => Look::Van(Vehicle::new(random)),
        WalkwayKind::Crossing => Look::Crosser {
            person: Person::in_sportswear(random),
            towards: random.below(2) == 0,
        },
    };
    // Speed along the path, depths, and turns of pedals, steps or arms in a frame.
    let (speed, depths, cadence) = match kind {
        WalkwayKind::Cyclist => ((0.16, 0.21), DEPTHS, 0.075),
        WalkwayKind::Skater => ((0.15, 0.19), DEPTHS, 0.03),
        WalkwayKind::Cart => ((0.055, 0.075), (0.15, 0.92), 0.0),
        WalkwayKind::Van => ((0.06, 0.08), (0.2, 0.85), 0.0),
        WalkwayKind::Crossing => ((0.0, 0.0), DEPTHS, 0.1),
    };
    let route = match &look {
        Look::Crosser { towards, .. } => {
            let rows = ground.height * random.uniform(0.021, 0.027);
            Route::Across {
                x: ground.width * random.uniform(0.25, 0.75),
                drift: random.uniform(-0.25, 0.25),
                rows: if *towards { rows } else { -rows },
            }
        }
        _ => Route::Along {
            facing: facing(random),
            depth: random.uniform(depths.0, depths.1),
            weave: random.uniform(0.0, 0.02),
            speed: random.uniform(speed.0, speed.1),
        },
    };
    Actor {
        look,
        route,
        entered,
        turns: random.unit(),
        cadence,
        anomaly: Some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground() -> Ground {
        Ground::new(64, 64, &mut Random::new(2, 0))
    }

    fn present(actors: &[Actor], ground: &Ground, frame: usize) -> usize {
        actors
            .iter()
            .filter(|actor| actor.placement(ground, frame).is_some())
            .count()
    }

    #[test]
    fn the_path_is_as_full_at_the_start_as_later() {
        let ground = ground();
        let (mut first, mut later) = (0, 0);
        for stream in 0..400 {
            let actors = walkers(&ground, 300, &mut Random::new(0, stream));
            first += present(&actors, &ground, 0);
            later += present(&actors, &ground, 299);
        }
        let (first, later) = (
            f64::from(first as u32) / 400.0,
            f64::from(later as u32) / 400.0,
        );
        assert!((1.7..2.5).contains(&first), "{first}");
        assert!((first / later - 1.0).abs() < 0.12, "{first} {later}");
    }

    #[test]
    fn a_longer_video_begins_alike() {
        let ground = ground();
        let mut later = 0;
        for stream in 0..100 {
            // Some videos end between the two of a pair.
            let short = walkers(&ground, 50, &mut Random::new(0, stream));
            let long = walkers(&ground, 500, &mut Random::new(0, stream));
            assert_eq!(long[..short.len()], short);
            assert!(
                long[short.len()..]
                    .iter()
                    .all(|walker| walker.entered >= 50)
            );
            later += long.len() - short.len();
        }
        assert!(later > 500, "{later}");
    }

    #[test]
    fn walkers_are_in_the_order_in_which_they_come() {
        for stream in 0..100 {
            let walkers = walkers(&ground(), 200, &mut Random::new(3, stream));
            assert!(walkers.is_sorted_by_key(|walker| walker.entered));
            assert!(walkers.iter().all(|walker| walker.entered < 200));
        }
    }

    /// Those who would have come before the first one that is drawn are gone by frame 0.
    #[test]
    fn nobody_stays_longer_than_the_path_takes_to_fill() {
        let ground = ground();
        let mut longest = 0;
        for stream in 0..100 {
            for walker in walkers(&ground, 200, &mut Random::new(3, stream)) {
                let first = walker.entered.max(0);
                let last = (first..)
                    .take_while(|&frame| walker.placement(&ground, frame as usize).is_some())
                    .last();
                longest = longest.max(last.map_or(0, |last| last - walker.entered));
            }
        }
        let before = warm_up(&ground);
        // The second of a pair comes 3 frames after the first.
        assert!(
            longest + 3 < before && 2 * longest > before,
            "{longest} {before}"
        );
    }

    #[test]
    fn walkers_walk_and_wheels_are_faster() {
        let ground = ground();
        let speed = |actor: &Actor| match actor.route {
            Route::Along { speed, .. } => speed,
            Route::Across { .. } => 0.0,
        };
        let mut fastest: f64 = 0.0;
        for stream in 0..100 {
            for actor in walkers(&ground, 200, &mut Random::new(1, stream)) {
                assert_eq!(actor.anomaly, None);
                fastest = fastest.max(speed(&actor));
            }
        }
        for stream in 0..100 {
            for kind in [WalkwayKind::Cyclist, WalkwayKind::Skater] {
                let actor = anomaly(kind, 3, 0, &ground, &mut Random::new(1, stream));
                assert_eq!(actor.anomaly, Some(3));
                assert!(speed(&actor) > 1.7 * fastest);
            }
        }
    }
}
