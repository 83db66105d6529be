use crate::Rectifier;
use crate::simd::real::Real;

/// What is done to a sum of products before it is written: a bias for each channel, and an activation.
pub(super) struct Finish<'a, R> {
    pub bias: &'a [R],
    rectifier: Rectifier,
}

/// What is done to the sums of one channel.
#[derive(Clone, Copy)]
pub(super) struct FinishChannel<R> {
    pub bias: R,
    /// What values of at most zero are multiplied with, unless they become zero.
    slope: R,
    is_relu: bool,
}

impl<'a, R: Real> Finish<'a, R> {
    pub fn new(bias: &'a [R], rectifier: Rectifier) -> Self {
        Self { bias, rectifier }
    }

    pub fn of_channel(&self, channel: usize) -> FinishChannel<R> {
        FinishChannel {
            bias: self.bias[channel],
            slope: match self.rectifier {
                Rectifier::LeakyRelu { slope } => R::of(slope),
                Rectifier::None | Rectifier::Relu => R::ONE,
            },
            is_relu: self.rectifier == Rectifier::Relu,
        }
    }

    pub fn has_rectifier(&self) -> bool {
        self.rectifier != Rectifier::None
    }
}

impl<R: Real> FinishChannel<R> {
    #[inline(always)]
    pub fn of_sum(self, sum: R) -> R {
        self.rectified(sum + self.bias)
    }

    #[inline(always)]
    pub fn rectified(self, value: R) -> R {
        // An infinite value times zero would be NaN.
        let scaled = if self.is_relu {
            R::ZERO
        } else {
            value * self.slope
        };
        if value <= R::ZERO { scaled } else { value }
    }
}
