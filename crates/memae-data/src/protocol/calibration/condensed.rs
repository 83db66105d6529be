//! Few scores that stand for many.

use super::groups::GroupedScores;
use super::rank::{rank_of, wanted_draws};

/// Some of the held-out scores, each of which stands for those below it down to the one before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CondensedScores {
    /// At least one, ascending in everything.
    levels: Vec<Level>,
    groups: usize,
    measured: Option<Measured>,
}

/// A score that was kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    /// Finite.
    pub(super) score: f64,
    /// How many held-out scores are at or below it.
    pub(super) count: usize,
    /// The same in draws of a group: the sum of the shares that these scores have in their groups.
    pub(super) draws: f64,
}

/// The share of a left-out group that a threshold for a rate flags; it can't be had of condensed scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measured {
    pub(super) rate: f64,
    pub(super) share: f64,
}

impl CondensedScores {
    /// At most `most` of the scores, at least 32, among them those asked for, two at most: the highest half all, of the others as many
    /// as leave out no more at a time than a share of the scores and of the draws.
    pub(super) fn new(
        all: &GroupedScores,
        most: usize,
        asked: &[f64],
        measured: Option<Measured>,
    ) -> Self {
        let mut levels: Vec<Level> = Vec::new();
        let mut draws = 0.0;
        for (at, (score, share)) in all.shares().enumerate() {
            draws += share;
            let level = Level {
                score,
                count: at + 1,
                draws,
            };
            match levels.last_mut() {
                Some(last) if last.score == score => *last = level,
                _ => levels.push(level),
            }
        }
        let (scores, groups) = (all.num_scores(), all.num_groups());
        let place =
            |level: &Level| level.count as f64 / scores as f64 + level.draws / groups as f64;
        // From 0 to 2 there are twice as many steps of more than this as of this, and a few more by those asked for.
        let step = 4.0 / (most as f64 / 2.0 - 8.0);
        let one_by_one = levels.len().saturating_sub(most / 2);
        let mut last = 0.0;
        let mut kept = Vec::new();
        for (at, level) in levels.iter().enumerate() {
            let next = levels.get(at + 1).map_or(f64::INFINITY, place);
            let is_needed = place(level).max(next) - last > step;
            if at >= one_by_one || is_needed || asked.contains(&level.score) {
                kept.push(*level);
                last = place(level);
            }
        }
        Self {
            levels: kept,
            groups,
            measured,
        }
    }

    /// What was saved; or what is wrong with that.
    pub(super) fn from_parts(
        levels: Vec<Level>,
        groups: usize,
        measured: Option<Measured>,
    ) -> Result<Self, String> {
        let Some(last) = levels.last() else {
            return Err("calibration scores: found none, expected at least one".to_string());
        };
        let are_finite = levels
            .iter()
            .all(|level| level.score.is_finite() && level.draws.is_finite());
        let ascend = levels.windows(2).all(|pair| {
            pair[0].score < pair[1].score
                && pair[0].count < pair[1].count
                && pair[0].draws <= pair[1].draws
        });
        let starts = levels[0].count > 0 && levels[0].draws > 0.0;
        if !(are_finite && ascend && starts) {
            return Err(
                "calibration scores: expected finite ones in ascending order with their counts and draws"
                    .to_string(),
            );
        }
        let draws_off = (last.draws - groups as f64).abs();
        if groups > last.count || draws_off > 1e-6 * groups as f64 {
            return Err(format!(
                "calibration groups: found {groups} of {} scores and {} draws",
                last.count, last.draws
            ));
        }
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        match measured {
            Some(Measured { rate, share }) if !(is_share(rate) && is_share(share)) => Err(format!(
                "calibration: found a measured share of {share} at a rate of {rate}, expected both in 0 to 1"
            )),
            _ => Ok(Self {
                levels,
                groups,
                measured,
            }),
        }
    }

    pub(super) fn levels(&self) -> &[Level] {
        &self.levels
    }

    pub(super) fn measured(&self) -> Option<Measured> {
        self.measured
    }

    pub(super) fn num_scores(&self) -> usize {
        self.levels[self.levels.len() - 1].count
    }

    pub(super) fn num_groups(&self) -> usize {
        self.groups
    }

    /// As [`GroupedScores::mixture_quantile`], or up to what was not kept higher.
    pub(super) fn mixture_quantile(&self, share: f64) -> Option<f64> {
        let wanted = wanted_draws(share, self.groups);
        let at = self.levels.partition_point(|level| level.draws < wanted);
        Some(self.levels.get(at)?.score)
    }

    /// As [`GroupedScores::pooled_quantile`], or up to what was not kept higher.
    pub(super) fn pooled_quantile(&self, share: f64) -> f64 {
        let rank = rank_of(share, self.num_scores());
        let at = self.levels.partition_point(|level| level.count < rank);
        self.levels[at].score
    }

    pub(super) fn left_out_share(&self, rate: f64) -> Option<f64> {
        let measured = self.measured.filter(|measured| measured.rate == rate);
        measured.map(|measured| measured.share)
    }

    /// How many scores are taken for such as `is_counted` says, which it says of all up to some score.
    pub(super) fn count(&self, is_counted: impl Fn(f64) -> bool) -> usize {
        let counted = self.levels.partition_point(|level| is_counted(level.score));
        counted
            .checked_sub(1)
            .map_or(0, |last| self.levels[last].count)
    }
}
