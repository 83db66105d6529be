//! Normal videos, from files and folders.

use std::path::{Path, PathBuf};

use memae::data::dataset::readable_videos_in;
use memae::data::encode::{Clips, ClipsConfig, ClipsError};
use memae::data::sample::{Video, VideoConfig};

use super::distinct::Distinct;
use crate::failure::Failure;
use crate::left_out::{LeftOut, PassedOverIn};
use crate::wording::in_options;

/// Normal videos.
#[derive(Default)]
pub(crate) struct NormalVideos {
    pub(crate) videos: Vec<Video>,
    pub(crate) passed_over: Vec<PassedOverIn>,
    pub(crate) left_out: LeftOut,
}

/// The videos at some paths; of a folder with training and test videos, those of the training.
pub(crate) fn normal_videos(
    paths: &[PathBuf],
    opening: &VideoConfig,
) -> Result<NormalVideos, Failure> {
    let mut normal = NormalVideos::default();
    for path in paths {
        if !path.is_dir() {
            match opening.open_file(path) {
                Ok(video) => normal.videos.push(video),
                Err(error) => normal.left_out.add(in_options(&error.to_string())),
            }
            continue;
        }
        let found = readable_videos_in(training_videos(path), opening)?;
        for file in &found.left_out {
            normal.left_out.add(in_options(&file.reason));
        }
        if !found.passed_over.is_empty() {
            normal.passed_over.push(PassedOverIn {
                folder: path.clone(),
                what: found.passed_over,
            });
        }
        normal.videos.extend(found.videos);
    }
    let mut distinct = Distinct::default();
    normal.videos.retain(|video| distinct.is_new(video.path()));
    distinct.report(&mut normal.left_out);
    match (normal.videos.is_empty(), normal.left_out.first().first()) {
        (true, Some(reason)) => Err(Failure::Other(reason.clone())),
        _ => Ok(normal),
    }
}

impl NormalVideos {
    /// Clips of them; those that turn out to be damaged or too short are left out, if there are others.
    pub(crate) fn clips(&mut self, cutting: &ClipsConfig) -> Result<Clips, Failure> {
        let (mut whole, mut first) = (Vec::new(), None);
        for video in std::mem::take(&mut self.videos) {
            match damage(&video, cutting) {
                None => whole.push(video),
                Some(reason) => {
                    let reason = in_options(&reason);
                    self.left_out.add(reason.as_str());
                    first.get_or_insert(reason);
                }
            }
        }
        self.videos = whole;
        if let (true, Some(reason)) = (self.videos.is_empty(), first) {
            return Err(Failure::Other(reason));
        }
        let error = match cutting.open(&self.videos) {
            Ok(clips) => return Ok(clips),
            Err(error) => error,
        };
        if !is_of_one_video(&error) || self.videos.len() == 1 {
            return Err(error.into());
        }
        // The first is known to have failed; whether others do shows when they are decoded.
        let mut whole = Vec::new();
        for video in &self.videos {
            match cutting.open(std::slice::from_ref(video)) {
                Ok(_) => whole.push(video.clone()),
                Err(error) if is_of_one_video(&error) => {
                    self.left_out.add(in_options(&error.to_string()));
                }
                Err(error) => return Err(error.into()),
            }
        }
        if whole.is_empty() {
            return Err(error.into());
        }
        self.videos = whole;
        Ok(cutting.open(&self.videos)?)
    }
}

/// What is wrong with a frame of a folder of them; of video files, all of which are decoded when they are cut, it shows then.
fn damage(video: &Video, cutting: &ClipsConfig) -> Option<String> {
    if !video.path().is_dir() {
        return None;
    }
    let problem = match video.frames(&cutting.format) {
        Ok(mut frames) => frames.find_map(Result::err),
        Err(error) => Some(error),
    };
    problem.map(|error| error.to_string())
}

/// Whether it says nothing of the other videos.
fn is_of_one_video(error: &ClipsError) -> bool {
    matches!(error, ClipsError::TooShort { .. } | ClipsError::Sample(_))
}

/// The folder of videos, in a folder of training and test videos that of the training.
pub(crate) fn training_videos(folder: &Path) -> PathBuf {
    let training = ["training/frames", "training/videos", "training", "train"];
    let sets = training.iter().map(|set| folder.join(set));
    sets.into_iter()
        .find(|set| set.is_dir())
        .unwrap_or_else(|| folder.to_path_buf())
}
