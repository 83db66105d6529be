use std::collections::BTreeSet;

use memae_models::network::Variant;

use super::markdown;
use super::statistics::{Spread, spread};
use super::view::TableView;
use crate::paper_tables::results::Record;

/// Every figure by every rule; means over the classes, where there are some.
pub(crate) fn figures(view: &TableView) -> String {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for (cell, record) in view.records() {
        for (rule, figures) in &record.figures {
            names.extend(figures.keys().map(String::as_str));
            if !keys.contains(&(cell.method.as_str(), rule.as_str())) {
                keys.push((&cell.method, rule));
            }
        }
    }
    let methods = view.methods();
    keys.sort_by_key(|(method, _)| methods.iter().position(|other| other == method));
    let mut rows = Vec::new();
    for (method, rule) in keys {
        let cells = view.those(|cell| cell.method == method);
        let mut row = vec![Some(method.to_string()), Some(rule.to_string())];
        row.extend(names.iter().map(|name| {
            let figure = spread(&cells, view.results, |record| record.figure(rule, name));
            figure.map(|figure| figure.text(4))
        }));
        rows.push(row);
    }
    for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
        let Some(published) = view.published(variant) else {
            continue;
        };
        let mut row = vec![
            Some(format!("{}, {}", variant.name(), view.table.paper())),
            None,
        ];
        row.extend(
            names
                .iter()
                .map(|name| (*name == view.table.figure()).then(|| format!("{published:.4}"))),
        );
        rows.push(row);
    }
    let header = ["method", "score"].into_iter().chain(names);
    let header: Vec<String> = header.map(ToString::to_string).collect();
    format!("## By score rule\n\n{}", markdown::table(&header, &rows))
}

/// How test samples used the memory; `None` if no method has one.
pub(crate) fn memory(view: &TableView) -> Option<String> {
    let (_, record) = view
        .records()
        .find(|(_, record)| !record.memory.is_empty())?;
    let names: Vec<&str> = record.memory.keys().map(String::as_str).collect();
    let rows: Vec<Vec<Option<String>>> = view
        .methods()
        .into_iter()
        .filter(|method| {
            view.records()
                .any(|(cell, record)| cell.method == *method && !record.memory.is_empty())
        })
        .map(|method| {
            let cells = view.those(|cell| cell.method == method);
            let figures = names.iter().map(|name| {
                let figure = |record: &Record| record.memory.get(*name).copied();
                spread(&cells, view.results, figure).map(|figure| figure.text(3))
            });
            std::iter::once(Some(method.to_string()))
                .chain(figures)
                .collect()
        })
        .collect();
    let header = std::iter::once("method").chain(names);
    let header: Vec<String> = header.map(ToString::to_string).collect();
    Some(format!(
        "## The memory\n\nOn test samples; dead items on training samples. Empty rows as a share of all.\n\n{}",
        markdown::table(&header, &rows)
    ))
}

/// How long the runs took.
pub(crate) fn seconds(view: &TableView) -> String {
    let mut rows = Vec::new();
    for method in view.methods() {
        let seconds: Vec<f64> = view
            .records()
            .filter(|(cell, _)| cell.method == method)
            .map(|(_, record)| record.seconds)
            .collect();
        let mean = Spread::of(&seconds).map(|spread| format!("{:.1}", spread.mean));
        rows.push(vec![Some(method.to_string()), mean]);
    }
    let header = ["method", "seconds a run"].map(String::from);
    format!(
        "## Time\n\nWhole runs, with reading the data and scoring after every pass where that was done.\n\n{}",
        markdown::table(&header, &rows)
    )
}
