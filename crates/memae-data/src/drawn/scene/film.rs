//! From pictures with known anomalies to frames with labels and masks.

use super::canvas::Canvas;
use super::light::Light;
use super::video::{DrawnAnomaly, DrawnVideo};
use crate::random::Random;

/// What the sensor makes of a picture.
pub(in crate::drawn) struct Exposure {
    pub(in crate::drawn) light: Light,
    /// Standard deviation of the sensor's noise, in grey levels.
    pub(in crate::drawn) noise: f64,
}

impl Exposure {
    /// Takes a number of frames. `draw` paints one and returns which anomalies are in it, by their number in `kinds`, in
    /// the order of the canvas's shares.
    pub(in crate::drawn) fn film<Kind: Copy>(
        &self,
        canvas: &mut Canvas,
        frames: usize,
        kinds: &[Kind],
        random: &mut Random,
        mut draw: impl FnMut(&mut Canvas, usize) -> Vec<usize>,
    ) -> DrawnVideo<Kind> {
        let (height, width) = (canvas.height(), canvas.width());
        let size = height * width;
        let anomalies = kinds
            .iter()
            .map(|&kind| DrawnAnomaly { kind, frames: 0..0 });
        let mut video = DrawnVideo {
            height,
            width,
            pixels: Vec::with_capacity(frames * size),
            masks: vec![false; frames * size],
            labels: vec![false; frames],
            anomalies: anomalies.collect(),
        };
        for frame in 0..frames {
            let shown = draw(canvas, frame);

            let mask = &mut video.masks[frame * size..][..size];
            for (plane, &number) in shown.iter().enumerate() {
                let share = canvas.share(plane);
                let own = |share: &f64| *share >= 0.5;
                if share.iter().filter(|share| own(share)).count() < visible_from(size) {
                    continue;
                }
                for (pixel, share) in mask.iter_mut().zip(share) {
                    *pixel |= own(share);
                }
                video.labels[frame] = true;
                let span = &mut video.anomalies[number].frames;
                if span.end == 0 {
                    span.start = frame;
                }
                span.end = frame + 1;
            }

            let brightness = self.light.brightness(frame);
            video.pixels.extend(canvas.grey().iter().map(|grey| {
                let grey = grey * brightness + self.noise * bell(random);
                grey.round().clamp(0.0, 255.0) as u8
            }));
        }
        video
    }
}

/// Pixels that must belong to an anomaly for it to be visible.
fn visible_from(pixels: usize) -> usize {
    pixels.div_ceil(500)
}

/// Bell-shaped like [`Random::bell`], but coarser and from a fourth of the random bits: noise takes one for each pixel.
fn bell(random: &mut Random) -> f64 {
    // The sum of four uniforms of 0 to 4095 has the mean 4 · 4095 / 2 and the variance 4 · (4096² − 1) / 12.
    const MEAN: f64 = 8_190.0;
    const DEVIATION: f64 = 2_364.826_632_123_378;
    let bits = random.below(1 << 48);
    let sum = (bits & 4095) + (bits >> 12 & 4095) + (bits >> 24 & 4095) + (bits >> 36);
    (sum as f64 - MEAN) / DEVIATION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bell_has_mean_zero_and_deviation_one() {
        let mut random = Random::new(5, 0);
        let draws: Vec<f64> = (0..40_000).map(|_| bell(&mut random)).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let square = draws.iter().map(|draw| draw * draw).sum::<f64>() / draws.len() as f64;
        assert!(
            mean.abs() < 0.02 && (square - 1.0).abs() < 0.02,
            "{mean} {square}"
        );
    }

    #[test]
    fn visible_is_one_pixel_in_500_rounded_up() {
        assert_eq!([1, 500, 501, 4_096].map(visible_from), [1, 1, 2, 9]);
    }
}
