use crate::chart::Bar;
use crate::text::{Text, percent};

/// The share that a column of a table has in a score.
#[derive(Debug, Clone)]
pub struct Contribution {
    pub(crate) name: Text,
    share: f64,
}

impl Contribution {
    /// A column by its name, and its share in [0, 1].
    pub fn new(name: impl AsRef<str>, share: f64) -> Self {
        Self {
            name: Text::new(name),
            share,
        }
    }

    pub(crate) fn share_text(&self) -> String {
        percent(self.share)
    }

    pub(crate) fn bar(&self) -> Bar {
        let title = format!("{}: {}", self.name, self.share_text());
        Bar::new(title, "anomalous", self.share)
    }
}

/// The columns of a table that contribute most to the scores of the worst rows, in the order given.
///
/// ```
/// use memae_report::{Columns, Contribution};
///
/// let columns = Columns::new([Contribution::new("temperature", 0.61), Contribution::new("pressure", 0.2)])
///     .with_explanation("Mean share in the reconstruction error of the 20 worst rows.");
/// ```
#[derive(Debug, Clone)]
pub struct Columns {
    pub(crate) contributions: Vec<Contribution>,
    pub(crate) explanation: Option<Text>,
}

impl Columns {
    /// Columns with their shares.
    pub fn new(contributions: impl IntoIterator<Item = Contribution>) -> Self {
        Self {
            contributions: contributions.into_iter().collect(),
            explanation: None,
        }
    }

    /// What the shares are shares of.
    pub fn with_explanation(mut self, explanation: impl AsRef<str>) -> Self {
        self.explanation = Some(Text::new(explanation));
        self
    }
}
