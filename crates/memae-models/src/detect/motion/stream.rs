use burn::tensor::Device;
use memae_data::encode::MotionStream;
use memae_data::sample::{Frame, PixelSlice};

use super::detector::MotionDetector;
use super::error::MotionDetectorError;
use super::verdict::MotionVerdict;

/// Scores the motion in frames as they arrive, with no look at the future; made by [`MotionDetector::stream`]. A live camera gets
/// the scores of a file, to the bit.
#[derive(Debug)]
pub struct MotionStreamScorer {
    detector: MotionDetector,
    device: Device,
    stream: MotionStream,
    next: u64,
}

impl MotionDetector {
    /// Scores frames of this detector's size as they arrive.
    ///
    /// # Errors
    ///
    /// The way from videos to motion can't be gone.
    pub fn stream(&self, device: &Device) -> Result<MotionStreamScorer, MotionDetectorError> {
        Ok(MotionStreamScorer {
            stream: self.preprocessing().stream()?,
            detector: self.clone(),
            device: device.clone(),
            next: 0,
        })
    }
}

impl MotionStreamScorer {
    /// Takes the pixels of the next frame, `[height, width]`, of the detector's size.
    ///
    /// # Errors
    ///
    /// More or fewer pixels, or one out of range: the frame is not taken then. A score that is no number.
    pub fn push(&mut self, pixels: PixelSlice<'_>) -> Result<MotionVerdict, MotionDetectorError> {
        let motion = self.stream.push(pixels)?;
        let frame = self.next;
        self.next += 1;
        self.detector.verdict(frame, &motion, &self.device)
    }

    /// Takes the next frame, of the detector's size.
    ///
    /// # Errors
    ///
    /// The frame is not grey or of another size, and is not taken then. A score that is no number.
    pub fn push_frame(&mut self, frame: &Frame) -> Result<MotionVerdict, MotionDetectorError> {
        let motion = self.stream.push_frame(frame)?;
        let frame = self.next;
        self.next += 1;
        self.detector.verdict(frame, &motion, &self.device)
    }

    /// Forgets what has moved: for frames that are missing. Numbers of frames go on.
    pub fn restart(&mut self) {
        self.stream.restart();
    }
}
