use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::tensor::Device;
use memae_data::encode::{ClipLayout, ClipsConfig};
use memae_data::sample::{FrameColour, FrameFormat, Video, VideoConfig};
use memae_models::detect::{FrameScore, GapPolicy, VideoDetector};

use crate::ExperimentError;
use crate::output::replace_file;

/// Scores videos as a camera would deliver them: one frame at a time, with a detector that was saved before.
pub struct StreamExperiment {
    /// The detector.
    pub detector: VideoDetector,
    paths: Vec<PathBuf>,
    videos: Vec<Video>,
    device: Device,
    clips: ClipsConfig,
}

/// What a [`StreamExperiment`] found.
#[derive(Debug, Clone)]
pub struct StreamOutcome {
    /// Frames shown.
    pub frames: usize,
    /// Time for all of them, in seconds.
    pub seconds: f64,
    /// The part of it that scoring took, without decoding.
    pub scoring_seconds: f64,
    /// Scores of the frames that have one; empty where videos were shown again and again.
    pub scores: Vec<StreamedScore>,
}

/// The score of a frame.
#[derive(Debug, Clone)]
pub struct StreamedScore {
    /// Number of the video.
    pub video: usize,
    /// Score and verdict.
    pub score: FrameScore,
}

/// Scores of a stream beside those of the same clips in batches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StreamComparison {
    /// Clips compared.
    pub clips: usize,
    /// The largest difference between two scores.
    pub largest_difference: f64,
    /// Clips with another verdict.
    pub other_verdicts: usize,
}

impl StreamExperiment {
    /// Reads a saved detector and opens videos: folders of images, or video files.
    ///
    /// # Errors
    ///
    /// The detector or a video can't be read.
    pub fn open(
        detector: &Path,
        videos: &[PathBuf],
        device: Device,
    ) -> Result<Self, ExperimentError> {
        Self::open_by(detector, videos, &VideoConfig::default(), device)
    }

    /// As [`open`](Self::open), with every setting of how a video is opened.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); settings out of range.
    pub fn open_by(
        detector: &Path,
        videos: &[PathBuf],
        config: &VideoConfig,
        device: Device,
    ) -> Result<Self, ExperimentError> {
        let detector = VideoDetector::load(detector, &device)?;
        let paths = videos.to_vec();
        let videos = videos
            .iter()
            .map(|path| config.open(path))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            detector,
            paths,
            videos,
            device,
            clips: ClipsConfig::default(),
        })
    }

    /// Sets where decoded frames of video files are kept when all clips are scored at once, and the most bytes that they may
    /// take there.
    pub fn with_spool(mut self, folder: Option<PathBuf>, bytes: u64) -> Self {
        self.clips.spool_folder = folder;
        self.clips.spool_bytes = bytes;
        self
    }

    /// Shows each video once, or all again and again until there are `frames`.
    ///
    /// `after_frame` is called after each frame with the number of frames so far.
    ///
    /// # Errors
    ///
    /// A frame can't be read or scored; a video with fewer frames than a clip.
    pub fn run(
        &self,
        frames: Option<usize>,
        mut after_frame: impl FnMut(usize),
    ) -> Result<StreamOutcome, ExperimentError> {
        let format = self.format();
        let mut stream = self.detector.stream(GapPolicy::Refuse, &self.device);
        let start = Instant::now();
        let (mut scores, mut shown, mut scoring) = (Vec::new(), 0, 0.0);
        'all: loop {
            for (index, video) in self.videos.iter().enumerate() {
                stream.reset();
                let (before_video, mut scored) = (shown, false);
                let mut in_video = video.frames(&format)?;
                let mut number = 0;
                while let Some(frame) = in_video.next() {
                    if frames.is_some_and(|frames| shown >= frames) {
                        break 'all;
                    }
                    let frame = frame?;
                    if in_video.gap().is_some() {
                        stream.reset();
                    }
                    let before = Instant::now();
                    let score = stream.push_pixels(number, frame.shape, &frame.pixels)?;
                    number += 1;
                    scored |= score.is_some();
                    scoring += before.elapsed().as_secs_f64();
                    shown += 1;
                    if frames.is_none() {
                        scores.extend(score.map(|score| StreamedScore {
                            video: index,
                            score,
                        }));
                    }
                    after_frame(shown);
                }
                if !scored {
                    self.check_length(index, shown - before_video)?;
                }
            }
            if frames.is_none() {
                break;
            }
        }
        Ok(StreamOutcome {
            frames: shown,
            seconds: start.elapsed().as_secs_f64(),
            scoring_seconds: scoring,
            scores,
        })
    }

    /// What was flagged in each video, a line each.
    pub fn flagged(&self, outcome: &StreamOutcome) -> String {
        let mut lines = String::new();
        for (index, video) in self.videos.iter().enumerate() {
            let of_video = outcome.scores.iter().filter(|line| line.video == index);
            let flagged: Vec<u64> = of_video
                .clone()
                .filter(|line| line.score.anomalous)
                .map(|line| line.score.frame)
                .collect();
            lines.push_str(&format!(
                "{}: {} of {} frames above {:.3}: {}\n",
                video.name(),
                flagged.len(),
                of_video.count(),
                self.detector.threshold(),
                spans(&flagged)
            ));
        }
        lines
    }

    /// Writes the score of every frame as CSV, beside its place first and then renamed.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub fn save_scores(&self, outcome: &StreamOutcome, path: &Path) -> Result<(), ExperimentError> {
        replace_file(path, |file| {
            let mut table = csv::Writer::from_writer(file);
            table.write_record(["video", "frame", "score", "anomalous"])?;
            for StreamedScore { video, score } in &outcome.scores {
                table.write_record([
                    self.paths[*video].display().to_string(),
                    score.frame.to_string(),
                    score.score.to_string(),
                    u8::from(score.anomalous).to_string(),
                ])?;
            }
            table.flush()
        })
        .map_err(|error| ExperimentError::write(path, error))
    }

    /// Scores all clips in batches as well, and compares.
    ///
    /// # Errors
    ///
    /// A frame can't be read or scored; not one score for each clip.
    pub fn compare(&self, outcome: &StreamOutcome) -> Result<StreamComparison, ExperimentError> {
        let input = self.detector.network.input;
        let layout = ClipLayout::new(input.frames)?.with_frame_step(self.detector.frame_step())?;
        let clips = self
            .clips
            .clone()
            .with_layout(layout)
            .with_size(input.height, input.width)
            .with_colour(self.colour())
            .with_range(self.detector.pixels().unwrap_or_default())
            .open(&self.videos)?;
        let verdicts = self.detector.detect(&clips, &self.device)?;
        if verdicts.len() != outcome.scores.len() {
            return Err(ExperimentError::StreamScores {
                found: outcome.scores.len(),
                expected: verdicts.len(),
            });
        }
        let mut comparison = StreamComparison {
            clips: verdicts.len(),
            largest_difference: 0.0,
            other_verdicts: 0,
        };
        for (verdict, line) in verdicts.iter().zip(&outcome.scores) {
            let difference = (verdict.score - line.score.score).abs();
            comparison.largest_difference = comparison.largest_difference.max(difference);
            comparison.other_verdicts += usize::from(verdict.anomalous != line.score.anomalous);
        }
        Ok(comparison)
    }

    /// Frames as the network takes them.
    fn format(&self) -> FrameFormat {
        let input = self.detector.network.input;
        FrameFormat::default()
            .with_colour(self.colour())
            .with_size(input.height, input.width)
    }

    fn colour(&self) -> FrameColour {
        match self.detector.network.input.channels {
            3 => FrameColour::Rgb,
            _ => FrameColour::Grey,
        }
    }

    fn check_length(&self, video: usize, found: usize) -> Result<(), ExperimentError> {
        let expected = (self.detector.network.input.frames - 1) * self.detector.frame_step() + 1;
        Err(ExperimentError::ShortVideo {
            path: self.paths[video].display().to_string(),
            found,
            expected,
        })
    }
}

/// Numbers in a row as `first-last`.
fn spans(frames: &[u64]) -> String {
    let spans = frames.chunk_by(|a, b| a + 1 == *b);
    let texts: Vec<String> = spans
        .map(|span| match span {
            [only] => only.to_string(),
            span => format!("{}-{}", span[0], span[span.len() - 1]),
        })
        .collect();
    match texts.is_empty() {
        true => "none".to_string(),
        false => texts.join(", "),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_in_a_row_are_spans() {
        assert_eq!(super::spans(&[]), "none");
        assert_eq!(super::spans(&[8]), "8");
        assert_eq!(super::spans(&[8, 9, 10, 12, 14, 15]), "8-10, 12, 14-15");
    }
}
