//! Legends: swatches with names, in as many rows as they need.

use super::colour::{Colour, INK, PAPER, mix};
use super::marker::Marker;
use super::oversampled::{OVERSAMPLING, render};
use super::page::{Align, BODY, Page};
use super::series_style::SeriesStyle;
use super::stroke::Stroke;
use super::text;

/// The sign before a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Swatch {
    Line(Stroke),
    ThinDashes,
    Area,
    /// A patch of the colour alone.
    Shade,
    /// A point of a series, on its line where it has one.
    Point {
        marker: Marker,
        line: Option<Stroke>,
    },
}

impl Swatch {
    fn width(self) -> u32 {
        match self {
            Self::Point { line: Some(_), .. } => POINT_SIGN,
            _ => SIGN,
        }
    }
}

/// One name.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) text: String,
    pub(crate) colour: Colour,
    pub(crate) swatch: Swatch,
}

impl Entry {
    /// The name of the series that is the `at`-th to appear, with its line.
    pub(crate) fn series(text: String, at: usize) -> Self {
        let SeriesStyle { colour, stroke, .. } = SeriesStyle::new(at);
        Self {
            text,
            colour,
            swatch: Swatch::Line(stroke),
        }
    }
}

const ROW: u32 = BODY + 8;
const SIGN: u32 = 26;
/// Wide enough for a line on both sides of a point.
const POINT_SIGN: u32 = 46;
const SPACE: u32 = 24;

/// Height of the legend in `width` pixels.
pub(crate) fn height(entries: &[Entry], width: u32) -> u32 {
    places(entries, width)
        .last()
        .map_or(0, |&(_, row)| (row + 1) * ROW)
}

/// Draws the legend with its upper left corner at `left`, `top`.
pub(crate) fn draw(page: &mut Page, entries: &[Entry], left: u32, top: u32, width: u32) {
    for (entry, (shift, row)) in entries.iter().zip(places(entries, width)) {
        let (x, y) = (left + shift, top + row * ROW);
        let middle = y + BODY / 2;
        match entry.swatch {
            Swatch::Line(Stroke::Solid) => page.fill(x, middle, SIGN, 3, entry.colour),
            Swatch::Line(Stroke::Dashed) => dashes(page, x, middle, 3, entry.colour),
            Swatch::ThinDashes => dashes(page, x, middle, 1, entry.colour),
            Swatch::Shade => page.fill(x, y + 1, SIGN, SIGN - 10, entry.colour),
            Swatch::Area => {
                page.fill(x + 6, y + 1, SIGN - 10, SIGN - 10, entry.colour);
                let inside = mix(PAPER, entry.colour, 0.45);
                page.fill(x + 8, y + 3, SIGN - 14, SIGN - 14, inside);
            }
            Swatch::Point { marker, line } => {
                let width = entry.swatch.width();
                let place = |x: u32| ((x * OVERSAMPLING) as i32, (ROW / 2 * OVERSAMPLING) as i32);
                let sign = render(width, ROW, |area| {
                    if let Some(stroke) = line {
                        let ends = [place(1), place(width - 1)];
                        stroke.draw(area, &ends, entry.colour, 2)?;
                    }
                    marker.draw(area, place(width / 2), entry.colour)
                });
                match sign {
                    Ok(sign) => page.paste(x, middle + 1 - ROW / 2, &sign),
                    Err(reason) => page.fail(reason),
                }
            }
        }
        let start = entry.swatch.width() + 8;
        let widest = width.saturating_sub(start);
        let name = text::fit(&entry.text, BODY, widest);
        page.text(x + start, y, &name, BODY, INK, Align::Left);
    }
}

fn dashes(page: &mut Page, left: u32, top: u32, thick: u32, colour: Colour) {
    for dash in 0..3 {
        page.fill(left + dash * 10, top, 6, thick, colour);
    }
}

/// How far from the left, and in which row, each entry stands.
fn places(entries: &[Entry], width: u32) -> Vec<(u32, u32)> {
    let (mut shift, mut row) = (0, 0);
    entries
        .iter()
        .map(|entry| {
            let needed = (entry.swatch.width() + 8 + text::width(&entry.text, BODY)).min(width);
            if shift > 0 && shift + needed > width {
                shift = 0;
                row += 1;
            }
            let place = (shift, row);
            shift += needed + SPACE;
            place
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_do_not_fit_start_a_row() {
        let entries: Vec<Entry> = (0..9)
            .map(|number| Entry {
                text: format!("model number {number}"),
                colour: INK,
                swatch: Swatch::Line(Stroke::Solid),
            })
            .collect();
        let places = places(&entries, 400);
        assert!(places.iter().all(|&(shift, _)| shift < 400));
        assert!(places.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        assert_eq!(height(&entries, 400), (places[8].1 + 1) * ROW);
        assert_eq!(height(&[], 400), 0);
        assert_eq!(height(&entries, 10), 9 * ROW);
    }
}
