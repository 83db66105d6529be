//! A memory of normal motion, learned.

use burn::tensor::Device;
use memae::data::encode::{MotionDraw, MotionPreprocessing};
use memae::data::protocol::NormalParts;
use memae::data::sample::Vectors;
use memae::detect::MotionScorer;

use super::motion_frames::Frames;
use super::training::Training;
use crate::failure::Failure;
use crate::recipe::MotionRecipe;

/// What every training on the motion in the same videos has in common.
pub(super) struct MotionLesson<'a> {
    pub(super) training: &'a Training<'a>,
    pub(super) recipe: &'a MotionRecipe,
    pub(super) frames: &'a Frames,
    pub(super) way: &'a MotionPreprocessing,
    pub(super) device: &'a Device,
}

impl MotionLesson<'_> {
    /// A scorer by what moves in the part to train on, and queries drawn from there.
    pub(super) fn taught(&self, parts: &NormalParts) -> Result<(MotionScorer, Vectors), Failure> {
        let config = self.recipe.memory();
        let layout = self.way.layout()?;
        let mut drawn = MotionDraw::new(&layout, config.queries, config.seed);
        self.frames
            .visit_motion(self.way, Some(&parts.train), |_, motion| {
                if let Some(field) = &motion.field {
                    drawn.push(field);
                }
                Ok(())
            })?;
        let queries = drawn.vectors();
        let (model, network) = config.fit(&layout, &queries, self.device)?;
        self.training.note(format_args!(
            "{} items of {} queries",
            network.memory.as_ref().map_or(0, |memory| memory.num_items),
            queries.len()
        ));
        let scorer = MotionScorer::new(model, network, self.way.clone())?;
        Ok((scorer, queries))
    }
}
