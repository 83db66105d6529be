//! One act of writing: a variant of a digit, changed as hands change it.

use super::curve::{Dot, smooth};
use super::knot::Variant;
use super::shapes::variants;
use crate::random::Random;

/// What the pen leaves: polylines in pixels, and how sharp their rim is.
#[derive(Debug)]
pub(super) struct Writing {
    /// One line per smooth stretch; each has at least two points.
    pub(super) lines: Vec<Vec<Dot>>,
    /// Width in pixels over which the ink fades at its rim.
    pub(super) rim: f64,
    /// Darkness of the ink; above 1 it saturates.
    pub(super) pressure: f64,
}

impl Writing {
    /// Moves everything by pixels to the right and down.
    pub(super) fn shift(&mut self, right: f64, down: f64) {
        for dot in self.lines.iter_mut().flatten() {
            dot.x += right;
            dot.y += down;
        }
    }
}

/// Height and width of an image, in pixels.
pub(super) const SIDE: usize = 28;
/// Middle of the image, in pixels.
pub(super) const MIDDLE: f64 = SIDE as f64 / 2.0;
/// Side in pixels of the box that a digit fills.
const BOX: f64 = 20.0;

/// Writes `class`.
///
/// The spreads, here and in [`Warp`], are such that images of a class are about as far from each other, from other
/// classes and from their principal components as those of MNIST.
pub(super) fn write(class: u8, random: &mut Random) -> Writing {
    let variant = choose(variants(class), random);
    let radius = (1.35 + 0.3 * random.bell()).max(0.75);
    // Most people write neatly and a few do not.
    let haste = random.unit() * random.unit();
    let warp = Warp::new(class, haste, random);
    let wander = 0.38 + 0.7 * haste;

    let mut lines = Vec::new();
    for stroke in variant.strokes {
        let mut points = Vec::with_capacity(stroke.len());
        for (knot, (dx, dy)) in stroke.iter().zip(drift(stroke.len(), random)) {
            let reach = wander * knot.looseness;
            let (x, y) = warp.apply((knot.x + reach * dx, knot.y + reach * dy));
            let radius = radius * (1.0 + 0.13 * random.bell()).max(0.5);
            points.push(Dot { x, y, radius });
        }
        // Each corner ends one smooth stretch and begins the next.
        let mut start = 0;
        for end in 1..points.len() {
            if stroke[end].corner || end + 1 == points.len() {
                lines.push(smooth(&points[start..=end]));
                start = end;
            }
        }
    }
    fit(&mut lines, radius, random);
    Writing {
        lines,
        rim: random.uniform(0.9, 1.4),
        pressure: random.uniform(0.95, 1.15),
    }
}

fn choose<'a>(variants: &'a [Variant], random: &mut Random) -> &'a Variant {
    let total: f64 = variants.iter().map(|variant| variant.frequency).sum();
    let mut left = random.uniform(0.0, total);
    for variant in variants {
        if left < variant.frequency {
            return variant;
        }
        left -= variant.frequency;
    }
    &variants[variants.len() - 1]
}

/// Displacements of `count` points along a stroke, standard deviation about 1 and somewhat more at its two ends.
/// Neighbours move alike, since a hand that is off stays off for a while.
fn drift(count: usize, random: &mut Random) -> Vec<(f64, f64)> {
    let own: Vec<(f64, f64)> = (0..count).map(|_| (random.bell(), random.bell())).collect();
    // The squares of the weights 1/2, 3/4, 1/2 sum to about 1.
    let mixed = |before: f64, here: f64, after: f64| 0.5 * (before + after) + 0.75 * here;
    (0..count)
        .map(|index| {
            let before = own[index.saturating_sub(1)];
            let after = own[(index + 1).min(count - 1)];
            let here = own[index];
            (
                mixed(before.0, here.0, after.0),
                mixed(before.1, here.1, after.1),
            )
        })
        .collect()
}

/// What a hand does to the whole digit: width, turn, slant, and a bend of the plane.
struct Warp {
    width: f64,
    cos: f64,
    sin: f64,
    slant: f64,
    /// Coefficients of x², xy and y² for either coordinate.
    bend: [[f64; 3]; 2],
}

impl Warp {
    fn new(class: u8, haste: f64, random: &mut Random) -> Self {
        // The turn is given by the tangent of its half, from which sine and cosine follow without trigonometric functions.
        let half = 0.06 * random.bell();
        let scale = 1.0 / (1.0 + half * half);
        // A lone stroke shows its writer's slant most, and people draw it straight.
        let (slant, bend_spread) = if class == 1 {
            (0.22 + 0.26 * random.bell(), 0.07)
        } else {
            (0.15 + 0.25 * random.bell(), 0.11 + 0.1 * haste)
        };
        let mut bend = [[0.0; 3]; 2];
        for coefficient in bend.iter_mut().flatten() {
            *coefficient = bend_spread * random.bell();
        }
        Self {
            width: random.uniform(0.75, 1.5),
            cos: (1.0 - half * half) * scale,
            sin: 2.0 * half * scale,
            slant,
            bend,
        }
    }

    /// From the plane of the shapes to a plane around 0 in which a digit is 2 high.
    fn apply(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (x, y) = ((x - 5.0) / 7.0, (y - 7.0) / 7.0);
        let terms = [x * x, x * y, y * y];
        let bent = |row: [f64; 3]| terms[0] * row[0] + terms[1] * row[1] + terms[2] * row[2];
        let (x, y) = (x + bent(self.bend[0]), y + bent(self.bend[1]));
        let x = x * self.width - y * self.slant;
        (x * self.cos - y * self.sin, x * self.sin + y * self.cos)
    }
}

/// Scales lines so that their ink fills the box, and puts the box in the middle.
fn fit(lines: &mut [Vec<Dot>], radius: f64, random: &mut Random) {
    let bounds = |coordinate: fn(&Dot) -> f64| {
        let values = lines.iter().flatten().map(coordinate);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (left, right) = bounds(|dot| dot.x);
    let (top, bottom) = bounds(|dot| dot.y);
    let extent = (right - left).max(bottom - top).max(1e-6);
    let scale = (BOX * random.uniform(0.94, 1.0) - 2.0 * radius) / extent;
    for dot in lines.iter_mut().flatten() {
        dot.x = MIDDLE + (dot.x - (left + right) / 2.0) * scale;
        dot.y = MIDDLE + (dot.y - (top + bottom) / 2.0) * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_written_within_the_image() {
        for class in 0..10 {
            for seed in 0..200 {
                let writing = write(class, &mut Random::new(seed, 0));
                assert!(!writing.lines.is_empty());
                for dot in writing.lines.iter().flatten() {
                    let inside = (MIDDLE - BOX / 2.0 - 1.0)..(MIDDLE + BOX / 2.0 + 1.0);
                    assert!(
                        inside.contains(&dot.x) && inside.contains(&dot.y),
                        "{dot:?}"
                    );
                    assert!((0.3..4.0).contains(&dot.radius), "{dot:?}");
                }
            }
        }
    }

    #[test]
    fn variants_are_as_common_as_their_frequency() {
        let all = variants(1);
        let mut random = Random::new(0, 0);
        let first = (0..2_000)
            .filter(|_| std::ptr::eq(choose(all, &mut random), &all[0]))
            .count() as f64;
        let total: f64 = all.iter().map(|variant| variant.frequency).sum();
        assert!(
            (first / 2_000.0 - all[0].frequency / total).abs() < 0.04,
            "{first}"
        );
    }

    #[test]
    fn neighbouring_points_drift_alike() {
        let mut random = Random::new(0, 0);
        let (mut square, mut product) = (0.0, 0.0);
        for _ in 0..2_000 {
            let drift = drift(8, &mut random);
            square += drift[3].0 * drift[3].0 / 2_000.0;
            product += drift[3].0 * drift[4].0 / 2_000.0;
        }
        assert!((0.9..1.2).contains(&square), "{square}");
        assert!((0.55..0.95).contains(&product), "{product}");
    }
}
