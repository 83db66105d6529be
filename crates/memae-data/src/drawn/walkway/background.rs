//! What never moves: the path, grass, bushes, a lamp post, and the shadow of a tree.

use super::ground::Ground;
use crate::drawn::scene::backdrop::{Backdrop, grained};
use crate::drawn::scene::canvas::{Canvas, Placement};
use crate::drawn::scene::form::Part;
use crate::drawn::scene::noise::Noise;
use crate::random::Random;

/// The empty walkway.
pub(super) fn empty(ground: &Ground, random: &mut Random) -> Backdrop {
    let (height, width) = (ground.height as usize, ground.width as usize);
    let surfaces = Surfaces::new(ground, random);
    let mut canvas = Canvas::new(height, width);
    let pixels = (0..height * width).map(|pixel| {
        let (row, column) = (pixel / width, pixel % width);
        surfaces.grey(column as f64 + 0.5, row as f64 + 0.5)
    });
    canvas.begin(pixels, 0);
    plant(&mut canvas, ground, random);
    let lit = grained(canvas.grey(), random);
    Backdrop::new(width, lit, tree_shadow(ground, random))
}

/// Path and grass.
struct Surfaces<'a> {
    ground: &'a Ground,
    noise: Noise,
    path: f64,
    grass: f64,
    /// Length of a slab, in heights of a person, and the column in which the joints run straight down.
    slab: f64,
    vanishing: f64,
}

impl<'a> Surfaces<'a> {
    fn new(ground: &'a Ground, random: &mut Random) -> Self {
        Self {
            ground,
            noise: Noise::new(random),
            path: random.uniform(142.0, 160.0),
            grass: random.uniform(86.0, 104.0),
            slab: random.uniform(1.3, 1.7),
            vanishing: ground.width * random.uniform(0.3, 0.7),
        }
    }

    fn grey(&self, x: f64, row: f64) -> f64 {
        let depth = self.ground.depth(row, x);
        let size = self.ground.size(depth);
        // Rows of pixels to the edge of the path; negative on it.
        let outside = (self.ground.row(0.0, x) - row).max(row - self.ground.row(1.0, x));
        let along = (x - self.vanishing) / size;
        // The ground as it lies: cells are stretched along the picture's width by the low camera.
        let coarse = self.noise.at(along * 0.9, depth * 5.0);
        let fine = self.noise.at(along * 3.0, depth * 17.0 + 7.0);

        let joint = {
            let slab = along / self.slab;
            let across = (slab - slab.floor() - 0.5).abs() - 0.5;
            let columns = across.abs() * self.slab * size;
            let rows = (row - self.ground.row(0.47, x)).abs();
            (1.0 - columns).max(1.0 - rows).clamp(0.0, 1.0)
        };
        let path = self.path + 9.0 * coarse + 7.0 * fine - 13.0 * joint;
        let grass = self.grass + 10.0 * coarse + 26.0 * fine;
        let curb = self.path + 24.0 + 5.0 * fine;
        let curb_width = 0.09 * size;
        let blend = |a: f64, b: f64, t: f64| a + (b - a) * t.clamp(0.0, 1.0);
        let edge = blend(path, curb, outside + 0.5);
        blend(edge, grass, outside - curb_width + 0.5)
    }
}

/// Paints bushes and a lamp post on the grass behind the path.
fn plant(canvas: &mut Canvas, ground: &Ground, random: &mut Random) {
    // As many bushes as a picture of this shape has room for, and a few leaves on each.
    let unit = ground.height;
    let bushes = (ground.width / (0.28 * unit)).ceil() as usize;
    for _ in 0..bushes {
        let x = random.uniform(-0.05 * unit, ground.width + 0.05 * unit);
        let row = ground.row(random.uniform(-0.62, -0.35), x);
        let radius = unit * random.uniform(0.05, 0.1);
        let tone = random.uniform(46.0, 60.0);
        for leaf in 0..12 {
            // From the dark foot of the bush to its crown, which takes the light.
            let height = f64::from(leaf) / 11.0;
            let (right, down) = (
                radius * random.bell() * 0.6,
                radius * (0.7 - 1.3 * height + 0.2 * random.bell()),
            );
            let grey = tone + 34.0 * height + 5.0 * random.bell();
            let place = Placement {
                x: x + right,
                row: row + down,
                size: radius * random.uniform(0.3, 0.5),
                facing: 1.0,
            };
            canvas.paint(&[Part::disc((0.0, 0.0), 1.0, grey)], &place, 1.0, None);
        }
    }
    let x = ground.width * random.uniform(0.15, 0.85);
    let depth = -0.12;
    let place = Placement {
        x,
        row: ground.row(depth, x),
        size: ground.size(depth),
        facing: 1.0,
    };
    let post = [
        Part::limb((0.0, 0.0), (0.0, 1.55), [0.05, 0.035], 58.0),
        Part::limb((0.0, 1.55), (0.3, 1.62), [0.03; 2], 58.0),
        Part::limb((0.22, 1.6), (0.36, 1.62), [0.06; 2], 215.0),
    ];
    canvas.paint(&post, &place, 1.0, None);
}

/// The shadow of a crown of leaves, with the sun coming through.
fn tree_shadow(ground: &Ground, random: &mut Random) -> Vec<f64> {
    let unit = ground.height;
    let noise = Noise::new(random);
    let (x, row) = (
        ground.width * random.uniform(0.2, 0.8),
        unit * random.uniform(0.55, 0.8),
    );
    let (reach_x, reach_y) = (
        unit * random.uniform(0.34, 0.46),
        unit * random.uniform(0.17, 0.24),
    );
    let mut shade = Vec::with_capacity((ground.height * ground.width) as usize);
    for pixel_row in 0..ground.height as usize {
        for column in 0..ground.width as usize {
            let (right, down) = (column as f64 + 0.5 - x, pixel_row as f64 + 0.5 - row);
            let (across, along) = (right / reach_x, (down - 0.15 * right) / reach_y);
            let crown = 1.0 - (across * across + along * along).sqrt();
            let leaves = noise.at(right / unit * 9.0, down / unit * 15.0);
            shade.push(0.42 * (2.2 * crown + 1.3 * leaves).clamp(0.0, 1.0));
        }
    }
    shade
}

#[cfg(test)]
mod tests {
    use super::*;

    fn background(seed: u64) -> (Ground, Backdrop) {
        let random = &mut Random::new(seed, 0);
        let ground = Ground::new(67, 83, random);
        let background = empty(&ground, random);
        (ground, background)
    }

    #[test]
    fn the_path_is_lighter_than_the_grass_on_average() {
        for seed in 0..20 {
            let (ground, background) = background(seed);
            let pixels: Vec<f64> = background.pixels(0.0).collect();
            let mean = |on_path: bool| {
                let chosen: Vec<f64> = (0..pixels.len())
                    .filter(|at| {
                        let (row, x) = ((at / 83) as f64 + 0.5, (at % 83) as f64 + 0.5);
                        (0.0..1.0).contains(&ground.depth(row, x)) == on_path
                    })
                    .map(|at| pixels[at])
                    .collect();
                chosen.iter().sum::<f64>() / chosen.len() as f64
            };
            assert!(mean(true) > mean(false) + 25.0, "seed {seed}");
        }
    }

    #[test]
    fn the_sun_darkens_only_where_the_tree_is() {
        for seed in 0..20 {
            let (_, background) = background(seed);
            let (mut darker, mut equal) = (0, 0);
            for (clear, sunny) in background.pixels(0.0).zip(background.pixels(1.0)) {
                assert!((0.0..=255.0).contains(&clear) && sunny <= clear);
                darker += usize::from(sunny < clear - 5.0);
                equal += usize::from(sunny == clear);
            }
            assert!(darker > 67 * 83 / 40, "seed {seed}: {darker}");
            assert!(equal > 67 * 83 / 3, "seed {seed}: {equal}");
        }
    }
}
