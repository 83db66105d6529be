use std::collections::VecDeque;

use super::camera::CameraMotion;
use super::config::MotionConfig;
use super::cut::Unexplained;
use super::directions::Directions;
use super::error::MotionError;
use super::field::MotionField;
use super::flow::FlowEstimator;
use super::frame::MotionFrame;
use super::layout::MotionLayout;
use crate::sample::{Frame, ImageShape, PixelSlice};

impl MotionConfig {
    /// A stream that takes grey frames of this height and width, at this rate, one at a time.
    ///
    /// # Errors
    ///
    /// As of [`layout`](Self::layout).
    pub fn stream(
        &self,
        height: usize,
        width: usize,
        rate: f64,
    ) -> Result<MotionStream, MotionError> {
        MotionStream::new(self, height, width, rate)
    }
}

/// Takes frames one at a time and gives the motion in each, without a look at the future and in memory that does not grow.
///
/// ```
/// use memae_data::encode::MotionConfig;
/// use memae_data::sample::PixelSlice;
///
/// let mut stream = MotionConfig::default().stream(48, 64, 25.0)?;
/// let frame = vec![100; 48 * 64];
/// // A query is a mean over as many steps from frame to frame as the layout says; before these there is none.
/// for _ in 0..stream.layout().frames() {
///     assert!(stream.push(PixelSlice::Bits8(&frame))?.field.is_none());
/// }
/// let motion = stream.push(PixelSlice::Bits8(&frame))?;
/// let field = motion.field.expect("enough frames have come");
/// assert!(field.values().iter().all(|&speed| speed == 0.0));
/// # Ok::<(), memae_data::encode::MotionError>(())
/// ```
#[derive(Debug)]
pub struct MotionStream {
    layout: MotionLayout,
    cut: f32,
    estimator: FlowEstimator,
    directions: Directions,
    unexplained: Unexplained,
    /// Cells of the last frames, the earliest first.
    cells: VecDeque<Vec<f32>>,
}

impl MotionStream {
    pub(super) fn new(
        config: &MotionConfig,
        height: usize,
        width: usize,
        rate: f64,
    ) -> Result<Self, MotionError> {
        Ok(Self {
            layout: config.layout(height, width, rate)?,
            cut: config.cut as f32,
            estimator: config.flow.estimator(height, width)?,
            directions: Directions::default(),
            unexplained: Unexplained::default(),
            cells: VecDeque::new(),
        })
    }

    /// What the settings are for these frames.
    pub fn layout(&self) -> &MotionLayout {
        &self.layout
    }

    /// Takes the pixels of the next frame, `[height, width]`.
    ///
    /// # Errors
    ///
    /// As of [`FlowEstimator::push`]; the frame changes nothing.
    pub fn push(&mut self, pixels: PixelSlice<'_>) -> Result<MotionFrame, MotionError> {
        if self.estimator.push(pixels)?.is_none() {
            return Ok(MotionFrame::first());
        }
        let (flow, pair) = self.estimator.last();
        let unexplained = self.unexplained.share(&pair);
        let mut motion = MotionFrame {
            cut: unexplained > self.cut,
            unexplained,
            gain: pair.gain,
            ..MotionFrame::first()
        };
        if motion.cut {
            self.cells.clear();
            return Ok(motion);
        }
        motion.camera = CameraMotion::of(&pair, self.layout.min_speed, self.layout.rate);
        let mut cells = match self.cells.len() >= self.layout.frames {
            true => self.cells.pop_front().unwrap_or_default(),
            false => Vec::new(),
        };
        self.directions.of_cells(flow, &self.layout, &mut cells);
        self.cells.push_back(cells);
        // Of fewer frames the mean is noisier than what a memory or a threshold was fitted on.
        motion.field = (self.cells.len() == self.layout.frames)
            .then(|| MotionField::mean(&self.layout, self.cells.iter()));
        Ok(motion)
    }

    /// Takes the next frame.
    ///
    /// # Errors
    ///
    /// The frame is not grey or of another size; it changes nothing.
    pub fn push_frame(&mut self, frame: &Frame) -> Result<MotionFrame, MotionError> {
        let expected = ImageShape {
            channels: 1,
            height: self.layout.height,
            width: self.layout.width,
        };
        if frame.shape != expected {
            return Err(MotionError::Shape {
                found: frame.shape,
                expected,
            });
        }
        self.push(PixelSlice::Bits8(&frame.pixels))
    }

    /// Forgets all frames: the next one is the first. For frames that are missing, and for another camera.
    pub fn restart(&mut self) {
        self.estimator.restart();
        self.cells.clear();
    }
}
