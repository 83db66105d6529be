//! Held-out scores, however they are kept.

use super::condensed::CondensedScores;
use super::groups::GroupedScores;

/// All held-out scores, or few that stand for them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum HeldOutScores {
    All(GroupedScores),
    Condensed(CondensedScores),
}

impl HeldOutScores {
    pub(super) fn num_scores(&self) -> usize {
        match self {
            Self::All(scores) => scores.num_scores(),
            Self::Condensed(scores) => scores.num_scores(),
        }
    }

    pub(super) fn num_groups(&self) -> usize {
        match self {
            Self::All(scores) => scores.num_groups(),
            Self::Condensed(scores) => scores.num_groups(),
        }
    }

    pub(super) fn highest(&self) -> f64 {
        self.pooled_quantile(1.0)
    }

    /// As [`GroupedScores::mixture_quantile`].
    pub(super) fn mixture_quantile(&self, share: f64) -> Option<f64> {
        match self {
            Self::All(scores) => scores.mixture_quantile(share),
            Self::Condensed(scores) => scores.mixture_quantile(share),
        }
    }

    /// As [`GroupedScores::pooled_quantile`].
    pub(super) fn pooled_quantile(&self, share: f64) -> f64 {
        match self {
            Self::All(scores) => scores.pooled_quantile(share),
            Self::Condensed(scores) => scores.pooled_quantile(share),
        }
    }

    /// The mean share of a group that a threshold for this rate flags which all other groups choose, where that is known.
    pub(super) fn left_out_share(&self, rate: f64) -> Option<f64> {
        match self {
            Self::All(scores) => scores.left_out_share(1.0 - rate),
            Self::Condensed(scores) => scores.left_out_share(rate),
        }
    }

    /// How many scores are below one that is not NaN.
    pub(super) fn below(&self, score: f64) -> usize {
        match self {
            Self::All(all) => all.scores.partition_point(|&held_out| held_out < score),
            Self::Condensed(few) => few.count(|held_out| held_out < score),
        }
    }

    /// How many scores are below one that is not NaN, or equal to it.
    pub(super) fn up_to(&self, score: f64) -> usize {
        match self {
            Self::All(all) => all.scores.partition_point(|&held_out| held_out <= score),
            Self::Condensed(few) => few.count(|held_out| held_out <= score),
        }
    }
}
