use super::columns::Contribution;
use crate::chart::Bar;
use crate::picture::Picture;
use crate::text::{Text, counted, number, p_value, percent};

/// A memory item that a sample read.
///
/// ```
/// use memae_report::{Picture, ReadItem};
///
/// let item = ReadItem::new(17, 0.83).with_picture(Picture::grey(2, 2, &[0, 90, 180, 255])?);
/// # Ok::<(), memae_report::ReportError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ReadItem {
    item: usize,
    weight: f64,
    pub(crate) picture: Option<Picture>,
    pub(crate) words: Option<Text>,
}

impl ReadItem {
    /// An item by its number in the memory, and the weight in [0, 1] that it was read with.
    pub fn new(item: usize, weight: f64) -> Self {
        Self {
            item,
            weight,
            picture: None,
            words: None,
        }
    }

    /// The item decoded alone, reduced to 160 pixels.
    pub fn with_picture(mut self, picture: Picture) -> Self {
        self.picture = Some(picture.small());
        self
    }

    /// What the item stands for.
    pub fn with_words(mut self, words: impl AsRef<str>) -> Self {
        self.words = Some(Text::new(words));
        self
    }

    pub(crate) fn name(&self) -> String {
        format!("item {}", counted(self.item))
    }

    pub(crate) fn weight_text(&self) -> String {
        percent(self.weight)
    }
}

/// A sample with its score, and what there is to see of it.
///
/// ```
/// use memae_report::{Picture, Sample};
///
/// let pixels = Picture::grey(2, 2, &[0, 90, 180, 255])?;
/// let sample = Sample::new("crack/0017.png", 0.0931, true)
///     .with_normalized(0.81)
///     .with_p_value(0.01)
///     .with_class("crack", true)
///     .with_input(pixels.clone())
///     .with_reconstruction(pixels.clone())
///     .with_heat_map(pixels);
/// # Ok::<(), memae_report::ReportError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sample {
    pub(crate) name: Text,
    score: f64,
    pub(crate) anomalous: bool,
    normalized: Option<f64>,
    p_value: Option<f64>,
    class: Option<(Text, bool)>,
    input: Option<Picture>,
    reconstruction: Option<Picture>,
    heat_map: Option<Picture>,
    pub(crate) reads: Vec<ReadItem>,
    pub(crate) contributions: Vec<Contribution>,
}

impl Sample {
    /// A sample by its name, with its score and whether it was found anomalous.
    pub fn new(name: impl AsRef<str>, score: f64, anomalous: bool) -> Self {
        Self {
            name: Text::new(name),
            score,
            anomalous,
            normalized: None,
            p_value: None,
            class: None,
            input: None,
            reconstruction: None,
            heat_map: None,
            reads: Vec::new(),
            contributions: Vec::new(),
        }
    }

    /// The score from 0 to 1, with 0.5 at the threshold.
    pub fn with_normalized(mut self, normalized: f64) -> Self {
        self.normalized = Some(normalized);
        self
    }

    /// The share of normal samples that score as high, in [0, 1].
    pub fn with_p_value(mut self, p_value: f64) -> Self {
        self.p_value = Some(p_value);
        self
    }

    /// The class that it is known to have, and whether that is an anomalous one.
    pub fn with_class(mut self, class: impl AsRef<str>, anomalous: bool) -> Self {
        self.class = Some((Text::new(class), anomalous));
        self
    }

    /// The sample itself.
    pub fn with_input(mut self, picture: Picture) -> Self {
        self.input = Some(picture);
        self
    }

    /// What the network made of it.
    pub fn with_reconstruction(mut self, picture: Picture) -> Self {
        self.reconstruction = Some(picture);
        self
    }

    /// Where it is anomalous.
    pub fn with_heat_map(mut self, picture: Picture) -> Self {
        self.heat_map = Some(picture);
        self
    }

    /// The memory items that were read, the one of most weight first.
    pub fn with_reads(mut self, reads: impl IntoIterator<Item = ReadItem>) -> Self {
        self.reads = reads.into_iter().collect();
        self
    }

    /// The columns that contribute most to its score, where it is a row of a table.
    pub fn with_contributions(
        mut self,
        contributions: impl IntoIterator<Item = Contribution>,
    ) -> Self {
        self.contributions = contributions.into_iter().collect();
        self
    }

    pub(crate) fn score_text(&self) -> String {
        number(self.score)
    }

    pub(crate) fn verdict(&self) -> &'static str {
        if self.anomalous {
            "anomalous"
        } else {
            "normal"
        }
    }

    pub(crate) fn normalized_text(&self) -> Option<String> {
        self.normalized.map(|value| match value.is_finite() {
            true => format!("{value:.3}"),
            false => number(value),
        })
    }

    pub(crate) fn p_value_text(&self) -> Option<String> {
        self.p_value.map(p_value)
    }

    /// The score from 0 to 1 as a bar, with a line at the threshold.
    pub(crate) fn gauge(&self) -> Option<Bar> {
        let value = self.normalized.filter(|value| value.is_finite())?;
        let title = format!("{value:.3} on a scale from 0 to 1, with the threshold at 0.5");
        Some(Bar::new(title, self.verdict(), value).with_line(0.5))
    }

    pub(crate) fn class_name(&self) -> Option<&Text> {
        self.class.as_ref().map(|(name, _)| name)
    }

    /// What the verdict is worth, where it is known what the sample is.
    pub(crate) fn outcome(&self) -> Option<&'static str> {
        let (_, anomalous) = self.class.as_ref()?;
        Some(match (anomalous, self.anomalous) {
            (true, true) => "found",
            (true, false) => "missed",
            (false, true) => "false alarm",
            (false, false) => "passed",
        })
    }

    /// Whether the verdict is known to be wrong.
    pub(crate) fn is_wrong(&self) -> bool {
        let class = self.class.as_ref();
        class.is_some_and(|(_, anomalous)| *anomalous != self.anomalous)
    }

    /// The pictures that there are, with their names.
    pub(crate) fn pictures(&self) -> Vec<(&'static str, &Picture)> {
        [
            ("input", &self.input),
            ("reconstruction", &self.reconstruction),
            ("heat map", &self.heat_map),
        ]
        .into_iter()
        .filter_map(|(name, picture)| picture.as_ref().map(|picture| (name, picture)))
        .collect()
    }

    /// Whether there is more of it than a row of a table holds.
    pub(crate) fn has_details(&self) -> bool {
        !self.pictures().is_empty() || !self.reads.is_empty() || !self.contributions.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_and_the_verdict_make_the_outcome() {
        let outcome = |known, found| {
            let sample = Sample::new("a", 1.0, found).with_class("class", known);
            (sample.outcome().unwrap(), sample.is_wrong())
        };
        assert_eq!(outcome(true, true), ("found", false));
        assert_eq!(outcome(true, false), ("missed", true));
        assert_eq!(outcome(false, true), ("false alarm", true));
        assert_eq!(outcome(false, false), ("passed", false));
        assert!(Sample::new("a", 1.0, true).outcome().is_none());
    }

    #[test]
    fn scores_that_are_no_numbers_have_no_gauge() {
        let sample = Sample::new("a", f64::NAN, true).with_normalized(f64::NAN);
        assert!(sample.gauge().is_none());
        assert_eq!(sample.normalized_text().unwrap(), "– (not a number)");
        assert_eq!(sample.score_text(), "– (not a number)");
        assert!(
            Sample::new("a", 1.0, true)
                .with_normalized(0.7)
                .gauge()
                .is_some()
        );
    }
}
