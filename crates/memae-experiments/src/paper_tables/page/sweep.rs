use std::path::Path;

use memae_pictures::{PictureError, SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepSeries};

use crate::paper_tables::plan::Setting;
use crate::paper_tables::table::TableView;
use crate::paper_tables::table::settings::{ACTIVE_ITEMS, Line, figure, lines, values};

/// Draws the figures and the active items along a setting.
pub(super) fn draw(view: &TableView, name: &str, path: &Path) -> Result<(), PictureError> {
    let lines = lines(view, name);
    let values = values(view, name);
    let labels: Vec<String> = lines.iter().map(Line::name).collect();
    let points = |line: &Line, of: &str| -> Vec<SweepPoint> {
        let point = |setting: &&Setting| Some(figure(view, line, setting, of)?.point(setting.x));
        values.iter().filter_map(point).collect()
    };
    let all_points = |of| lines.iter().map(|line| points(line, of)).collect();
    let figures: Vec<Vec<SweepPoint>> = all_points(view.table.figure());
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
        title: view.table.title(),
        note: "mean and standard deviation over the seeds",
        x_label: name,
        x: axis,
        panels: &[
            SweepPanel {
                y_label: view.table.figure(),
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
    .save(path)
}

fn series<'a>(labels: &'a [String], points: &'a [Vec<SweepPoint>]) -> Vec<SweepSeries<'a>> {
    let series = labels.iter().zip(points);
    series
        .map(|(label, points)| SweepSeries { label, points })
        .collect()
}
