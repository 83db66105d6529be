//! A calibration as it is saved: numbers as text, since JSON readers may round their last bit, in one text, since there are many.

use serde::{Deserialize, Serialize};

use super::conformal::Calibration;

/// [`Calibration`] in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedScores {
    /// Scores with spaces between them.
    scores: String,
    /// The group of each, likewise; absent where each score is a group of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    groups: Option<String>,
}

impl From<Calibration> for SavedScores {
    fn from(calibration: Calibration) -> Self {
        let Calibration { scores } = calibration;
        let are_single = scores.num_groups() == scores.scores.len();
        Self {
            scores: listed(&scores.scores),
            groups: (!are_single).then(|| listed(&scores.groups)),
        }
    }
}

impl TryFrom<SavedScores> for Calibration {
    type Error = String;

    fn try_from(saved: SavedScores) -> Result<Self, String> {
        let scores: Vec<f64> = numbers(&saved.scores, "a finite number")?;
        let calibration = match saved.groups {
            Some(groups) => Self::in_groups(&scores, &numbers(&groups, "a number of a group")?),
            None => Self::new(&scores),
        };
        calibration.map_err(|error| error.to_string())
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
