//! How drivers choose their speed: the intelligent driver model of Treiber, Hennecke and Helbing (2000), "Congested traffic
//! states in empirical observations and microscopic simulations", with speeds that may be limited ahead.

/// Metres a second squared at which drivers like to speed up, and to brake.
const SPEED_UP: f64 = 1.7;
const BRAKE: f64 = 2.4;
/// Hardest braking.
const HARDEST: f64 = 8.0;
/// Metres that are left to what stands ahead, and seconds to what drives.
pub(super) const DISTANCE: f64 = 1.8;
pub(super) const HEADWAY: f64 = 1.1;

/// What is ahead in the lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ahead {
    /// Metres from the own front to its back.
    pub(super) gap: f64,
    /// Its speed in metres a second.
    pub(super) speed: f64,
}

/// Change of speed of a driver who makes `speed` and likes to make `wish`, in metres a second squared:
/// a (1 − (v/v₀)⁴ − (s*/s)²) with s* = s₀ + v T + v Δv / (2 √(a b)).
pub(super) fn acceleration(speed: f64, wish: f64, ahead: Option<Ahead>) -> f64 {
    let share = speed / wish.max(0.1);
    let square = share * share;
    // Above the wish the fourth power would be an emergency.
    let free = (SPEED_UP * (1.0 - square * square)).max(-3.2);
    let near = ahead.map_or(0.0, |Ahead { gap, speed: other }| {
        let closing = speed * (speed - other) / (2.0 * (SPEED_UP * BRAKE).sqrt());
        let wanted = DISTANCE + (HEADWAY * speed + closing).max(0.0);
        let share = wanted / gap.max(0.1);
        SPEED_UP * share * share
    });
    (free - near).max(-HARDEST)
}

/// Braking that ends within `gap` metres, in metres a second squared.
pub(super) fn braking(speed: f64, gap: f64) -> f64 {
    speed * speed / (2.0 * gap.max(0.05))
}

/// Fastest speed from which a place `way` metres ahead can be passed at `limit` by braking at `braking`.
pub(super) fn limited(limit: f64, way: f64, braking: f64) -> f64 {
    (limit * limit + 2.0 * braking * way.max(0.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of driving behind something at `gap`, and the smallest gap on the way.
    fn drive(mut speed: f64, wish: f64, ahead: Option<Ahead>, seconds: f64) -> (f64, f64) {
        let (mut gap, mut smallest) = (ahead.map_or(1e9, |ahead| ahead.gap), f64::INFINITY);
        for _ in 0..(seconds * 20.0) as usize {
            let other = ahead.map(|ahead| Ahead { gap, ..ahead });
            speed = (speed + 0.05 * acceleration(speed, wish, other)).max(0.0);
            gap += 0.05 * (ahead.map_or(0.0, |ahead| ahead.speed) - speed);
            smallest = smallest.min(gap);
        }
        (speed, smallest)
    }

    #[test]
    fn a_free_driver_comes_to_the_speed_wished_for() {
        for start in [0.0, 5.0, 11.0] {
            let (speed, _) = drive(start, 8.0, None, 20.0);
            assert!((speed - 8.0).abs() < 0.1, "{speed}");
        }
    }

    #[test]
    fn who_is_faster_becomes_as_slow_as_the_one_ahead_and_keeps_a_distance() {
        let ahead = Ahead {
            gap: 25.0,
            speed: 5.0,
        };
        let (speed, smallest) = drive(10.0, 10.0, Some(ahead), 40.0);
        assert!((speed - 5.0).abs() < 0.1, "{speed}");
        assert!(smallest > DISTANCE + 0.9 * HEADWAY * 5.0, "{smallest}");
    }

    #[test]
    fn what_stands_is_not_touched() {
        for gap in [15.0, 30.0] {
            let (speed, smallest) = drive(9.0, 9.0, Some(Ahead { gap, speed: 0.0 }), 30.0);
            assert!(
                speed < 0.05 && (0.8..2.5).contains(&smallest),
                "{speed} {smallest}"
            );
        }
    }

    #[test]
    fn limits_ahead_are_reached_by_braking_as_said() {
        assert_eq!(limited(4.0, 0.0, 2.0), 4.0);
        assert_eq!(limited(3.0, 4.0, 2.0), 5.0);
        assert_eq!(limited(3.0, -9.0, 2.0), 3.0);
        assert_eq!(braking(6.0, 9.0), 2.0);
    }
}
