//! The forms that figures are made of, and how far a point is from them.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::drawn) struct Point {
    pub(in crate::drawn) x: f64,
    pub(in crate::drawn) y: f64,
}

impl From<(f64, f64)> for Point {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

impl Point {
    fn minus(self, other: Point) -> Point {
        Point {
            x: self.x - other.x,
            y: self.y - other.y,
        }
    }

    fn dot(self, other: Point) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn length(self) -> f64 {
        self.dot(self).sqrt()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::drawn) enum Form {
    /// A line with round ends, whose half width changes evenly from one end to the other.
    Limb {
        from: Point,
        to: Point,
        radii: [f64; 2],
    },
    /// The rim of a wheel.
    Ring {
        centre: Point,
        radius: f64,
        half_width: f64,
    },
    /// A convex polygon; its corners may go round either way.
    Panel(Vec<Point>),
}

impl Form {
    /// Signed distance from `point` to the edge: negative inside. Outside the corners of a panel it is too small, which
    /// makes them sharp.
    pub(in crate::drawn) fn distance(&self, point: Point) -> f64 {
        match self {
            Form::Limb { from, to, radii } => {
                let (line, off) = (to.minus(*from), point.minus(*from));
                let along = (off.dot(line) / line.dot(line).max(1e-12)).clamp(0.0, 1.0);
                let nearest = Point {
                    x: from.x + along * line.x,
                    y: from.y + along * line.y,
                };
                let radius = radii[0] + along * (radii[1] - radii[0]);
                point.minus(nearest).length() - radius
            }
            Form::Ring {
                centre,
                radius,
                half_width,
            } => (point.minus(*centre).length() - radius).abs() - half_width,
            Form::Panel(corners) => {
                // The distance to the half plane beside each edge, on the side where the polygon is not.
                let turn = if area(corners) < 0.0 { -1.0 } else { 1.0 };
                edges(corners)
                    .map(|(from, to)| {
                        let (line, off) = (to.minus(from), point.minus(from));
                        let across = line.y * off.x - line.x * off.y;
                        turn * across / line.length().max(1e-12)
                    })
                    .fold(f64::NEG_INFINITY, f64::max)
            }
        }
    }

    /// Makes the form larger by `factor`, seen from the origin.
    pub(in crate::drawn) fn scale(&mut self, factor: f64) {
        let scale = |point: &mut Point| {
            point.x *= factor;
            point.y *= factor;
        };
        match self {
            Form::Limb { from, to, radii } => {
                scale(from);
                scale(to);
                *radii = radii.map(|radius| radius * factor);
            }
            Form::Ring {
                centre,
                radius,
                half_width,
            } => {
                scale(centre);
                *radius *= factor;
                *half_width *= factor;
            }
            Form::Panel(corners) => corners.iter_mut().for_each(scale),
        }
    }

    /// The corners with the lowest and with the highest coordinates of a box around the form.
    pub(in crate::drawn) fn bounds(&self) -> (Point, Point) {
        let around = |points: &[Point], reach: f64| {
            let fold = |start: f64, pick: fn(f64, f64) -> f64, axis: fn(&Point) -> f64| {
                points.iter().map(axis).fold(start, pick)
            };
            let low = Point {
                x: fold(f64::INFINITY, f64::min, |point| point.x) - reach,
                y: fold(f64::INFINITY, f64::min, |point| point.y) - reach,
            };
            let high = Point {
                x: fold(f64::NEG_INFINITY, f64::max, |point| point.x) + reach,
                y: fold(f64::NEG_INFINITY, f64::max, |point| point.y) + reach,
            };
            (low, high)
        };
        match self {
            Form::Limb { from, to, radii } => around(&[*from, *to], radii[0].max(radii[1])),
            Form::Ring {
                centre,
                radius,
                half_width,
            } => around(&[*centre], radius + half_width),
            Form::Panel(corners) => around(corners, 0.0),
        }
    }
}

fn edges(corners: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).map(|(from, to)| (*from, *to))
}

/// Twice the area, negative where the corners go round the other way.
fn area(corners: &[Point]) -> f64 {
    edges(corners)
        .map(|(from, to)| from.x * to.y - from.y * to.x)
        .sum()
}

/// A form in one grey, in the plane of its figure: x ahead, y up from the ground, both in heights of a person.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::drawn) struct Part {
    pub(in crate::drawn) form: Form,
    pub(in crate::drawn) grey: f64,
}

impl Part {
    pub(in crate::drawn) fn limb(
        from: (f64, f64),
        to: (f64, f64),
        radii: [f64; 2],
        grey: f64,
    ) -> Self {
        Self {
            form: Form::Limb {
                from: from.into(),
                to: to.into(),
                radii,
            },
            grey,
        }
    }

    pub(in crate::drawn) fn disc(centre: (f64, f64), radius: f64, grey: f64) -> Self {
        Self::limb(centre, centre, [radius; 2], grey)
    }

    pub(in crate::drawn) fn ring(
        centre: (f64, f64),
        radius: f64,
        half_width: f64,
        grey: f64,
    ) -> Self {
        Self {
            form: Form::Ring {
                centre: centre.into(),
                radius,
                half_width,
            },
            grey,
        }
    }

    pub(in crate::drawn) fn panel(corners: &[(f64, f64)], grey: f64) -> Self {
        Self {
            form: Form::Panel(corners.iter().map(|&corner| corner.into()).collect()),
            grey,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(part: &Part, x: f64, y: f64) -> f64 {
        part.form.distance(Point { x, y })
    }

    #[test]
    fn distances_to_a_limb() {
        let limb = Part::limb((1.0, 2.0), (5.0, 2.0), [0.5, 1.5], 0.0);
        assert_eq!(distance(&limb, 3.0, 2.0), -1.0);
        assert_eq!(distance(&limb, 3.0, 5.0), 2.0);
        assert_eq!(distance(&limb, -1.0, 2.0), 1.5);
        assert_eq!(distance(&limb, 8.0, 6.0), 3.5);
        assert_eq!(distance(&Part::disc((1.0, 1.0), 2.0, 0.0), 4.0, 5.0), 3.0);
    }

    #[test]
    fn distances_to_a_ring() {
        let ring = Part::ring((0.0, 0.0), 5.0, 1.0, 0.0);
        assert_eq!(distance(&ring, 0.0, 0.0), 4.0);
        assert_eq!(distance(&ring, 3.0, 4.0), -1.0);
        assert_eq!(distance(&ring, 6.0, 8.0), 4.0);
    }

    #[test]
    fn distances_to_a_panel_do_not_depend_on_the_way_round() {
        let mut corners = [(0.0, 0.0), (7.0, 0.0), (7.0, 3.0), (0.0, 3.0)];
        for _ in 0..2 {
            let panel = Part::panel(&corners, 0.0);
            assert_eq!(distance(&panel, 2.0, 2.0), -1.0);
            assert_eq!(distance(&panel, 3.0, 5.0), 2.0);
            assert_eq!(distance(&panel, -4.0, 1.0), 4.0);
            corners.reverse();
        }
    }

    #[test]
    fn bounds_hold_the_whole_form() {
        let parts = [
            Part::limb((1.0, 2.0), (5.0, -2.0), [0.5, 1.5], 0.0),
            Part::ring((-3.0, 1.0), 2.0, 0.25, 0.0),
            Part::panel(&[(0.0, 0.0), (4.0, 1.0), (2.0, 3.0)], 0.0),
        ];
        for part in parts {
            let (low, high) = part.form.bounds();
            for step in 0..10_000 {
                let (x, y) = (
                    f64::from(step % 100) * 0.2 - 10.0,
                    f64::from(step / 100) * 0.2 - 10.0,
                );
                let inside = (low.x..=high.x).contains(&x) && (low.y..=high.y).contains(&y);
                assert!(inside || distance(&part, x, y) > 0.0, "{part:?} {x} {y}");
            }
        }
    }
}
