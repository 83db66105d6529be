use serde::{Deserialize, Serialize};

/// How rare a score is among normal ones: −log₁₀ of the share of them that lie above it, so that 2 is one of a hundred and 3 one of a
/// thousand.
///
/// Scores of different kinds become comparable by that: it is the scale of p-values. Up to what a tenth of the normal scores exceed, the
/// share is counted at ten levels, between which its logarithm is linear; above that, excesses are taken to be exponentially distributed,
/// so that a score beyond all that were seen has its rank, too:
///
/// ```text
/// P(S > s) = P(S > u) · exp(−(s − u) / β),   β the mean excess over u
/// ```
///
/// That is an assumption: of a hundredth and rarer a rarity is no probability to rely on, and a threshold on rarities is chosen by
/// held-out frames like any other.
///
/// Source: J. Pickands III, "Statistical inference using extreme order statistics", Annals of Statistics 3(1), 1975 (excesses over a
/// high threshold; the exponential distribution is the case without a heavy tail).
///
/// ```
/// use memae_models::detect::RarityScale;
///
/// let normal: Vec<f64> = (0..1000).map(f64::from).collect();
/// let scale = RarityScale::fit(&normal).expect("scores that differ");
/// assert!((scale.rarity(899.0) - 1.0).abs() < 1e-9);
/// assert!(scale.rarity(5000.0) > scale.rarity(2000.0));
/// assert_eq!(scale.rarity(-5.0), scale.rarity(0.0));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RarityScale {
    /// At least one; scores and rarities ascend.
    levels: Vec<Level>,
    /// The mean excess over the score of the last level, above 0.
    #[serde(with = "crate::artefact::number_as_text")]
    mean_excess: f64,
}

/// A score of which it is known how rare it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Level {
    #[serde(with = "crate::artefact::number_as_text")]
    score: f64,
    #[serde(with = "crate::artefact::number_as_text")]
    rarity: f64,
}

/// Shares of the scores at or below each level.
const SHARES: [f64; 10] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// No score is rarer, so that a sum of rarities is a number whatever the scores are.
const MOST_RARE: f64 = 1e12;

impl RarityScale {
    /// Learns from the scores of normal samples; `None` unless there are two that differ and all are finite.
    pub fn fit(normal: &[f64]) -> Option<Self> {
        if normal.iter().any(|score| !score.is_finite()) {
            return None;
        }
        let mut sorted = normal.to_vec();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len() as f64;
        let mut levels: Vec<Level> = Vec::new();
        for share in SHARES {
            let rank = (share * count).ceil().max(1.0) as usize;
            let score = *sorted.get(rank - 1)?;
            let above = sorted.len() - sorted.partition_point(|&other| other <= score);
            let is_new = levels.last().is_none_or(|last| last.score < score);
            if above > 0 && is_new {
                let rarity = (count / above as f64).log10();
                levels.push(Level { score, rarity });
            }
        }
        let last = levels.last()?.score;
        let excesses = sorted.iter().map(|score| score - last);
        let excesses: Vec<f64> = excesses.filter(|excess| *excess > 0.0).collect();
        let mean_excess = excesses.iter().sum::<f64>() / excesses.len() as f64;
        let scale = Self {
            levels,
            mean_excess,
        };
        scale.problem().is_none().then_some(scale)
    }

    /// How rare a score is, from 0 to 10¹²: the higher the score, the rarer, but for those below all that are normal, which are equally
    /// common. A score that is no number gives none.
    pub fn rarity(&self, score: f64) -> f64 {
        let (first, last) = (self.levels[0], self.levels[self.levels.len() - 1]);
        if score <= first.score {
            return first.rarity;
        }
        let above = self.levels.partition_point(|level| level.score < score);
        match self.levels.get(above) {
            Some(next) => {
                let before = self.levels[above - 1];
                // Of halves, whose differences are numbers whatever the scores are.
                let [low, at, high] = [before.score, score, next.score].map(|score| score / 2.0);
                let share = (at - low) / (high - low);
                before.rarity + share * (next.rarity - before.rarity)
            }
            None => {
                let excess = (score - last.score) / self.mean_excess;
                (last.rarity + excess * std::f64::consts::LOG10_E).min(MOST_RARE)
            }
        }
    }

    /// What is wrong with a scale that came from a file.
    pub(super) fn problem(&self) -> Option<String> {
        let ascend = self
            .levels
            .windows(2)
            .all(|pair| pair[0].score < pair[1].score && pair[0].rarity <= pair[1].rarity);
        let starts = self.levels.first().is_some_and(|level| level.rarity >= 0.0);
        let is_spread = self.mean_excess > 0.0 && self.mean_excess.is_finite();
        let ends = self
            .levels
            .last()
            .is_some_and(|level| level.rarity <= MOST_RARE);
        let are_right = ascend && starts && ends && is_spread;
        (!are_right).then(|| {
            "a scale of rarity whose levels do not ascend from 0 to 10^12 or whose mean excess is not above 0"
                .to_string()
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tail_is_exponential() {
        // Exponentially distributed with mean 2, by its quantiles.
        let normal: Vec<f64> = (0..20_000)
            .map(|rank| -2.0 * (1.0 - (f64::from(rank) + 0.5) / 20_000.0).ln())
            .collect();
        let scale = RarityScale::fit(&normal).unwrap();
        for rarity in [0.3, 1.0, 2.0, 3.0, 6.0, 12.0] {
            let score = 2.0 * rarity * std::f64::consts::LN_10;
            let found = scale.rarity(score);
            assert!((found - rarity).abs() < 0.01 * rarity, "{rarity}: {found}");
        }
    }

    #[test]
    fn what_does_not_differ_or_is_no_number_has_no_scale() {
        for normal in [
            &[][..],
            &[1.0],
            &[2.0; 30],
            &[1.0, f64::NAN],
            &[0.0, f64::INFINITY],
        ] {
            assert_eq!(RarityScale::fit(normal), None, "{normal:?}");
        }
        // Most alike, and one that is not.
        let mut normal = vec![0.0; 40];
        normal.push(1e-9);
        let scale = RarityScale::fit(&normal).unwrap();
        assert!(scale.rarity(1e-9) > scale.rarity(0.0));
        assert_eq!(scale.rarity(1e300), MOST_RARE);
    }

    #[test]
    fn scores_may_be_as_far_apart_as_numbers_are() {
        let far = f64::MAX;
        let text = format!(
            r#"{{"levels":[{{"score":"-{far}","rarity":"0"}},{{"score":"{far}","rarity":"2"}}],"mean_excess":"1e-320"}}"#
        );
        let scale: RarityScale = serde_json::from_str(&text).unwrap();
        assert_eq!(scale.problem(), None);
        assert!((scale.rarity(0.0) - 1.0).abs() < 1e-9);
        assert!((scale.rarity(far) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_file_with_another_scale_is_told() {
        let scale = RarityScale::fit(&[1.0, 2.0, 3.0]).unwrap();
        let json = serde_json::to_string(&scale).unwrap();
        assert_eq!(serde_json::from_str::<RarityScale>(&json).unwrap(), scale);
        let levels = |levels: &str, excess: &str| -> RarityScale {
            let text = format!(r#"{{"levels":{levels},"mean_excess":"{excess}"}}"#);
            serde_json::from_str(&text).unwrap()
        };
        let one = r#"[{"score":"1","rarity":"0"}]"#;
        assert_eq!(levels(one, "1").problem(), None);
        let falls = r#"[{"score":"1","rarity":"0"},{"score":"1","rarity":"1"}]"#;
        let below = r#"[{"score":"1","rarity":"-1"}]"#;
        let beyond = r#"[{"score":"1","rarity":"1e300"}]"#;
        for bad in [
            levels("[]", "1"),
            levels(one, "0"),
            levels(one, "-1"),
            levels(falls, "1"),
            levels(below, "1"),
            levels(beyond, "1"),
        ] {
            assert!(bad.problem().is_some(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_higher_is_rarer(
            normal in proptest::collection::vec(-1e3f64..1e3, 2..60), pair in (-2e3f64..2e3, 0.0f64..100.0),
        ) {
            let Some(scale) = RarityScale::fit(&normal) else { return Ok(()) };
            let (low, high) = (scale.rarity(pair.0), scale.rarity(pair.0 + pair.1));
            prop_assert!(low.is_finite() && high.is_finite());
            prop_assert!(0.0 <= low && low <= high, "{low} {high}");
            let least = normal.iter().copied().fold(f64::INFINITY, f64::min);
            if pair.0 > least && pair.1 > 1e-6 {
                prop_assert!(low < high, "{low} {high}");
            }
        }

        #[test]
        fn at_its_levels_it_is_the_share_above(values in proptest::collection::vec(0u8..20, 2..80)) {
            let normal: Vec<f64> = values.into_iter().map(f64::from).collect();
            let Some(scale) = RarityScale::fit(&normal) else { return Ok(()) };
            for level in &scale.levels {
                let above = normal.iter().filter(|&&score| score > level.score).count();
                let expected = (normal.len() as f64 / above as f64).log10();
                prop_assert!((scale.rarity(level.score) - expected).abs() < 1e-12);
            }
        }
    }
}
