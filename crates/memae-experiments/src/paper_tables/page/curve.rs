use memae_models::network::Variant;
use memae_models::score::ScoreRule;
use memae_pictures::{
    SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepReference, SweepSeries,
};

use super::picture::Picture;
use crate::paper_tables::plan::Cell;
use crate::paper_tables::results::Record;
use crate::paper_tables::table::{TableView, spread};

/// The main figure over the passes, where it was measured: means over the classes.
pub(super) fn curve<'a>(view: &'a TableView) -> Option<Picture<'a>> {
    let rules = [ScoreRule::Reconstruction, ScoreRule::ReadDistance];
    let mut series: Vec<(String, Vec<SweepPoint>)> = Vec::new();
    for method in view.methods() {
        for rule in rules {
            let key = format!("{}: {}", rule.name(), view.table.figure());
            let points = curve_points(view, method, &key);
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
        .filter_map(|variant| Some((variant, view.published(variant)?)))
        .map(|(variant, value)| (format!("{}, {}", view.table.paper(), variant.name()), value))
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
            title: view.table.title(),
            note: "test figures after every pass, seed 0, means over the classes; nothing is chosen by them",
            x_label: "passes over the training samples",
            x: SweepAxis::Linear,
            panels: &[SweepPanel {
                y_label: view.table.figure(),
                series: &series,
                references: &references,
            }],
        }
        .save(path)
    }))
}

fn curve_points(view: &TableView, method: &str, key: &str) -> Vec<SweepPoint> {
    let measured = |cell: &Cell| {
        view.results
            .of(cell)
            .map_or(0, |record| record.epochs.len())
    };
    let cells = view.those(|cell| cell.method == method && measured(cell) > 0);
    let passes = cells.iter().map(|cell| measured(cell)).max();
    let point = |index: usize| {
        let figure = |record: &Record| record.epochs.get(index)?.get(key).copied();
        Some(spread(&cells, view.results, figure)?.point((index + 1) as f64))
    };
    (0..passes.unwrap_or_default()).filter_map(point).collect()
}
