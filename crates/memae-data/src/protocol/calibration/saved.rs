//! A calibration as it is saved: numbers as text, since JSON readers may round their last bit, in one text, since there are many.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::condensed::{CondensedScores, Level, Measured};
use super::conformal::Calibration;
use super::groups::GroupedScores;
use super::held_out::HeldOutScores;

/// [`Calibration`] in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedScores {
    /// Scores with spaces between them.
    scores: String,
    /// The group of each, likewise; absent where each score is a group of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    groups: Option<String>,
    /// How many scores each stands for, likewise; absent where each stands for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counts: Option<String>,
    /// Beside counts: the groups; absent where each score is a group of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of_groups: Option<SavedGroups>,
}

/// Groups of scores that stand for others.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedGroups {
    /// How many there are.
    count: usize,
    /// Up to each score, the sum of the shares that scores have in their groups.
    draws: String,
    /// The rate for which a share was measured, and the share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    measured: Option<String>,
}

impl Serialize for Calibration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let saved = match &self.held_out {
            HeldOutScores::All(all) if all.num_scores() <= Self::MAX_SAVED => of_all(all),
            HeldOutScores::All(all) => {
                of_few(&CondensedScores::new(all, Self::MAX_SAVED, &[], None))
            }
            HeldOutScores::Condensed(few) => of_few(few),
        };
        saved.serialize(serializer)
    }
}

fn of_all(all: &GroupedScores) -> SavedScores {
    let are_single = all.num_groups() == all.num_scores();
    SavedScores {
        scores: listed(all.scores.iter().copied().map(shortest)),
        groups: (!are_single).then(|| listed(all.groups.iter().map(ToString::to_string))),
        counts: None,
        of_groups: None,
    }
}

fn of_few(few: &CondensedScores) -> SavedScores {
    let levels = few.levels();
    let before = std::iter::once(0).chain(levels.iter().map(|level| level.count));
    let counts = levels.iter().zip(before);
    let are_single = few.num_groups() == few.num_scores();
    SavedScores {
        scores: listed(levels.iter().map(|level| shortest(level.score))),
        groups: None,
        counts: Some(listed(
            counts.map(|(level, before)| (level.count - before).to_string()),
        )),
        of_groups: (!are_single).then(|| SavedGroups {
            count: few.num_groups(),
            draws: listed(levels.iter().map(|level| shortest(level.draws))),
            measured: few
                .measured()
                .map(|Measured { rate, share }| listed([rate, share].map(shortest).into_iter())),
        }),
    }
}

impl<'de> Deserialize<'de> for Calibration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = SavedScores::deserialize(deserializer)?;
        let calibration = match &saved.counts {
            None => all(&saved),
            Some(counts) => few(&saved, counts),
        };
        calibration.map_err(D::Error::custom)
    }
}

fn all(saved: &SavedScores) -> Result<Calibration, String> {
    if saved.of_groups.is_some() {
        return Err("found `of_groups` without `counts`".to_string());
    }
    let scores: Vec<f64> = numbers(&saved.scores, A_NUMBER)?;
    let calibration = match &saved.groups {
        Some(groups) => {
            let groups: Vec<usize> = numbers(groups, "a number of a group")?;
            Calibration::in_groups(&scores, &groups)
        }
        None => Calibration::new(&scores),
    };
    calibration.map_err(|error| error.to_string())
}

fn few(saved: &SavedScores, counts: &str) -> Result<Calibration, String> {
    if saved.groups.is_some() {
        return Err("found `groups` beside `counts`, expected `of_groups`".to_string());
    }
    let scores: Vec<f64> = numbers(&saved.scores, A_NUMBER)?;
    let counts: Vec<usize> = numbers(counts, "a number of scores")?;
    let mut sum = 0usize;
    let up_to: Option<Vec<usize>> = counts
        .iter()
        .map(|&count| {
            sum = sum.checked_add(count)?;
            (sum as u64 <= MOST_COUNTED).then_some(sum)
        })
        .collect();
    let up_to = up_to.ok_or("counts: found more scores than can be counted")?;
    let draws: Vec<f64> = match &saved.of_groups {
        Some(groups) => numbers(&groups.draws, A_NUMBER)?,
        None => up_to.iter().map(|&count| count as f64).collect(),
    };
    if [up_to.len(), draws.len()] != [scores.len(); 2] {
        return Err(format!(
            "counts and draws: found {} and {}, expected {}, one for each score",
            up_to.len(),
            draws.len(),
            scores.len()
        ));
    }
    let levels = scores.into_iter().zip(up_to).zip(draws);
    let levels = levels.map(|((score, count), draws)| Level {
        score,
        count,
        draws,
    });
    let groups = saved.of_groups.as_ref();
    let measured = groups.and_then(|groups| groups.measured.as_ref());
    let measured = measured.map(|text| match numbers(text, A_NUMBER)?[..] {
        [rate, share] => Ok(Measured { rate, share }),
        _ => Err("measured: expected a rate and a share".to_string()),
    });
    let few = CondensedScores::from_parts(
        levels.collect(),
        groups.map_or(sum, |groups| groups.count),
        measured.transpose()?,
    )?;
    Ok(Calibration {
        held_out: HeldOutScores::Condensed(few),
    })
}

const A_NUMBER: &str = "a finite number";

/// Up to this, numbers of scores are exact as floats.
const MOST_COUNTED: u64 = 1 << 53;

/// A number in as few letters as bring it back to the bit.
fn shortest(number: f64) -> String {
    let (plain, exponent) = (number.to_string(), format!("{number:e}"));
    match exponent.len() < plain.len() {
        true => exponent,
        false => plain,
    }
}

fn listed(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

fn numbers<T: std::str::FromStr>(text: &str, expected: &str) -> Result<Vec<T>, String> {
    let parsed = |word: &str| {
        let word_error = |_| format!("found `{}`, expected {expected}", word.escape_debug());
        word.parse().map_err(word_error)
    };
    text.split_ascii_whitespace().map(parsed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_an_exponent_where_that_is_shorter() {
        assert_eq!(
            [100.0, 1000.0, 1e300, 0.25, -0.001].map(shortest),
            ["100", "1e3", "1e300", "0.25", "-1e-3"]
        );
    }
}
