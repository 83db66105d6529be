//! Pictures of half the size, and fields of motion of twice the size.

use super::plane::Plane;

/// Half of a side, rounded up.
pub(in crate::encode::motion) fn half(side: usize) -> usize {
    side.div_ceil(2)
}

/// Each pixel becomes the mean of four; where a side is odd, its last pixels count twice.
#[inline(always)]
pub(super) fn halve(input: &Plane, output: &mut Plane) {
    for row in 0..output.height {
        let above = input.row(2 * row);
        let below = input.row((2 * row + 1).min(input.height - 1));
        let output = output.row_mut(row);
        let pairs = above.chunks_exact(2).zip(below.chunks_exact(2));
        for (output, (above, below)) in output.iter_mut().zip(pairs) {
            *output = 0.25 * ((above[0] + above[1]) + (below[0] + below[1]));
        }
        if input.width % 2 == 1 {
            let last = input.width - 1;
            output[last / 2] = 0.5 * (above[last] + below[last]);
        }
    }
}

/// Motion in pixels of a picture of half the size becomes motion in pixels of this one, linear between them.
///
/// The middles of two neighbouring pixels lie a fourth of a pixel of the small picture left and right of its pixel's middle.
#[inline(always)]
pub(super) fn double(input: &Plane, output: &mut Plane, blended: &mut Vec<f32>) {
    let (height, width) = (output.height, output.width);
    blended.resize(input.width, 0.0);
    for row in 0..height {
        let near = input.row(row / 2);
        let far = match row % 2 {
            0 => (row / 2).saturating_sub(1),
            _ => (row / 2 + 1).min(input.height - 1),
        };
        for ((blended, near), far) in blended.iter_mut().zip(near).zip(input.row(far)) {
            *blended = 1.5 * near + 0.5 * far;
        }
        let output = output.row_mut(row);
        let last = blended.len() - 1;
        output[0] = blended[0];
        for (pair, two) in output[1..].chunks_exact_mut(2).zip(blended.windows(2)) {
            pair[0] = 0.75 * two[0] + 0.25 * two[1];
            pair[1] = 0.25 * two[0] + 0.75 * two[1];
        }
        // Of an even number of pixels the last has no neighbour to the right.
        if width % 2 == 0 {
            output[width - 1] = blended[last];
        }
    }
}
