use std::collections::BTreeMap;

/// Figures by their names.
pub(crate) type Figures = BTreeMap<String, f64>;

/// What a baseline's score is called in tables.
pub(crate) const BASELINE_RULE: &str = "score";

/// What a run found, before it is known where it stands in a table.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) figures: BTreeMap<String, Figures>,
    pub(crate) memory: Figures,
    pub(crate) epochs: Vec<BTreeMap<String, f64>>,
}

impl Found {
    /// Figures of a detector that has one score.
    pub(super) fn of_baseline(figures: Figures) -> Self {
        Self {
            figures: BTreeMap::from([(BASELINE_RULE.to_string(), figures)]),
            ..Self::default()
        }
    }
}
