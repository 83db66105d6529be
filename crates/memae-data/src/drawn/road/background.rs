//! What never moves: the road, the side street, pavement, grass, bushes, and the shadow of a tree.

use super::camera::{Camera, Place};
use super::layout::{CYCLE_LINE, DASHES, FAR_KERB, FAR_LINE, Layout, MIDDLE, NEAR_KERB, STREET};
use super::vehicle::standing;
use crate::drawn::scene::backdrop::{Backdrop, grained};
use crate::drawn::scene::canvas::{Canvas, Placement};
use crate::drawn::scene::form::Part;
use crate::drawn::scene::noise::Noise;
use crate::random::Random;

/// The empty road.
pub(super) fn empty(layout: &Layout, random: &mut Random) -> Backdrop {
    let camera = &layout.camera;
    let (height, width) = (camera.height as usize, camera.width as usize);
    let surfaces = Surfaces::new(layout, random);
    let mut canvas = Canvas::new(height, width);
    let pixels = (0..height * width).map(|pixel| surfaces.grey(pixel % width, pixel / width));
    canvas.begin(pixels, 0);
    plant(&mut canvas, layout, random);
    let lit = grained(canvas.grey(), random);
    Backdrop::new(width, lit, tree_shadow(camera, random))
}

/// What the ground is made of, and the paint on it.
struct Surfaces<'a> {
    layout: &'a Layout,
    noise: Noise,
    asphalt: f64,
    pavement: f64,
    grass: f64,
    paint: f64,
}

/// Half the width of a painted line, length of a dash and of a dash with its gap, and the width of a kerb, in metres.
const LINE: f64 = 0.07;
const DASH: (f64, f64) = (2.0, 5.0);
const KERB: f64 = 0.2;
/// Length of a slab of the pavement.
const SLAB: f64 = 1.0;

impl<'a> Surfaces<'a> {
    fn new(layout: &'a Layout, random: &mut Random) -> Self {
        Self {
            layout,
            noise: Noise::new(random),
            asphalt: random.uniform(124.0, 138.0),
            pavement: random.uniform(158.0, 174.0),
            grass: random.uniform(88.0, 104.0),
            paint: random.uniform(200.0, 218.0),
        }
    }

    /// Mean over a pixel.
    fn grey(&self, column: usize, row: usize) -> f64 {
        // As many places along either axis of a pixel as its grey is the mean of.
        const FINE: usize = 4;
        let middle = |at: usize, part: usize| at as f64 + (part as f64 + 0.5) / FINE as f64;
        let mut sum = 0.0;
        for part in 0..FINE * FINE {
            let (x, y) = (middle(column, part % FINE), middle(row, part / FINE));
            sum += self.tone(&self.layout.camera.ground(x, y));
        }
        let place = self
            .layout
            .camera
            .ground(column as f64 + 0.5, row as f64 + 0.5);
        let coarse = self.noise.at(place.x * 0.3, place.y * 0.4);
        let fine = self.noise.at(place.x * 1.3, place.y * 1.7 + 7.0);
        let rough = if self.is_grass(&place) {
            (8.0, 20.0)
        } else {
            (6.0, 4.0)
        };
        sum / (FINE * FINE) as f64 + rough.0 * coarse + rough.1 * fine
    }

    fn is_grass(&self, place: &Place) -> bool {
        place.y < 0.0 || self.layout.beyond_kerb(place.x, place.y) > KERB
    }

    /// Grey of the ground at a place.
    fn tone(&self, place: &Place) -> f64 {
        let &Place { x, y, .. } = place;
        let off_road = self.layout.beyond_kerb(x, y);
        if self.is_grass(place) {
            self.grass
        } else if y < NEAR_KERB - KERB {
            let slab = x / SLAB;
            let joint = (slab - slab.floor() - 0.5).abs() > 0.47 || (y - 1.0).abs() < 0.03;
            self.pavement - if joint { 14.0 } else { 0.0 }
        } else if y < NEAR_KERB || off_road > 0.0 {
            self.pavement + 16.0
        } else if self.painted(x, y) {
            self.paint
        } else if y < CYCLE_LINE {
            self.asphalt + 12.0
        } else {
            self.asphalt
        }
    }

    fn painted(&self, x: f64, y: f64) -> bool {
        let on = |line: f64| (y - line).abs() < LINE;
        let dashed = |(dash, all): (f64, f64)| {
            let at = x / all;
            (at - at.floor()) * all < dash
        };
        // Beside the side street the edge of the road is dashed.
        let street = x > self.layout.mouth - STREET && x < self.layout.mouth + STREET + 1.8;
        on(CYCLE_LINE)
            || on(MIDDLE - 0.13)
            || on(MIDDLE + 0.13)
            || (on(DASHES) && dashed(DASH))
            || (on(FAR_LINE) && (!street || dashed((0.4, 0.8))))
    }
}

/// Paints bushes on the grass beyond the road, and a lamp post.
fn plant(canvas: &mut Canvas, layout: &Layout, random: &mut Random) {
    let camera = &layout.camera;
    let half = layout.half_width(FAR_KERB + 4.0) + 2.0;
    let mut bushes: Vec<(f64, f64)> = (0..(2.0 * half / 1.6) as usize)
        .map(|_| {
            (
                random.uniform(-half, half),
                random.uniform(FAR_KERB + 2.6, FAR_KERB + 6.5),
            )
        })
        .collect();
    bushes.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (x, y) in bushes {
        let radius = random.uniform(0.5, 0.95);
        let tone = random.uniform(44.0, 58.0);
        // Not on the side street, nor where it would be hidden by one.
        let clear = (x - layout.mouth).abs() > STREET + radius + 0.6;
        for leaf in 0..12 {
            // From the dark foot of the bush to its crown, which takes the light.
            let height = f64::from(leaf) / 11.0;
            let (right, up) = (
                radius * random.bell() * 0.5,
                radius * (0.3 + 1.0 * height + 0.15 * random.bell()),
            );
            let grey = tone + 34.0 * height + 5.0 * random.bell();
            let leaf = radius * random.uniform(0.3, 0.5);
            if clear {
                let at = camera.project(Place::new(x + right, y, up));
                let place = Placement {
                    x: at.x,
                    row: at.y,
                    size: leaf * camera.scale(Place::new(x, y, 0.0)),
                    facing: 1.0,
                };
                canvas.paint(&[Part::disc((0.0, 0.0), 1.0, grey)], &place, 1.0, None);
            }
        }
    }
    let post = [
        Part::limb((0.0, 0.0), (0.0, 2.4), [0.05, 0.035], 58.0),
        Part::limb((0.0, 2.4), (0.35, 2.5), [0.03; 2], 58.0),
        Part::limb((0.26, 2.49), (0.42, 2.51), [0.06; 2], 215.0),
    ];
    let x = layout.mouth + random.uniform(6.5, 8.5);
    let place = standing(camera, Place::new(x, FAR_KERB + 2.2, 0.0), -1.0);
    canvas.paint(&post, &place, 1.0, None);
}

/// The shadow of a crown of leaves on the ground, with the sun coming through.
fn tree_shadow(camera: &Camera, random: &mut Random) -> Vec<f64> {
    let noise = Noise::new(random);
    let (x, y) = (random.uniform(-5.0, 5.0), random.uniform(1.0, 8.0));
    let (reach_x, reach_y) = (random.uniform(3.4, 4.6), random.uniform(2.6, 3.6));
    let (height, width) = (camera.height as usize, camera.width as usize);
    let mut shade = Vec::with_capacity(height * width);
    for row in 0..height {
        for column in 0..width {
            let place = camera.ground(column as f64 + 0.5, row as f64 + 0.5);
            let (right, away) = (place.x - x, place.y - y);
            let (across, along) = (right / reach_x, (away + 0.2 * right) / reach_y);
            let crown = 1.0 - (across * across + along * along).sqrt();
            let leaves = noise.at(right * 0.9, away * 0.9);
            shade.push(0.42 * (2.2 * crown + 1.3 * leaves).clamp(0.0, 1.0));
        }
    }
    shade
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(seed: u64) -> Layout {
        let random = &mut Random::new(seed, 0);
        Layout::new(Camera::new(61, 97, random), random)
    }

    #[test]
    fn lines_are_lighter_than_asphalt_and_grass_is_beyond_the_kerbs() {
        for seed in 0..10 {
            let layout = layout(seed);
            let surfaces = Surfaces::new(&layout, &mut Random::new(seed, 1));
            let tone = |x: f64, y: f64| surfaces.tone(&Place::new(x, y, 0.0));
            assert_eq!(tone(1.0, 5.0), surfaces.asphalt);
            assert_eq!(tone(1.0, CYCLE_LINE), surfaces.paint);
            assert_eq!(tone(1.0, MIDDLE + 0.13), surfaces.paint);
            assert_eq!(
                (tone(1.0, DASHES), tone(4.0, DASHES)),
                (surfaces.paint, surfaces.asphalt)
            );
            assert_eq!(tone(layout.mouth, FAR_KERB + 3.0), surfaces.asphalt);
            for (x, y) in [(layout.mouth + 6.0, FAR_KERB + 3.0), (0.0, -0.2)] {
                assert_eq!(tone(x, y), surfaces.grass);
            }
            assert!(surfaces.paint > surfaces.asphalt + 60.0);
        }
    }

    #[test]
    fn the_sun_darkens_only_where_the_tree_is() {
        for seed in 0..10 {
            let backdrop = empty(&layout(seed), &mut Random::new(seed, 1));
            let (mut darker, mut equal) = (0, 0);
            for (clear, sunny) in backdrop.pixels(0.0).zip(backdrop.pixels(1.0)) {
                assert!((0.0..=255.0).contains(&clear) && sunny <= clear);
                darker += usize::from(sunny < clear - 5.0);
                equal += usize::from(sunny == clear);
            }
            assert!(darker > 61 * 97 / 40, "seed {seed}: {darker}");
            assert!(equal > 61 * 97 / 4, "seed {seed}: {equal}");
        }
    }
}
