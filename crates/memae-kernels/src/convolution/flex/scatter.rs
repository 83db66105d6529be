//! Columns back to the values that they were gathered from.

use pulp::{Arch, NullaryFnOnce};

use super::columns::Columns;
use crate::simd::real::Real;

impl Columns {
    /// Adds the rows of some channels to those channels of `fine`, a slice for each sample of the tile.
    pub fn add_to<R: Real>(&self, columns: &[R], fine: &mut [&mut [R]]) {
        Arch::new().dispatch(Scatter {
            columns: self,
            input: columns,
            fine,
        });
    }
}

struct Scatter<'a, 'b, R> {
    columns: &'a Columns,
    input: &'a [R],
    fine: &'a mut [&'b mut [R]],
}

impl<R: Real> NullaryFnOnce for Scatter<'_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.columns.stride {
            1 => self.run(add_strided::<R, 1>),
            2 => self.run(add_strided::<R, 2>),
            stride => self.run(|output, input| {
                for (output, input) in output.iter_mut().step_by(stride).zip(input) {
                    *output += *input;
                }
            }),
        }
    }
}

impl<R: Real> Scatter<'_, '_, R> {
    #[inline(always)]
    fn run(self, add: impl Fn(&mut [R], &[R])) {
        let Self {
            columns,
            input,
            fine,
        } = self;
        let width = columns.row_width();
        let taps = columns.taps.len();
        let rows = fine.first().map_or(0, |fine| fine.len() / columns.places) * taps;
        for channel in 0..rows / taps.max(1) {
            // A place takes the last tap from the first of the positions that are joined with it: backwards, sums are
            // of the order of positions, however they are cut into tiles.
            for (tap, joined) in columns.taps.iter().enumerate().rev() {
                for segment in &joined.joined {
                    let start = channel * columns.places + segment.place;
                    add(
                        &mut fine[segment.sample][start..],
                        &input[segment.piece.range(width, rows, channel * taps + tap)],
                    );
                }
            }
        }
    }
}

/// `output[i · STRIDE] += input[i]`.
#[inline(always)]
fn add_strided<R: Real, const STRIDE: usize>(output: &mut [R], input: &[R]) {
    let Some((last, input)) = input.split_last() else {
        return;
    };
    output[STRIDE * input.len()] += *last;
    for (output, input) in output.as_chunks_mut::<STRIDE>().0.iter_mut().zip(input) {
        output[0] += *input;
    }
}
