use std::path::{Path, PathBuf};

use memae_data::dataset::{ClipScores, read_clip_scores, read_frame_labels};
use memae_data::encode::ClipLayout;
use memae_data::format::shown;
use memae_data::metrics::{FrameAuc, ScoreRange, VideoProtocol, VideoScores, frame_auc};

use crate::ExperimentError;

/// Scores that a detector gave to the clips of some videos, in files.
#[derive(Debug, Clone)]
pub struct ClipScoreFiles {
    /// Folder with one .npy file of clip scores for each video, in the order of their names.
    pub scores: PathBuf,
    /// Labels of the frames of all videos: .npy, .mat or .csv.
    pub labels: PathBuf,
    /// Which frame of a clip its score belongs to.
    pub layout: ClipLayout,
    /// Folder with the clip scores of training videos, which [`VideoProtocol::Train`] needs.
    pub training_scores: Option<PathBuf>,
}

impl ClipScoreFiles {
    /// Frame-level AUC of the scores.
    ///
    /// # Errors
    ///
    /// A file can't be read; labels of another number than the frames; scores that are not finite; labels of
    /// one kind only; no training scores where the protocol needs them.
    pub fn frame_auc(&self, protocol: VideoProtocol) -> Result<FrameAuc, ExperimentError> {
        let videos = self.videos()?;
        let training = match (protocol, &self.training_scores) {
            (VideoProtocol::Train, Some(folder)) => Some(vec![range(folder)?; videos.len()]),
            _ => None,
        };
        frame_auc(&videos, protocol, training.as_deref())
            .map_err(|error| named(&self.labels, error))
    }

    /// The scored frames of each video and their labels.
    fn videos(&self) -> Result<Vec<VideoScores>, ExperimentError> {
        let files = read_clip_scores(&self.scores)?;
        let frames: Vec<usize> = files
            .iter()
            .map(|file| self.layout.frames_for(file.scores.len()))
            .collect();
        let labels = read_frame_labels(&self.labels)?
            .of_videos(&frames)
            .map_err(|error| named(&self.labels, error))?;
        let scored = |(file, labels): (&ClipScores, &Vec<bool>)| {
            VideoScores::from_clips(
                &file.scores,
                labels,
                self.layout.scored_frames(labels.len()),
            )
            .map_err(|error| named(&file.path, error))
        };
        files.iter().zip(&labels).map(scored).collect()
    }
}

/// The range of all training scores.
fn range(folder: &Path) -> Result<ScoreRange, ExperimentError> {
    let mut scores = Vec::new();
    for file in read_clip_scores(folder)? {
        // Each alone, so that an error names its file.
        ScoreRange::of(&file.scores).map_err(|error| named(&file.path, error))?;
        scores.extend(file.scores);
    }
    Ok(ScoreRange::of(&scores)?)
}

fn named(path: &Path, error: impl std::error::Error) -> ExperimentError {
    ExperimentError::ClipScores {
        path: shown(path),
        reason: error.to_string(),
    }
}
