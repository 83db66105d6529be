//! What never moves, in sun and shade.

use crate::random::Random;

/// The empty scene.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::drawn) struct Backdrop {
    width: usize,
    /// Grey of each pixel where nothing casts a shadow on it, `[height, width]`.
    lit: Vec<f64>,
    /// Share of the light that shadows take from each pixel under a clear sky, `[height, width]`.
    shade: Vec<f64>,
}

impl Backdrop {
    pub(in crate::drawn) fn new(width: usize, lit: Vec<f64>, shade: Vec<f64>) -> Self {
        debug_assert_eq!(lit.len(), shade.len());
        Self { width, lit, shade }
    }

    /// Grey of every pixel where the sun casts shadows of a strength from 0 to 1.
    pub(in crate::drawn) fn pixels(&self, sun: f64) -> impl Iterator<Item = f64> {
        let shaded = self.lit.iter().zip(&self.shade);
        shaded.map(move |(lit, shade)| lit * (1.0 - sun * shade))
    }

    /// Share of the sun's light that is left at a place on the ground, the nearest one in the picture.
    pub(in crate::drawn) fn light_at(&self, x: f64, row: f64, sun: f64) -> f64 {
        let height = self.shade.len() / self.width;
        let column = (x as usize).min(self.width - 1);
        let row = (row as usize).min(height - 1);
        1.0 - sun * self.shade[row * self.width + column]
    }
}

/// Surfaces with their grain, which is too fine for any noise that is smooth.
pub(in crate::drawn) fn grained(greys: &[f64], random: &mut Random) -> Vec<f64> {
    let grain = greys.iter().map(|grey| grey + 4.0 * random.bell());
    grain.map(|grey| grey.clamp(0.0, 255.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shadows_take_their_share_of_the_light() {
        let backdrop = Backdrop::new(3, vec![100.0; 6], vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
        let half: Vec<f64> = backdrop.pixels(0.5).collect();
        assert_eq!(half, [100.0, 95.0, 90.0, 85.0, 80.0, 75.0]);
        assert_eq!(backdrop.light_at(2.9, 0.0, 1.0), 0.8);
    }

    #[test]
    fn light_outside_the_picture_is_that_of_its_rim() {
        let backdrop = Backdrop::new(3, vec![100.0; 6], vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(backdrop.light_at(-50.0, 500.0, 1.0), 0.7);
        assert_eq!(backdrop.light_at(50.0, -500.0, 1.0), 0.8);
    }

    #[test]
    fn grain_is_fine_and_stays_grey() {
        let greys = [0.0, 128.0, 255.0].repeat(500);
        let grained = grained(&greys, &mut Random::new(1, 0));
        assert!(grained.iter().all(|grey| (0.0..=255.0).contains(grey)));
        let moved = greys.iter().zip(&grained).map(|(a, b)| (a - b).abs());
        let mean = moved.sum::<f64>() / 1_500.0;
        assert!((1.5..3.0).contains(&mean), "{mean}");
    }
}
