use crate::text::{counted, percent};

/// What the verdicts made of samples that are known to be normal or anomalous.
///
/// ```
/// use memae_report::Confusion;
///
/// let confusion = Confusion::new(142, 3, 37, 73);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confusion {
    pub(crate) true_positives: usize,
    pub(crate) false_positives: usize,
    pub(crate) false_negatives: usize,
    pub(crate) true_negatives: usize,
}

impl Confusion {
    /// Anomalous samples flagged, normal samples flagged, anomalous samples not flagged, normal samples not flagged.
    pub fn new(
        true_positives: usize,
        false_positives: usize,
        false_negatives: usize,
        true_negatives: usize,
    ) -> Self {
        Self {
            true_positives,
            false_positives,
            false_negatives,
            true_negatives,
        }
    }

    /// The two rows, each with its sum: what samples are, how many were flagged, how many were not.
    pub(crate) fn rows(&self) -> [ConfusionRow; 2] {
        [
            ConfusionRow::new(
                "anomalous",
                [self.true_positives, self.false_negatives],
                ["found", "missed"],
            ),
            ConfusionRow::new(
                "normal",
                [self.false_positives, self.true_negatives],
                ["false alarm", "passed"],
            ),
        ]
    }
}

/// Samples of one kind.
pub(crate) struct ConfusionRow {
    pub(crate) kind: &'static str,
    pub(crate) total: String,
    pub(crate) cells: [ConfusionCell; 2],
}

/// Samples of one kind with one verdict.
pub(crate) struct ConfusionCell {
    pub(crate) count: String,
    /// What that is, with its share of the row.
    pub(crate) words: String,
}

impl ConfusionRow {
    fn new(kind: &'static str, counts: [usize; 2], words: [&str; 2]) -> Self {
        let total = counts[0].saturating_add(counts[1]);
        let cell = |at: usize| ConfusionCell {
            count: counted(counts[at]),
            words: match total {
                0 => words[at].to_string(),
                _ => format!(
                    "{}, {}",
                    words[at],
                    percent(counts[at] as f64 / total as f64)
                ),
            },
        };
        Self {
            kind,
            total: counted(total),
            cells: [cell(0), cell(1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_what_samples_are() {
        let [anomalous, normal] = Confusion::new(3, 1, 1, 1999).rows();
        assert_eq!(
            (anomalous.kind, anomalous.total.as_str()),
            ("anomalous", "4")
        );
        assert_eq!(anomalous.cells[0].words, "found, 75.0\u{a0}%");
        assert_eq!(anomalous.cells[1].words, "missed, 25.0\u{a0}%");
        assert_eq!(normal.cells[0].words, "false alarm, 0.05\u{a0}%");
        assert_eq!(
            (normal.cells[1].count.as_str(), normal.total.as_str()),
            ("1,999", "2,000")
        );
        assert_eq!(Confusion::new(0, 0, 0, 0).rows()[0].cells[0].words, "found");
    }
}
