//! Thresholds of a detector of videos by clips that nothing has looked at before.

use burn::tensor::Device;
use memae_data::protocol::Calibration;
use memae_data::sample::ClipShape;

use super::detector::VideoDetector;
use super::error::VideoDetectorError;
use crate::detect::held_out::grouped;
use crate::detect::threshold::DetectionThreshold;
use crate::samples::Samples;

impl VideoDetector {
    /// The same detector with a threshold that flags no more than `rate` of normal frames, by clips that nothing has looked at before
    /// ([`Calibration`](memae_data::protocol::Calibration)). `groups` names the group of each clip: frames of one video are not
    /// exchangeable, so that it is the number of videos that counts. Without it the [groups that the clips have](Samples::groups) count,
    /// which of clips of videos are their videos, and where they have none each [sequence](Samples::sequences) is a group.
    ///
    /// # Errors
    ///
    /// As [`detect`](Self::detect); no clips, or not one group for each; a rate that is not in (0, 1).
    pub fn calibrate(
        self,
        held_out: &impl Samples<Shape = ClipShape>,
        groups: Option<&[usize]>,
        rate: f64,
        device: &Device,
    ) -> Result<Self, VideoDetectorError> {
        let calibration = self.calibration(held_out, groups, device)?;
        Ok(self.with_threshold(DetectionThreshold::held_out(calibration, rate)?))
    }

    /// The scores of clips that nothing has looked at before, as [`calibrate`](Self::calibrate) chooses a threshold by: those of a
    /// fold, to be pooled with those of other detectors by [`DetectionThreshold::of_folds`].
    ///
    /// # Errors
    ///
    /// As [`detect`](Self::detect); no clips, or not one group for each.
    pub fn calibration(
        &self,
        held_out: &impl Samples<Shape = ClipShape>,
        groups: Option<&[usize]>,
        device: &Device,
    ) -> Result<Calibration, VideoDetectorError> {
        let scores = self.scores(held_out, device)?;
        let of_sequences = || {
            let numbered = held_out.sequences().into_iter().enumerate();
            let groups =
                numbered.flat_map(|(number, clips)| std::iter::repeat_n(number, clips.len()));
            groups.collect()
        };
        Ok(grouped(&scores, groups, held_out, of_sequences)?)
    }
}
