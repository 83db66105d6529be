use askama::Template;

use super::axis::{self, Axis};
use super::path::path;

/// How two points of a curve are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// By a straight line, as in a ROC curve.
    Straight,
    /// Level, at the height of the latter, as the average precision sums it up.
    Steps,
}

/// A curve of two rates, each from 0 to 1.
#[derive(Template)]
#[template(path = "chart/rate_curve.svg")]
pub(crate) struct RateCurve {
    title: String,
    description: String,
    x: Axis,
    y: Axis,
    x_label: &'static str,
    y_label: &'static str,
    line: String,
    /// What chance would give.
    chance: String,
    point: Option<(f64, f64)>,
}

impl RateCurve {
    /// A curve through points in [0, 1]; `chance` are the heights at either end of the line that stands for chance.
    pub(crate) fn new(
        title: String,
        description: String,
        [x_label, y_label]: [&'static str; 2],
        points: &[(f64, f64)],
        course: Course,
    ) -> Self {
        let line = match course {
            Course::Straight => path(points.iter().copied()),
            Course::Steps => path(points.iter().enumerate().flat_map(|(at, &(x, y))| {
                let before = points[at.saturating_sub(1)].0;
                [(before, y), (x, y)]
            })),
        };
        Self {
            title,
            description,
            x: Axis::linear(0.0, 1.0),
            y: Axis::linear(0.0, 1.0),
            x_label,
            y_label,
            line,
            chance: String::new(),
            point: None,
        }
    }

    pub(crate) fn with_chance(mut self, left: f64, right: f64) -> Self {
        self.chance = path([(0.0, left), (1.0, right)]);
        self
    }

    /// Marks a point in [0, 1]: what the threshold does.
    pub(crate) fn with_point(mut self, point: Option<(f64, f64)>) -> Self {
        self.point = point;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(course: Course) -> RateCurve {
        let points = [(0.0, 1.0), (0.5, 0.8), (1.0, 0.25)];
        RateCurve::new(
            "curve".to_string(),
            String::new(),
            ["x", "y"],
            &points,
            course,
        )
    }

    #[test]
    fn points_are_joined_by_their_course() {
        assert_eq!(drawn(Course::Straight).line, "M0 0L500 200L1000 750");
        assert_eq!(
            drawn(Course::Steps).line,
            "M0 0L0 200L500 200L500 750L1000 750"
        );
    }

    #[test]
    fn the_point_of_the_threshold_is_marked() {
        let page = drawn(Course::Steps)
            .with_point(Some((0.25, 0.875)))
            .render()
            .unwrap();
        assert!(page.contains(r#"cx="25.00%" cy="12.50%""#), "{page}");
        assert!(!drawn(Course::Steps).render().unwrap().contains("<circle"));
    }

    #[test]
    fn chance_is_a_line_across() {
        assert_eq!(
            drawn(Course::Straight).with_chance(0.0, 1.0).chance,
            "M0 1000L1000 0"
        );
    }
}
