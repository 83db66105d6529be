use crate::text::{Text, number};

/// A figure with its name, and what it means in words.
///
/// ```
/// use memae_report::Figure;
///
/// let auc = Figure::number("image AUC", 0.9312)
///     .with_explanation("The chance that an anomalous image scores higher than a normal one.");
/// let time = Figure::new("time", "41 images a second");
/// ```
#[derive(Debug, Clone)]
pub struct Figure {
    pub(crate) name: Text,
    pub(crate) value: Text,
    pub(crate) explanation: Option<Text>,
}

impl Figure {
    /// A figure as text.
    pub fn new(name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        Self {
            name: Text::new(name),
            value: Text::new(value),
            explanation: None,
        }
    }

    /// A number, with four significant digits; a dash and a word if it isn't finite.
    pub fn number(name: impl AsRef<str>, value: f64) -> Self {
        Self::new(name, number(value))
    }

    /// What it means.
    pub fn with_explanation(mut self, explanation: impl AsRef<str>) -> Self {
        self.explanation = Some(Text::new(explanation));
        self
    }
}
