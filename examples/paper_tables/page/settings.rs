use memae_pictures::{SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepSeries};

use super::{Page, Picture, markdown};
use crate::cell::{Cell, Setting};
use crate::record::Record;
use crate::statistics::{Spread, spread};

const ACTIVE_ITEMS: &str = "active items";

/// More classes than these are drawn as their mean.
const MOST_CLASSES: usize = 4;

/// Runs of one method along a setting, on one class or on all.
struct Line<'a> {
    method: &'a str,
    class: Option<&'a str>,
}

impl Line<'_> {
    fn name(&self) -> String {
        match self.class {
            Some(class) => format!("{}, class {class}", self.method),
            None => format!("{}, mean", self.method),
        }
    }
}

/// A table and a picture for each setting.
pub(super) fn add<'a>(
    page: &'a Page,
    name: &str,
    link: &str,
    parts: &mut Vec<String>,
    pictures: &mut Vec<(String, Picture<'a>)>,
) {
    let mut names: Vec<&'static str> = Vec::new();
    for setting in page.cells.iter().filter_map(|cell| cell.setting.as_ref()) {
        if !names.contains(&setting.name) {
            names.push(setting.name);
        }
    }
    for (index, setting) in names.into_iter().enumerate() {
        let file = format!("{name}_{}.png", index + 1);
        let about = format!("## {setting}\n\n");
        let mut part = about + &scored_by(page, setting) + &table(page, setting);
        part = part + "\n" + &rules(page, setting);
        if page.missing == 0 {
            part.push_str(&format!("\n![{setting}](<{link}{file}>)\n"));
            pictures.push((file, Box::new(move |path| draw(page, setting, path))));
        }
        parts.push(part);
    }
}

/// By which score rule the figures of a setting's table are.
fn scored_by(page: &Page, name: &str) -> String {
    let mut methods: Vec<&str> = lines(page, name).iter().map(|line| line.method).collect();
    methods.sort_unstable();
    methods.dedup();
    page.scored_by(methods) + "\n\n"
}

fn of_setting<'a>(page: &'a Page, name: &str) -> impl Iterator<Item = (&'a Cell, &'a Setting)> {
    page.cells
        .iter()
        .filter_map(|cell| Some((cell, cell.setting.as_ref()?)))
        .filter(move |(_, setting)| setting.name == name)
}

fn lines<'a>(page: &'a Page, name: &str) -> Vec<Line<'a>> {
    let are_few = page.classes().len() <= MOST_CLASSES;
    let mut lines: Vec<Line> = Vec::new();
    for (cell, _) in of_setting(page, name) {
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
fn values<'a>(page: &'a Page, name: &str) -> Vec<&'a Setting> {
    let mut values: Vec<&Setting> = Vec::new();
    for (_, setting) in of_setting(page, name) {
        if !values.iter().any(|other| other.label == setting.label) {
            values.push(setting);
        }
    }
    values
}

fn figure(page: &Page, line: &Line, setting: &Setting, of: &str) -> Option<Spread> {
    let cells = page.those(|cell| {
        cell.setting.as_ref() == Some(setting)
            && cell.method == line.method
            && (line.class.is_none() || cell.class.as_deref() == line.class)
    });
    spread(&cells, page.results, |record: &Record| match of {
        ACTIVE_ITEMS => record.memory.get(ACTIVE_ITEMS).copied(),
        _ => record.figure(page.rule(line.method), of),
    })
}

fn table(page: &Page, name: &str) -> String {
    let lines = lines(page, name);
    let mut header = vec![name.to_string()];
    for line in &lines {
        let what = line.name();
        header.push(format!("{what}: {}", page.table.figure()));
        header.push(format!("{what}: {ACTIVE_ITEMS}"));
    }
    let rows: Vec<Vec<Option<String>>> = values(page, name)
        .into_iter()
        .map(|setting| {
            let mut row = vec![Some(setting.label.clone())];
            for line in &lines {
                let figure = |of, decimals| {
                    let figure = figure(page, line, setting, of);
                    figure.map(|figure| figure.text(decimals))
                };
                row.push(figure(page.table.figure(), 4));
                row.push(figure(ACTIVE_ITEMS, 1));
            }
            row
        })
        .collect();
    markdown::table(&header, &rows)
}

/// The figure by every score rule: means over the classes.
fn rules(page: &Page, name: &str) -> String {
    let cells: Vec<(&Cell, &Setting)> = of_setting(page, name).collect();
    let mut rows: Vec<(&str, &Setting)> = Vec::new();
    let mut rules: Vec<&str> = Vec::new();
    for &(cell, setting) in &cells {
        if !rows.contains(&(&cell.method, setting)) {
            rows.push((&cell.method, setting));
        }
        let figures = page.results.of(cell).map(|record| &record.figures);
        for rule in figures.into_iter().flat_map(|figures| figures.keys()) {
            if !rules.contains(&rule.as_str()) {
                rules.push(rule);
            }
        }
    }
    let row = |(method, setting): &(&str, &Setting)| {
        let runs =
            page.those(|cell| cell.method == *method && cell.setting.as_ref() == Some(*setting));
        let figure = |rule: &&str| {
            let figure = |record: &Record| record.figure(rule, page.table.figure());
            spread(&runs, page.results, figure).map(|spread| spread.text(4))
        };
        let start = [Some(setting.label.clone()), Some(method.to_string())];
        start.into_iter().chain(rules.iter().map(figure)).collect()
    };
    let rows: Vec<Vec<Option<String>>> = rows.iter().map(row).collect();
    let header = [name, "method"].into_iter().chain(rules.iter().copied());
    let header: Vec<String> = header.map(ToString::to_string).collect();
    let figure = page.table.figure();
    format!(
        "{figure} by each score rule, means over the classes:\n\n{}",
        markdown::table(&header, &rows)
    )
}

fn draw(page: &Page, name: &str, path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let lines = lines(page, name);
    let values = values(page, name);
    let labels: Vec<String> = lines.iter().map(Line::name).collect();
    let points = |line: &Line, of: &str| -> Vec<SweepPoint> {
        let point = |setting: &&Setting| Some(figure(page, line, setting, of)?.point(setting.x));
        values.iter().filter_map(point).collect()
    };
    let all_points = |of| lines.iter().map(|line| points(line, of)).collect();
    let figures: Vec<Vec<SweepPoint>> = all_points(page.table.figure());
    let active: Vec<Vec<SweepPoint>> = all_points(ACTIVE_ITEMS);
    let (figures, active) = (series(&labels, &figures), series(&labels, &active));
    let names: Vec<&str> = values.iter().map(|value| value.label.as_str()).collect();
    let positive = values
        .iter()
        .filter(|value| value.x > 0.0)
        .map(|value| value.x);
    let (least, most) = positive.fold((f64::INFINITY, 0.0f64), |(least, most), x| {
        (least.min(x), most.max(x))
    });
    let is_named = values
        .iter()
        .any(|value| value.label.parse::<f64>().is_err());
    let axis = match is_named {
        true => SweepAxis::Names(&names),
        // Settings that span more than a factor of 20 are read by their powers.
        false if most / least <= 20.0 => SweepAxis::Linear,
        false if values.iter().any(|value| value.x == 0.0) => SweepAxis::LogarithmicFromZero,
        false => SweepAxis::Logarithmic,
    };
    SweepPicture {
        title: page.table.title(),
        note: "mean and standard deviation over the seeds",
        x_label: name,
        x: axis,
        panels: &[
            SweepPanel {
                y_label: page.table.figure(),
                series: &figures,
                references: &[],
            },
            SweepPanel {
                y_label: ACTIVE_ITEMS,
                series: &active,
                references: &[],
            },
        ],
    }
    .save(path)?;
    Ok(())
}

fn series<'a>(labels: &'a [String], points: &'a [Vec<SweepPoint>]) -> Vec<SweepSeries<'a>> {
    let series = labels.iter().zip(points);
    series
        .map(|(label, points)| SweepSeries { label, points })
        .collect()
}
