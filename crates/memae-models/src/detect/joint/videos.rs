use burn::tensor::Device;
use memae_data::sample::Video;

use super::error::JointDetectorError;
use super::part_stream::PartFrame;
use super::parts::{JointParts, PartScores};

impl JointParts {
    /// What both say of each frame of a video that both score, in order.
    ///
    /// # Errors
    ///
    /// The video does not go the way: it can't be decoded, or has too few frames a second; a score that is no number.
    pub fn video_scores(
        &self,
        video: &Video,
        device: &Device,
    ) -> Result<Vec<PartScores>, JointDetectorError> {
        let mut scores = Vec::new();
        self.visit(video, device, |found| scores.extend(found.scores))?;
        Ok(scores)
    }

    /// Calls `visit` with what is known after each frame of a video, in order.
    pub(super) fn visit(
        &self,
        video: &Video,
        device: &Device,
        mut visit: impl FnMut(PartFrame),
    ) -> Result<(), JointDetectorError> {
        self.preprocessing().motion().check_rate(video)?;
        let mut stream = self.stream(device)?;
        let mut frames = video.frames(&self.preprocessing().format())?;
        while let Some(frame) = frames.next() {
            let frame = frame?;
            if frames.gap().is_some() {
                stream.restart();
            }
            visit(stream.push(&frame)?);
        }
        Ok(())
    }
}
