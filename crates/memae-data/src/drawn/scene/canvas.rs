//! Painting with known coverage: each pixel knows how much of it each anomaly fills.

use super::form::{Form, Part, Point};

/// Width in pixels over which an edge fades: a pixel, and a little for the lens.
const RIM: f64 = 1.15;

/// Where a figure stands and how large it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::drawn) struct Placement {
    /// Column of the figure's origin, in pixels.
    pub(in crate::drawn) x: f64,
    /// Row of the ground under it, in pixels.
    pub(in crate::drawn) row: f64,
    /// Pixels to one unit of the figure, which is the height of a person of ordinary stature.
    pub(in crate::drawn) size: f64,
    /// 1 to face right, −1 to face left.
    pub(in crate::drawn) facing: f64,
}

impl Placement {
    /// From the plane of a figure (x ahead, y up) to pixels (x right, y down).
    fn apply(&self, point: Point) -> Point {
        Point {
            x: self.x + self.facing * self.size * point.x,
            y: self.row - self.size * point.y,
        }
    }

    fn form(&self, form: &Form) -> Form {
        match form {
            Form::Limb { from, to, radii } => Form::Limb {
                from: self.apply(*from),
                to: self.apply(*to),
                radii: radii.map(|radius| radius * self.size),
            },
            Form::Ring {
                centre,
                radius,
                half_width,
            } => Form::Ring {
                centre: self.apply(*centre),
                radius: radius * self.size,
                half_width: half_width * self.size,
            },
            Form::Panel(corners) => {
                Form::Panel(corners.iter().map(|corner| self.apply(*corner)).collect())
            }
        }
    }
}

/// A grey picture, and for each anomaly in it the share of every pixel that shows it.
#[derive(Debug)]
pub(in crate::drawn) struct Canvas {
    height: usize,
    width: usize,
    /// Grey levels from 0 (black) to 255, not yet rounded.
    grey: Vec<f64>,
    /// `[anomalies][pixels]`, from 0 to 1.
    shares: Vec<Vec<f64>>,
}

impl Canvas {
    pub(in crate::drawn) fn new(height: usize, width: usize) -> Self {
        Self {
            height,
            width,
            grey: vec![0.0; height * width],
            shares: Vec::new(),
        }
    }

    pub(in crate::drawn) fn height(&self) -> usize {
        self.height
    }

    pub(in crate::drawn) fn width(&self) -> usize {
        self.width
    }

    /// Begins a new picture on `background`, with room for a number of anomalies.
    pub(in crate::drawn) fn begin(
        &mut self,
        background: impl Iterator<Item = f64>,
        anomalies: usize,
    ) {
        self.grey.clear();
        self.grey.extend(background);
        debug_assert_eq!(self.grey.len(), self.height * self.width);
        self.shares.resize_with(anomalies, Vec::new);
        for share in &mut self.shares {
            share.clear();
            share.resize(self.grey.len(), 0.0);
        }
    }

    pub(in crate::drawn) fn grey(&self) -> &[f64] {
        &self.grey
    }

    /// Share of each pixel that shows the anomaly.
    pub(in crate::drawn) fn share(&self, anomaly: usize) -> &[f64] {
        &self.shares[anomaly]
    }

    /// Darkens the ground: by `strength` (0 to 1) inside `form`, fading over `rim` pixels.
    pub(in crate::drawn) fn shade(&mut self, form: &Form, rim: f64, strength: f64) {
        let grey = &mut self.grey;
        cover(self.height, self.width, form, rim, |pixel, cover| {
            grey[pixel] *= 1.0 - strength * cover;
        });
    }

    /// Paints a figure over what is there, its greys multiplied by `light`. It hides anomalies behind it, and is one
    /// itself where `anomaly` gives its number.
    pub(in crate::drawn) fn paint(
        &mut self,
        parts: &[Part],
        placement: &Placement,
        light: f64,
        anomaly: Option<usize>,
    ) {
        for part in parts {
            self.fill(&placement.form(&part.form), part.grey * light, anomaly);
        }
    }

    /// Paints a form that is given in pixels over what is there, in one grey; otherwise as [`paint`](Self::paint).
    pub(in crate::drawn) fn fill(&mut self, form: &Form, grey: f64, anomaly: Option<usize>) {
        let (greys, shares) = (&mut self.grey, &mut self.shares);
        cover(self.height, self.width, form, RIM, |pixel, cover| {
            greys[pixel] += (grey - greys[pixel]) * cover;
            for (number, share) in shares.iter_mut().enumerate() {
                let shown = if anomaly == Some(number) { 1.0 } else { 0.0 };
                share[pixel] += (shown - share[pixel]) * cover;
            }
        });
    }
}

/// Calls `visit` with each pixel that `form` touches and the share of it, in (0, 1], that the form covers.
fn cover(height: usize, width: usize, form: &Form, rim: f64, mut visit: impl FnMut(usize, f64)) {
    let (low, high) = form.bounds();
    let columns = pixels(low.x - rim, high.x + rim, width);
    for row in pixels(low.y - rim, high.y + rim, height) {
        for column in columns.clone() {
            let centre = Point {
                x: column as f64 + 0.5,
                y: row as f64 + 0.5,
            };
            let cover = (0.5 - form.distance(centre) / rim).min(1.0);
            if cover > 0.0 {
                visit(row * width + column, cover);
            }
        }
    }
}

/// Indices of the pixels that the interval touches, of `count` pixels.
fn pixels(low: f64, high: f64, count: usize) -> std::ops::Range<usize> {
    // The cast stops at 0 and at the largest index.
    (low as usize).min(count)..(high.ceil() as usize).min(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Placement = Placement {
        x: 8.0,
        row: 9.0,
        size: 4.0,
        facing: 1.0,
    };

    /// A rectangle of figure units, 1 pixel in 4.
    fn panel(left: f64, right: f64, bottom: f64, top: f64, grey: f64) -> Part {
        Part::panel(
            &[(left, bottom), (right, bottom), (right, top), (left, top)],
            grey,
        )
    }

    fn canvas(anomalies: usize) -> Canvas {
        let mut canvas = Canvas::new(11, 17);
        canvas.begin(std::iter::repeat_n(100.0, 11 * 17), anomalies);
        canvas
    }

    #[test]
    fn a_panel_fills_its_pixels_and_leaves_others() {
        let mut canvas = canvas(0);
        canvas.paint(&[panel(-1.0, 1.0, 0.0, 1.0, 200.0)], &AT, 1.0, None);
        // Columns 4 to 11, rows 5 to 8.
        let at = |row: usize, column: usize| canvas.grey()[row * 17 + column];
        assert_eq!((at(6, 7), at(2, 7), at(6, 15)), (200.0, 100.0, 100.0));
        let excess: f64 = canvas
            .grey()
            .iter()
            .map(|grey| (grey - 100.0) / 100.0)
            .sum();
        assert!((excess - 32.0).abs() < 1.0, "{excess}");
    }

    #[test]
    fn what_is_nearer_hides_an_anomaly() {
        let mut canvas = canvas(2);
        let whole = panel(-1.0, 1.0, 0.0, 1.0, 200.0);
        canvas.paint(&[whole], &AT, 1.0, Some(1));
        let shown = |canvas: &Canvas, anomaly| canvas.share(anomaly).iter().sum::<f64>();
        let before = shown(&canvas, 1);
        assert!((before - 32.0).abs() < 1.0, "{before}");
        assert_eq!(shown(&canvas, 0), 0.0);

        canvas.paint(&[panel(0.0, 1.5, 0.0, 1.25, 50.0)], &AT, 1.0, None);
        let after = shown(&canvas, 1);
        assert!((after - before / 2.0).abs() < 1.0, "{before} {after}");

        canvas.paint(&[panel(-2.0, 2.0, -1.0, 2.0, 50.0)], &AT, 1.0, Some(0));
        assert!(shown(&canvas, 1) < 1e-9);
    }

    #[test]
    fn facing_left_mirrors() {
        let part = panel(0.25, 1.0, 0.0, 1.0, 200.0);
        let (mut right, mut left) = (canvas(0), canvas(0));
        right.paint(std::slice::from_ref(&part), &AT, 1.0, None);
        let mirrored = Placement {
            x: 17.0 - AT.x,
            facing: -1.0,
            ..AT
        };
        left.paint(&[part], &mirrored, 1.0, None);
        for (row, other) in right.grey().chunks(17).zip(left.grey().chunks(17)) {
            for (a, b) in row.iter().zip(other.iter().rev()) {
                assert!((a - b).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut canvas = canvas(1);
        for x in [-1e9, -40.0, 60.0, 1e18] {
            let outside = Placement { x, ..AT };
            canvas.paint(&[panel(-1.0, 1.0, 0.0, 1.0, 0.0)], &outside, 1.0, Some(0));
        }
        assert!(canvas.grey().iter().all(|&grey| grey == 100.0));
    }
}
