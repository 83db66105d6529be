//! A chart with two axes, drawn larger by plotters and averaged down onto a page.

use std::ops::Range;

use image::{Rgb, RgbImage};
use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::coord::ranged1d::Ranged;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::axis::Axis;
use super::colour::{Colour, FAINT_INK, GRID, INK, PAPER};
use super::page::{Align, BODY, Page, SMALL};
use super::text;

/// Charts are drawn this many times larger, so that their lines and letters come out smooth.
const OVERSAMPLING: u32 = 3;

/// Something drawn inside the axes. Values must be finite.
pub(super) enum Mark {
    /// A line through points, with a dot on each where `dots` is set.
    Line {
        points: Vec<(f64, f64)>,
        colour: Colour,
        dashed: bool,
        dots: bool,
        width: u32,
    },
    /// Rectangles `(left, right, height)` that stand on 0, `opacity` in [0, 1].
    Bars {
        bars: Vec<(f64, f64, f64)>,
        colour: Colour,
        opacity: f64,
    },
    /// Shade from `left` to `right` over the whole height of the chart, `opacity` in [0, 1].
    Span {
        left: f64,
        right: f64,
        colour: Colour,
        opacity: f64,
    },
}

/// A chart `width` x `height` pixels large, its axes' numbers and labels included.
pub(super) struct Chart<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) x_label: &'a str,
    pub(super) y_label: &'a str,
    /// Whether lines stand at the ticks of the x axis too.
    pub(super) x_grid: bool,
    pub(super) marks: Vec<Mark>,
}

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
type Drawn<'a> = Result<(), DrawingAreaErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>>;

/// Space around the inside of the axes.
struct Borders {
    left: u32,
    below: u32,
}

const ABOVE: u32 = 10;
const RIGHT: u32 = 14;
const TICK: u32 = 4;

impl Chart<'_> {
    /// Draws the chart with its upper left corner at `left`, `top`.
    pub(super) fn place(&self, page: &mut Page, left: u32, top: u32) {
        let borders = self.borders();
        match self.render(&borders) {
            Ok(image) => page.paste(left, top, &image),
            Err(reason) => return page.fail(reason),
        }
        let (x0, x1) = (left + borders.left, left + self.width - RIGHT);
        let (y0, y1) = (top + ABOVE, top + self.height - borders.below);
        page.fill(x0, y0, 1, y1 - y0 + 1, FAINT_INK);
        page.fill(x0, y1, x1 - x0 + 1, 1, FAINT_INK);
        for &tick in self.x.ticks() {
            let x = self.x.map(&tick, (x0 as i32, x1 as i32)) as u32;
            page.fill(x, y1, 1, TICK + 1, FAINT_INK);
            page.text(
                x,
                y1 + TICK + 3,
                &self.x.label(tick),
                SMALL,
                INK,
                Align::Centre,
            );
        }
        for &tick in self.y.ticks() {
            let y = self.y.map(&tick, (y1 as i32, y0 as i32)) as u32;
            page.fill(x0 - TICK, y, TICK, 1, FAINT_INK);
            let label = self.y.label(tick);
            page.text(
                x0 - TICK - 4,
                y - SMALL / 2,
                &label,
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

    fn borders(&self) -> Borders {
        let numbers = self
            .y
            .ticks()
            .iter()
            .map(|&tick| text::width(&self.y.label(tick), SMALL));
        let widest = numbers.max().unwrap_or(0);
        let label = |label: &str| if label.is_empty() { 0 } else { BODY + 8 };
        Borders {
            left: widest + TICK + 6 + label(self.y_label),
            below: TICK + SMALL + 6 + label(self.x_label),
        }
    }

    /// The grid and the marks.
    fn render(&self, borders: &Borders) -> Result<RgbImage, String> {
        let (width, height) = (self.width * OVERSAMPLING, self.height * OVERSAMPLING);
        let mut pixels = vec![255u8; width as usize * height as usize * 3];
        {
            let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
            self.draw(&area, borders)
                .map_err(|error| format!("chart: {error}"))?;
        }
        Ok(average(&pixels, self.width, self.height))
    }

    fn draw<'b>(&self, area: &Area<'b>, borders: &Borders) -> Drawn<'b> {
        area.fill(&rgb(PAPER))?;
        let mut chart = ChartBuilder::on(area)
            .margin_top(ABOVE * OVERSAMPLING)
            .margin_right(RIGHT * OVERSAMPLING)
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
            match mark {
                Mark::Bars {
                    bars,
                    colour,
                    opacity,
                } => {
                    let style = rgb(*colour).mix(*opacity).filled();
                    for &(from, to, height) in bars.iter().filter(|bar| bar.2 > 0.0) {
                        let (left, top) = inside.map_coordinate(&(from, height));
                        let (right, bottom) = inside.map_coordinate(&(to, 0.0));
                        let right = right.max(left + OVERSAMPLING as i32);
                        area.draw(&Rectangle::new([(left, top), (right, bottom)], style))?;
                    }
                }
                Mark::Span {
                    left,
                    right,
                    colour,
                    opacity,
                } => {
                    let Range { start, end } = self.y.range();
                    let (left, top) = inside.map_coordinate(&(*left, end));
                    let (right, bottom) = inside.map_coordinate(&(*right, start));
                    let right = right.max(left + OVERSAMPLING as i32);
                    let style = rgb(*colour).mix(*opacity).filled();
                    area.draw(&Rectangle::new([(left, top), (right, bottom)], style))?;
                }
                Mark::Line {
                    points,
                    colour,
                    dashed,
                    dots,
                    width,
                } => {
                    let mut path: Vec<(i32, i32)> = points
                        .iter()
                        .map(|point| inside.map_coordinate(point))
                        .collect();
                    if *dots {
                        for &point in &path {
                            let size = 3 * OVERSAMPLING;
                            area.draw(&Circle::new(point, size, rgb(*colour).filled()))?;
                        }
                    }
                    path.dedup();
                    draw_line(area, &path, *colour, *dashed, *width)?;
                }
            }
        }
        Ok(())
    }
}

fn draw_line<'b>(
    area: &Area<'b>,
    path: &[(i32, i32)],
    colour: Colour,
    dashed: bool,
    width: u32,
) -> Drawn<'b> {
    let style = thick(colour, width);
    if dashed {
        let (dash, space) = (7 * OVERSAMPLING, 5 * OVERSAMPLING);
        return area.draw(&DashedPathElement::new(path.to_vec(), dash, space, style));
    }
    for pair in path.windows(2) {
        area.draw(&PathElement::new(pair.to_vec(), style))?;
    }
    // Round joints, so that steep turns have no notches.
    for &point in path {
        area.draw(&Circle::new(
            point,
            width * OVERSAMPLING / 2,
            rgb(colour).filled(),
        ))?;
    }
    Ok(())
}

fn rgb([red, green, blue]: Colour) -> RGBColor {
    RGBColor(red, green, blue)
}

fn thick(colour: Colour, width: u32) -> ShapeStyle {
    rgb(colour).stroke_width(width * OVERSAMPLING)
}

/// The mean over each block of pixels.
fn average(pixels: &[u8], width: u32, height: u32) -> RgbImage {
    let row = (width * OVERSAMPLING * 3) as usize;
    let area = OVERSAMPLING * OVERSAMPLING;
    RgbImage::from_fn(width, height, |x, y| {
        let mut sums = [0u32; 3];
        for dy in 0..OVERSAMPLING {
            let start = (y * OVERSAMPLING + dy) as usize * row + (x * OVERSAMPLING * 3) as usize;
            for pixel in pixels[start..start + (OVERSAMPLING * 3) as usize].chunks_exact(3) {
                for (sum, &value) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(value);
                }
            }
        }
        Rgb(sums.map(|sum| ((sum + area / 2) / area) as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::colour::{ANOMALOUS, NORMAL};

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
        chart.render(&chart.borders()).unwrap()
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
            for dashed in [false, true] {
                let image = chart(vec![Mark::Line {
                    points: points.clone(),
                    colour: ANOMALOUS,
                    dashed,
                    dots: true,
                    width: 2,
                }]);
                assert_eq!(count(&image, ANOMALOUS) > 0, !points.is_empty());
            }
        }
    }

    #[test]
    fn blocks_are_averaged() {
        let mut pixels = vec![0u8; 27];
        pixels[0] = 255;
        assert_eq!(average(&pixels, 1, 1).get_pixel(0, 0).0, [28, 0, 0]);
    }
}
