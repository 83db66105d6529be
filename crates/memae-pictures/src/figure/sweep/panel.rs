/// A figure at one setting: its mean and its spread over the runs.
///
/// ```
/// use memae_pictures::SweepPoint;
///
/// let point = SweepPoint { x: 100.0, mean: 0.975, deviation: 0.004 };
/// assert!(point.deviation > 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SweepPoint {
    /// The setting.
    pub x: f64,
    /// The mean of the figure.
    pub mean: f64,
    /// The length of the error bar above and below the mean, 0 or more; 0 draws none.
    pub deviation: f64,
}

impl SweepPoint {
    /// The lower end of the error bar.
    pub(super) fn low(&self) -> f64 {
        self.mean - self.deviation
    }

    /// The upper end of the error bar.
    pub(super) fn high(&self) -> f64 {
        self.mean + self.deviation
    }
}

/// One series of points in a [`SweepPanel`].
///
/// ```
/// use memae_pictures::{SweepPoint, SweepSeries};
///
/// let series = SweepSeries {
///     label: "MemAE",
///     points: &[SweepPoint { x: 10.0, mean: 0.94, deviation: 0.01 }],
/// };
/// assert_eq!(series.points.len(), 1);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct SweepSeries<'a> {
    /// Its name in the legend. Series of the same name in several panels share colour and marker.
    pub label: &'a str,
    /// Its points, in any order; a line joins them by ascending x.
    pub points: &'a [SweepPoint],
}

/// A horizontal line in a [`SweepPanel`], such as a published figure.
///
/// ```
/// use memae_pictures::SweepReference;
///
/// let published = SweepReference { label: "paper .9751", value: 0.9751 };
/// assert!(published.value < 1.0);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct SweepReference<'a> {
    /// What is written at its right end.
    pub label: &'a str,
    /// Where it crosses the y axis.
    pub value: f64,
}

/// One chart of a [`SweepPicture`](crate::SweepPicture).
///
/// ```
/// use memae_pictures::{SweepPanel, SweepPoint, SweepSeries};
///
/// let panel = SweepPanel {
///     y_label: "active items",
///     series: &[SweepSeries {
///         label: "MemAE",
///         points: &[SweepPoint { x: 1.0, mean: 49.0, deviation: 3.0 }],
///     }],
///     references: &[],
/// };
/// assert!(panel.references.is_empty());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct SweepPanel<'a> {
    /// What the y axis measures.
    pub y_label: &'a str,
    /// The series, later ones over earlier ones; no two of the same label.
    pub series: &'a [SweepSeries<'a>],
    /// Dashed lines below the series, at most 8; may be empty.
    pub references: &'a [SweepReference<'a>],
}

/// The label of each series, in the order in which they first appear.
pub(super) fn labels<'a>(panels: &[SweepPanel<'a>]) -> Vec<&'a str> {
    let mut labels = Vec::new();
    for series in panels.iter().flat_map(|panel| panel.series) {
        if !labels.contains(&series.label) {
            labels.push(series.label);
        }
    }
    labels
}
