//! Daylight that changes slowly.

use super::wave::wave;
use crate::random::Random;

/// Brightness and shadows over the frames of a video.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::drawn) struct Light {
    mean: f64,
    /// Amplitude, frames of a period, and turns at frame 0, of brightness and then of shadows.
    swells: [(f64, f64, f64); 3],
}

impl Light {
    pub(in crate::drawn) fn new(random: &mut Random) -> Self {
        let mut swell =
            |amplitude, low, high| (amplitude, random.uniform(low, high), random.unit());
        let swells = [
            swell(0.04, 200.0, 500.0),
            swell(0.01, 60.0, 130.0),
            swell(0.3, 250.0, 600.0),
        ];
        Self {
            mean: random.uniform(0.96, 1.04),
            swells,
        }
    }

    fn swell(&self, number: usize, frame: usize) -> f64 {
        let (amplitude, period, start) = self.swells[number];
        amplitude * wave(start + frame as f64 / period)
    }

    /// Factor on every grey.
    pub(in crate::drawn) fn brightness(&self, frame: usize) -> f64 {
        self.mean + self.swell(0, frame) + self.swell(1, frame)
    }

    /// Strength of shadows, from 0 (overcast) to 1.
    pub(in crate::drawn) fn sun(&self, frame: usize) -> f64 {
        0.65 + self.swell(2, frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_changes_slowly_and_within_bounds() {
        for seed in 0..50 {
            let light = Light::new(&mut Random::new(seed, 0));
            for frame in 0..500 {
                let (now, next) = (light.brightness(frame), light.brightness(frame + 1));
                assert!((0.909..1.091).contains(&now) && (next - now).abs() < 0.004);
                let (now, next) = (light.sun(frame), light.sun(frame + 1));
                assert!((0.349..0.951).contains(&now) && (next - now).abs() < 0.012);
            }
        }
    }
}
