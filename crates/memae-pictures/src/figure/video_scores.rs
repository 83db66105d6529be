use std::path::Path;

use super::frame_curve::Frames;
use crate::chart::axis::{Axis, drawable, three_digits};
use crate::chart::cartesian::Chart;
use crate::chart::colour::{FAINT_INK, INK, PAPER, SHADE, mix};
use crate::chart::legend::{self, Entry, Swatch};
use crate::chart::mark::Mark;
use crate::chart::page::{Align, BODY, HEADER, MARGIN, Page, SMALL};
use crate::chart::series_style::SeriesStyle;
use crate::chart::stroke::Stroke;
use crate::chart::text;
use crate::error::{PictureError, check_length, check_most, check_some};

/// Panels on a page.
const MOST_VIDEOS: usize = 120;
/// Height of a chart with the numbers of its axis, without the axis's name.
const CHART_HEIGHT: u32 = 150;
const AXIS_NAME: u32 = BODY + 8;
/// Height of a panel's title.
const PANEL_HEADING: u32 = BODY + 4;
const COLUMN_GAP: u32 = 32;
const ROW_GAP: u32 = 16;
/// How strong the shade behind anomalous frames is, so that the grid and the palest curve show.
const SHADE_OPACITY: f64 = 0.3;

/// A model in a [`VideoScoresPicture`].
///
/// ```
/// use memae_pictures::VideoModel;
///
/// let model = VideoModel { label: "MemAE", threshold: Some(0.4) };
/// assert_eq!(model.label, "MemAE");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct VideoModel<'a> {
    /// Its name in the legend.
    pub label: &'a str,
    /// The score above which it calls a frame anomalous, drawn as a dashed line over every panel.
    pub threshold: Option<f64>,
}

/// The scores that one model gives the frames of one video.
///
/// Clip scores go in as they are: the reference protocol gives clip s to frame s + 8, so `first_frame` is 8.
///
/// ```
/// use memae_pictures::FrameScores;
///
/// let scores = FrameScores { first_frame: 8, scores: &[Some(0.1), None, Some(0.3)] };
/// assert_eq!(scores.scores.len(), 3); // frames 8, 9 and 10, of which 9 has none
/// ```
#[derive(Debug, Clone, Copy)]
pub struct FrameScores<'a> {
    /// The frame of the first score, counted from 0.
    pub first_frame: usize,
    /// One score per frame from there on; `None` where a frame has none.
    pub scores: &'a [Option<f64>],
}

/// One video in a [`VideoScoresPicture`].
///
/// ```
/// use memae_pictures::{FrameScores, VideoPanel};
///
/// let video = VideoPanel {
///     title: "Test001",
///     note: "AUC 0.93",
///     scores: &[FrameScores { first_frame: 1, scores: &[Some(0.2), Some(0.8)] }],
///     anomalous: &[false, false, true, false],
/// };
/// assert_eq!(video.anomalous.len(), 4);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct VideoPanel<'a> {
    /// What is written over the panel, such as the video's name; may be empty.
    pub title: &'a str,
    /// What is written over its right end, such as an AUC; may be empty.
    pub note: &'a str,
    /// The scores of each model, in the models' order, `[models]`.
    pub scores: &'a [FrameScores<'a>],
    /// Whether each frame is labelled anomalous, `[frames]`; empty if the video has no labels.
    pub anomalous: &'a [bool],
}

/// The anomaly scores of videos, frame by frame: one panel a video, one curve a model, and a shade behind the frames
/// that are labelled anomalous.
///
/// All panels share one scale of scores; each has its own scale of frames, which are counted from 0. Curves break at
/// frames without a score. So they do at scores that are not finite, which the line under the title counts. A long
/// video is drawn with the lowest and the highest score of each pixel, and gaps narrower than a pixel are closed.
/// Of more than 120 videos the first 120 are drawn, and the line under the title says so.
///
/// ```
/// use memae_pictures::{FrameScores, VideoModel, VideoPanel, VideoScoresPicture};
///
/// let folder = tempfile::tempdir()?;
/// let picture = VideoScoresPicture {
///     title: "Walkway",
///     y_label: "anomaly score",
///     models: &[
///         VideoModel { label: "AE", threshold: None },
///         VideoModel { label: "MemAE", threshold: Some(0.5) },
///     ],
///     videos: &[VideoPanel {
///         title: "Test001",
///         note: "AUC AE 0.50 · MemAE 1.00",
///         scores: &[
///             FrameScores { first_frame: 1, scores: &[Some(0.3), Some(0.4), Some(0.3)] },
///             FrameScores { first_frame: 1, scores: &[Some(0.1), Some(0.2), Some(0.9)] },
///         ],
///         anomalous: &[false, false, false, true, true],
///     }],
/// };
/// picture.save(folder.path().join("video_scores.png"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct VideoScoresPicture<'a> {
    /// The line on top.
    pub title: &'a str,
    /// What the y axes measure.
    pub y_label: &'a str,
    /// The models, at most 14; from the eighth on their curves are dashed.
    pub models: &'a [VideoModel<'a>],
    /// The videos, one panel each.
    pub videos: &'a [VideoPanel<'a>],
}

impl VideoScoresPicture<'_> {
    /// Writes the picture as PNG to `path`, replacing what is there.
    ///
    /// # Errors
    ///
    /// If there are no models or more than 14, there are no videos, a video has no frames, has not the scores of
    /// every model or scores for more frames than labels, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PictureError> {
        let file = path.as_ref();
        self.check(file)?;
        self.draw().save(file)
    }

    fn check(&self, file: &Path) -> Result<(), PictureError> {
        let mismatch = |what: String, found: String, expected: String| {
            Err(PictureError::Mismatch {
                file: file.to_path_buf(),
                what,
                found,
                expected,
            })
        };
        check_some(file, "models", self.models.len())?;
        check_most(file, "models", self.models.len(), SeriesStyle::MOST)?;
        check_some(file, "videos", self.videos.len())?;
        for (at, video) in self.videos.iter().enumerate() {
            let video_name = format!("video {at} ({:?})", video.title);
            check_length(
                file,
                format!("scores of {video_name}"),
                video.scores.len(),
                self.models.len(),
                "one curve per model",
            )?;
            for (model, scores) in self.models.iter().zip(video.scores) {
                let end = scores.first_frame.checked_add(scores.scores.len());
                let labelled = video.anomalous.len();
                if end.is_none_or(|end| labelled > 0 && end > labelled) {
                    return mismatch(
                        format!("scores of {:?} for {video_name}", model.label),
                        format!(
                            "{} from frame {} on",
                            scores.scores.len(),
                            scores.first_frame
                        ),
                        match labelled {
                            0 => "frames that can be counted".to_string(),
                            frames => format!("none beyond its {frames} labelled frames"),
                        },
                    );
                }
            }
            if frames(video) == 0 {
                return mismatch(
                    format!("frames of {video_name}"),
                    "none".to_string(),
                    "at least one".to_string(),
                );
            }
        }
        Ok(())
    }

    fn shown(&self) -> &[VideoPanel<'_>] {
        &self.videos[..self.videos.len().min(MOST_VIDEOS)]
    }

    fn draw(&self) -> Page {
        let shown = self.shown();
        let (columns, panel_width) = columns(shown.len());
        let rows = (shown.len() as u32).div_ceil(columns);
        let width = columns * (panel_width + COLUMN_GAP) - COLUMN_GAP;
        let entries = self.entries();
        let top = MARGIN + HEADER + legend::height(&entries, width) + 10;
        let row_height = PANEL_HEADING + CHART_HEIGHT + ROW_GAP;
        let mut page = Page::new(
            width + 2 * MARGIN,
            top + rows * row_height - ROW_GAP + AXIS_NAME + MARGIN,
        );
        page.header(self.title, &self.note());
        legend::draw(&mut page, &entries, MARGIN, MARGIN + HEADER, width);
        let scores = self.drawn_scores();
        let thresholds = self.models.iter().filter_map(VideoModel::drawn_threshold);
        let y = Axis::around(scores.chain(thresholds), 5);
        for (at, video) in shown.iter().enumerate() {
            let at = at as u32;
            let left = MARGIN + at % columns * (panel_width + COLUMN_GAP);
            let top = top + at / columns * row_height;
            let lowest = at + columns >= shown.len() as u32;
            self.draw_panel(
                &mut page,
                video,
                (left, top, panel_width),
                y.clone(),
                lowest,
            );
        }
        page
    }

    fn draw_panel(
        &self,
        page: &mut Page,
        video: &VideoPanel,
        (left, top, width): (u32, u32, u32),
        y: Axis,
        lowest: bool,
    ) {
        let right = left + width - 14;
        let note = text::fit(video.note, SMALL, width * 2 / 3);
        let taken = text::width(&note, SMALL) + 20;
        let title = text::fit(video.title, BODY, width.saturating_sub(taken));
        page.text(left, top, &title, BODY, INK, Align::Left);
        page.text(right, top + 2, &note, SMALL, FAINT_INK, Align::Right);
        let frames = Frames {
            count: frames(video),
            pixels: width as usize,
        };
        let chart = Chart {
            width,
            height: CHART_HEIGHT + if lowest { AXIS_NAME } else { 0 },
            x: Axis::between_whole(-0.5, frames.count as f64 - 0.5, 10),
            y,
            x_label: if lowest { "frame" } else { "" },
            y_label: self.y_label,
            x_grid: false,
            marks: self.marks(video, frames),
        };
        let top = top + PANEL_HEADING;
        chart.place(page, left, top);
        let drawable = |score: &Option<f64>| score.is_some_and(drawable);
        if !video
            .scores
            .iter()
            .flat_map(|scores| scores.scores)
            .any(drawable)
        {
            let (x, y) = (left + width / 2, top + CHART_HEIGHT / 2 - BODY);
            page.text(x, y, "no score", BODY, INK, Align::Centre);
        }
    }

    /// The shade, over it the thresholds, over them the curves.
    fn marks(&self, video: &VideoPanel, frames: Frames) -> Vec<Mark> {
        let spans = frames.spans(video.anomalous).into_iter();
        let mut marks: Vec<Mark> = spans
            .map(|span| Mark::Span {
                left: span.start as f64 - 0.5,
                right: span.end as f64 - 0.5,
                colour: SHADE,
                opacity: SHADE_OPACITY,
            })
            .collect();
        for (at, model) in self.models.iter().enumerate() {
            if let Some(threshold) = model.drawn_threshold() {
                let end = frames.count as f64 - 0.5;
                marks.push(Mark::Line {
                    points: vec![(-0.5, threshold), (end, threshold)],
                    colour: SeriesStyle::new(at).colour,
                    stroke: Stroke::Dashed,
                    dots: false,
                    width: 1,
                });
            }
        }
        for (at, scores) in video.scores.iter().enumerate() {
            let SeriesStyle { colour, stroke, .. } = SeriesStyle::new(at);
            for points in frames.lines(scores.first_frame, scores.scores) {
                marks.push(Mark::Line {
                    dots: points.len() == 1,
                    points,
                    colour,
                    stroke,
                    width: 2,
                });
            }
        }
        marks
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (at, model) in self.models.iter().enumerate() {
            entries.push(Entry::series(model.label.to_string(), at));
            if let Some(threshold) = model.threshold {
                entries.push(Entry {
                    text: format!("{} threshold {}", model.label, three_digits(threshold)),
                    colour: SeriesStyle::new(at).colour,
                    swatch: Swatch::ThinDashes,
                });
            }
        }
        if self
            .shown()
            .iter()
            .any(|video| video.anomalous.contains(&true))
        {
            entries.push(Entry {
                text: "labelled anomalous".to_string(),
                colour: mix(PAPER, SHADE, SHADE_OPACITY as f32),
                swatch: Swatch::Shade,
            });
        }
        entries
    }

    fn note(&self) -> String {
        let shown = self.shown();
        let mut notes = vec!["one score a frame, frames counted from 0".to_string()];
        if shown.len() < self.videos.len() {
            notes.push(format!(
                "first {} of {} videos",
                shown.len(),
                self.videos.len()
            ));
        }
        if shown.len() > 1 {
            notes.push("all videos on one scale".to_string());
        }
        let scores = self.scores().filter(|&score| !drawable(score)).count();
        match scores {
            0 => {}
            1 => notes.push("1 score is not finite and left out".to_string()),
            count => notes.push(format!("{count} scores are not finite and left out")),
        }
        notes.join(" · ")
    }

    /// The scores of the videos shown.
    fn scores(&self) -> impl Iterator<Item = f64> {
        let of_models = self.shown().iter().flat_map(|video| video.scores);
        of_models
            .flat_map(|scores| scores.scores)
            .copied()
            .flatten()
    }

    fn drawn_scores(&self) -> impl Iterator<Item = f64> {
        self.scores().filter(|&score| drawable(score))
    }
}

impl VideoModel<'_> {
    fn drawn_threshold(&self) -> Option<f64> {
        self.threshold.filter(|&threshold| drawable(threshold))
    }
}

/// The frames of a video: as many as it has labels; without labels, as far as the scores go.
fn frames(video: &VideoPanel) -> usize {
    let scored = video
        .scores
        .iter()
        .map(|scores| scores.first_frame.saturating_add(scores.scores.len()));
    match video.anomalous.len() {
        0 => scored.max().unwrap_or(0),
        labelled => labelled,
    }
}

/// How many panels stand side by side, and how wide each is.
fn columns(panels: usize) -> (u32, u32) {
    match panels {
        0..=3 => (1, 900),
        4..=24 => (2, 640),
        _ => (3, 520),
    }
}

#[cfg(test)]
mod tests;
