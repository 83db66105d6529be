//! Whether the camera moves.

use super::flow::{Pair, Plane};

/// Mean difference of neighbouring pixels from which on a cell shows where it moves: 1.5 of 255 levels.
const TEXTURE: f32 = 0.006;
/// Pixels of a frame; the flow of slower cameras is not to be told from errors.
const SLOWEST: f32 = 0.1;
/// Cells along the height of a picture.
const CELLS: usize = 30;
/// Cells with texture without which nothing can be said of the camera.
const FEWEST: usize = 8;
const ITERATIONS: usize = 12;

/// How a picture moves as a whole, from one frame to the next: what the camera does, if it is the camera that moves.
///
/// It is the similarity (shift, turn and zoom) whose distances to the flow of all places with texture have the least sum, so
/// that what moves by itself has little say in it. A crowd or a train that fills the picture looks like a camera that moves.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct CameraMotion {
    /// How far the picture's middle moves to the right, in heights of the frame a second.
    pub right: f32,
    /// How far it moves downwards.
    pub down: f32,
    /// How much it turns clockwise, in radians a second.
    pub turn: f32,
    /// How much it grows, as a share of its size a second; negative where it shrinks.
    pub zoom: f32,
    /// Share of the places with texture that move, and as the picture does as a whole: near 0 where the camera stands
    /// still, near 1 where it moves; 0 where too little has texture.
    pub share: f32,
}

/// A cell: where its middle is, from that of the picture, and how it moves.
struct Cell {
    at: [f64; 2],
    flow: [f64; 2],
}

/// Shift, turn and zoom.
#[derive(Clone, Copy, Default)]
struct Similarity {
    shift: [f64; 2],
    turn: f64,
    zoom: f64,
}

impl Similarity {
    fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.shift[0] + self.zoom * x - self.turn * y,
            self.shift[1] + self.turn * x + self.zoom * y,
        ]
    }

    /// The weighted least squares of flow − similarity.
    fn fit(cells: &[Cell], weights: &[f64]) -> Self {
        let sum: f64 = weights.iter().sum();
        let mean = |value: &dyn Fn(&Cell) -> [f64; 2]| {
            let weighted = cells.iter().zip(weights);
            let sums = weighted.fold([0.0, 0.0], |[x, y], (cell, weight)| {
                let [right, down] = value(cell);
                [x + weight * right, y + weight * down]
            });
            sums.map(|total| total / sum)
        };
        let (place, flow) = (mean(&|cell| cell.at), mean(&|cell| cell.flow));
        let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
        for (cell, weight) in cells.iter().zip(weights) {
            let [x, y] = [cell.at[0] - place[0], cell.at[1] - place[1]];
            let [right, down] = [cell.flow[0] - flow[0], cell.flow[1] - flow[1]];
            along += weight * (x * right + y * down);
            across += weight * (x * down - y * right);
            spread += weight * (x * x + y * y);
        }
        let (zoom, turn) = match spread > 0.0 {
            true => (along / spread, across / spread),
            false => (0.0, 0.0),
        };
        let shift = [
            flow[0] - zoom * place[0] + turn * place[1],
            flow[1] - turn * place[0] - zoom * place[1],
        ];
        Self { shift, turn, zoom }
    }
}

impl CameraMotion {
    /// Whether more than half of the places with texture move with the picture: a camera that moves, or what looks like it.
    pub fn moves(&self) -> bool {
        self.share > 0.5
    }

    /// From the flow between two pictures; the least speed in pixels of the frame.
    pub(super) fn of(pair: &Pair<'_>, min_speed: f32, rate: f64) -> Self {
        let cells = cells(pair);
        if cells.len() < FEWEST {
            return Self::default();
        }
        let least = f64::from(min_speed.max(SLOWEST)) / pair.step as f64;
        // Distances below the least speed are all alike.
        let mut weights = vec![1.0; cells.len()];
        let mut found = Similarity::default();
        for _ in 0..ITERATIONS {
            found = Similarity::fit(&cells, &weights);
            for (cell, weight) in cells.iter().zip(&mut weights) {
                *weight = 1.0 / (least + distance(cell.flow, found.at(cell.at)));
            }
        }
        let together = |cell: &&Cell| {
            let expected = found.at(cell.at);
            let speed = distance(expected, [0.0, 0.0]);
            speed >= least && distance(cell.flow, expected) <= (2.0 * least).max(0.25 * speed)
        };
        let together = cells.iter().filter(together).count();
        let heights = rate / pair.earlier.height as f64;
        Self {
            right: (found.shift[0] * heights) as f32,
            down: (found.shift[1] * heights) as f32,
            turn: (found.turn * rate) as f32,
            zoom: (found.zoom * rate) as f32,
            share: together as f32 / cells.len() as f32,
        }
    }
}

fn distance(one: [f64; 2], other: [f64; 2]) -> f64 {
    // Not `hypot`, which platforms round differently.
    ((one[0] - other[0]).powi(2) + (one[1] - other[1]).powi(2)).sqrt()
}

/// The cells with texture.
fn cells(pair: &Pair<'_>) -> Vec<Cell> {
    let Pair { earlier, flow, .. } = *pair;
    let (height, width) = (earlier.height, earlier.width);
    let side = (height / CELLS).max(1);
    let middle = [width, height].map(|side| (side - 1) as f64 / 2.0);
    let mut cells = Vec::new();
    for top in (0..height - side + 1).step_by(side) {
        for left in (0..(width + 1).saturating_sub(side)).step_by(side) {
            if texture(earlier, top, left, side) < TEXTURE {
                continue;
            }
            let sum = |plane: &Plane| {
                let rows = (top..top + side).map(|row| &plane.row(row)[left..][..side]);
                f64::from(rows.flatten().sum::<f32>()) / (side * side) as f64
            };
            let half = (side - 1) as f64 / 2.0;
            cells.push(Cell {
                at: [
                    left as f64 + half - middle[0],
                    top as f64 + half - middle[1],
                ],
                flow: [sum(&flow[0]), sum(&flow[1])],
            });
        }
    }
    cells
}

/// The mean difference of a cell's pixels to those right of them and below.
fn texture(picture: &Plane, top: usize, left: usize, side: usize) -> f32 {
    let mut sum = 0.0;
    for row in top..top + side {
        let pixels = picture.row(row);
        let below = picture.row((row + 1).min(picture.height - 1));
        for column in left..left + side {
            let next = pixels[(column + 1).min(picture.width - 1)];
            sum += (next - pixels[column]).abs() + (below[column] - pixels[column]).abs();
        }
    }
    sum / (side * side) as f32
}
