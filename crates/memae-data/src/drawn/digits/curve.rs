//! Smooth curves through points.

/// A point of a pen stroke, with the half width of the ink there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
}

impl Dot {
    /// The point at `t` on the line from this one (`t` = 0) to `other` (`t` = 1).
    fn toward(self, other: Dot, t: f64) -> Dot {
        Dot {
            x: self.x + (other.x - self.x) * t,
            y: self.y + (other.y - self.y) * t,
            radius: self.radius + (other.radius - self.radius) * t,
        }
    }

    pub(super) fn distance(self, other: Dot) -> f64 {
        let (dx, dy) = (other.x - self.x, other.y - self.y);
        (dx * dx + dy * dy).sqrt()
    }
}

/// Straight pieces between two points of the stroke.
const PIECES: usize = 10;

/// A polyline along the centripetal Catmull-Rom spline through `points`; smooth everywhere but at the ends.
///
/// Of the splines through given points this one neither overshoots nor forms cusps, however unevenly the points lie.
/// Source: C. Yuksel, S. Schaefer, J. Keyser, "Parameterization and applications of Catmull-Rom curves", 2011.
pub(super) fn smooth(points: &[Dot]) -> Vec<Dot> {
    let mut line = Vec::with_capacity(points.len() * PIECES);
    for index in 1..points.len() {
        let (from, to) = (points[index - 1], points[index]);
        // Beyond its ends the curve is continued straight.
        let before = if index >= 2 {
            points[index - 2]
        } else {
            to.toward(from, 2.0)
        };
        let after = match points.get(index + 1) {
            Some(&after) => after,
            None => from.toward(to, 2.0),
        };
        for piece in 0..PIECES {
            let t = piece as f64 / PIECES as f64;
            line.push(span(before, from, to, after, t));
        }
    }
    line.extend(points.last());
    line
}

/// The point at `t` in [0, 1] of the span from `from` to `to`, by the pyramid of Barry and Goldman.
fn span(before: Dot, from: Dot, to: Dot, after: Dot, t: f64) -> Dot {
    // Centripetal: parameters grow by the square root of the distance. The floor keeps coinciding points apart.
    let step = |a: Dot, b: Dot| a.distance(b).max(1e-6).sqrt();
    let t1 = step(before, from);
    let t2 = t1 + step(from, to);
    let t3 = t2 + step(to, after);
    let t = t1 + (t2 - t1) * t;

    let a = before.toward(from, t / t1);
    let b = from.toward(to, (t - t1) / (t2 - t1));
    let c = to.toward(after, (t - t2) / (t3 - t2));
    let ab = a.toward(b, t / t2);
    let bc = b.toward(c, (t - t1) / (t3 - t1));
    ab.toward(bc, (t - t1) / (t2 - t1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(x: f64, y: f64) -> Dot {
        Dot { x, y, radius: 1.0 }
    }

    #[test]
    fn the_curve_passes_every_point() {
        let points = [dot(0.0, 0.0), dot(1.0, 3.0), dot(5.0, 2.0), dot(4.0, -1.0)];
        let line = smooth(&points);
        for point in points {
            assert!(line.iter().any(|on_line| on_line.distance(point) < 1e-9));
        }
    }

    #[test]
    fn points_on_a_line_stay_on_it() {
        for on_line in smooth(&[dot(0.0, 0.0), dot(1.0, 2.0), dot(3.0, 6.0)]) {
            assert!((on_line.y - 2.0 * on_line.x).abs() < 1e-9);
        }
    }

    #[test]
    fn coinciding_points_give_finite_curves() {
        let line = smooth(&[dot(1.0, 1.0), dot(1.0, 1.0), dot(1.0, 1.0), dot(2.0, 1.0)]);
        assert!(
            line.iter()
                .all(|on_line| on_line.x.is_finite() && on_line.y.is_finite())
        );
    }
}
