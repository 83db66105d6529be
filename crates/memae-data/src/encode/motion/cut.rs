//! Cuts: frames that do not continue those before them.

use super::flow::{Pair, Places};

/// Differences that are noise whatever the picture: 5 of 255 levels.
const NOISE: f64 = 0.02;

/// Differences of this many standard deviations of the pictures' pixels are none.
const SPREAD: f64 = 0.25;

/// Which share of a picture's pixels is not where the flow leads in the next one: where the difference is above noise and above a
/// share of the pictures' spread. Of two unrelated pictures most pixels are not, of two frames of one scene few, whatever
/// moves in it.
#[derive(Debug, Default)]
pub(super) struct Unexplained {
    places: Places,
    moved: Vec<f32>,
    within: Vec<f32>,
}

impl Unexplained {
    pub(super) fn share(&mut self, pair: &Pair<'_>) -> f32 {
        let Pair {
            earlier,
            later,
            flow,
            gain,
            ..
        } = *pair;
        let width = earlier.width;
        self.moved.resize(width, 0.0);
        self.within.resize(width, 0.0);
        let variance = variance(&earlier.values) + variance(&later.values);
        let most = (SPREAD * (0.5 * variance).sqrt()).max(NOISE) as f32;
        let mut count = 0;
        for row in 0..earlier.height {
            let flow = [flow[0].row(row), flow[1].row(row)];
            self.places
                .warp(later, row, flow, &mut self.moved, &mut self.within);
            let pixels = self.moved.iter().zip(earlier.row(row));
            let unlike = pixels.filter(|&(moved, earlier)| (gain * moved - earlier).abs() > most);
            count += unlike.count();
        }
        count as f32 / earlier.values.len() as f32
    }
}

fn variance(values: &[f32]) -> f64 {
    let count = values.len() as f64;
    let sum = values.iter().copied().map(f64::from).sum::<f64>();
    let squares = values.iter().map(|&value| f64::from(value).powi(2));
    (squares.sum::<f64>() / count - (sum / count).powi(2)).max(0.0)
}
