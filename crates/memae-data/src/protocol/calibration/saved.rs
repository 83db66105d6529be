//! A calibration as it is saved: numbers as text, since JSON readers may round their last bit, in one text, since there are many.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::conformal::Calibration;

/// [`Calibration`] in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedScores {
    /// Scores with spaces between them.
    scores: String,
    /// The group of each, likewise; absent where each score is a group of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    groups: Option<String>,
}

impl Serialize for Calibration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let are_single = self.num_groups() == self.scores().len();
        let saved = SavedScores {
            scores: listed(self.scores()),
            groups: (!are_single).then(|| listed(&self.scores.groups)),
        };
        saved.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Calibration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = SavedScores::deserialize(deserializer)?;
        let calibration = || {
            let scores: Vec<f64> = numbers(&saved.scores, "a finite number")?;
            let calibration = match &saved.groups {
                Some(groups) => {
                    let groups: Vec<usize> = numbers(groups, "a number of a group")?;
                    Self::in_groups(&scores, &groups)
                }
                None => Self::new(&scores),
            };
            calibration.map_err(|error| error.to_string())
        };
        calibration().map_err(D::Error::custom)
    }
}

fn listed<T: ToString>(numbers: &[T]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(" ")
}

fn numbers<T: std::str::FromStr>(text: &str, expected: &str) -> Result<Vec<T>, String> {
    let parsed = |word: &str| {
        let word_error = |_| format!("found `{}`, expected {expected}", word.escape_debug());
        word.parse().map_err(word_error)
    };
    text.split_ascii_whitespace().map(parsed).collect()
}
