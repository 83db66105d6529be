use memae_models::network::Variant;
use memae_models::score::ScoreRule;

use crate::paper_tables::data::Data;
use crate::paper_tables::paper::Table;
use crate::paper_tables::plan::{Cell, Plan, RECOMMENDED, Selection, Work};
use crate::paper_tables::results::{Record, Results};
use crate::paper_tables::work::BASELINE_RULE;

/// A table as far as its runs have been made.
pub(crate) struct TableView<'a> {
    pub(crate) table: Table,
    pub(crate) data: &'a Data,
    pub(crate) selection: &'a Selection,
    pub(crate) cells: &'a [Cell],
    pub(crate) results: &'a Results,
    /// Number of runs that have not been made.
    pub(crate) missing: usize,
}

impl<'a> TableView<'a> {
    pub(crate) fn new(plan: &'a Plan, results: &'a Results) -> Self {
        let cells = &plan.cells;
        let missing = cells.iter().filter(|cell| results.of(cell).is_none());
        Self {
            table: plan.table,
            data: &plan.data,
            selection: &plan.selection,
            cells,
            results,
            missing: missing.count(),
        }
    }

    /// The paper's figure for a method, where the two can be compared.
    pub(crate) fn published(&self, variant: Variant) -> Option<f64> {
        let can_be_compared = self.data.is_of_the_paper() && self.selection.is_everything();
        can_be_compared
            .then(|| self.table.published(variant))
            .flatten()
    }

    /// The normal classes, in the order of their rows.
    pub(crate) fn classes(&self) -> Vec<&'a str> {
        let mut classes = Vec::new();
        for class in self.cells.iter().filter_map(|cell| cell.class.as_deref()) {
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
        classes
    }

    /// The methods, in the order of their columns.
    pub(crate) fn methods(&self) -> Vec<&'a str> {
        let mut methods = Vec::new();
        for cell in self.cells {
            if !methods.contains(&cell.method.as_str()) {
                methods.push(cell.method.as_str());
            }
        }
        methods
    }

    /// The runs for which something holds.
    pub(crate) fn those(&self, wanted: impl Fn(&Cell) -> bool) -> Vec<&'a Cell> {
        self.cells.iter().filter(|cell| wanted(cell)).collect()
    }

    /// The main figure, and the score rule that each method has it by.
    pub(crate) fn scored_by<'m>(&self, methods: impl IntoIterator<Item = &'m str>) -> String {
        let rules: Vec<String> = methods
            .into_iter()
            .map(|method| format!("{method} by {}", self.rule(method)))
            .collect();
        format!("{}: {}.", self.table.figure(), rules.join(", "))
    }

    /// The rule by which a method's main figure is taken.
    pub(crate) fn rule(&self, method: &str) -> &'static str {
        let cell = self.cells.iter().find(|cell| cell.method == method);
        match cell.map(|cell| &cell.work) {
            Some(
                Work::ImageBaseline { .. }
                | Work::VectorBaseline { .. }
                | Work::VectorMemory { .. },
            ) => BASELINE_RULE,
            Some(Work::Video { .. }) => "mean error",
            _ if method == RECOMMENDED => ScoreRule::SumOfThree.name(),
            _ => ScoreRule::Reconstruction.name(),
        }
    }

    /// The runs that have been made.
    pub(crate) fn records(&self) -> impl Iterator<Item = (&'a Cell, &'a Record)> {
        let results = self.results;
        self.cells
            .iter()
            .filter_map(move |cell| Some((cell, results.of(cell)?)))
    }
}
