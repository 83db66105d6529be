use std::path::Path;

use askama::Template;

use crate::chart::{FrameCurve, Histogram, ScoreRange};
use crate::error::ReportError;
use crate::palette::{COLOURS, Colour};
use crate::part::{Columns, Facts, SampleGroup, Video};
use crate::report::Report;
use crate::text;
use crate::whole_file;

/// A report as its template takes it: with charts, and without parts that have nothing to show.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    colours: &'static [Colour],
    histogram: Option<Histogram>,
    /// The kinds of samples in the histogram, and how many there are of each.
    kinds: Vec<(&'static str, String)>,
    videos: Vec<(&'a Video, FrameCurve)>,
    groups: Vec<&'a SampleGroup>,
    columns: Option<&'a Columns>,
    facts: Vec<&'a Facts>,
}

impl<'a> Page<'a> {
    fn new(report: &'a Report) -> Self {
        let threshold = report.threshold.as_ref().map(|threshold| threshold.value);
        let histogram = report
            .scores
            .as_ref()
            .and_then(|scores| scores.histogram(threshold));
        let kinds = report.scores.iter().flat_map(|scores| scores.kinds());
        Self {
            kinds: kinds
                .map(|kind| (kind.name, text::counted(kind.scores.len())))
                .collect(),
            videos: videos(&report.videos, threshold),
            groups: report
                .groups
                .iter()
                .filter(|group| !group.samples.is_empty())
                .collect(),
            columns: report
                .columns
                .as_ref()
                .filter(|columns| !columns.contributions.is_empty()),
            facts: report
                .facts
                .iter()
                .filter(|facts| !facts.rows.is_empty())
                .collect(),
            colours: &COLOURS,
            histogram,
            report,
        }
    }

    /// Whether there is anything on how well anomalies are told.
    fn has_quality(&self) -> bool {
        let report = self.report;
        !report.figures.is_empty() || !report.curves.is_empty() || report.confusion.is_some()
    }

    fn has_labelled_frames(&self) -> bool {
        self.videos.iter().any(|(video, _)| video.has_labels())
    }

    fn has_gaps(&self) -> bool {
        self.videos.iter().any(|(video, _)| video.has_gaps())
    }
}

/// Curves with one scale, of the videos that have a score.
fn videos(videos: &[Video], threshold: Option<f64>) -> Vec<(&Video, FrameCurve)> {
    let scores = videos.iter().flat_map(Video::scores).copied();
    if scores.clone().all(f64::is_nan) {
        return Vec::new();
    }
    // Where all scores are infinite, any scale will do.
    let range = ScoreRange::of(scores.chain(threshold)).or(ScoreRange::of([0.0, 1.0]));
    let scored = videos.iter().filter(|video| !video.scores().is_empty());
    range.map_or(Vec::new(), |range| {
        scored
            .map(|video| (video, video.chart(range, threshold)))
            .collect()
    })
}

impl Report {
    /// The page, as HTML in UTF-8.
    ///
    /// # Errors
    ///
    /// If a template can't be filled in.
    pub fn render(&self) -> Result<String, ReportError> {
        Page::new(self).render().map_err(|error| ReportError::Html {
            reason: error.to_string(),
        })
    }

    /// Writes the page to `path`, replacing what is there: to a temporary file in the same folder, which then takes its
    /// name.
    ///
    /// # Errors
    ///
    /// If the page can't be made or the file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ReportError> {
        let file = path.as_ref();
        let page = self.render()?;
        whole_file::write(file, page.as_bytes()).map_err(|source| ReportError::Write {
            file: file.to_path_buf(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::{Head, Verdicts};

    #[test]
    fn the_file_holds_the_page() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.html");
        let report = Report::new(Head::new("title"), Verdicts::new(1, 0));
        report.save(&file).unwrap();
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            report.render().unwrap()
        );
    }

    #[test]
    fn an_error_names_the_file_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("missing").join("report.html");
        let report = Report::new(Head::new("title"), Verdicts::new(1, 0));
        let message = report.save(&file).unwrap_err().to_string();
        assert!(
            message.contains("report.html: cannot be written: "),
            "{message}"
        );
        assert!(!message.contains('\n'));
    }
}
