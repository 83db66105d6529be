use memae_data::sample::ClipShape;
use memae_models::score::{ClipScoreRule, Smoothing};

use super::frame_aucs::{FrameAucs, frame_aucs};
use super::source::VideoData;
use crate::ExperimentError;

/// The rules that experiments compare on clips of this shape, with those that need a memory or without.
/// Cells and patches are a 16th, an 8th and a 4th of a frame's shorter side.
pub fn rules(shape: ClipShape, has_memory: bool) -> Vec<ClipScoreRule> {
    use ClipScoreRule::*;
    let side = |part: usize| (shape.height.min(shape.width) / part).max(1);
    let mut rules = vec![
        MeanError,
        SquaredError,
        WorstPixels { share: 0.02 },
        WorstPixels { share: 0.01 },
        WorstPixels { share: 0.005 },
    ];
    rules.extend([16, 8].map(|part| RelativeError {
        side: side(part),
        share: 0.05,
    }));
    rules.extend([8, 4].map(|part| WorstPatch {
        side: side(part),
        power: 8.0,
    }));
    let deviation = PatchDeviation {
        side: side(4),
        share: 0.1,
    };
    rules.extend([
        deviation.clone(),
        Sum(vec![WorstPixels { share: 0.01 }, deviation]),
    ]);
    if has_memory {
        rules.extend([
            ReadDistance,
            AddressingEntropy,
            Sum(vec![WorstPixels { share: 0.01 }, ReadDistance]),
        ]);
    }
    rules
}

/// What a score rule makes of the test clips.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    /// The rule.
    pub rule: ClipScoreRule,
    /// How its scores are smoothed over time.
    pub smoothing: Smoothing,
    /// The smoothed score of each test clip, in units of the spread on training clips, where their mean
    /// is 0.
    pub scores: Vec<f64>,
    /// How well they tell anomalous frames from normal ones; `None` without labels of both kinds.
    pub auc: Option<FrameAucs>,
}

impl RuleOutcome {
    /// Smooths the scores by a rule and takes their AUC.
    pub(super) fn new(
        rule: &ClipScoreRule,
        smoothing: Smoothing,
        scores: &[f64],
        data: &VideoData,
    ) -> Result<Self, ExperimentError> {
        let videos = (0..data.test.videos()).map(|video| data.test.clips_of(video));
        let scores: Vec<f64> = videos
            .flat_map(|clips| smoothing.apply(&scores[clips]))
            .collect();
        Ok(Self {
            rule: rule.clone(),
            smoothing,
            auc: frame_aucs(&scores, data)?,
            scores,
        })
    }
}
