//! The motion in videos: how it uses the memory.

use std::path::Path;

use burn::tensor::Device;
use memae::data::encode::MotionDraw;
use memae::detect::MotionScorer;
use memae::score::evaluate_samples;
use memae_report::MemoryHealth;

use super::health::memory_health;
use crate::eval::labelled::Labelled;
use crate::failure::Failure;

/// Videos, and queries of them, that the use of the memory is counted on.
const COUNTED_VIDEOS: usize = 4;
const COUNTED_QUERIES: usize = 10_000;
/// Queries that the network takes at once.
const BATCH_SIZE: usize = 4096;

/// How the memory is used by some queries of videos; `None` of a network without.
pub(super) fn memory(
    scorer: &MotionScorer,
    labelled: &Labelled,
    device: &Device,
) -> Result<Option<MemoryHealth>, Failure> {
    let way = scorer.preprocessing();
    let mut paths: Vec<&Path> = labelled.samples.iter().map(|s| s.path.as_path()).collect();
    paths.dedup();
    let mut drawn = MotionDraw::new(&way.layout()?, COUNTED_QUERIES, 0);
    for path in paths.iter().step_by(paths.len().div_ceil(COUNTED_VIDEOS)) {
        for motion in way.frames(&way.opening().open(path)?)? {
            if let Some(field) = motion?.field {
                drawn.push(&field);
            }
        }
    }
    let usage = evaluate_samples(&scorer.model, &drawn.vectors(), BATCH_SIZE, device)?.usage;
    Ok(usage.map(|usage| memory_health(&usage)))
}
