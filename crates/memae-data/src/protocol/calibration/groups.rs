//! Scores in ascending order, each with its group: what is not exchangeable within, such as the frames of one video.

use std::collections::HashMap;

use super::error::CalibrationError;

/// How much less than a whole number counts as whole.
const EXACT: f64 = 1e-9;

/// Scores in ascending order with the group that each is of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupedScores {
    /// Finite, ascending.
    pub(super) scores: Vec<f64>,
    /// The group of each, counted from 0 in this order.
    pub(super) groups: Vec<usize>,
    /// Scores in each group; none is empty.
    sizes: Vec<usize>,
}

impl GroupedScores {
    /// Scores and whatever names the group of each.
    pub(super) fn new(scores: &[f64], groups: &[usize]) -> Result<Self, CalibrationError> {
        if scores.len() != groups.len() {
            return Err(CalibrationError::LengthMismatch {
                scores: scores.len(),
                groups: groups.len(),
            });
        }
        if scores.is_empty() {
            return Err(CalibrationError::Empty);
        }
        if let Some(index) = scores.iter().position(|score| !score.is_finite()) {
            let found = scores[index];
            return Err(CalibrationError::NotFinite { index, found });
        }
        // Zeros of both signs are one score.
        let scores = scores.iter().map(|score| score + 0.0);
        let mut pairs: Vec<(f64, &usize)> = scores.zip(groups).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut numbers = HashMap::new();
        let mut sizes = Vec::new();
        let (scores, groups) = pairs
            .into_iter()
            .map(|(score, group)| {
                let number = *numbers.entry(group).or_insert_with(|| {
                    sizes.push(0);
                    sizes.len() - 1
                });
                sizes[number] += 1;
                (score, number)
            })
            .unzip();
        Ok(Self {
            scores,
            groups,
            sizes,
        })
    }

    pub(super) fn num_groups(&self) -> usize {
        self.sizes.len()
    }

    /// The smallest score at or below which lies at least `share` of a mixture that draws a group first, one of those here or one
    /// more whose scores have no end, and then a score of that group; `None` where that is the one without end.
    ///
    /// Of single scores it is that of rank ⌈`share` (n + 1)⌉.
    pub(super) fn mixture_quantile(&self, share: f64) -> Option<f64> {
        let all = self.num_groups() as f64 + 1.0;
        // In units of one draw of a group. Shares such as 1 − 0.05, and sums of thirds, have no exact value: what is whole but
        // for that is whole.
        let wanted = share * all * (1.0 - EXACT);
        let mut below = 0.0;
        for (&score, &group) in self.scores.iter().zip(&self.groups) {
            below += 1.0 / self.sizes[group] as f64;
            if below >= wanted {
                return Some(score);
            }
        }
        None
    }

    /// The smallest score at or below which at least `share` of the scores lie, whatever their groups.
    pub(super) fn pooled_quantile(&self, share: f64) -> f64 {
        let rank = share * self.scores.len() as f64 * (1.0 - EXACT);
        let last = self.scores.len() - 1;
        self.scores[(rank.ceil() as usize).saturating_sub(1).min(last)]
    }

    /// The mean share of a group's scores above the pooled quantile of all other groups; `None` of one group.
    pub(super) fn left_out_share(&self, share: f64) -> Option<f64> {
        if self.num_groups() < 2 {
            return None;
        }
        let of_group = |left_out: usize| {
            let size = self.sizes[left_out];
            let others = self.scores.len() - size;
            let rank = share * others as f64 * (1.0 - EXACT);
            let rank = (rank.ceil() as usize).clamp(1, others);
            let (mut passed, mut threshold, mut at_or_below) = (0, f64::INFINITY, 0);
            for (&score, &group) in self.scores.iter().zip(&self.groups) {
                if group == left_out {
                    at_or_below += usize::from(score <= threshold);
                    continue;
                }
                passed += 1;
                if passed == rank {
                    threshold = score;
                }
            }
            1.0 - at_or_below as f64 / size as f64
        };
        let shares: f64 = (0..self.num_groups()).map(of_group).sum();
        Some(shares / self.num_groups() as f64)
    }
}
