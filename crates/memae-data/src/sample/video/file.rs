use std::path::PathBuf;
use std::sync::OnceLock;

use super::config::VideoConfig;
use super::error::VideoError;
use crate::format::{Decoder, Excerpt, FileError, Gap, Intact};
use crate::sample::error::SampleError;

/// A video file, and what was found out about it.
pub(super) struct File {
    pub(super) path: PathBuf,
    config: VideoConfig,
    /// Whether its pixels may be transparent.
    alpha: bool,
    looked: OnceLock<(Intact, Excerpt)>,
    /// Number of frames and the gaps between them.
    counted: OnceLock<(usize, Vec<Gap>)>,
    /// Frames a second of the file, if it says so.
    rate: OnceLock<Option<f64>>,
}

impl File {
    pub(super) fn new(path: PathBuf, config: VideoConfig, alpha: bool) -> Self {
        Self {
            path,
            config,
            alpha,
            looked: OnceLock::new(),
            counted: OnceLock::new(),
            rate: OnceLock::new(),
        }
    }

    pub(super) fn decode(&self) -> Result<Decoder, SampleError> {
        let failed = FileError::in_video_file(&self.path);
        let ffmpeg = &self.config.ffmpeg;
        let (intact, excerpt) = match self.looked.get() {
            Some(looked) => looked,
            None => {
                let mut excerpt = self.config.excerpt();
                let found = ffmpeg.look(&self.path, &excerpt, self.config.damage);
                let found = found.map_err(&failed)?;
                if excerpt.rate.is_some() {
                    excerpt.step = ffmpeg.step_of_repeats(&self.path).map_err(&failed)?;
                }
                self.looked.get_or_init(|| (found, excerpt))
            }
        };
        Ok(ffmpeg
            .decode(&self.path, excerpt, intact, self.alpha)
            .map_err(failed)?)
    }

    pub(super) fn counted(&self) -> Result<&(usize, Vec<Gap>), SampleError> {
        if let Some(counted) = self.counted.get() {
            return Ok(counted);
        }
        let mut decoder = self.decode()?;
        let mut count = 0;
        let failed = FileError::in_video_file(&self.path);
        while decoder.next().map_err(&failed)?.is_some() {
            count += 1;
        }
        let gaps = decoder.gaps().to_vec();
        Ok(self.counted.get_or_init(|| (count, gaps)))
    }

    /// Frames a second that are taken.
    pub(super) fn frame_rate(&self) -> Result<Option<f64>, SampleError> {
        let rate = match self.rate.get() {
            Some(rate) => *rate,
            None => {
                let found = self.config.ffmpeg.frame_rate(&self.path);
                let found = found.map_err(FileError::in_video_file(&self.path))?;
                *self.rate.get_or_init(|| found)
            }
        };
        Ok(rate.map(|rate| self.config.taken_of(rate)))
    }

    /// Keeps what a whole pass found.
    pub(super) fn found(&self, frames: usize, gaps: &[Gap]) {
        self.counted.get_or_init(|| (frames, gaps.to_vec()));
    }

    /// What it means that there are no frames.
    pub(super) fn no_frames(&self) -> SampleError {
        let Excerpt { start, end, .. } = self.config.excerpt();
        let mut wanted = match (start > 0.0, end) {
            (false, None) => String::new(),
            (_, None) => format!("from {start} s on"),
            (_, Some(end)) => format!("from {start} s to {end} s"),
        };
        let looked = self.looked.get();
        if let Some(Intact::Parts {
            complaint: Some(said),
            ..
        }) = looked.map(|(intact, _)| intact)
        {
            let space = if wanted.is_empty() { "" } else { " " };
            wanted.push_str(&format!("{space}that can be decoded (FFmpeg said: {said})"));
        }
        SampleError::in_video(&self.path)(match wanted.is_empty() {
            true => VideoError::NoFrames,
            false => VideoError::NoFramesThere { wanted },
        })
    }
}
