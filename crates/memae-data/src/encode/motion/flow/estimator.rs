use pulp::{Arch, NullaryFnOnce};

use super::config::{Brightness, FlowConfig};
use super::field::Flow;
use super::gain::Gain;
use super::plane::Plane;
use super::refine::{Iteration, Settings};
use super::scale::{double, half, halve};
use super::smooth::Taps;
use crate::encode::motion::error::{MotionError, check_size};
use crate::sample::PixelSlice;

impl FlowConfig {
    /// An estimator for frames of this height and width.
    ///
    /// # Errors
    ///
    /// A setting is out of range; frames have no pixels, or more than [`MAX_PIXELS`](Self::MAX_PIXELS).
    pub fn estimator(&self, height: usize, width: usize) -> Result<FlowEstimator, MotionError> {
        FlowEstimator::new(self, height, width)
    }

    /// The flow from one frame to another, both `[height, width]`.
    ///
    /// # Errors
    ///
    /// As of [`estimator`](Self::estimator) and [`FlowEstimator::push`].
    pub fn between(
        &self,
        height: usize,
        width: usize,
        earlier: PixelSlice<'_>,
        later: PixelSlice<'_>,
    ) -> Result<Flow, MotionError> {
        let mut estimator = self.estimator(height, width)?;
        estimator.push(earlier)?;
        let flow = estimator.push(later)?;
        Ok(flow.expect("there is a frame before it").clone())
    }
}

/// Dense optical flow of frames that come one after the other.
///
/// Scratch and the pyramid of the frame before are kept, so that nothing is allocated for a frame. Whatever instructions the
/// processor has, the flow of two frames is the same to the bit.
///
/// ```
/// use memae_data::encode::FlowConfig;
/// use memae_data::sample::PixelSlice;
///
/// let mut estimator = FlowConfig::default().estimator(3, 4)?;
/// assert!(estimator.push(PixelSlice::Bits8(&[9; 12]))?.is_none());
/// let flow = estimator.push(PixelSlice::Bits8(&[9; 12]))?.expect("two frames have come");
/// assert_eq!((flow.height(), flow.width()), (2, 2)); // half the size, rounded up
/// assert_eq!(flow.at(1, 1), [0.0, 0.0]);
/// # Ok::<(), memae_data::encode::MotionError>(())
/// ```
#[derive(Debug)]
pub struct FlowEstimator {
    height: usize,
    width: usize,
    gaussian: Taps,
    smoothing: Taps,
    iterations: usize,
    brightness: Brightness,
    /// From the largest to the smallest.
    levels: Vec<Level>,
    /// A frame as it came, and scratch.
    frame: Plane,
    numbers: Vec<f32>,
    gain: f32,
    gains: Gain,
    flow: Flow,
    /// Whether there is a frame before the one to come.
    begun: bool,
}

/// A level of the pyramids of two frames, and the flow between them in its pixels.
#[derive(Debug)]
struct Level {
    earlier: Plane,
    later: Plane,
    flow: [Plane; 2],
    smoothed: Plane,
    iteration: Iteration,
}

/// Two frames, one after the other, at one level of their pyramids.
#[derive(Debug, Clone, Copy)]
pub(in crate::encode::motion) struct Pair<'a> {
    pub(in crate::encode::motion) earlier: &'a Plane,
    pub(in crate::encode::motion) later: &'a Plane,
    /// Motion to the right and downwards, in pixels of the level.
    pub(in crate::encode::motion) flow: &'a [Plane; 2],
    /// What the later one is multiplied by.
    pub(in crate::encode::motion) gain: f32,
    /// Pixels of a frame from one pixel of the level to the next.
    pub(in crate::encode::motion) step: usize,
}

impl FlowEstimator {
    pub(super) fn new(
        config: &FlowConfig,
        height: usize,
        width: usize,
    ) -> Result<Self, MotionError> {
        config.validate()?;
        check_size(height, width)?;
        let settings = Settings {
            window: config.window,
            damping: config.damping,
            max_step: config.max_step,
        };
        let sizes = std::iter::successors(Some((height, width)), |&(height, width)| {
            let smaller = (half(height), half(width));
            let whole = smaller.0.min(smaller.1) >= config.window && smaller != (height, width);
            whole.then_some(smaller)
        });
        let plane = |(height, width)| Plane::new(height, width);
        let level = |size| Level {
            earlier: plane(size),
            later: plane(size),
            flow: [plane(size), plane(size)],
            smoothed: plane(size),
            iteration: Iteration::new(settings, size.1),
        };
        Ok(Self {
            height,
            width,
            gaussian: Taps::gaussian(config.sigma),
            smoothing: Taps::mean(config.smoothing),
            iterations: config.iterations,
            brightness: config.brightness,
            levels: sizes.take(config.levels).map(level).collect(),
            frame: plane((height, width)),
            numbers: Vec::new(),
            gain: 1.0,
            gains: Gain::default(),
            flow: Flow::new(height, width, config.half_size),
            begun: false,
        })
    }

    /// Takes the next frame, `[height, width]`, and gives the flow from the one before it; none for the first.
    ///
    /// # Errors
    ///
    /// The frame has another number of pixels, or one that is not a number from 0 to 1. The next flow is then from the frame
    /// before this one.
    pub fn push(&mut self, frame: PixelSlice<'_>) -> Result<Option<&Flow>, MotionError> {
        self.check(frame)?;
        if self.begun {
            for level in &mut self.levels {
                std::mem::swap(&mut level.earlier, &mut level.later);
            }
        }
        Arch::new().dispatch(Build(self, frame));
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(None);
        }
        self.gain = 1.0;
        Arch::new().dispatch(Estimate(self));
        Ok(Some(&self.flow))
    }

    /// Forgets the frame before: the next one is the first.
    pub fn restart(&mut self) {
        self.begun = false;
    }

    /// Rows of a frame.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels in a row of a frame.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What the last frame was multiplied by to be as bright as the one before: below 1 where it is brighter, 1 where
    /// [brightness is kept](Brightness::Kept).
    pub fn gain(&self) -> f32 {
        self.gain
    }

    /// The flow between the last two frames, and these at the second level of the pyramid, or at its only one.
    pub(in crate::encode::motion) fn last(&self) -> (&Flow, Pair<'_>) {
        let number = self.levels.len().min(2) - 1;
        let level = &self.levels[number];
        let pair = Pair {
            earlier: &level.earlier,
            later: &level.later,
            flow: &level.flow,
            gain: self.gain,
            step: 1 << number,
        };
        (&self.flow, pair)
    }

    fn check(&self, frame: PixelSlice<'_>) -> Result<(), MotionError> {
        let (height, width) = (self.height, self.width);
        let found = frame.len();
        if found != height * width {
            return Err(MotionError::Pixels {
                found,
                height,
                width,
            });
        }
        let PixelSlice::Float(values) = frame else {
            return Ok(());
        };
        let wrong = values.iter().position(|value| !(0.0..=1.0).contains(value));
        match wrong {
            None => Ok(()),
            Some(at) => Err(MotionError::Value {
                row: at / width,
                column: at % width,
                found: values[at],
            }),
        }
    }
}

/// Makes the pyramid of a frame.
struct Build<'a>(&'a mut FlowEstimator, PixelSlice<'a>);

impl NullaryFnOnce for Build<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self(estimator, frame) = self;
        estimator.frame.fill(frame);
        let levels = &mut estimator.levels;
        let numbers = &mut estimator.numbers;
        estimator
            .gaussian
            .smooth(&estimator.frame, &mut levels[0].later, numbers);
        for smaller in 1..levels.len() {
            let (larger, smaller) = levels.split_at_mut(smaller);
            halve(&larger[larger.len() - 1].later, &mut smaller[0].later);
        }
    }
}

/// Estimates the flow from the pyramids of two frames.
struct Estimate<'a>(&'a mut FlowEstimator);

impl NullaryFnOnce for Estimate<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self(estimator) = self;
        let numbers = &mut estimator.numbers;
        for number in (0..estimator.levels.len()).rev() {
            let (level, smaller) = estimator.levels[number..].split_first_mut().expect("there");
            for (axis, flow) in level.flow.iter_mut().enumerate() {
                match smaller.first() {
                    Some(smaller) => double(&smaller.flow[axis], flow, numbers),
                    None => flow.values.fill(0.0),
                }
            }
            let (earlier, later) = (&level.earlier, &level.later);
            // Along the flow of the level above, so that a camera that moves is not taken for light that changes. The largest
            // level would tell little more.
            if estimator.brightness == Brightness::Matched && (number > 0 || smaller.is_empty()) {
                estimator.gain = estimator.gains.of(earlier, later, &level.flow);
            }
            for _ in 0..estimator.iterations {
                let iteration = &mut level.iteration;
                iteration.refine(earlier, later, estimator.gain, &mut level.flow);
                for flow in &mut level.flow {
                    estimator
                        .smoothing
                        .smooth(flow, &mut level.smoothed, numbers);
                    std::mem::swap(flow, &mut level.smoothed);
                }
            }
        }
        let flow = &mut estimator.flow;
        for (output, found) in flow.planes.iter_mut().zip(&estimator.levels[0].flow) {
            match found.width == output.width && found.height == output.height {
                true => output.values.copy_from_slice(&found.values),
                false => halve(found, output),
            }
        }
    }
}
