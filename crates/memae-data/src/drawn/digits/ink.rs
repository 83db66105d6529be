//! From pen lines to pixels.

use super::curve::Dot;
use super::hand::{MIDDLE, SIDE, Writing};
use crate::random::Random;

/// Where the pixel begins that the centre of mass comes to lie in, in pixels from the left and from the top.
const MASS: f64 = 14.0;
/// How far ink bleeds or falls short in the paper, in pixels: standard deviation.
const BLEED: f64 = 0.1;

/// Draws a writing: 255 inside the ink, 0 far from it, and grey rims between, by each pixel's distance to the ink.
///
/// The centre of mass comes to lie within pixel 14 of row and column 14 (counted from 0), as in MNIST, whose digits were
/// moved by whole pixels.
pub(super) fn draw(mut writing: Writing, random: &mut Random) -> [u8; SIDE * SIDE] {
    let (x, y) = centre_of_mass(&writing);
    writing.shift(MASS + random.unit() - x, MASS + random.unit() - y);
    distances(&writing).map(|distance| {
        if distance > writing.rim {
            return 0;
        }
        let cover = cover(distance + BLEED * random.bell(), writing.rim);
        ((cover * writing.pressure).min(1.0) * 255.0).round() as u8
    })
}

/// Share of a pixel that is ink.
fn cover(distance: f64, rim: f64) -> f64 {
    (0.5 - distance / rim).clamp(0.0, 1.0)
}

fn centre_of_mass(writing: &Writing) -> (f64, f64) {
    let (mut mass, mut x, mut y) = (0.0, 0.0, 0.0);
    for (index, distance) in distances(writing).into_iter().enumerate() {
        let ink = cover(distance, writing.rim);
        mass += ink;
        x += ink * ((index % SIDE) as f64 + 0.5);
        y += ink * ((index / SIDE) as f64 + 0.5);
    }
    if mass > 0.0 {
        (x / mass, y / mass)
    } else {
        (MIDDLE, MIDDLE)
    }
}

/// Signed distance in pixels from each pixel's centre to the edge of the ink: negative inside, infinite far away.
fn distances(writing: &Writing) -> [f64; SIDE * SIDE] {
    let mut distance = [f64::INFINITY; SIDE * SIDE];
    for line in &writing.lines {
        for pair in line.windows(2) {
            near(&mut distance, pair[0], pair[1], writing.rim);
        }
    }
    distance
}

/// Lowers the distances around one straight piece.
fn near(distance: &mut [f64; SIDE * SIDE], from: Dot, to: Dot, rim: f64) {
    let reach = from.radius.max(to.radius) + rim;
    let columns = pixels(from.x.min(to.x) - reach, from.x.max(to.x) + reach);
    let rows = pixels(from.y.min(to.y) - reach, from.y.max(to.y) + reach);
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = (dx * dx + dy * dy).max(1e-12);
    for row in rows {
        for column in columns.clone() {
            let (x, y) = (column as f64 + 0.5 - from.x, row as f64 + 0.5 - from.y);
            let t = ((x * dx + y * dy) / length).clamp(0.0, 1.0);
            let (off_x, off_y) = (x - t * dx, y - t * dy);
            let radius = from.radius + t * (to.radius - from.radius);
            let found = (off_x * off_x + off_y * off_y).sqrt() - radius;
            let pixel = &mut distance[row * SIDE + column];
            *pixel = pixel.min(found);
        }
    }
}

/// Indices of the pixels that the interval touches, within the image.
fn pixels(low: f64, high: f64) -> std::ops::Range<usize> {
    let clip = |value: f64| value.clamp(0.0, SIDE as f64) as usize;
    clip(low.floor())..clip(high.ceil())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: (f64, f64), to: (f64, f64)) -> Writing {
        let dot = |(x, y)| Dot { x, y, radius: 2.0 };
        Writing {
            lines: vec![vec![dot(from), dot(to)]],
            rim: 1.0,
            pressure: 1.0,
        }
    }

    #[test]
    fn ink_is_white_inside_and_black_outside() {
        let pixels = draw(line((6.0, 14.0), (22.0, 14.0)), &mut Random::new(0, 0));
        let at = |row: usize, column: usize| pixels[row * SIDE + column];
        assert_eq!(at(14, 14), 255);
        assert_eq!(at(14, 0), 0);
        assert_eq!(at(2, 14), 0);
        assert!(
            (11..=16).any(|row| (1..255).contains(&at(row, 14))),
            "a grey rim"
        );
    }

    #[test]
    fn ink_is_moved_to_the_middle() {
        let (x, y) = centre_of_mass(&line((4.0, 4.0), (12.0, 10.0)));
        assert!((x - 8.0).abs() < 0.05 && (y - 7.0).abs() < 0.05, "{x} {y}");
    }

    #[test]
    fn lines_beyond_the_image_leave_it_black() {
        let far = line((-90.0, -90.0), (-80.0, 1e6));
        assert!(
            distances(&far)
                .iter()
                .all(|distance| distance.is_infinite())
        );
        assert_eq!(centre_of_mass(&far), (MIDDLE, MIDDLE));
    }
}
