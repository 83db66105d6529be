use std::collections::HashSet;
use std::path::Path;

use super::axis::SweepAxis;
use super::panel::{SweepPanel, SweepPoint, labels};
use crate::chart::series_style::SeriesStyle;
use crate::error::{PictureError, check_most, check_some};

const MOST_PANELS: usize = 4;
const MOST_NAMES: usize = 20;
/// Their labels, one below the other, are lower than a panel.
const MOST_REFERENCES: usize = 8;
/// A mean and a deviation up to this can be added and drawn.
const LARGEST: f64 = 1e299;
const FINITE: &str = "a finite number (up to 1e299 in size)";

/// Checks that what a sweep shows can be drawn and told apart.
pub(super) fn check(file: &Path, x: SweepAxis, panels: &[SweepPanel]) -> Result<(), PictureError> {
    check_some(file, "panels", panels.len())?;
    check_most(file, "panels", panels.len(), MOST_PANELS)?;
    if let SweepAxis::Names(names) = x {
        check_some(file, "names", names.len())?;
        check_most(file, "names", names.len(), MOST_NAMES)?;
    }
    check_most(file, "series", labels(panels).len(), SeriesStyle::MOST)?;
    for (at, panel) in panels.iter().enumerate() {
        let panel_name = format!("panel {at} ({:?})", panel.y_label);
        check_any(file, &format!("series of {panel_name}"), panel.series.len())?;
        let mut labels = HashSet::new();
        for series in panel.series {
            if !labels.insert(series.label) {
                return Err(PictureError::Mismatch {
                    file: file.to_path_buf(),
                    what: format!("series of {panel_name}"),
                    found: format!("{:?} twice", series.label),
                    expected: "a label of its own for each".to_string(),
                });
            }
            let series_name = format!("{:?} in {panel_name}", series.label);
            check_any(
                file,
                &format!("points of {series_name}"),
                series.points.len(),
            )?;
            for (at, point) in series.points.iter().enumerate() {
                let point_name = format!("point {at} of {series_name}");
                check_point(file, x, point, &point_name)?;
            }
        }
        let what = format!("reference lines of {panel_name}");
        check_most(file, &what, panel.references.len(), MOST_REFERENCES)?;
        for reference in panel.references {
            let what = || {
                format!(
                    "value of reference line {:?} in {panel_name}",
                    reference.label
                )
            };
            check_number(file, what, reference.value, finite, FINITE)?;
        }
    }
    Ok(())
}

fn check_point(
    file: &Path,
    x: SweepAxis,
    point: &SweepPoint,
    name: &str,
) -> Result<(), PictureError> {
    let check = |what: &str, number, fits: fn(f64) -> bool, expected| {
        check_number(file, || format!("{what} of {name}"), number, fits, expected)
    };
    check("x", point.x, finite, FINITE)?;
    match x {
        SweepAxis::Linear => {}
        SweepAxis::Logarithmic => {
            let expected = "a number above 0 (the axis is logarithmic)";
            check("x", point.x, |x| x > 0.0, expected)?;
        }
        SweepAxis::LogarithmicFromZero => {
            let expected = "0 or more (the axis is logarithmic)";
            check("x", point.x, |x| x >= 0.0, expected)?;
        }
        SweepAxis::Names(names) => {
            if !(0..names.len()).any(|name| name as f64 == point.x) {
                return Err(PictureError::Mismatch {
                    file: file.to_path_buf(),
                    what: format!("x of {name}"),
                    found: format!("{:?}", point.x),
                    expected: format!("a whole number from 0 to {}", names.len() - 1),
                });
            }
        }
    }
    check("mean", point.mean, finite, FINITE)?;
    check("deviation", point.deviation, finite, FINITE)?;
    check(
        "deviation",
        point.deviation,
        |size| size >= 0.0,
        "0 or more",
    )
}

fn finite(number: f64) -> bool {
    number.abs() <= LARGEST
}

fn check_number(
    file: &Path,
    what: impl FnOnce() -> String,
    found: f64,
    fits: fn(f64) -> bool,
    expected: &'static str,
) -> Result<(), PictureError> {
    if fits(found) {
        return Ok(());
    }
    Err(PictureError::Number {
        file: file.to_path_buf(),
        what: what(),
        found,
        expected,
    })
}

fn check_any(file: &Path, what: &str, count: usize) -> Result<(), PictureError> {
    if count > 0 {
        return Ok(());
    }
    Err(PictureError::Mismatch {
        file: file.to_path_buf(),
        what: what.to_string(),
        found: "none".to_string(),
        expected: "at least one".to_string(),
    })
}
