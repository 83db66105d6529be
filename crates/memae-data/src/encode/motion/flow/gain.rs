//! How much brighter a picture is than the next.

use super::plane::Plane;
use super::warp::Places;

/// Darker pixels say little of a ratio: 13 of 255 levels.
const DARKEST: f32 = 0.05;

/// Scratch for gains.
#[derive(Debug, Default)]
pub(super) struct Gain {
    places: Places,
    moved: Vec<f32>,
    within: Vec<f32>,
    ratios: Vec<f32>,
}

impl Gain {
    /// The median of `earlier / later`, the later picture seen where the flow leads, over pixels that are not black in either, from
    /// 1/4 to 4; 1 where these are less than a quarter of all.
    #[inline(always)]
    pub(super) fn of(&mut self, earlier: &Plane, later: &Plane, flow: &[Plane; 2]) -> f32 {
        let (moved, within) = (&mut self.moved, &mut self.within);
        moved.resize(earlier.width, 0.0);
        within.resize(earlier.width, 0.0);
        self.ratios.clear();
        for row in 0..earlier.height {
            let flow = [flow[0].row(row), flow[1].row(row)];
            self.places.warp(later, row, flow, moved, within);
            let pixels = earlier.row(row).iter().zip(&*moved).zip(&*within);
            let seen = pixels.filter(|&((&earlier, &moved), &within)| {
                within > 0.0 && earlier > DARKEST && moved > DARKEST
            });
            let ratios = seen.map(|((earlier, moved), _)| earlier / moved);
            self.ratios.extend(ratios);
        }
        if self.ratios.is_empty() || 4 * self.ratios.len() < earlier.values.len() {
            return 1.0;
        }
        let middle = self.ratios.len() / 2;
        let (_, median, _) = self.ratios.select_nth_unstable_by(middle, f32::total_cmp);
        median.clamp(0.25, 4.0)
    }
}
