use std::fmt;

use memae_models::detect::JointRule;
use memae_models::score::ClipScoreRule;

use super::pixels::PixelAucs;

/// What scores frames.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JointRival {
    /// The parts that have a say.
    pub parts: JointRivalParts,
    /// Frames that a score is the mean of: that frame, and as many before it as after it; 1 for the score as it is.
    pub frames: usize,
}

/// The parts that have a say in a score.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum JointRivalParts {
    /// The memory of motion.
    Motion,
    /// The network of clips.
    Appearance(ClipScoreRule),
    /// Both, by how rare the score of each is.
    Both(ClipScoreRule, JointRule),
}

impl JointRival {
    /// Scores as they are.
    pub(super) fn plain(parts: JointRivalParts) -> Self {
        Self { parts, frames: 1 }
    }

    /// How well its pixels are told; `None` of smoothed scores, whose maps are not smoothed. Rules of appearance share one map.
    pub(super) fn pixels(&self, aucs: &PixelAucs) -> Option<f64> {
        match &self.parts {
            _ if self.frames > 1 => None,
            JointRivalParts::Motion => Some(aucs.motion),
            JointRivalParts::Appearance(_) => Some(aucs.appearance),
            JointRivalParts::Both(_, rule) => {
                let of_rule = aucs.joint.iter().find(|(joint, _)| joint == rule);
                of_rule.map(|(_, auc)| *auc)
            }
        }
    }
}

impl fmt::Display for JointRival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parts {
            JointRivalParts::Motion => f.write_str("motion")?,
            JointRivalParts::Appearance(rule) => write!(f, "appearance, {}", rule.name())?,
            JointRivalParts::Both(rule, joint) => write!(f, "both, {joint}; {}", rule.name())?,
        }
        match self.frames {
            1 => Ok(()),
            frames => write!(f, "; mean of {frames} frames around"),
        }
    }
}
