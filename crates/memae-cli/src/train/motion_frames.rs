//! The frames of normal videos whose motion is looked at.

use memae::data::encode::{MotionError, MotionFrame, MotionPreprocessing};
use memae::data::format::shown;
use memae::data::sample::{Frame, FrameFormat, SampleError, Video};

use super::stretches::{FEWEST, STRETCHES, stretch};
use crate::failure::Failure;
use crate::input::NormalVideos;
use crate::left_out::{GapFound, LeftOut};
use crate::wording::in_options;

/// The frames of videos, numbered through all of them.
pub(super) struct Frames {
    videos: Vec<Video>,
    /// The number of the first frame of each video.
    first: Vec<usize>,
    /// The group of each frame: its video, or a stretch of it.
    groups: Vec<usize>,
    stretches: Option<usize>,
}

/// Height and width of the frames of the first video that has any.
pub(super) fn first_size(videos: &[Video]) -> Result<(usize, usize), Failure> {
    let size = |video: &Video| -> Result<(usize, usize), SampleError> {
        let first = video.frames(&FrameFormat::default())?.next();
        let first = first.transpose()?;
        Ok(first.map_or((1, 1), |frame| (frame.shape.height, frame.shape.width)))
    };
    let mut problem = None;
    for video in videos {
        match size(video) {
            Ok(size) => return Ok(size),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    Err(match problem {
        Some(error) => Failure::Other(in_options(&error.to_string())),
        None => Failure::Other("found no video, expected at least one".to_string()),
    })
}

impl Frames {
    /// All frames of these videos; those that can't be decoded are left out, if there are others. Of one or two videos each is divided
    /// into stretches, so that some of their frames can be held out: of at least twice as many frames as a score reaches over.
    pub(super) fn of(
        found: &mut NormalVideos,
        way: &MotionPreprocessing,
        reach: usize,
    ) -> Result<Self, Failure> {
        let (mut videos, mut counts) = (Vec::new(), Vec::new());
        let mut problem = None;
        for video in std::mem::take(&mut found.videos) {
            match count(&video, way) {
                Ok(count) => {
                    videos.push(video);
                    counts.push(count);
                }
                Err(error) => {
                    let reason = in_options(&error.to_string());
                    found.left_out.add(reason.as_str());
                    problem.get_or_insert(reason);
                }
            }
        }
        if let (true, Some(reason)) = (videos.is_empty(), problem) {
            return Err(Failure::Other(reason));
        }
        let mut frames = Self {
            first: Vec::new(),
            groups: Vec::new(),
            stretches: None,
            videos,
        };
        let is_divided = counts.len() < FEWEST;
        for (video, &count) in counts.iter().enumerate() {
            frames.first.push(frames.groups.len());
            let length = match is_divided {
                true => stretch(count, reach),
                false => count.max(1),
            };
            let of_frames = (0..count).map(|frame| video * STRETCHES + frame / length);
            frames.groups.extend(of_frames);
        }
        if is_divided {
            let stretches = frames.groups.chunk_by(|a, b| a == b).count();
            if stretches < FEWEST {
                return Err(Failure::Other(format!(
                    "{}: found {} frames, expected at least {} in one video, or {FEWEST} videos, so that frames can be held out whose \
                     motion the training does not see",
                    frames.videos.first().map_or("", Video::name),
                    counts.iter().max().unwrap_or(&0),
                    FEWEST * 2 * reach
                )));
            }
            frames.stretches = Some(stretches);
        }
        Ok(frames)
    }

    /// Tells where frames are missing.
    pub(super) fn gaps(&self, left_out: &mut LeftOut) -> Result<(), Failure> {
        for video in &self.videos {
            for gap in video.gaps()? {
                left_out.add_gap(&GapFound::in_file(video.path(), *gap));
            }
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    pub(super) fn videos(&self) -> &[Video] {
        &self.videos
    }

    /// The frame of a video, by the number that it has there.
    pub(super) fn frame_of(&self, video: usize, number: usize) -> usize {
        self.first[video] + number
    }

    /// How many stretches the videos are divided into, if they are.
    pub(super) fn stretches(&self) -> Option<usize> {
        self.stretches
    }

    /// The group of each frame.
    pub(super) fn groups(&self) -> &[usize] {
        &self.groups
    }

    /// The video of a frame, and which of its frames it is.
    pub(super) fn place(&self, frame: usize) -> (&Video, usize) {
        let video = self.first.partition_point(|first| *first <= frame) - 1;
        (&self.videos[video], frame - self.first[video])
    }

    /// What a frame is called.
    pub(super) fn name(&self, frame: usize) -> String {
        let (video, number) = self.place(frame);
        format!("{}: frame {number}", video.name())
    }

    /// Calls `visit` with the motion in each frame of a part, or in all, in order. What is known of the motion in a group comes from
    /// its own frames.
    pub(super) fn visit_motion(
        &self,
        way: &MotionPreprocessing,
        part: Option<&[usize]>,
        mut visit: impl FnMut(usize, &MotionFrame) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut stream = way.stream()?;
        self.visit(way.format(), part, |frame, begins, pixels| {
            if begins {
                stream.restart();
            }
            visit(frame, &stream.push_frame(pixels)?)
        })
    }

    /// Calls `visit` with each frame of a part, or with all, in order, and with whether nothing before it counts: it is the first of its
    /// group, or of what follows a gap.
    pub(super) fn visit(
        &self,
        format: &FrameFormat,
        part: Option<&[usize]>,
        mut visit: impl FnMut(usize, bool, &Frame) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let wanted = part.map(|part| {
            let mut wanted = vec![false; self.len()];
            part.iter().for_each(|&frame| wanted[frame] = true);
            wanted
        });
        let is_wanted = |frame: usize| wanted.as_ref().is_none_or(|wanted| wanted[frame]);
        for (video, &first) in self.videos.iter().zip(&self.first) {
            let next = self.first.iter().find(|next| **next > first);
            let end = next.copied().unwrap_or(self.len());
            if !(first..end).any(is_wanted) {
                continue;
            }
            let mut decoded = video.frames(format)?;
            for frame in first..end {
                let found = decoded.next().transpose()?.ok_or_else(|| {
                    Failure::Other(format!(
                        "{}: found {} frames, expected {}, as there were a moment ago",
                        shown(video.path()),
                        frame - first,
                        end - first
                    ))
                })?;
                let begins = frame == first
                    || self.groups[frame] != self.groups[frame - 1]
                    || decoded.gap().is_some();
                if is_wanted(frame) {
                    visit(frame, begins, &found)?;
                }
            }
        }
        Ok(())
    }
}

/// How many frames a video has, all of which can be decoded, as often as they should come.
fn count(video: &Video, way: &MotionPreprocessing) -> Result<usize, MotionError> {
    way.check_rate(video)?;
    let mut frames = video.frames(way.format())?;
    let count = frames.try_fold(0, |count, frame| frame.map(|_| count + 1))?;
    Ok(count)
}
