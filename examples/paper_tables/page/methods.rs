use std::collections::BTreeSet;

use memae::detect::ScoreRule;
use memae::network::Variant;
use memae_pictures::{
    SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepReference, SweepSeries,
};

use super::{Page, Picture, markdown};
use crate::cell::Cell;
use crate::record::Record;
use crate::statistics::{Spread, spread};

/// Every figure by every rule; means over the classes, where there are some.
pub(super) fn figures(page: &Page) -> String {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for (cell, record) in records(page) {
        for (rule, figures) in &record.figures {
            names.extend(figures.keys().map(String::as_str));
            if !keys.contains(&(cell.method.as_str(), rule.as_str())) {
                keys.push((&cell.method, rule));
            }
        }
    }
    let methods = page.methods();
    keys.sort_by_key(|(method, _)| methods.iter().position(|other| other == method));
    let mut rows = Vec::new();
    for (method, rule) in keys {
        let cells = page.those(|cell| cell.method == method);
        let mut row = vec![Some(method.to_string()), Some(rule.to_string())];
        row.extend(names.iter().map(|name| {
            let figure = spread(&cells, page.results, |record| record.figure(rule, name));
            figure.map(|figure| figure.text(4))
        }));
        rows.push(row);
    }
    for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
        let Some(published) = page.published(variant) else {
            continue;
        };
        let mut row = vec![
            Some(format!("{}, {}", variant.name(), page.table.paper())),
            None,
        ];
        row.extend(
            names
                .iter()
                .map(|name| (*name == page.table.figure()).then(|| format!("{published:.4}"))),
        );
        rows.push(row);
    }
    let header = ["method", "score"].into_iter().chain(names);
    let header: Vec<String> = header.map(ToString::to_string).collect();
    format!("## By score rule\n\n{}", markdown::table(&header, &rows))
}

/// How test samples used the memory; `None` if no method has one.
pub(super) fn memory(page: &Page) -> Option<String> {
    let (_, record) = records(page).find(|(_, record)| !record.memory.is_empty())?;
    let names: Vec<&str> = record.memory.keys().map(String::as_str).collect();
    let rows: Vec<Vec<Option<String>>> = page
        .methods()
        .into_iter()
        .filter(|method| {
            records(page).any(|(cell, record)| cell.method == *method && !record.memory.is_empty())
        })
        .map(|method| {
            let cells = page.those(|cell| cell.method == method);
            let figures = names.iter().map(|name| {
                let figure = |record: &Record| record.memory.get(*name).copied();
                spread(&cells, page.results, figure).map(|figure| figure.text(3))
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
pub(super) fn seconds(page: &Page) -> String {
    let mut rows = Vec::new();
    for method in page.methods() {
        let seconds: Vec<f64> = records(page)
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

/// The main figure over the passes, where it was measured: means over the classes.
pub(super) fn curve<'a>(page: &'a Page) -> Option<Picture<'a>> {
    let rules = [ScoreRule::Reconstruction, ScoreRule::ReadDistance];
    let mut series: Vec<(String, Vec<SweepPoint>)> = Vec::new();
    for method in page.methods() {
        for rule in rules {
            let key = format!("{}: {}", rule.name(), page.table.figure());
            let points = curve_points(page, method, &key);
            if !points.is_empty() {
                series.push((format!("{method}, {}", rule.name()), points));
            }
        }
    }
    if series.is_empty() {
        return None;
    }
    let published: Vec<(String, f64)> = [Variant::Ae, Variant::MemAe]
        .into_iter()
        .filter_map(|variant| Some((variant, page.published(variant)?)))
        .map(|(variant, value)| (format!("{}, {}", page.table.paper(), variant.name()), value))
        .collect();
    Some(Box::new(move |path| {
        let series: Vec<SweepSeries> = series
            .iter()
            .map(|(label, points)| SweepSeries { label, points })
            .collect();
        let references: Vec<SweepReference> = published
            .iter()
            .map(|(label, value)| SweepReference {
                label,
                value: *value,
            })
            .collect();
        SweepPicture {
            title: page.table.title(),
            note: "test figures after every pass, seed 0, means over the classes; nothing is chosen by them",
            x_label: "passes over the training samples",
            x: SweepAxis::Linear,
            panels: &[SweepPanel {
                y_label: page.table.figure(),
                series: &series,
                references: &references,
            }],
        }
        .save(path)?;
        Ok(())
    }))
}

fn curve_points(page: &Page, method: &str, key: &str) -> Vec<SweepPoint> {
    let measured = |cell: &Cell| {
        page.results
            .of(cell)
            .map_or(0, |record| record.epochs.len())
    };
    let cells = page.those(|cell| cell.method == method && measured(cell) > 0);
    let passes = cells.iter().map(|cell| measured(cell)).max();
    let point = |index: usize| {
        let figure = |record: &Record| record.epochs.get(index)?.get(key).copied();
        Some(spread(&cells, page.results, figure)?.point((index + 1) as f64))
    };
    (0..passes.unwrap_or_default()).filter_map(point).collect()
}

/// The runs that have been made.
fn records<'a>(page: &'a Page) -> impl Iterator<Item = (&'a Cell, &'a Record)> {
    page.cells
        .iter()
        .filter_map(|cell| Some((cell, page.results.of(cell)?)))
}
