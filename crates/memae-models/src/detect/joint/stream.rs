use burn::tensor::Device;
use memae_data::sample::Frame;

use super::detector::JointDetector;
use super::error::JointDetectorError;
use super::part_stream::JointPartStream;
use super::verdict::JointVerdict;

/// Scores appearance and motion of frames as they arrive; made by [`JointDetector::stream`]. A live camera gets the scores of a file, to
/// the bit.
#[derive(Debug)]
pub struct JointStreamScorer {
    detector: JointDetector,
    parts: JointPartStream,
}

impl JointDetector {
    /// Scores frames as they arrive.
    ///
    /// # Errors
    ///
    /// The way to motion can't be gone.
    pub fn stream(&self, device: &Device) -> Result<JointStreamScorer, JointDetectorError> {
        Ok(JointStreamScorer {
            detector: self.clone(),
            parts: self.parts().stream(device)?,
        })
    }
}

impl JointStreamScorer {
    /// Takes the next frame, of its own size, in the [colour](memae_data::encode::JointPreprocessing::format) that clips have.
    ///
    /// # Errors
    ///
    /// A frame without pixels, or with more or fewer than its shape says, which changes nothing; a score that is no number, after which
    /// the parts are not of the same frames until a [restart](Self::restart).
    pub fn push(&mut self, frame: &Frame) -> Result<JointVerdict, JointDetectorError> {
        Ok(self.detector.verdict(self.parts.push(frame)?))
    }

    /// Forgets all frames: for frames that are missing, and for another camera. Numbers of frames go on.
    pub fn restart(&mut self) {
        self.parts.restart();
    }
}
