//! One iteration of Lucas and Kanade, for all pixels of a level.
//!
//! Let I be the earlier picture, J the later one seen where the flow so far leads, f that flow, and g the gradient of the mean of I
//! and J. The new flow f' of a pixel solves Σ g (gᵀ (f' − f) + J − I) + damping (f' − f₀) = 0, where the sums go over a window
//! around it and f₀ is its own flow so far. Since f is that of each pixel of the window, not f₀ for all, what neighbours found
//! differently is averaged, not kept. Pixels whose flow leads out of the picture, and those beyond its edge, are in no sum.

use super::plane::{Plane, repeat_ends};
use super::rows::Rows;
use super::warp::Places;

/// Products that are summed: xx, xy, yy, xt, yt.
const PRODUCTS: usize = 5;

/// What an iteration is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    /// Pixels of a window's side, an odd number.
    pub(super) window: usize,
    pub(super) damping: f32,
    /// The longest step along either axis, in pixels.
    pub(super) max_step: f32,
}

/// Scratch for one level.
#[derive(Debug)]
pub(super) struct Iteration {
    settings: Settings,
    places: Places,
    /// The later picture, moved; the mean of both, one pixel wider at either side; where a pixel is still in the picture.
    moved: Rows,
    mean: Rows,
    within: Rows,
    /// Gradients of the mean, before they are weighed along the row.
    across: Vec<f32>,
    along: Vec<f32>,
    products: [Rows; PRODUCTS],
    /// Sums over columns, with zeros at either side, and over windows.
    columns: Vec<f32>,
    sums: [Vec<f32>; PRODUCTS],
}

impl Iteration {
    pub(super) fn new(settings: Settings, width: usize) -> Self {
        let row = || vec![0.0; width];
        Self {
            settings,
            places: Places::default(),
            moved: Rows::new(3, width),
            mean: Rows::new(3, width + 2),
            within: Rows::new(3, width),
            across: vec![0.0; width + 2],
            along: vec![0.0; width + 2],
            products: std::array::from_fn(|_| Rows::new(settings.window, width)),
            columns: vec![0.0; width + settings.window - 1],
            sums: std::array::from_fn(|_| row()),
        }
    }

    /// Adds a step to the flow, [right, down], that leads from `earlier` to `later`, whose values are multiplied by `gain`.
    #[inline(always)]
    pub(super) fn refine(
        &mut self,
        earlier: &Plane,
        later: &Plane,
        gain: f32,
        flow: &mut [Plane; 2],
    ) {
        let height = earlier.height;
        let reach = self.settings.window / 2;
        let (mut moved, mut multiplied) = (0, 0);
        for row in 0..height {
            let lowest = (row + reach).min(height - 1);
            while multiplied <= lowest {
                // A gradient needs the rows above and below. The flow of these has not changed yet.
                while moved <= (multiplied + 1).min(height - 1) {
                    self.warp(earlier, later, gain, flow, moved);
                    moved += 1;
                }
                self.multiply(earlier, flow, multiplied);
                multiplied += 1;
            }
            self.sum(row.saturating_sub(reach)..=lowest);
            let [right, down] = flow;
            self.step(right.row_mut(row), down.row_mut(row));
        }
    }

    #[inline(always)]
    fn warp(&mut self, earlier: &Plane, later: &Plane, gain: f32, flow: &[Plane; 2], row: usize) {
        let moved = self.moved.row_mut(row);
        let flow = [flow[0].row(row), flow[1].row(row)];
        let within = self.within.row_mut(row);
        self.places.warp(later, row, flow, moved, within);
        let mean = self.mean.row_mut(row);
        let pairs = moved.iter_mut().zip(earlier.row(row));
        for (mean, (moved, earlier)) in mean[1..].iter_mut().zip(pairs) {
            *moved *= gain;
            *mean = 0.5 * (*moved + earlier);
        }
        repeat_ends(mean, 1);
    }

    /// Products of gradients by Sobel, and of them with the change that no motion would leave.
    #[inline(always)]
    fn multiply(&mut self, earlier: &Plane, flow: &[Plane; 2], row: usize) {
        let (above, middle) = (self.mean.row(row.saturating_sub(1)), self.mean.row(row));
        let below = self.mean.row((row + 1).min(earlier.height - 1));
        let rows = above.iter().zip(middle).zip(below);
        for ((across, along), ((above, middle), below)) in
            self.across.iter_mut().zip(&mut self.along).zip(rows)
        {
            *across = (above + below) + 2.0 * middle;
            *along = below - above;
        }
        let width = earlier.width;
        let [xx, xy, yy, xt, yt] = &mut self.products;
        let (xx, xy) = (xx.row_mut(row), xy.row_mut(row));
        let (yy, xt, yt) = (yy.row_mut(row), xt.row_mut(row), yt.row_mut(row));
        let (across, along) = (&self.across[..width + 2], &self.along[..width + 2]);
        let (moved, within) = (
            &self.moved.row(row)[..width],
            &self.within.row(row)[..width],
        );
        let earlier = &earlier.row(row)[..width];
        let (right, down) = (&flow[0].row(row)[..width], &flow[1].row(row)[..width]);
        let (xx, xy, yy) = (&mut xx[..width], &mut xy[..width], &mut yy[..width]);
        let (xt, yt) = (&mut xt[..width], &mut yt[..width]);
        for at in 0..width {
            let weight = 0.125 * within[at];
            let x = weight * (across[at + 2] - across[at]);
            let y = weight * ((along[at] + along[at + 2]) + 2.0 * along[at + 1]);
            let change = x * right[at] + y * down[at] - (moved[at] - earlier[at]);
            xx[at] = x * x;
            xy[at] = x * y;
            yy[at] = y * y;
            xt[at] = x * change;
            yt[at] = y * change;
        }
    }

    /// Sums over windows: first over these rows, then along.
    #[inline(always)]
    fn sum(&mut self, rows: std::ops::RangeInclusive<usize>) {
        let reach = self.settings.window / 2;
        for (products, sums) in self.products.iter().zip(&mut self.sums) {
            let width = sums.len();
            let columns = &mut self.columns[reach..][..width];
            columns.copy_from_slice(products.row(*rows.start()));
            let mut rows = rows.clone().skip(1);
            while let Some(row) = rows.next() {
                let row = products.row(row);
                match rows.next() {
                    Some(next) => add_both(columns, row, products.row(next)),
                    None => add(columns, row),
                }
            }
            match self.settings.window {
                5 => slide::<5>(sums, &self.columns),
                7 => slide::<7>(sums, &self.columns),
                9 => slide::<9>(sums, &self.columns),
                window => {
                    sums.copy_from_slice(&self.columns[..width]);
                    for shift in 1..window {
                        add(sums, &self.columns[shift..][..width]);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn step(&self, right: &mut [f32], down: &mut [f32]) {
        let Settings {
            damping, max_step, ..
        } = self.settings;
        let [xx, xy, yy, xt, yt] = &self.sums;
        let width = right.len();
        let down = &mut down[..width];
        let (xx, xy, yy) = (&xx[..width], &xy[..width], &yy[..width]);
        let (xt, yt) = (&xt[..width], &yt[..width]);
        for at in 0..width {
            // By Cauchy and Schwarz the difference is not negative; rounding may make it so.
            let determinant = (xx[at] * yy[at] - xy[at] * xy[at]).max(0.0)
                + damping * (xx[at] + yy[at] + damping);
            // Solved for the step, f' − f₀, of which rounding leaves more than of f'.
            let x = xt[at] - xx[at] * right[at] - xy[at] * down[at];
            let y = yt[at] - xy[at] * right[at] - yy[at] * down[at];
            let step_right = ((yy[at] + damping) * x - xy[at] * y) / determinant;
            let step_down = ((xx[at] + damping) * y - xy[at] * x) / determinant;
            right[at] += step_right.max(-max_step).min(max_step);
            down[at] += step_down.max(-max_step).min(max_step);
        }
    }
}

#[inline(always)]
fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

#[inline(always)]
fn add_both(sums: &mut [f32], first: &[f32], second: &[f32]) {
    for ((sum, first), second) in sums.iter_mut().zip(first).zip(second) {
        *sum += first + second;
    }
}

/// Sums of `N` numbers in a row, as often as there are sums.
#[inline(always)]
fn slide<const N: usize>(sums: &mut [f32], values: &[f32]) {
    let shifted: [&[f32]; N] = std::array::from_fn(|shift| &values[shift..][..sums.len()]);
    for (at, sum) in sums.iter_mut().enumerate() {
        let mut total = shifted[0][at];
        for values in &shifted[1..] {
            total += values[at];
        }
        *sum = total;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    fn random_plane(random: &mut Random, height: usize, width: usize, most: f64) -> Plane {
        let mut plane = Plane::new(height, width);
        let centre = if most > 1.0 { most / 2.0 } else { 0.0 };
        for value in &mut plane.values {
            *value = (most * random.unit() - centre) as f32;
        }
        plane
    }

    /// A step as it is defined, pixel by pixel.
    fn definition(
        settings: Settings,
        earlier: &Plane,
        later: &Plane,
        gain: f64,
        flow: &[Plane; 2],
    ) -> [Vec<f64>; 2] {
        let (height, width) = (earlier.height as i64, earlier.width as i64);
        let at = |plane: &Plane, row: i64, column: i64| {
            let (row, column) = (row.clamp(0, height - 1), column.clamp(0, width - 1));
            f64::from(plane.values[(row * width + column) as usize])
        };
        let place = |row: i64, column: i64| {
            let motion = [0, 1].map(|axis| at(&flow[axis], row, column));
            [column as f64 + motion[0], row as f64 + motion[1]]
        };
        let within = |row: i64, column: i64| {
            let [x, y] = place(row, column);
            (0.0..=(width - 1) as f64).contains(&x) && (0.0..=(height - 1) as f64).contains(&y)
        };
        let moved = |row: i64, column: i64| {
            let [x, y] = place(row, column);
            let x = x.clamp(0.0, (width - 1) as f64);
            let y = y.clamp(0.0, (height - 1) as f64);
            let (left, above) = (x.floor(), y.floor());
            let corner = |down: i64, right: i64| {
                let share = |part: f64, other: i64| if other == 1 { part } else { 1.0 - part };
                let value = at(later, above as i64 + down, left as i64 + right);
                share(y - above, down) * share(x - left, right) * value
            };
            gain * (corner(0, 0) + corner(0, 1) + corner(1, 0) + corner(1, 1))
        };
        let mean = |row: i64, column: i64| {
            let (row, column) = (row.clamp(0, height - 1), column.clamp(0, width - 1));
            0.5 * (moved(row, column) + at(earlier, row, column))
        };
        let gradient = |row: i64, column: i64| {
            let mut sums = [0.0; 2];
            for (offset, weight) in [(-1, 1.0), (0, 2.0), (1, 1.0)] {
                let across = mean(row + offset, column + 1) - mean(row + offset, column - 1);
                let along = mean(row + 1, column + offset) - mean(row - 1, column + offset);
                sums = [sums[0] + weight * across, sums[1] + weight * along];
            }
            sums.map(|sum| sum / 8.0)
        };
        let reach = settings.window as i64 / 2;
        let damping = f64::from(settings.damping);
        let most = f64::from(settings.max_step);
        let mut result = [Vec::new(), Vec::new()];
        for row in 0..height {
            for column in 0..width {
                let (mut xx, mut xy, mut yy) = (damping, 0.0, damping);
                let [own_right, own_down] = [0, 1].map(|axis| at(&flow[axis], row, column));
                let (mut x, mut y) = (damping * own_right, damping * own_down);
                for row in (row - reach).max(0)..=(row + reach).min(height - 1) {
                    for column in (column - reach).max(0)..=(column + reach).min(width - 1) {
                        if !within(row, column) {
                            continue;
                        }
                        let [across, along] = gradient(row, column);
                        let [right, down] = [0, 1].map(|axis| at(&flow[axis], row, column));
                        let change = moved(row, column) - at(earlier, row, column);
                        let wanted = across * right + along * down - change;
                        xx += across * across;
                        xy += across * along;
                        yy += along * along;
                        x += across * wanted;
                        y += along * wanted;
                    }
                }
                let determinant = xx * yy - xy * xy;
                let right = (yy * x - xy * y) / determinant;
                let down = (xx * y - xy * x) / determinant;
                result[0].push(own_right + (right - own_right).clamp(-most, most));
                result[1].push(own_down + (down - own_down).clamp(-most, most));
            }
        }
        result
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_step_is_what_it_is_defined_to_be(
            seed: u64, height in 1usize..14, width in 1usize..14, reach in 0usize..6, gain in 0.5f32..2.0,
        ) {
            let random = &mut Random::new(seed, 0);
            let settings = Settings { window: 2 * reach + 1, damping: 0.01, max_step: 0.8 };
            let earlier = random_plane(random, height, width, 1.0);
            let later = random_plane(random, height, width, 1.0);
            let mut flow = [(); 2].map(|()| random_plane(random, height, width, 5.0));
            let expected = definition(settings, &earlier, &later, f64::from(gain), &flow);
            let mut iteration = Iteration::new(settings, width);
            iteration.refine(&earlier, &later, gain, &mut flow);
            for (found, expected) in flow.iter().zip(&expected) {
                for (found, expected) in found.values.iter().zip(expected) {
                    prop_assert!((f64::from(*found) - expected).abs() < 1e-3, "{found} {expected}");
                }
            }
        }
    }
}
