use memae::picture::{SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepSeries};

use super::{Page, Picture, markdown};
use crate::cell::{Cell, Setting};
use crate::record::Record;
use crate::statistics::{Spread, spread};

const ACTIVE_ITEMS: &str = "active items";

/// Runs of one method on one class, along a setting.
struct Line<'a> {
    method: &'static str,
    class: &'a str,
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
        let picture = format!("\n![{setting}]({link}{file})\n");
        parts.push(about + &table(page, setting) + &picture);
        if page.missing == 0 {
            pictures.push((file, Box::new(move |path| draw(page, setting, path))));
        }
    }
}

fn of_setting<'a>(page: &'a Page, name: &str) -> impl Iterator<Item = (&'a Cell, &'a Setting)> {
    page.cells
        .iter()
        .filter_map(|cell| Some((cell, cell.setting.as_ref()?)))
        .filter(move |(_, setting)| setting.name == name)
}

fn lines<'a>(page: &'a Page, name: &str) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    for (cell, _) in of_setting(page, name) {
        let (method, class) = (cell.method, cell.class.as_deref().unwrap_or_default());
        if !lines
            .iter()
            .any(|line| (line.method, line.class) == (method, class))
        {
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
            && cell.class.as_deref() == Some(line.class)
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
        let what = format!("{}, class {}", line.method, line.class);
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

fn draw(page: &Page, name: &str, path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let lines = lines(page, name);
    let values = values(page, name);
    let labels: Vec<String> = lines
        .iter()
        .map(|line| format!("{}, class {}", line.method, line.class))
        .collect();
    let points = |line: &Line, of: &str| -> Vec<SweepPoint> {
        let point = |setting: &&Setting| {
            let figure = figure(page, line, setting, of)?;
            Some(SweepPoint {
                x: setting.x,
                mean: figure.mean,
                deviation: figure.deviation.unwrap_or_default(),
            })
        };
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
