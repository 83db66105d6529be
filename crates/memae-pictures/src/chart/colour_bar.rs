//! The heat colours beside error maps, with numbers.

use super::axis::Axis;
use super::colour::{FAINT_INK, INK, RULE, heat};
use super::page::{Align, Page, SMALL};
use super::text;

const COLOUR_BAR: u32 = 16;

/// The heat colours from 0 to `largest`, the numbers of `scale` beside them.
pub(crate) struct ColourBar<'a> {
    pub(crate) scale: &'a Axis,
    pub(crate) largest: f32,
    /// How much larger than usual everything is.
    pub(crate) enlarged: f64,
}

impl<'a> ColourBar<'a> {
    /// A bar of the usual size.
    pub(crate) fn new(scale: &'a Axis, largest: f32) -> Self {
        Self {
            scale,
            largest,
            enlarged: 1.0,
        }
    }

    /// Width of the colours and the numbers beside them.
    pub(crate) fn width(&self) -> u32 {
        let ticks = self.scale.ticks().iter();
        let numbers = ticks.map(|tick| text::width(&tick.label, self.pixels(SMALL)));
        self.pixels(COLOUR_BAR + 8) + numbers.max().unwrap_or(0)
    }

    /// Width of the colours alone.
    pub(crate) fn colours(&self) -> u32 {
        self.pixels(COLOUR_BAR)
    }

    /// How far from its top a bar of this height has a value.
    pub(crate) fn place(&self, height: u32, value: f64) -> u32 {
        let share = (value / f64::from(self.largest)).clamp(0.0, 1.0);
        ((1.0 - share) * f64::from(steps(height))).round() as u32
    }

    /// Draws the bar with its upper left corner at `left`, `top`.
    pub(crate) fn draw(&self, page: &mut Page, left: u32, top: u32, height: u32) {
        let width = self.colours();
        page.fill(left - 1, top - 1, width + 2, height + 2, RULE);
        for y in 0..height {
            let share = 1.0 - y as f32 / steps(height) as f32;
            page.fill(left, top + y, width, 1, heat(share));
        }
        let size = self.pixels(SMALL);
        for tick in self.scale.ticks() {
            let y = top + self.place(height, tick.value);
            let mark = self.pixels(1);
            page.fill(left + width + 1, y, self.pixels(4), mark, FAINT_INK);
            let x = left + self.pixels(COLOUR_BAR + 8);
            let text_top = y.saturating_sub(size / 2);
            page.text(x, text_top, &tick.label, size, INK, Align::Left);
        }
    }

    fn pixels(&self, usual: u32) -> u32 {
        (f64::from(usual) * self.enlarged).round() as u32
    }
}

fn steps(height: u32) -> u32 {
    height.saturating_sub(1).max(1)
}
