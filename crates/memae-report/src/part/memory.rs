use crate::picture::Picture;
use crate::text::{Text, counted, number, percent};

/// Items that are shown; the others are counted.
const SHOWN: usize = 200;
/// Above this share of items that no query reads, the memory is larger than needed.
const MANY_DEAD: f64 = 0.5;
/// Above this share of queries that read nothing, what comes out says little.
const MANY_EMPTY: f64 = 0.01;
/// Above this share of items in a read, the memory hardly restricts what comes out.
const MANY_ACTIVE: f64 = 0.25;
/// Memories of fewer items may be read whole.
const FEW_ITEMS: usize = 5;

/// An item of the memory, decoded alone.
///
/// ```
/// use memae_report::{MemoryItem, Picture};
///
/// let item = MemoryItem::new(17, Picture::grey(2, 2, &[0, 90, 180, 255])?).with_read_share(0.04);
/// # Ok::<(), memae_report::ReportError>(())
/// ```
#[derive(Debug, Clone)]
pub struct MemoryItem {
    item: usize,
    pub(crate) picture: Picture,
    read_share: Option<f64>,
}

impl MemoryItem {
    /// An item by its number in the memory, and what the decoder makes of it, reduced to 160 pixels.
    pub fn new(item: usize, picture: Picture) -> Self {
        Self {
            item,
            picture: picture.small(),
            read_share: None,
        }
    }

    /// The share of all reads that goes to it, in [0, 1].
    pub fn with_read_share(mut self, share: f64) -> Self {
        self.read_share = Some(share);
        self
    }

    pub(crate) fn name(&self) -> String {
        format!("item {}", counted(self.item))
    }

    pub(crate) fn share_text(&self) -> Option<String> {
        self.read_share.map(percent)
    }
}

/// How the memory is used, with what is good or bad about it in words.
///
/// The words follow from the figures given; [`with_finding`](Self::with_finding) adds others.
///
/// ```
/// use memae_report::MemoryHealth;
///
/// let memory = MemoryHealth::new(100)
///     .with_dead_items(3)
///     .with_active_items(21.4)
///     .with_entropy(2.71)
///     .with_empty_rows(0, 76);
/// ```
#[derive(Debug, Clone)]
pub struct MemoryHealth {
    items: usize,
    active: Option<f64>,
    dead: Option<usize>,
    entropy: Option<f64>,
    empty: Option<[usize; 2]>,
    pictures: Vec<MemoryItem>,
    findings: Vec<Finding>,
}

/// A sentence on the memory.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    good: bool,
    pub(crate) words: Text,
}

impl Finding {
    fn new(good: bool, words: impl AsRef<str>) -> Self {
        let words = Text::new(words);
        Self { good, words }
    }

    pub(crate) fn class(&self) -> &'static str {
        if self.good { "good" } else { "bad" }
    }

    /// The mark before it, for those who don't see its colour.
    pub(crate) fn mark(&self) -> &'static str {
        if self.good { "Good:" } else { "Take care:" }
    }
}

impl MemoryHealth {
    /// A memory of so many items.
    pub fn new(items: usize) -> Self {
        Self {
            items,
            active: None,
            dead: None,
            entropy: None,
            empty: None,
            pictures: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The mean number of items that a query reads.
    pub fn with_active_items(mut self, active: f64) -> Self {
        self.active = Some(active);
        self
    }

    /// How many items no query reads.
    pub fn with_dead_items(mut self, dead: usize) -> Self {
        self.dead = Some(dead);
        self
    }

    /// The mean entropy of the weights of a query, in nats.
    pub fn with_entropy(mut self, entropy: f64) -> Self {
        self.entropy = Some(entropy);
        self
    }

    /// How many of how many queries read nothing, since all their weights were shrunk to zero.
    pub fn with_empty_rows(mut self, empty: usize, queries: usize) -> Self {
        self.empty = Some([empty.min(queries), queries]);
        self
    }

    /// The items decoded, in the order in which they are to stand; the first 200 are shown.
    pub fn with_items(mut self, items: impl IntoIterator<Item = MemoryItem>) -> Self {
        self.pictures = items.into_iter().collect();
        self
    }

    /// One more sentence, and whether it says something good.
    pub fn with_finding(mut self, good: bool, words: impl AsRef<str>) -> Self {
        self.findings.push(Finding::new(good, words));
        self
    }

    pub(crate) fn shown(&self) -> &[MemoryItem] {
        &self.pictures[..self.pictures.len().min(SHOWN)]
    }

    pub(crate) fn more(&self) -> usize {
        self.pictures.len().saturating_sub(SHOWN)
    }

    /// Names, values and what they mean.
    pub(crate) fn figures(&self) -> Vec<(&'static str, String, &'static str)> {
        let mut figures = vec![("items", counted(self.items), "in the memory")];
        if let Some(active) = self.active {
            figures.push((
                "active items",
                number(active),
                "read by a query, on average",
            ));
        }
        if let Some(dead) = self.dead {
            figures.push(("dead items", counted(dead), "read by no query"));
        }
        if let Some(entropy) = self.entropy {
            figures.push((
                "entropy",
                number(entropy),
                "of a query's weights, in nats; low is sparse",
            ));
        }
        if let Some([empty, _]) = self.empty {
            figures.push(("empty rows", counted(empty), "queries that read nothing"));
        }
        figures
    }

    /// What is good and bad, the caller's own sentences last.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let derived = [
            self.collapse(),
            self.sparseness(),
            self.dead_items(),
            self.empty_rows(),
        ];
        derived
            .into_iter()
            .flatten()
            .chain(self.findings.iter().cloned())
            .collect()
    }

    fn collapse(&self) -> Option<Finding> {
        let alive = self.items.saturating_sub(self.dead?);
        (self.items > 1 && alive <= 1).then(|| {
            Finding::new(false, "The memory has collapsed: one item serves every query, so that everything is rebuilt alike.")
        })
    }

    fn sparseness(&self) -> Option<Finding> {
        let active = self.active.filter(|active| active.is_finite())?;
        if self.items <= FEW_ITEMS {
            return None;
        }
        let share = active / self.items as f64;
        Some(if share > MANY_ACTIVE {
            Finding::new(
                false,
                format!(
                    "A query reads {} of {} items: mixtures of so many can rebuild anomalies too. More shrinkage or a lower \
                 temperature makes reads sparse.",
                    number(active),
                    counted(self.items)
                ),
            )
        } else {
            Finding::new(
                true,
                format!(
                    "Reads are sparse: {} of {} items on average.",
                    number(active),
                    counted(self.items)
                ),
            )
        })
    }

    fn dead_items(&self) -> Option<Finding> {
        let dead = self.dead?;
        if self.items == 0 || self.items.saturating_sub(dead) <= 1 {
            return None;
        }
        let share = dead as f64 / self.items as f64;
        Some(if dead == 0 {
            Finding::new(true, "Every item is read.")
        } else if share > MANY_DEAD {
            Finding::new(
                false,
                format!(
                    "{} of the items ({}) are never read: the memory is larger than the normal data needs.",
                    counted(dead),
                    percent(share)
                ),
            )
        } else {
            Finding::new(
                true,
                format!("{} of the items are read.", percent(1.0 - share)),
            )
        })
    }

    fn empty_rows(&self) -> Option<Finding> {
        let [empty, queries] = self.empty.filter(|[_, queries]| *queries > 0)?;
        let share = empty as f64 / queries as f64;
        Some(if empty == 0 {
            Finding::new(true, "No query came away with nothing.")
        } else if share > MANY_EMPTY {
            Finding::new(
                false,
                format!(
                    "{} of the queries read nothing: shrinkage takes all their weights, and their scores say little of \
                 what the memory holds.",
                    percent(share)
                ),
            )
        } else {
            Finding::new(
                true,
                format!(
                    "Hardly any query reads nothing: {} of {}.",
                    counted(empty),
                    counted(queries)
                ),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(memory: &MemoryHealth) -> Vec<(bool, String)> {
        let findings = memory.findings().into_iter();
        findings
            .map(|finding| (finding.good, finding.words.to_string()))
            .collect()
    }

    #[test]
    fn a_healthy_memory_is_praised() {
        let memory = MemoryHealth::new(100)
            .with_active_items(21.4)
            .with_dead_items(0)
            .with_empty_rows(0, 900);
        let words = words(&memory);
        assert_eq!(words.len(), 3);
        assert!(words.iter().all(|(good, _)| *good), "{words:?}");
        assert_eq!(
            words[0].1,
            "Reads are sparse: 21.40 of 100 items on average."
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |memory: MemoryHealth, part: &str| {
            let words = words(&memory);
            assert!(
                words
                    .iter()
                    .any(|(good, words)| !good && words.contains(part)),
                "{part}: {words:?}"
            );
        };
        said(MemoryHealth::new(100).with_dead_items(99), "has collapsed");
        said(
            MemoryHealth::new(100).with_dead_items(60),
            "60 of the items (60.0\u{a0}%) are never read",
        );
        said(
            MemoryHealth::new(100).with_active_items(99.0),
            "reads 99.00 of 100 items",
        );
        said(
            MemoryHealth::new(100).with_empty_rows(63, 100),
            "63.0\u{a0}% of the queries read nothing",
        );
        said(
            MemoryHealth::new(100).with_finding(false, "Drifts."),
            "Drifts.",
        );
    }

    #[test]
    fn nothing_is_said_of_what_is_not_known() {
        assert!(words(&MemoryHealth::new(100)).is_empty());
        assert!(
            words(
                &MemoryHealth::new(0)
                    .with_dead_items(0)
                    .with_empty_rows(0, 0)
            )
            .is_empty()
        );
        assert!(words(&MemoryHealth::new(100).with_active_items(f64::NAN)).is_empty());
        assert_eq!(MemoryHealth::new(7).figures().len(), 1);
    }

    #[test]
    fn the_first_items_are_shown_and_the_others_counted() {
        let picture = Picture::grey(1, 1, &[0]).unwrap();
        let memory = MemoryHealth::new(500)
            .with_items((0..500).map(|item| MemoryItem::new(item, picture.clone())));
        assert_eq!((memory.shown().len(), memory.more()), (200, 300));
    }
}
