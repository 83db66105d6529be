use std::sync::mpsc;

use memae_models::network::{Variant, VideoAutoencoder};
use memae_models::samples::Runs;
use memae_models::score::ClipScoreRule;
use memae_models::train::Trainer;

use super::candidate::Candidate;
use super::frame_aucs::{EpochAuc, FrameAucs, frame_aucs};
use super::settings::VideoExperiment;
use super::source::VideoData;
use crate::ExperimentError;
use crate::training_folder::training_in;

impl VideoExperiment {
    /// Trains one form of the network on the training clips.
    pub(super) fn train_variant(
        &self,
        variant: Variant,
        data: &VideoData,
    ) -> Result<Candidate, ExperimentError> {
        let network = self.network.clone().in_form(variant);
        let mut config = self.train.clone();
        config.loss = variant.loss(config.loss);
        let mut trainer = Trainer::new(config, self.device.clone())
            .with_display(self.display)
            .with_interrupter(self.interrupter.clone())
            .with_label(variant.name());
        if let Some(directory) = &self.directory {
            let directory = directory.join(variant.name().to_lowercase());
            trainer = training_in(&directory, trainer, self.resumes)?;
        }
        let mut curve = Vec::new();
        let trained = if self.curve {
            let (sender, results) = mpsc::channel();
            let (experiment, test) = (self.clone(), data.clone());
            let trained = trainer.fit_watched(
                &network,
                &data.train,
                move |epoch, model: &VideoAutoencoder| {
                    // The other end is there until training ends.
                    let _ = sender.send((epoch, experiment.mean_error_aucs(model, &test)));
                },
            )?;
            for (epoch, auc) in results {
                if let Some(auc) = auc? {
                    curve.push(EpochAuc { epoch, auc });
                }
            }
            trained
        } else {
            trainer.fit(&network, &data.train)?
        };
        self.check_interruption()?;
        Ok(Candidate {
            name: variant.name().to_string(),
            model: trained.model,
            network,
            history: trained.history,
            seconds: trained.seconds,
            curve,
            detector: None,
        })
    }

    /// AUC of the test videos by the mean error.
    fn mean_error_aucs(
        &self,
        model: &VideoAutoencoder,
        data: &VideoData,
    ) -> Result<Option<FrameAucs>, ExperimentError> {
        // The AUC needs no scale: any clip will do to fit one.
        let rule = self.fit(
            model,
            &[ClipScoreRule::MeanError],
            &Runs::spread(data.train.clone(), 1, 1),
        )?;
        let scores = self.score(model, &rule, data, "test videos")?;
        frame_aucs(&scores.by_rule[0], data)
    }
}
