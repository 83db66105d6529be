//! The heat colours beside error maps, with numbers.

use super::axis::Axis;
use super::colour::{FAINT_INK, INK, RULE, heat};
use super::page::{Align, Page, SMALL};
use super::text;

const COLOUR_BAR: u32 = 16;

/// Width of the colours and the numbers beside them.
pub(crate) fn width(scale: &Axis) -> u32 {
    let numbers = scale
        .ticks()
        .iter()
        .map(|tick| text::width(&tick.label, SMALL));
    COLOUR_BAR + 8 + numbers.max().unwrap_or(0)
}

/// Draws the scale of error maps from 0 to `largest`, with its upper left corner at `left`, `top`.
pub(crate) fn draw(page: &mut Page, left: u32, top: u32, height: u32, scale: &Axis, largest: f32) {
    page.fill(left - 1, top - 1, COLOUR_BAR + 2, height + 2, RULE);
    let steps = height.saturating_sub(1).max(1);
    for y in 0..height {
        let share = 1.0 - y as f32 / steps as f32;
        page.fill(left, top + y, COLOUR_BAR, 1, heat(share));
    }
    for tick in scale.ticks() {
        let share = (tick.value / f64::from(largest)).clamp(0.0, 1.0);
        let y = top + ((1.0 - share) * f64::from(steps)).round() as u32;
        page.fill(left + COLOUR_BAR + 1, y, 4, 1, FAINT_INK);
        let x = left + COLOUR_BAR + 8;
        page.text(
            x,
            y.saturating_sub(SMALL / 2),
            &tick.label,
            SMALL,
            INK,
            Align::Left,
        );
    }
}
