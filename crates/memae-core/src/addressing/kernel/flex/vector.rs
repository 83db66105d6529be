//! Queries, items and reads: rows of `width` numbers.

use pulp::{Scalar, Simd, WithSimd};

use memae_kernels::simd::real::Real;

/// `Σ a_i b_i`.
pub(super) struct Dot<'a, R> {
    pub a: &'a [R],
    pub b: &'a [R],
}

impl<R: Real> WithSimd for Dot<'_, R> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> R {
        dot(simd, self.a, self.b)
    }
}

#[inline(always)]
fn dot<S: Simd, R: Real>(simd: S, a: &[R], b: &[R]) -> R {
    /// Sums kept apart, so that one addition need not wait for the one before.
    const SUMS: usize = 4;
    #[inline(always)]
    fn pass<S: Simd, R: Real>(simd: S, a: &[R::Vector<S>], b: &[R::Vector<S>]) -> R {
        let zero = R::splat(simd, R::ZERO);
        let mut sums = [zero; SUMS];
        let (a, a_rest) = a.as_chunks::<SUMS>();
        let (b, b_rest) = b.as_chunks::<SUMS>();
        for (a, b) in a.iter().zip(b) {
            for index in 0..SUMS {
                sums[index] = R::times_plus(simd, a[index], b[index], sums[index]);
            }
        }
        for (&a, &b) in a_rest.iter().zip(b_rest) {
            sums[0] = R::times_plus(simd, a, b, sums[0]);
        }
        let [a, b, c, d] = sums;
        R::sum(
            simd,
            R::plus(simd, R::plus(simd, a, b), R::plus(simd, c, d)),
        )
    }
    let (a, a_rest) = R::vectors::<S>(a);
    let (b, b_rest) = R::vectors::<S>(b);
    let (a_rest, b_rest) = (
        R::vectors::<Scalar>(a_rest).0,
        R::vectors::<Scalar>(b_rest).0,
    );
    pass::<S, R>(simd, a, b) + pass::<Scalar, R>(Scalar::new(), a_rest, b_rest)
}

/// `output += a · factor`.
pub(super) struct AddScaled<'a, R> {
    pub output: &'a mut [R],
    pub a: &'a [R],
    pub factor: R,
}

impl<R: Real> WithSimd for AddScaled<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        #[inline(always)]
        fn pass<S: Simd, R: Real>(
            simd: S,
            output: &mut [R::Vector<S>],
            a: &[R::Vector<S>],
            factor: R,
        ) {
            let factor = R::splat(simd, factor);
            for (output, &a) in output.iter_mut().zip(a) {
                *output = R::times_plus(simd, a, factor, *output);
            }
        }
        let (output, output_rest) = R::vectors_mut::<S>(self.output);
        let (a, a_rest) = R::vectors::<S>(self.a);
        pass::<S, R>(simd, output, a, self.factor);
        let output = R::vectors_mut::<Scalar>(output_rest).0;
        pass::<Scalar, R>(
            Scalar::new(),
            output,
            R::vectors::<Scalar>(a_rest).0,
            self.factor,
        );
    }
}

/// Items picked from a memory, each with a factor.
#[derive(Clone, Copy)]
pub(super) struct Picked<'a, R> {
    pub items: &'a [u32],
    pub factors: &'a [R],
}

/// `output = Σ factor · item`.
pub(super) struct SumItems<'a, R> {
    pub output: &'a mut [R],
    pub memory: &'a [R],
    pub picked: Picked<'a, R>,
}

impl<R: Real> WithSimd for SumItems<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        /// Vectors summed in registers at a time.
        const WIDE: usize = 8;
        #[inline(always)]
        fn pass<S: Simd, R: Real, const VECTORS: usize>(
            simd: S,
            output: &mut [R::Vector<S>; VECTORS],
            memory: &[R],
            [start, width]: [usize; 2],
            picked: Picked<R>,
        ) {
            let length = VECTORS * size_of::<R::Vector<S>>() / size_of::<R>();
            let mut sums = [R::splat(simd, R::ZERO); VECTORS];
            for (&item, &factor) in picked.items.iter().zip(picked.factors) {
                let factor = R::splat(simd, factor);
                let item = item as usize * width + start;
                let values = R::vectors::<S>(&memory[item..item + length]).0;
                for (sum, &value) in sums.iter_mut().zip(values) {
                    *sum = R::times_plus(simd, value, factor, *sum);
                }
            }
            *output = sums;
        }
        let Self {
            output,
            memory,
            picked,
        } = self;
        let (width, lanes) = (output.len(), size_of::<R::Vector<S>>() / size_of::<R>());
        let (vectors, rest) = R::vectors_mut::<S>(output);
        let rest_start = width - rest.len();
        let (wide, single) = vectors.as_chunks_mut::<WIDE>();
        let single_start = wide.len() * WIDE;
        for (place, output) in wide.iter_mut().enumerate() {
            let start = place * WIDE * lanes;
            pass::<S, R, WIDE>(simd, output, memory, [start, width], picked);
        }
        for (place, output) in single.as_chunks_mut::<1>().0.iter_mut().enumerate() {
            let start = (single_start + place) * lanes;
            pass::<S, R, 1>(simd, output, memory, [start, width], picked);
        }
        let rest = R::vectors_mut::<Scalar>(rest).0;
        for (place, output) in rest.as_chunks_mut::<1>().0.iter_mut().enumerate() {
            let start = rest_start + place;
            pass::<Scalar, R, 1>(Scalar::new(), output, memory, [start, width], picked);
        }
    }
}

/// `factors[k] = a · item_k`, the dot product with each of the items.
pub(super) struct DotItems<'a, R> {
    pub factors: &'a mut [R],
    pub items: &'a [u32],
    pub memory: &'a [R],
    pub a: &'a [R],
}

impl<R: Real> WithSimd for DotItems<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = self.a.len();
        for (factor, &item) in self.factors.iter_mut().zip(self.items) {
            let start = item as usize * width;
            *factor = dot(simd, self.a, &self.memory[start..start + width]);
        }
    }
}

/// `item_k += a · a_factors[k] + b · b_factors[k]` for each of the items.
pub(super) struct AddToItems<'a, R> {
    pub memory: &'a mut [R],
    pub items: &'a [u32],
    pub rows: [&'a [R]; 2],
    pub factors: [&'a [R]; 2],
}

impl<R: Real> WithSimd for AddToItems<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        #[inline(always)]
        fn pass<S: Simd, R: Real>(
            simd: S,
            output: &mut [R::Vector<S>],
            [a, b]: [&[R::Vector<S>]; 2],
            factors: [R; 2],
        ) {
            let [a_factor, b_factor] = factors.map(|factor| R::splat(simd, factor));
            for ((output, &a), &b) in output.iter_mut().zip(a).zip(b) {
                let sum = R::times_plus(simd, a, a_factor, *output);
                *output = R::times_plus(simd, b, b_factor, sum);
            }
        }
        let Self {
            memory,
            items,
            rows,
            factors: [a_factors, b_factors],
        } = self;
        let width = rows[0].len();
        let [(a, a_rest), (b, b_rest)] = rows.map(R::vectors::<S>);
        let rests = [a_rest, b_rest].map(|rest| R::vectors::<Scalar>(rest).0);
        for ((&item, &a_factor), &b_factor) in items.iter().zip(a_factors).zip(b_factors) {
            let start = item as usize * width;
            let (output, rest) = R::vectors_mut::<S>(&mut memory[start..start + width]);
            pass::<S, R>(simd, output, [a, b], [a_factor, b_factor]);
            let rest = R::vectors_mut::<Scalar>(rest).0;
            pass::<Scalar, R>(Scalar::new(), rest, rests, [a_factor, b_factor]);
        }
    }
}

/// Takes the exponential of each number, none of them above zero.
pub(super) struct Exponentials<'a, R> {
    pub values: &'a mut [R],
}

impl<R: Real> WithSimd for Exponentials<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (values, rest) = R::vectors_mut::<S>(self.values);
        for value in values {
            *value = R::exp_of_nonpositive(simd, *value);
        }
        for value in R::vectors_mut::<Scalar>(rest).0 {
            *value = R::exp_of_nonpositive(Scalar::new(), *value);
        }
    }
}
