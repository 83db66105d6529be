//! Signs that tell the points of one series from those of another without colour.

use plotters::element::{Circle, Polygon};
use plotters::style::Color;

use super::colour::{Colour, PAPER};
use super::oversampled::{Area, Drawn, OVERSAMPLING};
use super::stroke::rgb;

/// The shape of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    /// A triangle that stands on its tip.
    Wedge,
}

/// One a series; their number has no factor in common with that of the colours, so that pairs repeat late.
pub(crate) const MARKERS: [Marker; 5] = [
    Marker::Circle,
    Marker::Square,
    Marker::Triangle,
    Marker::Diamond,
    Marker::Wedge,
];

/// The radius of a circle; the other shapes cover about the same area.
const RADIUS: f64 = 4.5;
/// The width of the white rim that parts a point from what lies below.
const RIM: f64 = 1.2;

impl Marker {
    /// Draws the shape with its centre at `centre`, in pixels of the oversampled area.
    pub(crate) fn draw<'a>(self, area: &Area<'a>, centre: (i32, i32), colour: Colour) -> Drawn<'a> {
        for (size, colour) in [(RADIUS + RIM, PAPER), (RADIUS, colour)] {
            let size = size * f64::from(OVERSAMPLING);
            let style = rgb(colour).filled();
            if self == Self::Circle {
                area.draw(&Circle::new(centre, size.round() as i32, style))?;
                continue;
            }
            let corners = self.corners().iter().map(|(right, down)| {
                let shift = |share: f64| (share * size).round() as i32;
                (centre.0 + shift(*right), centre.1 + shift(*down))
            });
            area.draw(&Polygon::new(corners.collect::<Vec<_>>(), style))?;
        }
        Ok(())
    }

    /// The corners around the centre, in radii of the circle.
    fn corners(self) -> &'static [(f64, f64)] {
        match self {
            Self::Circle => &[],
            Self::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Self::Triangle => &[(0.0, -1.3), (1.25, 0.85), (-1.25, 0.85)],
            Self::Diamond => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
            Self::Wedge => &[(0.0, 1.3), (1.25, -0.85), (-1.25, -0.85)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::oversampled::render;

    #[test]
    fn shapes_differ_and_cover_about_the_same_area() {
        let drawn = MARKERS
            .map(|marker| render(21, 21, |area| marker.draw(area, (31, 31), [0, 0, 0])).unwrap());
        let circle = std::f64::consts::PI * RADIUS * RADIUS;
        for (at, image) in drawn.iter().enumerate() {
            let covered: f64 = image
                .pixels()
                .map(|pixel| 1.0 - f64::from(pixel.0[0]) / 255.0)
                .sum();
            assert!((0.8..1.25).contains(&(covered / circle)), "{at}: {covered}");
            for other in &drawn[..at] {
                let different: f64 = image
                    .pixels()
                    .zip(other.pixels())
                    .map(|(one, other)| f64::from(one.0[0].abs_diff(other.0[0])) / 255.0)
                    .sum();
                assert!(different > 0.15 * circle, "{at}: {different}");
            }
        }
    }
}
