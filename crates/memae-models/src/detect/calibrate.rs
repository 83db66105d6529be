//! Thresholds of a detector by samples that nothing has looked at before.

use burn::tensor::Device;
use memae_data::protocol::Calibration;

use super::detector::Detector;
use super::error::DetectorError;
use super::held_out::{grouped, single};
use super::threshold::DetectionThreshold;
use crate::network::AutoencoderConfig;
use crate::samples::Samples;

impl<N: AutoencoderConfig> Detector<N> {
    /// The same detector with a threshold that flags no more than `rate` of normal samples, by samples that nothing has looked at
    /// before ([`Calibration`](memae_data::protocol::Calibration)). `groups` names the group of each, where samples of a group are
    /// not exchangeable, such as pictures of one part; without it the [groups that the samples have](Samples::groups) count, and where
    /// they have none each sample is a group of its own. Of samples that are tiles each picture is calibrated by its
    /// score, and has a group.
    ///
    /// # Errors
    ///
    /// As [`detect`](Self::detect); no samples, or not one group for each, or for each picture; a rate that is not in (0, 1).
    pub fn calibrate(
        self,
        held_out: &impl Samples<Shape = N::Shape>,
        groups: Option<&[usize]>,
        rate: f64,
        device: &Device,
    ) -> Result<Self, DetectorError> {
        let calibration = self.calibration(held_out, groups, device)?;
        Ok(self.with_threshold(DetectionThreshold::held_out(calibration, rate)?))
    }

    /// The scores of samples that nothing has looked at before, as [`calibrate`](Self::calibrate) chooses a threshold by: those of a
    /// fold, to be pooled with those of other detectors by [`DetectionThreshold::of_folds`].
    ///
    /// # Errors
    ///
    /// As [`detect`](Self::detect); no samples, or not one group for each, or for each picture.
    pub fn calibration(
        &self,
        held_out: &impl Samples<Shape = N::Shape>,
        groups: Option<&[usize]>,
        device: &Device,
    ) -> Result<Calibration, DetectorError> {
        let scores = self.scores(held_out, device)?.into_iter();
        let scores: Vec<f64> = scores.map(|(score, _)| score).collect();
        Ok(grouped(&scores, groups, held_out, || single(scores.len()))?)
    }
}
