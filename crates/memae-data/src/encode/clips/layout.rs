//! How clips lie in a video.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How clips lie in a video: their length, how far apart they begin, how far apart their frames are, and which of its frames
/// a clip scores.
///
/// Clip `i` is made of the frames `i * stride + k * frame_step` for `k` below `length`, and its score belongs to the frame
/// of `k = scored_frame`, all counted from 0. A checked type: the length is 1 to 2¹⁶, the stride and the step are at least 1
/// (the step at most 2¹⁶), and the scored frame lies within the clip.
///
/// ```
/// use memae_data::encode::ClipLayout;
///
/// let layout = ClipLayout::reference();
/// assert_eq!((layout.length(), layout.stride(), layout.scored_frame()), (16, 1, 8));
/// assert_eq!(layout.clips_in(180), 165);
/// assert_eq!(layout.scored_by(0), 8); // the first 8 frames have no score,
/// assert_eq!(layout.scored_by(164), 172); // and neither have the last 7
/// assert_eq!(layout.clips_in(15), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct ClipLayout {
    length: usize,
    stride: usize,
    scored_frame: usize,
    #[serde(skip_serializing_if = "is_one")]
    frame_step: usize,
}

fn is_one(step: &usize) -> bool {
    *step == 1
}

/// The most frames of a clip, and the most from one of them to the next.
const MOST: usize = 1 << 16;

/// A layout as it is written in files.
#[derive(Deserialize)]
struct Unchecked {
    length: usize,
    #[serde(default = "one")]
    stride: usize,
    scored_frame: Option<usize>,
    #[serde(default = "one")]
    frame_step: usize,
}

fn one() -> usize {
    1
}

impl TryFrom<Unchecked> for ClipLayout {
    type Error = ClipLayoutError;

    fn try_from(unchecked: Unchecked) -> Result<Self, ClipLayoutError> {
        let layout = Self::new(unchecked.length)?
            .with_stride(unchecked.stride)?
            .with_frame_step(unchecked.frame_step)?;
        match unchecked.scored_frame {
            Some(frame) => layout.with_scored_frame(frame),
            None => Ok(layout),
        }
    }
}

impl ClipLayout {
    /// Clips of `length` frames, one beginning at each frame, that score the frame in their middle, `length / 2`.
    ///
    /// # Errors
    ///
    /// `length` is 0 or above 2¹⁶.
    pub fn new(length: usize) -> Result<Self, ClipLayoutError> {
        match length {
            0 => Err(ClipLayoutError::Length),
            1..=MOST => Ok(Self {
                length,
                stride: 1,
                scored_frame: length / 2,
                frame_step: 1,
            }),
            found => Err(ClipLayoutError::LongClip { found }),
        }
    }

    /// The layout of the authors' published code: 16 frames, stride 1, frame 8 is scored.
    pub fn reference() -> Self {
        Self {
            length: 16,
            stride: 1,
            scored_frame: 8,
            frame_step: 1,
        }
    }

    /// Sets how many frames later than the one before it a clip begins.
    ///
    /// # Errors
    ///
    /// `stride` is 0.
    pub fn with_stride(mut self, stride: usize) -> Result<Self, ClipLayoutError> {
        if stride == 0 {
            return Err(ClipLayoutError::Stride);
        }
        self.stride = stride;
        Ok(self)
    }

    /// Sets which frame of a clip is scored, counted from 0; `length - 1` is the latest one, as a live camera needs.
    ///
    /// # Errors
    ///
    /// `scored_frame` is not below the length.
    pub fn with_scored_frame(mut self, scored_frame: usize) -> Result<Self, ClipLayoutError> {
        if scored_frame >= self.length {
            return Err(ClipLayoutError::ScoredFrame {
                found: scored_frame,
                length: self.length,
            });
        }
        self.scored_frame = scored_frame;
        Ok(self)
    }

    /// Sets how many frames of the video later than the one before it a frame of a clip is: with 2, every other frame is in
    /// a clip. 1 by default.
    ///
    /// ```
    /// # use memae_data::encode::ClipLayout;
    /// let layout = ClipLayout::new(3)?.with_frame_step(2)?;
    /// assert_eq!(layout.span(), 5); // the frames 0, 2 and 4
    /// assert_eq!(layout.clips_in(6), 2);
    /// assert_eq!(layout.scored_by(0), 2);
    /// # Ok::<(), memae_data::encode::ClipLayoutError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `frame_step` is 0 or above 2¹⁶.
    pub fn with_frame_step(mut self, frame_step: usize) -> Result<Self, ClipLayoutError> {
        if !(1..=MOST).contains(&frame_step) {
            return Err(ClipLayoutError::FrameStep { found: frame_step });
        }
        self.frame_step = frame_step;
        Ok(self)
    }

    /// Frames of the video from one frame of a clip to the next.
    pub fn frame_step(self) -> usize {
        self.frame_step
    }

    /// Frames of the video from the first frame of a clip to its last one, both counted.
    pub fn span(self) -> usize {
        (self.length - 1) * self.frame_step + 1
    }

    /// Frames in a clip.
    pub fn length(self) -> usize {
        self.length
    }

    /// Frames between the beginnings of neighbouring clips.
    pub fn stride(self) -> usize {
        self.stride
    }

    /// The frame of a clip that its score belongs to.
    pub fn scored_frame(self) -> usize {
        self.scored_frame
    }

    /// Whole clips in a video of `frames` frames; 0 where it is shorter than a clip.
    pub fn clips_in(self, frames: usize) -> usize {
        match frames.checked_sub(self.span()) {
            Some(later) => later / self.stride + 1,
            None => 0,
        }
    }

    /// The fewest frames that hold `clips` clips, `usize::MAX` where there are more; 0 for no clips.
    ///
    /// With stride 1 this is how many frames the video has.
    ///
    /// ```
    /// # use memae_data::encode::ClipLayout;
    /// assert_eq!(ClipLayout::reference().frames_for(165), 180);
    /// ```
    pub fn frames_for(self, clips: usize) -> usize {
        match clips.checked_sub(1) {
            Some(later) => later
                .saturating_mul(self.stride)
                .saturating_add(self.span()),
            None => 0,
        }
    }

    /// First frame of a clip, in its video.
    pub fn first_frame(self, clip: usize) -> usize {
        clip.saturating_mul(self.stride)
    }

    /// The frame, in its video, that a clip scores.
    pub fn scored_by(self, clip: usize) -> usize {
        self.first_frame(clip)
            .saturating_add(self.scored_frame * self.frame_step)
    }

    /// The frames of each whole clip in a video of `frames` frames, from the first to the last: also those between, where
    /// the step is not 1.
    ///
    /// ```
    /// # use memae_data::encode::ClipLayout;
    /// let layout = ClipLayout::new(3)?.with_stride(2)?;
    /// assert!(layout.clips(6).eq([0..3, 2..5]));
    /// # Ok::<(), memae_data::encode::ClipLayoutError>(())
    /// ```
    pub fn clips(self, frames: usize) -> impl Iterator<Item = Range<usize>> {
        (0..self.clips_in(frames)).map(move |clip| {
            let first = self.first_frame(clip);
            first..first + self.span()
        })
    }

    /// The frame that each whole clip in a video of `frames` frames scores.
    ///
    /// ```
    /// # use memae_data::encode::ClipLayout;
    /// let layout = ClipLayout::new(3)?.with_stride(2)?;
    /// assert!(layout.scored_frames(6).eq([1, 3]));
    /// # Ok::<(), memae_data::encode::ClipLayoutError>(())
    /// ```
    pub fn scored_frames(self, frames: usize) -> impl Iterator<Item = usize> {
        (0..self.clips_in(frames)).map(move |clip| self.scored_by(clip))
    }
}

impl Default for ClipLayout {
    /// [`ClipLayout::reference`].
    fn default() -> Self {
        Self::reference()
    }
}

/// Why settings make no [`ClipLayout`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClipLayoutError {
    /// A clip has no frames.
    #[error("clip length: found 0, expected at least 1 frame")]
    Length,
    /// A clip has more frames than any network takes.
    #[error("clip length: found {found}, expected at most {MOST} frames")]
    LongClip {
        /// The length given.
        found: usize,
    },
    /// The frames of a clip are all the same one, or very far apart.
    #[error("frame step: found {found}, expected 1 to {MOST} frames")]
    FrameStep {
        /// The step given.
        found: usize,
    },
    /// All clips begin at the same frame.
    #[error("clip stride: found 0, expected at least 1 frame")]
    Stride,
    /// The scored frame is not part of the clip.
    #[error("scored frame: found {found}, expected 0 to {}, a frame of a clip of {length}", length - 1)]
    ScoredFrame {
        /// The frame given.
        found: usize,
        /// Frames in a clip.
        length: usize,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn clips_are_those_that_fit(
            length in 1usize..23,
            stride in 1usize..7,
            step in 1usize..5,
            frames in 0usize..120,
        ) {
            let layout = ClipLayout::new(length).unwrap().with_stride(stride).unwrap();
            let layout = layout.with_frame_step(step).unwrap();
            let last = |first: usize| (0..length).map(|k| first + k * step).max().unwrap();
            let fitting = (0..frames).step_by(stride).filter(|&first| last(first) < frames);
            let clips = layout.clips_in(frames);
            prop_assert_eq!(clips, fitting.count());
            prop_assert!(layout.frames_for(clips) <= frames);
            prop_assert!(layout.frames_for(clips + 1) > frames);
        }

        #[test]
        fn text_gives_the_layout_back(
            length in 1usize..23,
            stride in 1usize..7,
            step in 1usize..5,
            frame in 0usize..23,
        ) {
            let layout = ClipLayout::new(length).unwrap().with_stride(stride).unwrap();
            let layout = layout.with_frame_step(step).unwrap();
            let layout = layout.with_scored_frame(frame % length).unwrap();
            let text = serde_json::to_string(&layout).unwrap();
            prop_assert_eq!(serde_json::from_str::<ClipLayout>(&text).unwrap(), layout);
        }
    }

    #[test]
    fn settings_that_make_no_layout_are_errors() {
        let message = |result: Result<ClipLayout, ClipLayoutError>| result.unwrap_err().to_string();
        let layout = ClipLayout::new(5).unwrap();
        assert_eq!(
            message(ClipLayout::new(0)),
            "clip length: found 0, expected at least 1 frame"
        );
        assert_eq!(
            message(layout.with_stride(0)),
            "clip stride: found 0, expected at least 1 frame"
        );
        assert_eq!(
            message(layout.with_scored_frame(5)),
            "scored frame: found 5, expected 0 to 4, a frame of a clip of 5"
        );
        assert_eq!(
            message(layout.with_frame_step(0)),
            "frame step: found 0, expected 1 to 65536 frames"
        );
        assert_eq!(
            message(ClipLayout::new(1 << 40)),
            "clip length: found 1099511627776, expected at most 65536 frames"
        );
        let text = r#"{"length": 5, "stride": 0}"#;
        let error = serde_json::from_str::<ClipLayout>(text).unwrap_err();
        assert!(
            error.to_string().starts_with("clip stride: found 0"),
            "{error}"
        );
    }

    #[test]
    fn sizes_beyond_memory_saturate() {
        let layout = ClipLayout::new(3).unwrap().with_stride(usize::MAX).unwrap();
        assert_eq!(layout.frames_for(3), usize::MAX);
        assert_eq!(layout.scored_by(2), usize::MAX);
    }
}
