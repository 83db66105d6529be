use std::ops::Range;
use std::path::Path;

use plotters::coord::ranged1d::Ranged;

use super::axis::SweepAxis;
use super::check::check;
use super::panel::{SweepPanel, SweepPoint, SweepSeries, labels};
use super::references;
use crate::chart::axis::Axis;
use crate::chart::cartesian::{Borders, Chart};
use crate::chart::colour::FAINT_INK;
use crate::chart::legend::{self, Entry, Swatch};
use crate::chart::mark::Mark;
use crate::chart::page::{BODY, HEADER, MARGIN, Page};
use crate::chart::series_style::SeriesStyle;
use crate::chart::stroke::Stroke;
use crate::error::PictureError;

const WIDTH: u32 = 800;
/// Height of a chart that stands alone, and of each of several, without the name of the x axis.
const HEIGHT: u32 = 380;
const SHARED_HEIGHT: u32 = 260;
const AXIS_NAME: u32 = BODY + 8;
const PANEL_GAP: u32 = 14;
const MOST_TICKS: usize = 10;
/// The share of a name's slot over which its series stand, and the most that two of them are apart.
const SLOT: f64 = 0.6;
const MOST_APART: f64 = 0.12;

/// Figures against a setting, such as AUC over the memory size: one panel a figure, one below the other on the same
/// x axis, with error bars and the published figures as dashed lines.
///
/// ```
/// use memae_pictures::{
///     SweepAxis, SweepPanel, SweepPicture, SweepPoint, SweepReference, SweepSeries,
/// };
///
/// let point = |x, mean, deviation| SweepPoint { x, mean, deviation };
/// let auc = [point(10.0, 0.94, 0.01), point(100.0, 0.97, 0.005), point(1000.0, 0.97, 0.004)];
/// let folder = tempfile::tempdir()?;
/// let picture = SweepPicture {
///     title: "MNIST: memory size",
///     note: "mean and standard deviation over 3 seeds",
///     x_label: "memory size N",
///     x: SweepAxis::Logarithmic,
///     panels: &[SweepPanel {
///         y_label: "AUC",
///         series: &[SweepSeries { label: "MemAE", points: &auc }],
///         references: &[SweepReference { label: "paper .9751", value: 0.9751 }],
///     }],
/// };
/// picture.save(folder.path().join("memory_size.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct SweepPicture<'a> {
    /// The line on top.
    pub title: &'a str,
    /// The line below it, such as what the error bars span; may be empty.
    pub note: &'a str,
    /// The name of the setting.
    pub x_label: &'a str,
    /// How the settings are spread.
    pub x: SweepAxis<'a>,
    /// The charts from top to bottom, at most 4; at most 14 series in all, those of the same label counted once.
    pub panels: &'a [SweepPanel<'a>],
}

impl SweepPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If there are no panels, a panel has no series or a series no points; a number is not finite, a deviation is
    /// negative, or an x is not on the axis (0 or less where it is logarithmic, no name's number where it has names);
    /// there are more panels, series, names or reference lines than can be told apart, or two series of one label in
    /// a panel; or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        check(file, self.x, self.panels)?;
        self.draw().save(file)
    }

    fn draw(&self) -> Page {
        let entries = self.entries();
        let top = MARGIN + HEADER + legend::height(&entries, WIDTH) + 6;
        let charts = self.charts();
        let heights = charts.iter().map(|chart| chart.height + PANEL_GAP);
        let page_height = top + heights.sum::<u32>() - PANEL_GAP + MARGIN;
        let mut page = Page::new(WIDTH + 2 * MARGIN, page_height);
        page.header(self.title, self.note);
        legend::draw(&mut page, &entries, MARGIN, MARGIN + HEADER, WIDTH);
        let numbers = charts.iter().map(|chart| chart.borders().left).max();
        let references = references::width(self.panels);
        let mut top = top;
        for (panel, chart) in self.panels.iter().zip(&charts) {
            // The panels share their left and right ends, so that equal settings stand below each other.
            let own = chart.borders();
            let borders = Borders {
                left: numbers.unwrap_or(own.left),
                right: own.right.max(references),
                ..own
            };
            chart.place_within(&mut page, MARGIN, top, borders);
            references::label(&mut page, panel.references, chart, (MARGIN, top), borders);
            top += chart.height + PANEL_GAP;
        }
        page
    }

    fn charts(&self) -> Vec<Chart<'_>> {
        let x = self.x_axis();
        let height = match self.panels.len() {
            1 => HEIGHT,
            _ => SHARED_HEIGHT,
        };
        let chart = |(at, panel): (usize, &SweepPanel<'_>)| {
            let lowest = at + 1 == self.panels.len();
            Chart {
                width: WIDTH,
                height: height + if lowest { AXIS_NAME } else { 0 },
                marks: self.marks(panel, &x),
                x: x.clone(),
                y: y_axis(panel),
                x_label: if lowest { self.x_label } else { "" },
                y_label: self.panels[at].y_label,
                x_grid: !self.has_names(),
            }
        };
        self.panels.iter().enumerate().map(chart).collect()
    }

    fn x_axis(&self) -> Axis {
        let series = self.panels.iter().flat_map(|panel| panel.series);
        let settings = series.flat_map(|series| series.points).map(|point| point.x);
        match self.x {
            SweepAxis::Linear => Axis::with_room(settings, MOST_TICKS),
            SweepAxis::Logarithmic | SweepAxis::LogarithmicFromZero => {
                Axis::logarithmic(settings, MOST_TICKS)
            }
            SweepAxis::Names(names) => Axis::names(names),
        }
    }

    /// The reference lines, over them the lines of all series, over them their error bars and points.
    fn marks(&self, panel: &SweepPanel, x: &Axis) -> Vec<Mark> {
        let Range { start, end } = x.range();
        let mut marks: Vec<Mark> = panel
            .references
            .iter()
            .map(|reference| Mark::Line {
                points: vec![(start, reference.value), (end, reference.value)],
                colour: FAINT_INK,
                stroke: Stroke::Dashed,
                dots: false,
                width: 1,
            })
            .collect();
        let (mut bars, mut points) = (Vec::new(), Vec::new());
        for (at, series) in panel.series.iter().enumerate() {
            let style = self.style(series.label);
            let sorted = self.sorted(series, self.shift(at, panel.series.len()));
            if !self.has_names() {
                marks.extend(lines(&sorted, self.x, style));
            }
            let spread = sorted.iter().filter(|point| point.deviation > 0.0);
            bars.push(Mark::ErrorBars {
                bars: spread
                    .map(|point| (point.x, point.low(), point.high()))
                    .collect(),
                colour: style.colour,
            });
            points.push(Mark::Points {
                points: sorted.iter().map(|point| (point.x, point.mean)).collect(),
                colour: style.colour,
                marker: style.marker,
            });
        }
        marks.extend(bars);
        marks.extend(points);
        marks
    }

    /// The points of a series by ascending x, moved right by `shift`.
    fn sorted(&self, series: &SweepSeries, shift: f64) -> Vec<SweepPoint> {
        let mut points = series.points.to_vec();
        points.sort_by(|one, other| one.x.total_cmp(&other.x));
        for point in &mut points {
            point.x += shift;
        }
        points
    }

    /// How far right of a name the `at`-th of `count` series stands; numbers are never moved.
    fn shift(&self, at: usize, count: usize) -> f64 {
        if !self.has_names() {
            return 0.0;
        }
        let apart = (SLOT / count as f64).min(MOST_APART);
        (at as f64 - (count - 1) as f64 / 2.0) * apart
    }

    fn style(&self, label: &str) -> SeriesStyle {
        let at = labels(self.panels).iter().position(|known| *known == label);
        SeriesStyle::new(at.unwrap_or(0))
    }

    fn entries(&self) -> Vec<Entry> {
        let entry = |label: &str| {
            let style = self.style(label);
            Entry {
                text: label.to_string(),
                colour: style.colour,
                swatch: Swatch::Point {
                    marker: style.marker,
                    line: (!self.has_names()).then_some(style.stroke),
                },
            }
        };
        labels(self.panels).into_iter().map(entry).collect()
    }

    fn has_names(&self) -> bool {
        matches!(self.x, SweepAxis::Names(_))
    }
}

fn y_axis(panel: &SweepPanel) -> Axis {
    let points = panel.series.iter().flat_map(|series| series.points);
    let ends = points.flat_map(|point| [point.low(), point.high()]);
    let references = panel.references.iter().map(|reference| reference.value);
    Axis::around(ends.chain(references), 8)
}

/// The line through `points`, which are in order; dashed from a 0 that has a place of its own.
fn lines(points: &[SweepPoint], x: SweepAxis, style: SeriesStyle) -> Vec<Mark> {
    let line = |points: &[SweepPoint], stroke: Stroke| Mark::Line {
        points: points.iter().map(|point| (point.x, point.mean)).collect(),
        colour: style.colour,
        stroke,
        dots: false,
        width: 2,
    };
    match points {
        [zero, above, ..] if x == SweepAxis::LogarithmicFromZero && zero.x == 0.0 => vec![
            line(&[*zero, *above], Stroke::Dashed),
            line(&points[1..], style.stroke),
        ],
        _ => vec![line(points, style.stroke)],
    }
}

#[cfg(test)]
mod tests;
