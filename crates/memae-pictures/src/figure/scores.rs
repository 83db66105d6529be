use std::path::Path;

use super::histogram::Histogram;
use crate::chart::axis::{Axis, drawable};
use crate::chart::cartesian::Chart;
use crate::chart::colour::{ANOMALOUS, FAINT_INK, INK, NORMAL};
use crate::chart::legend::{self, Entry, Swatch};
use crate::chart::mark::Mark;
use crate::chart::page::{Align, HEADER, HEADING, MARGIN, Page, SMALL};
use crate::chart::series_style::SeriesStyle;
use crate::chart::stroke::Stroke;
use crate::chart::text;
use crate::error::{PictureError, check_length, check_some};

const PANEL_WIDTH: u32 = 480;
const CHART_HEIGHT: u32 = 380;
const GAP: u32 = 36;

/// A model's anomaly scores in a [`ScoresPicture`].
///
/// ```
/// use memae_pictures::ScoredModel;
///
/// let model = ScoredModel {
///     label: "MemAE",
///     scores: &[0.1, 0.9],
///     roc: &[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)],
///     auc: 1.0,
/// };
/// assert_eq!(model.scores.len(), 2);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ScoredModel<'a> {
    /// The model's name.
    pub label: &'a str,
    /// One anomaly score per sample, higher = more anomalous, `[samples]`.
    pub scores: &'a [f64],
    /// The ROC curve: (false positive rate, true positive rate), both in [0, 1], in ascending order.
    pub roc: &'a [(f64, f64)],
    /// The area under that curve, in [0, 1].
    pub auc: f64,
}

/// How well models tell anomalous samples from normal ones: a histogram of the scores of each, and all ROC curves.
///
/// Both classes share a histogram's bins; each is scaled to a density of its own, so that classes of different sizes
/// compare. Where a few scores lie far above all others (more than half of the range of the lower 99.5 %), the axis
/// ends before them, and the panel says how many lie beyond. Scores that are not finite are left out and counted
/// there too.
///
/// ```
/// use memae_pictures::{ScoredModel, ScoresPicture};
///
/// let folder = tempfile::tempdir()?;
/// let picture = ScoresPicture {
///     title: "Digit 9 is normal",
///     models: &[ScoredModel {
///         label: "MemAE",
///         scores: &[0.1, 0.2, 0.3, 0.8, 0.9],
///         roc: &[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)],
///         auc: 1.0,
///     }],
///     anomalous: &[false, false, false, true, true],
/// };
/// picture.save(folder.path().join("scores.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ScoresPicture<'a> {
    /// The line on top.
    pub title: &'a str,
    /// The models, one histogram each.
    pub models: &'a [ScoredModel<'a>],
    /// Whether each sample is anomalous, `[samples]`.
    pub anomalous: &'a [bool],
}

impl ScoresPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If there are no models or samples, a model's scores are not one per sample, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        let samples = self.anomalous.len();
        check_some(file, "models", self.models.len())?;
        check_some(file, "samples", samples)?;
        for model in self.models {
            let what = format!("scores of {:?}", model.label);
            check_length(file, what, model.scores.len(), samples, "one per sample")?;
        }
        self.draw().save(file)
    }

    fn draw(&self) -> Page {
        let classes = self.classes();
        let curves = self.curves();
        let legend_height =
            legend::height(&classes, PANEL_WIDTH).max(legend::height(&curves, PANEL_WIDTH));
        let chart_top = HEADING + 10 + legend_height + SMALL + 8;
        let panel_height = chart_top + CHART_HEIGHT;
        let panels = self.models.len() + 1;
        let columns = columns(panels) as u32;
        let rows = (panels as u32).div_ceil(columns);
        let mut page = Page::new(
            2 * MARGIN + columns * (PANEL_WIDTH + GAP) - GAP,
            MARGIN + HEADER + rows * (panel_height + GAP) - GAP + MARGIN,
        );
        page.header(
            self.title,
            "anomaly scores of the test samples; higher = more anomalous",
        );
        for panel in 0..panels {
            let left = MARGIN + (panel as u32 % columns) * (PANEL_WIDTH + GAP);
            let top = MARGIN + HEADER + (panel as u32 / columns) * (panel_height + GAP);
            let (heading, entries, note, chart) = match self.models.get(panel) {
                Some(model) => {
                    let histogram = Histogram::new(model.scores, self.anomalous);
                    (
                        model.label,
                        &classes,
                        histogram.note.clone(),
                        histogram.chart(PANEL_WIDTH, CHART_HEIGHT),
                    )
                }
                None => ("ROC", &curves, String::new(), self.roc()),
            };
            let heading = text::fit(heading, HEADING, PANEL_WIDTH);
            page.text(left, top, &heading, HEADING, INK, Align::Left);
            legend::draw(&mut page, entries, left, top + HEADING + 10, PANEL_WIDTH);
            let note_top = top + chart_top - SMALL - 6;
            page.text(
                left + PANEL_WIDTH - 14,
                note_top,
                &note,
                SMALL,
                FAINT_INK,
                Align::Right,
            );
            chart.place(&mut page, left, top + chart_top);
        }
        page
    }

    /// The names of the classes, with how many samples are of each; a class without samples is left out.
    fn classes(&self) -> Vec<Entry> {
        let anomalous = self
            .anomalous
            .iter()
            .filter(|&&anomalous| anomalous)
            .count();
        let normal = self.anomalous.len() - anomalous;
        [
            ("normal", normal, NORMAL),
            ("anomalous", anomalous, ANOMALOUS),
        ]
        .into_iter()
        .filter(|class| class.1 > 0)
        .map(|(name, count, colour)| Entry {
            text: format!("{name} ({count})"),
            colour,
            swatch: Swatch::Area,
        })
        .collect()
    }

    fn curves(&self) -> Vec<Entry> {
        self.models
            .iter()
            .enumerate()
            .map(|(at, model)| {
                let auc = if drawable(model.auc) {
                    format!("{:.4}", model.auc)
                } else {
                    "n/a".to_string()
                };
                Entry::series(format!("{}  AUC {auc}", model.label), at)
            })
            .collect()
    }

    fn roc(&self) -> Chart<'static> {
        let mut marks = vec![Mark::Line {
            points: vec![(0.0, 0.0), (1.0, 1.0)],
            colour: FAINT_INK,
            stroke: Stroke::Dashed,
            dots: false,
            width: 1,
        }];
        marks.extend(self.models.iter().enumerate().map(|(at, model)| {
            let SeriesStyle { colour, stroke, .. } = SeriesStyle::new(at);
            Mark::Line {
                points: model
                    .roc
                    .iter()
                    .copied()
                    .filter(|point| drawable(point.0) && drawable(point.1))
                    .collect(),
                colour,
                stroke,
                dots: false,
                width: 2,
            }
        }));
        Chart {
            width: PANEL_WIDTH,
            height: CHART_HEIGHT,
            x: Axis::between(0.0, 1.0, 5),
            y: Axis::between(0.0, 1.0, 5),
            x_label: "false positive rate",
            y_label: "true positive rate",
            x_grid: true,
            marks,
        }
    }
}

/// Panels side by side: three, or two where the last row would hold one alone.
fn columns(panels: usize) -> usize {
    if panels == 4 { 2 } else { panels.min(3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROC: [(f64, f64); 3] = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)];

    fn model<'a>(label: &'a str, scores: &'a [f64]) -> ScoredModel<'a> {
        ScoredModel {
            label,
            scores,
            roc: &ROC,
            auc: 0.75,
        }
    }

    #[test]
    fn any_number_of_models_is_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let scores: Vec<f64> = (0..200).map(|at| f64::from(at % 37)).collect();
        let anomalous: Vec<bool> = (0..200).map(|at| at % 37 > 20).collect();
        for models in [1u32, 2, 3, 9] {
            let file = folder.path().join("scores.png");
            let models = vec![model("MemAE", &scores); models as usize];
            ScoresPicture {
                title: "scores",
                models: &models,
                anomalous: &anomalous,
            }
            .save(&file)
            .unwrap();
            let read = image::open(&file).unwrap().to_rgb8();
            let columns = columns(models.len() + 1) as u32;
            assert_eq!(
                read.width(),
                2 * MARGIN + columns * (PANEL_WIDTH + GAP) - GAP
            );
            assert!(read.pixels().any(|pixel| pixel.0 == NORMAL));
            assert!(read.pixels().any(|pixel| pixel.0 == ANOMALOUS));
        }
    }

    #[test]
    fn equal_scores_one_class_and_unknown_auc_make_a_page() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scores.png");
        for scores in [[0.0; 3], [7.0; 3], [f64::NAN; 3]] {
            ScoresPicture {
                title: "scores",
                models: &[ScoredModel {
                    label: "AE",
                    scores: &scores,
                    roc: &[(f64::NAN, 0.0)],
                    auc: f64::NAN,
                }],
                anomalous: &[false; 3],
            }
            .save(&file)
            .unwrap();
        }
        assert!(image::open(&file).is_ok());
    }

    #[test]
    fn scores_that_are_not_one_per_sample_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scores.png");
        let save = |models: &[ScoredModel], anomalous: &[bool]| {
            ScoresPicture {
                title: "scores",
                models,
                anomalous,
            }
            .save(&file)
            .unwrap_err()
            .to_string()
        };
        assert!(
            save(&[model("AE", &[0.0; 2])], &[true; 3])
                .ends_with("scores of \"AE\": found length 2, expected 3 (one per sample)")
        );
        assert!(save(&[], &[true]).ends_with("found no models, expected at least one"));
        assert!(
            save(&[model("AE", &[])], &[]).ends_with("found no samples, expected at least one")
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
