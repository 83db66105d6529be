//! A chart with two axes on a page.

use std::borrow::Cow;

use image::RgbImage;
use plotters::chart::ChartBuilder;
use plotters::coord::ranged1d::Ranged;

use super::axis::Axis;
use super::colour::{FAINT_INK, GRID, INK, PAPER};
use super::mark::Mark;
use super::oversampled::{self, Area, Drawn, OVERSAMPLING};
use super::page::{Align, BODY, Page, SMALL};
use super::stroke::thick;
use super::text;

/// A chart `width` x `height` pixels large, its axes' numbers and labels included.
pub(crate) struct Chart<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) x_label: &'a str,
    pub(crate) y_label: &'a str,
    /// Whether lines stand at the ticks of the x axis too.
    pub(crate) x_grid: bool,
    pub(crate) marks: Vec<Mark>,
}

/// Space around the inside of the axes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Borders {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) below: u32,
}

const ABOVE: u32 = 10;
const RIGHT: u32 = 14;
const TICK: u32 = 4;
/// Between two numbers on the x axis.
const LABEL_GAP: i32 = 6;

impl Chart<'_> {
    /// Draws the chart with its upper left corner at `left`, `top`.
    pub(crate) fn place(&self, page: &mut Page, left: u32, top: u32) {
        self.place_within(page, left, top, self.borders());
    }

    /// Like [`Chart::place`], with other borders than those the chart needs by itself.
    pub(crate) fn place_within(&self, page: &mut Page, left: u32, top: u32, borders: Borders) {
        match self.render(borders) {
            Ok(image) => page.paste(left, top, &image),
            Err(reason) => return page.fail(reason),
        }
        let (x0, x1) = (left + borders.left, left + self.width - borders.right);
        let (y0, y1) = self.rows(top, borders);
        page.fill(x0, y0, 1, y1 - y0 + 1, FAINT_INK);
        page.fill(x0, y1, x1 - x0 + 1, 1, FAINT_INK);
        self.number_x(page, (x0, x1), y1);
        for tick in self.y.ticks() {
            let y = self.y.map(&tick.value, (y1 as i32, y0 as i32)) as u32;
            page.fill(x0 - TICK, y, TICK, 1, FAINT_INK);
            page.text(
                x0 - TICK - 4,
                y - SMALL / 2,
                &tick.label,
                SMALL,
                INK,
                Align::Right,
            );
        }
        let across = text::fit(self.x_label, BODY, x1 - x0);
        let label_top = top + self.height - BODY - 4;
        page.text(
            x0 + (x1 - x0) / 2,
            label_top,
            &across,
            BODY,
            FAINT_INK,
            Align::Centre,
        );
        let upwards = text::fit(self.y_label, BODY, y1 - y0);
        page.text_upwards(left, y0 + (y1 - y0) / 2, &upwards, BODY, FAINT_INK);
    }

    /// The row of the page at which `y` stands in a chart placed at `top`.
    pub(crate) fn row(&self, y: f64, top: u32, borders: Borders) -> u32 {
        let (y0, y1) = self.rows(top, borders);
        self.y.map(&y, (y1 as i32, y0 as i32)) as u32
    }

    /// The first and the last row of the page inside the axes.
    pub(crate) fn rows(&self, top: u32, borders: Borders) -> (u32, u32) {
        (top + ABOVE, top + self.height - borders.below)
    }

    /// The ticks of the x axis and what is written there.
    fn number_x(&self, page: &mut Page, (x0, x1): (u32, u32), row: u32) {
        let ends = (x0 as i32, x1 as i32);
        for tick in self.x.ticks() {
            let x = self.x.map(&tick.value, ends) as u32;
            page.fill(x, row, 1, TICK + 1, FAINT_INK);
        }
        for (x, label) in self.x_numbers(ends) {
            let top = row + TICK + 3;
            page.text(x as u32, top, &label, SMALL, INK, Align::Centre);
        }
        if let Some(x) = self.x.broken_at(ends) {
            let x = x as u32;
            page.fill(x - 2, row, 5, 1, PAPER);
            for side in [x - 3, x + 3] {
                page.fill(side, row - TICK, 1, 2 * TICK + 1, FAINT_INK);
            }
        }
    }

    /// The numbers of the x axis with their centres, without those that would touch the one before. A long one at the end
    /// stays within the chart.
    fn x_numbers(&self, ends: (i32, i32)) -> Vec<(i32, Cow<'_, str>)> {
        let widest = self.x.widest_label(ends.0.abs_diff(ends.1));
        let mut free = i32::MIN;
        let mut numbers = Vec::new();
        for tick in self.x.ticks().iter().filter(|tick| !tick.label.is_empty()) {
            let label = text::fit(&tick.label, SMALL, widest);
            let half = text::width(&label, SMALL).div_ceil(2) as i32;
            let x = self.x.map(&tick.value, ends);
            let x = x.min(ends.1 + RIGHT as i32 - half);
            if x - half >= free {
                free = x + half + LABEL_GAP;
                numbers.push((x, label));
            }
        }
        numbers
    }

    /// The space that the numbers and the names of the axes need.
    pub(crate) fn borders(&self) -> Borders {
        let numbers = self
            .y
            .ticks()
            .iter()
            .map(|tick| text::width(&tick.label, SMALL));
        let widest = numbers.max().unwrap_or(0);
        let label = |label: &str| if label.is_empty() { 0 } else { BODY + 8 };
        Borders {
            left: widest + TICK + 6 + label(self.y_label),
            right: RIGHT,
            below: TICK + SMALL + 6 + label(self.x_label),
        }
    }

    /// The grid and the marks.
    fn render(&self, borders: Borders) -> Result<RgbImage, String> {
        oversampled::render(self.width, self.height, |area| self.draw(area, borders))
    }

    fn draw<'b>(&self, area: &Area<'b>, borders: Borders) -> Drawn<'b> {
        let mut chart = ChartBuilder::on(area)
            .margin_top(ABOVE * OVERSAMPLING)
            .margin_right(borders.right * OVERSAMPLING)
            .margin_left(borders.left * OVERSAMPLING)
            .margin_bottom(borders.below * OVERSAMPLING)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_axes().bold_line_style(thick(GRID, 1));
        if !self.x_grid {
            mesh.disable_x_mesh();
        }
        mesh.draw()?;
        let inside = chart.plotting_area();
        for mark in &self.marks {
            mark.draw(area, self.y.range(), |x, y| inside.map_coordinate(&(x, y)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::colour::{ANOMALOUS, Colour, NORMAL};
    use crate::chart::stroke::Stroke;

    fn count(image: &RgbImage, colour: Colour) -> usize {
        image.pixels().filter(|pixel| pixel.0 == colour).count()
    }

    fn chart(marks: Vec<Mark>) -> RgbImage {
        let chart = Chart {
            width: 200,
            height: 150,
            x: Axis::between(0.0, 10.0, 5),
            y: Axis::between(0.0, 1.0, 4),
            x_label: "epoch",
            y_label: "AUC",
            x_grid: true,
            marks,
        };
        chart.render(chart.borders()).unwrap()
    }

    #[test]
    fn bars_cover_their_share_of_the_area() {
        let half = chart(vec![Mark::Bars {
            bars: vec![(0.0, 10.0, 0.5)],
            colour: NORMAL,
            opacity: 1.0,
        }]);
        let whole = chart(vec![Mark::Bars {
            bars: vec![(0.0, 10.0, 1.0)],
            colour: NORMAL,
            opacity: 1.0,
        }]);
        let share = count(&half, NORMAL) as f64 / count(&whole, NORMAL) as f64;
        assert!((share - 0.5).abs() < 0.02, "{share}");
    }

    #[test]
    fn spans_reach_over_the_whole_height() {
        let span = |left, right| {
            chart(vec![Mark::Span {
                left,
                right,
                colour: ANOMALOUS,
                opacity: 1.0,
            }])
        };
        let whole = count(&span(0.0, 10.0), ANOMALOUS);
        let part = span(2.0, 4.5);
        let share = count(&part, ANOMALOUS) as f64 / whole as f64;
        assert!((share - 0.25).abs() < 0.02, "{share}");
        let rows = part
            .rows()
            .filter(|row| row.clone().any(|pixel| pixel.0 == ANOMALOUS))
            .count();
        // 150 pixels less those above the axes, and below them the ticks, their numbers and the axis's name.
        let all = 150 - (ABOVE + TICK + SMALL + 6 + BODY + 8) as usize;
        assert!(rows.abs_diff(all) <= 1, "{rows} of {all}");
        assert!(count(&span(5.0, 5.0), ANOMALOUS) >= 1);
    }

    #[test]
    fn lines_of_any_number_of_points_are_drawn() {
        for points in [
            vec![],
            vec![(5.0, 0.5)],
            vec![(5.0, 0.5); 3],
            vec![(0.0, 0.0), (20.0, 2.0)],
        ] {
            for stroke in [Stroke::Solid, Stroke::Dashed] {
                let image = chart(vec![Mark::Line {
                    points: points.clone(),
                    colour: ANOMALOUS,
                    stroke,
                    dots: true,
                    width: 2,
                }]);
                assert_eq!(count(&image, ANOMALOUS) > 0, !points.is_empty());
            }
        }
    }

    #[test]
    fn numbers_on_the_x_axis_never_touch() {
        let names = [
            "a name that is long",
            "another",
            "",
            "the last of these names",
        ];
        for (x, expected) in [
            (Axis::between(1_234_000.0, 1_234_010.0, 10), 2..6),
            (Axis::between(0.0, 10.0, 10), 11..12),
            (Axis::names(&names), 3..4),
            (Axis::logarithmic([0.0, 0.0002, 1.0].into_iter(), 10), 4..6),
        ] {
            let chart = Chart {
                width: 400,
                height: 150,
                x,
                y: Axis::between(0.0, 1.0, 4),
                x_label: "",
                y_label: "",
                x_grid: true,
                marks: Vec::new(),
            };
            let numbers = chart.x_numbers((30, 386));
            assert!(expected.contains(&numbers.len()), "{numbers:?}");
            for pair in numbers.windows(2) {
                let [left, right] = [&pair[0], &pair[1]]
                    .map(|(x, label)| (*x, text::width(label, SMALL) as i32 / 2));
                assert!(left.0 + left.1 < right.0 - right.1, "{numbers:?}");
            }
        }
    }
}
