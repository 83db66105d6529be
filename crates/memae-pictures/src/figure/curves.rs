use std::path::Path;

use crate::chart::axis::{Axis, bounds, drawable};
use crate::chart::cartesian::Chart;
use crate::chart::colour::INK;
use crate::chart::legend::{self, Entry};
use crate::chart::mark::Mark;
use crate::chart::page::{Align, BODY, HEADER, MARGIN, Page};
use crate::chart::series_style::SeriesStyle;
use crate::error::{PictureError, check_some};

const WIDTH: u32 = 860;
const HEIGHT: u32 = 460;
/// Curves of at most this many points get a dot on each.
const DOTTED: usize = 60;

/// One line of a [`CurvesPicture`].
///
/// ```
/// use memae_pictures::Curve;
///
/// let curve = Curve { label: "validation", points: &[(1.0, 0.81), (2.0, 0.93)] };
/// assert_eq!(curve.points.len(), 2);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    /// Its name in the legend.
    pub label: &'a str,
    /// Its points `(x, y)`, in the order in which the line joins them.
    pub points: &'a [(f64, f64)],
}

/// Lines over epochs, such as a loss or an AUC.
///
/// A point that is not finite is left out: the line breaks there, and the line under the title counts such points.
///
/// ```
/// use memae_pictures::{Curve, CurvesPicture};
///
/// let folder = tempfile::tempdir()?;
/// let picture = CurvesPicture {
///     title: "Training",
///     x_label: "epoch",
///     y_label: "loss",
///     curves: &[
///         Curve { label: "training", points: &[(1.0, 31.0), (2.0, 14.5), (3.0, 12.1)] },
///         Curve { label: "validation", points: &[(1.0, 28.4), (2.0, 15.0), (3.0, 13.0)] },
///     ],
/// };
/// picture.save(folder.path().join("loss.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct CurvesPicture<'a> {
    /// The line on top.
    pub title: &'a str,
    /// What the x axis counts.
    pub x_label: &'a str,
    /// What the y axis measures.
    pub y_label: &'a str,
    /// The lines, drawn in this order; from the eighth on they are dashed.
    pub curves: &'a [Curve<'a>],
}

impl CurvesPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If no curve has a point, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        let points = self.curves.iter().map(|curve| curve.points.len()).sum();
        check_some(file, "points", points)?;
        self.draw().save(file)
    }

    fn draw(&self) -> Page {
        let entries: Vec<Entry> = self
            .curves
            .iter()
            .enumerate()
            .map(|(at, curve)| Entry::series(curve.label.to_string(), at))
            .collect();
        let legend_height = legend::height(&entries, WIDTH);
        let top = MARGIN + HEADER + legend_height + 6;
        let mut page = Page::new(WIDTH + 2 * MARGIN, top + HEIGHT + MARGIN);
        page.header(self.title, &self.note());
        legend::draw(&mut page, &entries, MARGIN, MARGIN + HEADER, WIDTH);

        let finite: Vec<(f64, f64)> = self
            .curves
            .iter()
            .flat_map(|curve| curve.points)
            .copied()
            .filter(drawable_point)
            .collect();
        let x = bounds(finite.iter().map(|point| point.0));
        let x = if finite.iter().all(|point| point.0.fract() == 0.0) {
            Axis::between_whole(x.0, x.1, 10)
        } else {
            Axis::between(x.0, x.1, 10)
        };
        let chart = Chart {
            width: WIDTH,
            height: HEIGHT,
            x,
            y: Axis::around(finite.iter().map(|point| point.1), 6),
            x_label: self.x_label,
            y_label: self.y_label,
            x_grid: true,
            marks: self.marks(),
        };
        chart.place(&mut page, MARGIN, top);
        if finite.is_empty() {
            let middle = MARGIN + WIDTH / 2;
            page.text(
                middle,
                top + HEIGHT / 2,
                "no finite value",
                BODY,
                INK,
                Align::Centre,
            );
        }
        page
    }

    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (at, curve) in self.curves.iter().enumerate() {
            let SeriesStyle { colour, stroke, .. } = SeriesStyle::new(at);
            for points in curve.points.split(|point| !drawable_point(point)) {
                marks.push(Mark::Line {
                    points: points.to_vec(),
                    colour,
                    stroke,
                    dots: curve.points.len() <= DOTTED || points.len() == 1,
                    width: 2,
                });
            }
        }
        marks
    }

    fn note(&self) -> String {
        let points = self.curves.iter().flat_map(|curve| curve.points);
        match points.filter(|point| !drawable_point(point)).count() {
            0 => String::new(),
            1 => "1 point is not finite and left out".to_string(),
            count => format!("{count} points are not finite and left out"),
        }
    }
}

fn drawable_point(point: &(f64, f64)) -> bool {
    drawable(point.0) && drawable(point.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::colour::CURVES;

    fn picture<'a>(curves: &'a [Curve<'a>]) -> CurvesPicture<'a> {
        CurvesPicture {
            title: "training",
            x_label: "epoch",
            y_label: "loss",
            curves,
        }
    }

    #[test]
    fn curves_of_any_length_are_drawn() {
        let folder = tempfile::tempdir().unwrap();
        for points in [1usize, 2, 15, 1000] {
            let file = folder.path().join(format!("{points}.png"));
            let points: Vec<(f64, f64)> = (0..points)
                .map(|at| (at as f64, (at as f64).sin()))
                .collect();
            picture(&[Curve {
                label: "loss",
                points: &points,
            }])
            .save(&file)
            .unwrap();
            let read = image::open(&file).unwrap().to_rgb8();
            assert_eq!(read.width(), WIDTH + 2 * MARGIN);
            assert!(read.pixels().any(|pixel| pixel.0 == CURVES[0]));
        }
    }

    #[test]
    fn lines_break_where_a_value_is_not_finite() {
        let points = [
            (1.0, 3.0),
            (2.0, f64::NAN),
            (3.0, 2.0),
            (4.0, 1.0),
            (5.0, f64::INFINITY),
        ];
        let curves = [Curve {
            label: "loss",
            points: &points,
        }];
        let picture = picture(&curves);
        let lengths: Vec<usize> = picture
            .marks()
            .iter()
            .map(|mark| match mark {
                Mark::Line { points, .. } => points.len(),
                _ => unreachable!("curves are lines"),
            })
            .collect();
        assert_eq!(lengths, [1, 2, 0]);
        assert_eq!(picture.note(), "2 points are not finite and left out");
    }

    #[test]
    fn a_loss_that_is_never_finite_still_makes_a_page() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("loss.png");
        let curves = [Curve {
            label: "loss",
            points: &[(1.0, f64::NAN)],
        }];
        picture(&curves).save(&file).unwrap();
        assert!(image::open(&file).is_ok());
    }

    #[test]
    fn no_points_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("loss.png");
        let curves = [Curve {
            label: "loss",
            points: &[],
        }];
        let message = picture(&curves).save(&file).unwrap_err().to_string();
        assert!(
            message.ends_with("found no points, expected at least one"),
            "{message}"
        );
        assert!(!file.exists());
    }
}
