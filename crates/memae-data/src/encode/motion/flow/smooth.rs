//! Means over the neighbourhood of a pixel, weighted by a bell or all alike; beyond the edges a picture goes on as it ends.

use super::plane::{Plane, repeat_ends};

/// Weights of a pixel and of its neighbours at either side: from the middle outwards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taps(Vec<f32>);

impl Taps {
    /// A Gaussian with this standard deviation in pixels, cut off at three of them; 0 leaves pixels as they are.
    pub(super) fn gaussian(sigma: f32) -> Self {
        let sigma = f64::from(sigma);
        let radius = (3.0 * sigma).ceil() as usize;
        let weight = |distance: usize| match distance {
            0 => 1.0,
            _ => (-0.5 * (distance as f64 / sigma).powi(2)).exp(),
        };
        let sum = 1.0 + 2.0 * (1..=radius).map(weight).sum::<f64>();
        Self((0..=radius).map(|at| (weight(at) / sum) as f32).collect())
    }

    /// The mean of an odd number of pixels.
    pub(super) fn mean(size: usize) -> Self {
        Self(vec![1.0 / size as f32; size / 2 + 1])
    }

    /// Smooths along both axes; `padded` is scratch.
    #[inline(always)]
    pub(super) fn smooth(&self, input: &Plane, output: &mut Plane, padded: &mut Vec<f32>) {
        let margin = self.0.len() - 1;
        if margin == 0 {
            output.values.copy_from_slice(&input.values);
            return;
        }
        let (height, width) = (input.height, input.width);
        padded.resize(width + 2 * margin, 0.0);
        for row in 0..height {
            let middle = &mut padded[margin..][..width];
            weigh(middle, input.row(row), self.0[0]);
            for (distance, &tap) in self.0.iter().enumerate().skip(1) {
                let above = input.row(row.saturating_sub(distance));
                let below = input.row((row + distance).min(height - 1));
                add_pair(middle, above, below, tap);
            }
            repeat_ends(padded, margin);
            let output = output.row_mut(row);
            weigh(output, &padded[margin..], self.0[0]);
            for (distance, &tap) in self.0.iter().enumerate().skip(1) {
                let left = &padded[margin - distance..][..width];
                let right = &padded[margin + distance..][..width];
                add_pair(output, left, right, tap);
            }
        }
    }
}

#[inline(always)]
fn weigh(output: &mut [f32], input: &[f32], weight: f32) {
    for (output, input) in output.iter_mut().zip(input) {
        *output = weight * input;
    }
}

#[inline(always)]
fn add_pair(output: &mut [f32], first: &[f32], second: &[f32], weight: f32) {
    for ((output, first), second) in output.iter_mut().zip(first).zip(second) {
        *output += weight * (first + second);
    }
}
