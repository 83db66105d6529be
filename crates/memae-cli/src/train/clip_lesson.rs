//! A network of clips, learned.

use burn::tensor::Device;
use memae::MemoryUsage;
use memae::data::encode::{Clips, VideoPreprocessing};
use memae::data::protocol::NormalParts;
use memae::detect::VideoDetector;
use memae::samples::{Grouped, Runs, Samples, Selection};
use memae::score::evaluate_samples;
use memae::train::TrainConfig;

use super::training::Training;
use crate::failure::Failure;
use crate::recipe::VideoRecipe;

/// Clips that the rule's scale is fitted on.
const FIT_CLIPS: usize = 512;
/// Clips that the use of the memory is counted on.
const USAGE_CLIPS: usize = 64;

/// What every training on the same clips has in common.
pub(super) struct ClipLesson<'a> {
    pub(super) training: &'a Training<'a>,
    pub(super) recipe: &'a VideoRecipe,
    /// The clips that are used.
    pub(super) samples: &'a Grouped<Selection<Clips>>,
    /// What they are, in words.
    pub(super) about: &'a str,
    pub(super) preprocessing: &'a VideoPreprocessing,
    pub(super) device: &'a Device,
}

impl ClipLesson<'_> {
    /// A detector by the clips to train on, with its settings; the training is shown under a label.
    pub(super) fn taught(
        &self,
        parts: &NormalParts,
        label: &str,
    ) -> Result<(VideoDetector, TrainConfig), Failure> {
        let training = self.training;
        let network = self.recipe.network()?;
        let trained_on = training.protocol().trained_on(parts, self.samples.len());
        let config = training.divided(self.recipe.training(trained_on));
        training.note(format_args!("{}, {} passes", self.about, config.epochs));
        let trainer = training.trainer(&config, self.device).with_label(label);
        let trained = trainer.fit_on(&network, self.samples, parts)?;
        let on = Selection::new(self.samples.clone(), parts.train.clone());
        let fit_on = Runs::spread(on, FIT_CLIPS, 1);
        let rule = self.recipe.detector();
        let fitted = VideoDetector::fit(trained.model, network, rule, &fit_on, self.device)?;
        let detector = fitted.with_preprocessing(self.preprocessing.clone())?;
        Ok((detector, config))
    }

    /// How some of the clips trained on read the memory; `None` of a network without.
    pub(super) fn usage(
        &self,
        detector: &VideoDetector,
        parts: &NormalParts,
    ) -> Result<Option<MemoryUsage>, Failure> {
        let counted = Selection::new(self.samples.clone(), spread(&parts.train, USAGE_CLIPS));
        let evaluated = evaluate_samples(&detector.model, &counted, 1, self.device);
        let evaluated = evaluated.map_err(|error| Failure::Other(error.to_string()))?;
        Ok(evaluated.usage)
    }
}

/// Some of the indices, from all over the list.
fn spread(indices: &[usize], most: usize) -> Vec<usize> {
    let step = indices.len().div_ceil(most).max(1);
    indices.iter().copied().step_by(step).collect()
}
