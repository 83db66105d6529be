//! Scores in ascending order, each with its group: what is not exchangeable within, such as the frames of one video.

use std::collections::HashMap;

use super::error::CalibrationError;
use super::rank::{rank_of, wanted_draws};

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

    pub(super) fn num_scores(&self) -> usize {
        self.scores.len()
    }

    /// Each score with the share that it has in its group, in ascending order.
    pub(super) fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        let pairs = self.scores.iter().zip(&self.groups);
        pairs.map(|(&score, &group)| (score, 1.0 / self.sizes[group] as f64))
    }

    /// The smallest score at or below which lies at least `share` of a mixture that draws a group first, one of those here or one
    /// more whose scores have no end, and then a score of that group; `None` where that is the one without end.
    ///
    /// Of single scores it is that of rank ⌈`share` (n + 1)⌉.
    pub(super) fn mixture_quantile(&self, share: f64) -> Option<f64> {
        let wanted = wanted_draws(share, self.num_groups());
        let mut below = 0.0;
        self.shares().find_map(|(score, share)| {
            below += share;
            (below >= wanted).then_some(score)
        })
    }

    /// The smallest score at or below which at least `share` of the scores lie, whatever their groups.
    pub(super) fn pooled_quantile(&self, share: f64) -> f64 {
        self.scores[rank_of(share, self.scores.len()) - 1]
    }

    /// The mean share of a group's scores above the pooled quantile of all other groups; `None` of one group.
    pub(super) fn left_out_share(&self, share: f64) -> Option<f64> {
        if self.num_groups() < 2 {
            return None;
        }
        let of_group = |places: &[usize]| {
            let others = self.scores.len() - places.len();
            let rank = rank_of(share, others);
            // Of those places so many come before the other groups' score of this rank.
            let numbered: Vec<usize> = (0..places.len()).collect();
            let before = numbered.partition_point(|&own| places[own] - own < rank);
            let threshold = self.scores[rank - 1 + before];
            let at_or_below = places.partition_point(|&place| self.scores[place] <= threshold);
            1.0 - at_or_below as f64 / places.len() as f64
        };
        let shares: f64 = self.places().iter().map(|places| of_group(places)).sum();
        Some(shares / self.num_groups() as f64)
    }

    /// The places of each group's scores, in ascending order.
    fn places(&self) -> Vec<Vec<usize>> {
        let mut places: Vec<Vec<usize>> = self
            .sizes
            .iter()
            .map(|&size| Vec::with_capacity(size))
            .collect();
        for (place, &group) in self.groups.iter().enumerate() {
            places[group].push(place);
        }
        places
    }
}
