use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::JointDetectorError;
use super::rarity::RarityScale;

/// How what appearance and motion say of a frame becomes one score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum JointRule {
    /// The higher of both rarities: what one part alone finds is found (L. H. C. Tippett 1931).
    Maximum,
    /// Their sum, the default: what both parts find a little rare is found, and a part whose scale is off, as one that few normal
    /// videos told is, has less of a say (R. A. Fisher 1932).
    #[default]
    Sum,
}

impl fmt::Display for JointRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Maximum => "maximum",
            Self::Sum => "sum",
        })
    }
}

/// A [`JointRule`] with the scales that it joins scores on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointScale {
    /// How rarities become one.
    pub rule: JointRule,
    /// How rare scores of clips are.
    pub appearance: RarityScale,
    /// How rare scores of motion are.
    pub motion: RarityScale,
}

impl JointScale {
    /// Learns the scales from [what both parts say](super::PartScores::both) of frames of normal videos, which neither part has been
    /// trained on: a network rebuilds what it was trained on better than other normal frames, which would then be taken to be rare.
    ///
    /// # Errors
    ///
    /// Of one part all scores are the same, or one is no number.
    pub fn fit(
        rule: JointRule,
        normal: impl IntoIterator<Item = [f64; 2]>,
    ) -> Result<Self, JointDetectorError> {
        let scores = normal
            .into_iter()
            .map(|[appearance, motion]| (appearance, motion));
        let (appearance, motion): (Vec<f64>, Vec<f64>) = scores.unzip();
        Ok(Self {
            rule,
            appearance: scale_of("appearance", &appearance)?,
            motion: scale_of("motion", &motion)?,
        })
    }

    /// The rarities of what is said of a frame: of its appearance, and of the motion in it.
    pub fn rarities(&self, [appearance, motion]: [f64; 2]) -> [f64; 2] {
        [
            self.appearance.rarity(appearance),
            self.motion.rarity(motion),
        ]
    }

    /// What both come to.
    pub fn score(&self, both: [f64; 2]) -> f64 {
        let [appearance, motion] = self.rarities(both);
        match self.rule {
            JointRule::Maximum => appearance.max(motion),
            JointRule::Sum => appearance + motion,
        }
    }

    /// What is wrong with scales that came from a file.
    pub(super) fn problem(&self) -> Option<String> {
        let of_motion = || self.motion.problem();
        self.appearance.problem().or_else(of_motion)
    }
}

fn scale_of(part: &'static str, normal: &[f64]) -> Result<RarityScale, JointDetectorError> {
    if let Some(&found) = normal.iter().find(|score| !score.is_finite()) {
        return Err(JointDetectorError::NotFinite { part, found });
    }
    let found = normal.first().copied().unwrap_or_default();
    RarityScale::fit(normal).ok_or(JointDetectorError::Constant { part, found })
}
