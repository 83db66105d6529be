//! What is drawn inside the axes of a chart.

use std::ops::Range;

use plotters::element::{Circle, ErrorBar, Rectangle};
use plotters::style::Color;

use super::colour::Colour;
use super::marker::Marker;
use super::oversampled::{Area, Drawn, OVERSAMPLING};
use super::stroke::{Stroke, rgb, thick};

/// The width of the caps of an error bar, in pixels of the area. Plotters also draws a disc of this width at its middle;
/// that of a wider one would show behind the smallest marker.
const CAPS: u32 = 7 * OVERSAMPLING;

/// Something drawn inside the axes. Values must be finite.
pub(crate) enum Mark {
    /// A line through points, with a dot on each where `dots` is set.
    Line {
        points: Vec<(f64, f64)>,
        colour: Colour,
        stroke: Stroke,
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
    /// A shape at each point.
    Points {
        points: Vec<(f64, f64)>,
        colour: Colour,
        marker: Marker,
    },
    /// Upright lines `(x, low, high)` with a cap at both ends.
    ErrorBars {
        bars: Vec<(f64, f64, f64)>,
        colour: Colour,
    },
}

impl Mark {
    /// Draws the mark; `place` says where in the area a point of the axes is, `y` is the range of the y axis.
    pub(crate) fn draw<'a>(
        &self,
        area: &Area<'a>,
        y: Range<f64>,
        place: impl Fn(f64, f64) -> (i32, i32),
    ) -> Drawn<'a> {
        match self {
            Self::Bars {
                bars,
                colour,
                opacity,
            } => {
                let style = rgb(*colour).mix(*opacity).filled();
                for &(from, to, height) in bars.iter().filter(|bar| bar.2 > 0.0) {
                    let (left, top) = place(from, height);
                    let (right, bottom) = place(to, 0.0);
                    let right = right.max(left + OVERSAMPLING as i32);
                    area.draw(&Rectangle::new([(left, top), (right, bottom)], style))?;
                }
            }
            Self::Span {
                left,
                right,
                colour,
                opacity,
            } => {
                let (left, top) = place(*left, y.end);
                let (right, bottom) = place(*right, y.start);
                let right = right.max(left + OVERSAMPLING as i32);
                let style = rgb(*colour).mix(*opacity).filled();
                area.draw(&Rectangle::new([(left, top), (right, bottom)], style))?;
            }
            Self::Line {
                points,
                colour,
                stroke,
                dots,
                width,
            } => {
                let mut path: Vec<(i32, i32)> =
                    points.iter().map(|point| place(point.0, point.1)).collect();
                if *dots {
                    for &point in &path {
                        let size = 3 * OVERSAMPLING;
                        area.draw(&Circle::new(point, size, rgb(*colour).filled()))?;
                    }
                }
                path.dedup();
                stroke.draw(area, &path, *colour, *width)?;
            }
            Self::Points {
                points,
                colour,
                marker,
            } => {
                for point in points {
                    marker.draw(area, place(point.0, point.1), *colour)?;
                }
            }
            Self::ErrorBars { bars, colour } => {
                let style = thick(*colour, 1).filled();
                for &(x, low, high) in bars {
                    let ((x, bottom), (_, top)) = (place(x, low), place(x, high));
                    let middle = (bottom + top) / 2;
                    area.draw(&ErrorBar::new_vertical(x, bottom, middle, top, style, CAPS))?;
                }
            }
        }
        Ok(())
    }
}
