use memae_models::detect::VideoDetectorError;
use memae_models::network::VideoAutoencoderConfig;
use memae_models::train::{TrainConfig, TrainError};

use super::candidate::Candidate;
use super::outcome::{VideoModelOutcome, VideoOutcome};
use super::settings::VideoExperiment;
use super::source::VideoData;
use super::watched::progress_bar;
use super::weights::VideoWeights;
use crate::ExperimentError;

impl VideoExperiment {
    /// Trains and tests each form.
    ///
    /// # Errors
    ///
    /// A network without memory, settings out of range, clips of another shape, a frame that can't be
    /// read, a folder that can't be written, or a stop through the interrupter.
    pub fn run(&self, data: &VideoData) -> Result<VideoOutcome, ExperimentError> {
        self.check_variants()?;
        self.check(&self.network, data)?;
        self.train.validate().map_err(TrainError::from)?;
        self.read_test_frames(data)?;
        let mut models = Vec::new();
        for &variant in &self.variants {
            let candidate = self.train_variant(variant, data)?;
            models.push(self.test(candidate, data)?);
        }
        Ok(self.outcome(models, self.network.clone(), Some(self.train.clone()), data))
    }

    /// Tests given weights; rules are fitted on the training clips all the same.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn run_weights(
        &self,
        weights: &VideoWeights,
        data: &VideoData,
    ) -> Result<VideoOutcome, ExperimentError> {
        let network = weights.network().clone();
        self.check(&network, data)?;
        if let Some(expected) = weights.range()
            && data.test.range() != expected
        {
            return Err(VideoDetectorError::PixelRange {
                found: data.test.range(),
                expected,
            }
            .into());
        }
        if let VideoWeights::Network { .. } = weights {
            self.detector.rule.validate_for(network.memory.is_some())?;
        }
        let model = self.test(Candidate::from(weights), data)?;
        Ok(self.outcome(vec![model], network, None, data))
    }

    /// Reads every frame of the test videos: one that can't be read is to show before hours of training,
    /// not after.
    fn read_test_frames(&self, data: &VideoData) -> Result<(), ExperimentError> {
        let frames =
            |video: usize| (0..data.test.frames_in(video)).map(move |frame| (video, frame));
        let frames: Vec<(usize, usize)> = (0..data.test.videos()).flat_map(frames).collect();
        let bar = progress_bar("read test videos", frames.len(), self.display);
        for (video, frame) in frames {
            self.check_interruption()?;
            data.test.frame(video, frame)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn outcome(
        &self,
        models: Vec<VideoModelOutcome>,
        network: VideoAutoencoderConfig,
        train: Option<TrainConfig>,
        data: &VideoData,
    ) -> VideoOutcome {
        VideoOutcome {
            models,
            data: data.clone(),
            network,
            train,
            device: self.device.clone(),
        }
    }
}
