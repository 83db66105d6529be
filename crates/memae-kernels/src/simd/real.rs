use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use burn::tensor::Element;
use pulp::{Simd, bytemuck};

use super::FlexTensor;

/// Numbers that the kernels compute with, one at a time and in vectors: `f32` and `f64`.
pub trait Real:
    Element
    + bytemuck::Pod
    + PartialOrd
    + Send
    + Sync
    + Into<f64>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
{
    /// As many of them as one instruction takes.
    type Vector<S: Simd>: Copy;

    const ZERO: Self;
    const ONE: Self;
    const NAN: Self;
    const NEG_INFINITY: Self;

    fn of(value: f64) -> Self;
    fn ln(self) -> Self;
    fn sqrt(self) -> Self;

    fn is_nan(self) -> bool {
        self.partial_cmp(&self).is_none()
    }

    /// The values of a contiguous tensor of this type.
    fn values(contiguous: &FlexTensor) -> Option<&[Self]>;

    /// As many whole vectors as there are, and the rest.
    fn vectors<S: Simd>(values: &[Self]) -> (&[Self::Vector<S>], &[Self]);
    /// As many whole vectors as there are, and the rest.
    fn vectors_mut<S: Simd>(values: &mut [Self]) -> (&mut [Self::Vector<S>], &mut [Self]);

    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;
    fn plus<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    fn minus<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    fn times<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// `a b + c`.
    fn times_plus<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;
    /// `if_greater` where the first of the pair is greater than the second, `otherwise` elsewhere, so
    /// also where one of them is NaN.
    fn select<S: Simd>(
        simd: S,
        pair: [Self::Vector<S>; 2],
        if_greater: Self::Vector<S>,
        otherwise: Self::Vector<S>,
    ) -> Self::Vector<S>;
    /// `exp(x)` for x ≤ 0, to a unit or two in the last place. Zero where the result would be
    /// subnormal; NaN for NaN.
    fn exp_of_nonpositive<S: Simd>(simd: S, x: Self::Vector<S>) -> Self::Vector<S>;
    fn sum<S: Simd>(simd: S, vector: Self::Vector<S>) -> Self;
    /// The largest of numbers that aren't NaN.
    fn largest<S: Simd>(simd: S, vector: Self::Vector<S>) -> Self;
}

/// What `f32` and `f64` do alike, with pulp's names of the operations.
macro_rules! vector_operations {
    (
        $float:ident, $vector:ident, $split:ident, $split_mut:ident, $splat:ident, $add:ident,
        $sub:ident, $mul:ident, $mul_add:ident, $greater:ident, $select:ident, $sum:ident, $max:ident
    ) => {
        type Vector<S: Simd> = S::$vector;

        const ZERO: Self = 0.0;
        const ONE: Self = 1.0;
        const NAN: Self = $float::NAN;
        const NEG_INFINITY: Self = $float::NEG_INFINITY;

        #[inline(always)]
        fn of(value: f64) -> Self {
            value as $float
        }

        #[inline(always)]
        fn ln(self) -> Self {
            self.ln()
        }

        #[inline(always)]
        fn sqrt(self) -> Self {
            self.sqrt()
        }

        #[inline]
        fn values(contiguous: &FlexTensor) -> Option<&[Self]> {
            contiguous.as_slice()
        }

        #[inline(always)]
        fn vectors<S: Simd>(values: &[Self]) -> (&[S::$vector], &[Self]) {
            S::$split(values)
        }

        #[inline(always)]
        fn vectors_mut<S: Simd>(values: &mut [Self]) -> (&mut [S::$vector], &mut [Self]) {
            S::$split_mut(values)
        }

        #[inline(always)]
        fn splat<S: Simd>(simd: S, value: Self) -> S::$vector {
            simd.$splat(value)
        }

        #[inline(always)]
        fn plus<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
            simd.$add(a, b)
        }

        #[inline(always)]
        fn minus<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
            simd.$sub(a, b)
        }

        #[inline(always)]
        fn times<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
            simd.$mul(a, b)
        }

        #[inline(always)]
        fn times_plus<S: Simd>(simd: S, a: S::$vector, b: S::$vector, c: S::$vector) -> S::$vector {
            simd.$mul_add(a, b, c)
        }

        #[inline(always)]
        fn select<S: Simd>(
            simd: S,
            [a, b]: [S::$vector; 2],
            if_greater: S::$vector,
            otherwise: S::$vector,
        ) -> S::$vector {
            simd.$select(simd.$greater(a, b), if_greater, otherwise)
        }

        #[inline(always)]
        fn sum<S: Simd>(simd: S, vector: S::$vector) -> Self {
            simd.$sum(vector)
        }

        #[inline(always)]
        fn largest<S: Simd>(simd: S, vector: S::$vector) -> Self {
            simd.$max(vector)
        }
    };
}

impl Real for f32 {
    vector_operations!(
        f32,
        f32s,
        as_simd_f32s,
        as_mut_simd_f32s,
        splat_f32s,
        add_f32s,
        sub_f32s,
        mul_f32s,
        mul_add_e_f32s,
        greater_than_f32s,
        select_f32s,
        reduce_sum_f32s,
        reduce_max_f32s
    );

    /// `2^n · exp(r)` with `|r| ≤ ln 2 / 2`, exp's Taylor series cut after the seventh power: the rest
    /// is below half a unit in the last place.
    #[inline(always)]
    fn exp_of_nonpositive<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
        /// Adding it rounds to whole numbers, which then stand in the lowest bits.
        const ROUND: f32 = 12_582_912.0;
        /// ln 2 in two parts, the first of so few bits that its product with n is exact.
        const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
        /// The smallest x whose exponential is a normal number.
        const SMALLEST: f32 = -87.336_54;
        const COEFFICIENTS: [f32; 6] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0];

        let splat = |value| simd.splat_f32s(value);
        let round = splat(ROUND);
        let rounded = simd.mul_add_e_f32s(x, splat(std::f32::consts::LOG2_E), round);
        let n = simd.sub_f32s(rounded, round);
        let r = simd.mul_add_e_f32s(n, splat(-LN_2[0]), x);
        let r = simd.mul_add_e_f32s(n, splat(-LN_2[1]), r);
        let mut series = splat(1.0 / 5040.0);
        for coefficient in COEFFICIENTS {
            series = simd.mul_add_e_f32s(series, r, splat(coefficient));
        }
        series = simd.mul_add_e_f32s(series, r, splat(1.0));
        let n = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(rounded), simd.splat_u32s(23));
        let power = simd.add_u32s(n, simd.splat_u32s(1.0f32.to_bits()));
        let exponential = simd.mul_f32s(series, simd.transmute_f32s_u32s(power));
        // Written so that NaN goes the right way.
        let vanishes = simd.greater_than_f32s(splat(SMALLEST), x);
        simd.select_f32s(vanishes, splat(0.0), exponential)
    }
}

impl Real for f64 {
    vector_operations!(
        f64,
        f64s,
        as_simd_f64s,
        as_mut_simd_f64s,
        splat_f64s,
        add_f64s,
        sub_f64s,
        mul_f64s,
        mul_add_e_f64s,
        greater_than_f64s,
        select_f64s,
        reduce_sum_f64s,
        reduce_max_f64s
    );

    /// Number by number: f64 is there to check by.
    #[inline(always)]
    fn exp_of_nonpositive<S: Simd>(_simd: S, x: S::f64s) -> S::f64s {
        let mut x = [x];
        for number in bytemuck::cast_slice_mut::<S::f64s, f64>(&mut x) {
            *number = number.exp();
        }
        x[0]
    }
}

#[cfg(test)]
mod tests {
    use pulp::{Arch, Simd, WithSimd};

    use super::Real;

    /// `exp` of every number, with the vectors of this processor, and one by one for the rest.
    struct Exponentials<'a>(&'a mut [f32]);

    impl WithSimd for Exponentials<'_> {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            let (vectors, rest) = f32::vectors_mut::<S>(self.0);
            for vector in vectors {
                *vector = f32::exp_of_nonpositive(simd, *vector);
            }
            for number in rest {
                *number = f32::exp_of_nonpositive(pulp::Scalar::new(), *number);
            }
        }
    }

    fn exponentials(mut numbers: Vec<f32>) -> Vec<f32> {
        Arch::new().dispatch(Exponentials(&mut numbers));
        numbers
    }

    #[test]
    fn exponentials_are_right_to_the_last_digit_or_two() {
        let numbers: Vec<f32> = (0..873_001).map(|step| -1e-4 * step as f32).collect();
        let worst = numbers
            .iter()
            .zip(exponentials(numbers.clone()))
            .map(|(&x, found)| {
                let expected = f64::from(x).exp();
                (f64::from(found) - expected).abs() / expected
            })
            .fold(0.0, f64::max);
        assert!(
            worst < 2.0 * f64::from(f32::EPSILON),
            "relative error {worst:e}"
        );
    }

    #[test]
    fn exponentials_end_well() {
        // Of each as many as a vector takes, and one more.
        for (x, expected) in [
            (0.0, 1.0),
            (-0.0, 1.0),
            (-87.4, 0.0),
            (-104.0, 0.0),
            (-1e30, 0.0),
            (f32::MIN, 0.0),
            (f32::NEG_INFINITY, 0.0),
        ] {
            assert_eq!(exponentials(vec![x; 33]), [expected; 33], "exp({x})");
        }
        assert!(
            exponentials(vec![f32::NAN; 33])
                .into_iter()
                .all(f32::is_nan)
        );
    }
}
