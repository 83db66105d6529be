use crate::chart::{Course, RateCurve};
use crate::error::ReportError;
use crate::text::number;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Roc,
    PrecisionRecall,
}

/// A ROC curve or a precision-recall curve, with the area under it.
///
/// ```
/// use memae_report::Curve;
///
/// let roc = Curve::roc(&[0.0, 0.0, 0.5, 1.0], &[0.0, 0.5, 1.0, 1.0], 0.875)?.with_point(0.5, 1.0);
/// let recall = Curve::precision_recall(&[0.0, 0.5, 1.0, 1.0], &[1.0, 1.0, 0.667, 0.5], 0.833)?
///     .with_anomalous_share(0.5);
/// # Ok::<(), memae_report::ReportError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Curve {
    form: Form,
    points: Vec<(f64, f64)>,
    area: f64,
    point: Option<(f64, f64)>,
    anomalous_share: Option<f64>,
}

impl Curve {
    /// A ROC curve: the shares of normal samples flagged, those of anomalous samples flagged, and the area under the
    /// curve (AUC).
    ///
    /// # Errors
    ///
    /// Unequal lengths, fewer than two points, or what is not in [0, 1].
    pub fn roc(
        false_positive_rate: &[f64],
        true_positive_rate: &[f64],
        auc: f64,
    ) -> Result<Self, ReportError> {
        let points = points("ROC curve", false_positive_rate, true_positive_rate)?;
        Ok(Self::new(Form::Roc, points, auc))
    }

    /// A precision-recall curve: the shares of anomalous samples flagged, in ascending order, the shares of anomalous
    /// samples among those flagged, and the average precision.
    ///
    /// # Errors
    ///
    /// As [`roc`](Self::roc).
    pub fn precision_recall(
        recall: &[f64],
        precision: &[f64],
        average_precision: f64,
    ) -> Result<Self, ReportError> {
        let points = points("precision-recall curve", recall, precision)?;
        Ok(Self::new(Form::PrecisionRecall, points, average_precision))
    }

    fn new(form: Form, points: Vec<(f64, f64)>, area: f64) -> Self {
        Self {
            form,
            points,
            area,
            point: None,
            anomalous_share: None,
        }
    }

    /// Where on the curve the threshold lies, in the order of the curve's own arguments; nothing is marked outside
    /// [0, 1].
    pub fn with_point(mut self, x: f64, y: f64) -> Self {
        let inside = |value: f64| (0.0..=1.0).contains(&value);
        self.point = (inside(x) && inside(y)).then_some((x, y));
        self
    }

    /// The share of all samples that are anomalous, in [0, 1]: the precision that chance has.
    pub fn with_anomalous_share(mut self, share: f64) -> Self {
        self.anomalous_share = (0.0..=1.0).contains(&share).then_some(share);
        self
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.form {
            Form::Roc => "ROC curve",
            Form::PrecisionRecall => "Precision and recall",
        }
    }

    /// The area with its name.
    pub(crate) fn area_text(&self) -> String {
        match self.form {
            Form::Roc => format!("AUC {}", number(self.area)),
            Form::PrecisionRecall => format!("average precision {}", number(self.area)),
        }
    }

    /// What the curve says, in words.
    pub(crate) fn explanation(&self) -> &'static str {
        match self.form {
            Form::Roc => {
                "How many anomalies are found for how many false alarms, over all thresholds. The area is the chance \
                 that an anomalous sample scores higher than a normal one; 0.5 is what guessing gives (dashed)."
            }
            Form::PrecisionRecall => {
                "How much of what is flagged is anomalous, for how many of the anomalies are found. Guessing gives the \
                 share that is anomalous (dashed)."
            }
        }
    }

    pub(crate) fn has_point(&self) -> bool {
        self.point.is_some()
    }

    pub(crate) fn chart(&self) -> RateCurve {
        let (labels, course) = match self.form {
            Form::Roc => (["false alarm rate", "anomalies found"], Course::Straight),
            Form::PrecisionRecall => (["recall: anomalies found", "precision"], Course::Steps),
        };
        let at = self.point.map_or(String::new(), |(x, y)| {
            format!(", at the threshold {} to {}", number(x), number(y))
        });
        let description = format!(
            "{} over {}: {}{at}.",
            labels[1],
            labels[0],
            self.area_text()
        );
        let chart = RateCurve::new(
            self.name().to_string(),
            description,
            labels,
            &self.points,
            course,
        )
        .with_point(self.point);
        match (self.form, self.anomalous_share) {
            (Form::Roc, _) => chart.with_chance(0.0, 1.0),
            (Form::PrecisionRecall, Some(share)) => chart.with_chance(share, share),
            (Form::PrecisionRecall, None) => chart,
        }
    }
}

fn points(curve: &'static str, x: &[f64], y: &[f64]) -> Result<Vec<(f64, f64)>, ReportError> {
    if x.len() != y.len() {
        return Err(ReportError::Lengths {
            curve,
            x: x.len(),
            y: y.len(),
        });
    }
    if x.len() < 2 {
        return Err(ReportError::Points {
            curve,
            found: x.len(),
        });
    }
    for coordinates in [x, y] {
        let wrong = |rate: &f64| !(0.0..=1.0).contains(rate);
        if let Some(point) = coordinates.iter().position(wrong) {
            return Err(ReportError::Rate {
                curve,
                found: coordinates[point],
                point,
            });
        }
    }
    Ok(x.iter().copied().zip(y.iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_curve_is_an_error() {
        let message = |x: &[f64], y: &[f64]| Curve::roc(x, y, 0.5).unwrap_err().to_string();
        assert_eq!(
            message(&[0.0, 1.0], &[0.0]),
            "ROC curve: found 2 and 1 coordinates, expected as many of one as of the other"
        );
        assert_eq!(
            message(&[0.0], &[0.0]),
            "ROC curve: found 1 points, expected at least 2"
        );
        assert_eq!(
            message(&[0.0, f64::NAN], &[0.0, 1.0]),
            "ROC curve: found NaN at point 1, expected a rate in [0, 1]"
        );
        assert!(Curve::precision_recall(&[0.0, 1.0], &[1.5, 0.0], 0.5).is_err());
    }

    #[test]
    fn a_point_off_the_chart_is_not_marked() {
        let curve = Curve::roc(&[0.0, 1.0], &[0.0, 1.0], f64::NAN).unwrap();
        assert!(curve.clone().with_point(0.2, 0.3).has_point());
        assert!(!curve.clone().with_point(0.2, 1.3).has_point());
        assert!(!curve.clone().with_point(f64::NAN, 0.3).has_point());
        assert_eq!(curve.area_text(), "AUC – (not a number)");
    }
}
