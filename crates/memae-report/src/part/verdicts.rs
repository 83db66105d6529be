use crate::text::{Text, counted};

/// Names of what was left out that are shown; the others are counted.
const NAMED: usize = 20;

/// An input that was not scored.
#[derive(Debug, Clone)]
pub struct LeftOut {
    pub(crate) name: Text,
    pub(crate) reason: Text,
}

impl LeftOut {
    /// An input by its name, and why it was not scored.
    pub fn new(name: impl AsRef<str>, reason: impl AsRef<str>) -> Self {
        Self {
            name: Text::new(name),
            reason: Text::new(reason),
        }
    }
}

/// How many samples were scored, how many of them are anomalous, and what was left out: the report's first sentence.
///
/// ```
/// use memae_report::{LeftOut, Verdicts};
///
/// let verdicts = Verdicts::new(248, 7)
///     .with_unit("image", "images")
///     .with_left_out(2, [LeftOut::new("0042.png", "is cut off"), LeftOut::new("notes.txt", "is no image")]);
/// ```
#[derive(Debug, Clone)]
pub struct Verdicts {
    normal: usize,
    anomalous: usize,
    unit: [Text; 2],
    pub(crate) left_out: Vec<LeftOut>,
    left_out_total: usize,
}

impl Verdicts {
    /// Samples that were found normal, and anomalous.
    pub fn new(normal: usize, anomalous: usize) -> Self {
        Self {
            normal,
            anomalous,
            unit: ["sample", "samples"].map(Text::new),
            left_out: Vec::new(),
            left_out_total: 0,
        }
    }

    /// What a sample is: one of them, and many. `sample`, `samples` by default.
    pub fn with_unit(mut self, one: impl AsRef<str>, many: impl AsRef<str>) -> Self {
        self.unit = [Text::new(one), Text::new(many)];
        self
    }

    /// What was left out: how much in all, and the first of it. Twenty are named, of the others no more than their
    /// number is kept.
    pub fn with_left_out(mut self, total: usize, first: impl IntoIterator<Item = LeftOut>) -> Self {
        self.left_out = first.into_iter().take(NAMED).collect();
        self.left_out_total = total.max(self.left_out.len());
        self
    }

    fn scored(&self) -> usize {
        self.normal.saturating_add(self.anomalous)
    }

    /// The counts, each with its style and its name.
    pub(crate) fn counts(&self) -> [(&'static str, &'static str, String); 4] {
        [
            ("scored", "scored", self.scored()),
            ("anomalous", "anomalous", self.anomalous),
            ("normal", "normal", self.normal),
            ("left", "left out", self.left_out_total),
        ]
        .map(|(style, name, count)| (style, name, counted(count)))
    }

    /// How many of what was left out are not named.
    pub(crate) fn more_left_out(&self) -> usize {
        self.left_out_total - self.left_out.len()
    }

    /// The style of the sentence.
    pub(crate) fn class(&self) -> &'static str {
        match (self.scored(), self.anomalous) {
            (0, _) => "none",
            (_, 0) => "normal",
            _ => "anomalous",
        }
    }

    /// What was found, in one sentence.
    pub(crate) fn headline(&self) -> String {
        let [one, many] = &self.unit;
        let of = |count: usize| match count {
            1 => format!("1 {one}"),
            _ => format!("{} {many}", counted(count)),
        };
        match (self.scored(), self.anomalous) {
            (0, _) => "Nothing was scored.".to_string(),
            (1, 0) => format!("The {one} is normal."),
            (1, _) => format!("The {one} is anomalous."),
            (all, 0) => format!("None of {} is anomalous.", of(all)),
            (all, anomalous) if all == anomalous => format!("All {} are anomalous.", of(all)),
            (all, 1) => format!("1 of {} is anomalous.", of(all)),
            (all, some) => format!("{} of {} are anomalous.", counted(some), of(all)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_says_how_many() {
        let headline = |normal, anomalous| {
            Verdicts::new(normal, anomalous)
                .with_unit("image", "images")
                .headline()
        };
        assert_eq!(headline(0, 0), "Nothing was scored.");
        assert_eq!(headline(1, 0), "The image is normal.");
        assert_eq!(headline(0, 1), "The image is anomalous.");
        assert_eq!(headline(9, 0), "None of 9 images is anomalous.");
        assert_eq!(headline(0, 9), "All 9 images are anomalous.");
        assert_eq!(headline(1199, 1), "1 of 1,200 images is anomalous.");
        assert_eq!(headline(248, 7), "7 of 255 images are anomalous.");
        assert_eq!(
            Verdicts::new(1, 1).headline(),
            "1 of 2 samples is anomalous."
        );
    }

    #[test]
    fn twenty_are_named_and_the_others_counted() {
        let names = (0..).map(|at| LeftOut::new(at.to_string(), "gone"));
        let verdicts = Verdicts::new(1, 1).with_left_out(2_000_000, names);
        assert_eq!(verdicts.left_out.len(), 20);
        assert_eq!(verdicts.more_left_out(), 1_999_980);
        let verdicts = Verdicts::new(1, 1).with_left_out(0, [LeftOut::new("a", "gone")]);
        assert_eq!((verdicts.left_out_total, verdicts.more_left_out()), (1, 0));
    }
}
