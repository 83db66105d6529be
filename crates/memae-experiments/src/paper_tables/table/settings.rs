use super::markdown;
use super::statistics::{Spread, spread};
use super::view::TableView;
use crate::paper_tables::plan::{Cell, Setting};
use crate::paper_tables::results::Record;

/// A figure of the memory, by its name in records.
pub(crate) const ACTIVE_ITEMS: &str = "active items";

/// More classes than these are drawn as their mean.
const MOST_CLASSES: usize = 4;

/// Runs of one method along a setting, on one class or on all.
pub(crate) struct Line<'a> {
    method: &'a str,
    class: Option<&'a str>,
}

impl Line<'_> {
    pub(crate) fn name(&self) -> String {
        match self.class {
            Some(class) => format!("{}, class {class}", self.method),
            None => format!("{}, mean", self.method),
        }
    }
}

/// The settings that are changed, by name.
pub(crate) fn names(view: &TableView) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for setting in view.cells.iter().filter_map(|cell| cell.setting.as_ref()) {
        if !names.contains(&setting.name) {
            names.push(setting.name);
        }
    }
    names
}

/// What is said of a setting: its table, and its figure by every rule.
pub(crate) fn section(view: &TableView, name: &str) -> String {
    let about = format!("## {name}\n\n");
    about + &scored_by(view, name) + &table(view, name) + "\n" + &rules(view, name)
}

/// By which score rule the figures of a setting's table are.
fn scored_by(view: &TableView, name: &str) -> String {
    let mut methods: Vec<&str> = lines(view, name).iter().map(|line| line.method).collect();
    methods.sort_unstable();
    methods.dedup();
    view.scored_by(methods) + "\n\n"
}

fn of_setting<'a>(
    view: &'a TableView,
    name: &str,
) -> impl Iterator<Item = (&'a Cell, &'a Setting)> {
    view.cells
        .iter()
        .filter_map(|cell| Some((cell, cell.setting.as_ref()?)))
        .filter(move |(_, setting)| setting.name == name)
}

/// The lines of a setting's picture, which are columns of its table.
pub(crate) fn lines<'a>(view: &'a TableView, name: &str) -> Vec<Line<'a>> {
    let are_few = view.classes().len() <= MOST_CLASSES;
    let mut lines: Vec<Line> = Vec::new();
    for (cell, _) in of_setting(view, name) {
        let class = cell.class.as_deref().filter(|_| are_few);
        let method = cell.method.as_str();
        let is_there = |line: &Line| (line.method, line.class) == (method, class);
        if !lines.iter().any(is_there) {
            lines.push(Line { method, class });
        }
    }
    lines
}

/// The values of a setting, in order.
pub(crate) fn values<'a>(view: &'a TableView, name: &str) -> Vec<&'a Setting> {
    let mut values: Vec<&Setting> = Vec::new();
    for (_, setting) in of_setting(view, name) {
        if !values.iter().any(|other| other.label == setting.label) {
            values.push(setting);
        }
    }
    values
}

/// A figure at a value of a setting; active items are the memory's.
pub(crate) fn figure(view: &TableView, line: &Line, setting: &Setting, of: &str) -> Option<Spread> {
    let cells = view.those(|cell| {
        cell.setting.as_ref() == Some(setting)
            && cell.method == line.method
            && (line.class.is_none() || cell.class.as_deref() == line.class)
    });
    spread(&cells, view.results, |record: &Record| match of {
        ACTIVE_ITEMS => record.memory.get(ACTIVE_ITEMS).copied(),
        _ => record.figure(view.rule(line.method), of),
    })
}

fn table(view: &TableView, name: &str) -> String {
    let lines = lines(view, name);
    let mut header = vec![name.to_string()];
    for line in &lines {
        let what = line.name();
        header.push(format!("{what}: {}", view.table.figure()));
        header.push(format!("{what}: {ACTIVE_ITEMS}"));
    }
    let rows: Vec<Vec<Option<String>>> = values(view, name)
        .into_iter()
        .map(|setting| {
            let mut row = vec![Some(setting.label.clone())];
            for line in &lines {
                let figure = |of, decimals| {
                    let figure = figure(view, line, setting, of);
                    figure.map(|figure| figure.text(decimals))
                };
                row.push(figure(view.table.figure(), 4));
                row.push(figure(ACTIVE_ITEMS, 1));
            }
            row
        })
        .collect();
    markdown::table(&header, &rows)
}

/// The figure by every score rule: means over the classes.
fn rules(view: &TableView, name: &str) -> String {
    let cells: Vec<(&Cell, &Setting)> = of_setting(view, name).collect();
    let mut rows: Vec<(&str, &Setting)> = Vec::new();
    let mut rules: Vec<&str> = Vec::new();
    for &(cell, setting) in &cells {
        if !rows.contains(&(&cell.method, setting)) {
            rows.push((&cell.method, setting));
        }
        let figures = view.results.of(cell).map(|record| &record.figures);
        for rule in figures.into_iter().flat_map(|figures| figures.keys()) {
            if !rules.contains(&rule.as_str()) {
                rules.push(rule);
            }
        }
    }
    let row = |(method, setting): &(&str, &Setting)| {
        let runs =
            view.those(|cell| cell.method == *method && cell.setting.as_ref() == Some(*setting));
        let figure = |rule: &&str| {
            let figure = |record: &Record| record.figure(rule, view.table.figure());
            spread(&runs, view.results, figure).map(|spread| spread.text(4))
        };
        let start = [Some(setting.label.clone()), Some(method.to_string())];
        start.into_iter().chain(rules.iter().map(figure)).collect()
    };
    let rows: Vec<Vec<Option<String>>> = rows.iter().map(row).collect();
    let header = [name, "method"].into_iter().chain(rules.iter().copied());
    let header: Vec<String> = header.map(ToString::to_string).collect();
    let figure = view.table.figure();
    format!(
        "{figure} by each score rule, means over the classes:\n\n{}",
        markdown::table(&header, &rows)
    )
}
