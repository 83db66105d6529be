//! Lines, solid and dashed.

use plotters::element::{Circle, DashedPathElement, PathElement};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::colour::Colour;
use super::oversampled::{Area, Drawn, OVERSAMPLING};

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Stroke {
    Solid,
    Dashed,
}

impl Stroke {
    /// Draws a line through points of the area, `width` pixels wide once averaged down.
    pub(crate) fn draw<'a>(
        self,
        area: &Area<'a>,
        path: &[(i32, i32)],
        colour: Colour,
        width: u32,
    ) -> Drawn<'a> {
        let style = thick(colour, width);
        if self == Self::Dashed {
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
}

/// A colour as plotters takes it.
pub(crate) fn rgb([red, green, blue]: Colour) -> RGBColor {
    RGBColor(red, green, blue)
}

/// The style of lines `width` pixels wide once averaged down.
pub(crate) fn thick(colour: Colour, width: u32) -> ShapeStyle {
    rgb(colour).stroke_width(width * OVERSAMPLING)
}
