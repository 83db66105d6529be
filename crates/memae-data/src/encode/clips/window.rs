use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use burn_dataset::{Dataset, DatasetError};

use super::cache::FrameCache;
use super::config::{ClipsConfig, PixelRange};
use super::error::ClipsError;
use super::layout::ClipLayout;
use super::spool::{Spool, SpoolWriter};
#[cfg(feature = "files")]
use crate::format::Gap;
use crate::sample::{FrameFormat, ImageShape, SampleError, Video, VideoError};

/// A clip as a training loop takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClipItem {
    /// Values of its pixels, `[channels, time, height, width]` flattened.
    pub values: Vec<f32>,
    /// Index of its video.
    pub video: usize,
    /// Its first frame, in its video.
    pub first_frame: usize,
}

/// The clips of some videos: those of the first video in the order of their frames, then those of the second, …
///
/// As a [`Dataset`] it gives [`ClipItem`]s to Burn's data loaders. Frames are decoded when they are asked for and kept as
/// bytes while there is room ([`ClipsConfig::cache_bytes`]); whatever the order, the number of threads and the room, a
/// clip has the same values. Beyond the room for frames, memory is taken for the clips that are in the making. Cheap to
/// clone; clones share their frames. Made by [`ClipsConfig::open`].
///
/// ```
/// use burn_dataset::Dataset;
/// use memae_data::encode::ClipsConfig;
/// use memae_data::sample::{ImageShape, Video};
///
/// let shape = ImageShape { channels: 1, height: 3, width: 5 };
/// let videos = [
///     Video::in_memory("morning", shape, vec![0; 20 * 15])?,
///     Video::in_memory("evening", shape, vec![0; 18 * 15])?,
/// ];
/// let clips = ClipsConfig::default().with_keep_size().open(&videos)?; // 16 frames a clip
/// assert_eq!(clips.len(), 5 + 3);
/// assert_eq!(clips.clips_of(1), 5..8);
///
/// // In order, two threads ahead: how videos are scored.
/// for clip in clips.stream(clips.clips_of(1).collect(), 2) {
///     assert_eq!(clip?.video, 1);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Clips {
    inner: Arc<Inner>,
}

struct Inner {
    videos: Vec<Part>,
    layout: ClipLayout,
    format: FrameFormat,
    range: PixelRange,
    values: [f32; 256],
    shape: ImageShape,
    cache: FrameCache,
    spool: Option<Spool>,
}

/// A video and where its clips are.
struct Part {
    video: Video,
    frames: usize,
    clips: Range<usize>,
    stretches: Vec<Stretch>,
    /// Where its frames begin on disk, for a video file.
    spooled: Option<u64>,
}

/// Frames of a video without a gap between them, and the clips of these.
struct Stretch {
    frames: Range<usize>,
    clips: Range<usize>,
}

/// What is known of a video's frames.
struct Found {
    frames: usize,
    stretches: Vec<Range<usize>>,
    /// Height and width before they are resized.
    stored: (usize, usize),
    shape: ImageShape,
    spooled: Option<u64>,
}

impl ClipsConfig {
    /// The clips of some videos.
    ///
    /// Of folders of images the names are known and the first image's size is read. Video files are decoded once from
    /// front to back, into a temporary file of one byte for each channel and pixel of every frame, which has a limit
    /// ([`spool_bytes`](Self::spool_bytes)) and no name: only so are their frames exactly the same in whatever order they are
    /// asked for.
    ///
    /// # Errors
    ///
    /// No videos; sizes out of range; a video has fewer frames than a clip; frames of different sizes, and no size to
    /// bring them to; a video file that cannot be decoded to its end; a temporary file that cannot be written, or would be
    /// larger than its limit.
    pub fn open(&self, videos: &[Video]) -> Result<Clips, ClipsError> {
        Clips::open(self, videos)
    }
}

impl Clips {
    fn open(config: &ClipsConfig, videos: &[Video]) -> Result<Self, ClipsError> {
        config.format.check().map_err(SampleError::from)?;
        let mut spool: Option<SpoolWriter> = None;
        let mut parts: Vec<Part> = Vec::new();
        let mut first: Option<Found> = None;
        let mut clips = 0;
        for video in videos {
            let found = look_at(config, video, &mut spool)?;
            let first_clip = clips;
            let mut stretches = Vec::new();
            for frames in &found.stretches {
                let count = config.layout.clips_in(frames.len());
                stretches.push(Stretch {
                    frames: frames.clone(),
                    clips: clips..clips + count,
                });
                clips += count;
            }
            if clips == first_clip {
                let longest = found.stretches.iter().map(Range::len).max();
                return Err(ClipsError::TooShort {
                    path: video.path().to_path_buf(),
                    frames: longest.unwrap_or(0),
                    gaps: stretches.len().saturating_sub(1),
                    length: config.layout.span(),
                });
            }
            parts.push(Part {
                video: video.clone(),
                frames: found.frames,
                clips: first_clip..clips,
                stretches,
                spooled: found.spooled,
            });
            match &first {
                Some(first) if first.shape != found.shape => {
                    return Err(ClipsError::OtherSize {
                        path: video.path().to_path_buf(),
                        found: found.stored,
                        expected: first.stored,
                        other: videos[0].name().to_string(),
                    });
                }
                Some(_) => {}
                None => first = Some(found),
            }
        }
        let Some(first) = first else {
            return Err(ClipsError::NoVideos);
        };
        let frames = parts.iter().map(|part| part.frames).sum();
        Ok(Self {
            inner: Arc::new(Inner {
                videos: parts,
                layout: config.layout,
                format: config.format.clone(),
                range: config.range,
                values: config.range.values(),
                shape: first.shape,
                cache: FrameCache::new(config.cache_bytes, first.shape.len(), frames),
                spool: spool.map(SpoolWriter::finish).transpose()?,
            }),
        })
    }

    /// Number of clips.
    pub fn len(&self) -> usize {
        self.inner.videos.last().map_or(0, |part| part.clips.end)
    }

    /// Whether there are no clips; never, since each video has one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How clips lie in a video.
    pub fn layout(&self) -> ClipLayout {
        self.inner.layout
    }

    /// What the levels of pixels have become.
    pub fn range(&self) -> PixelRange {
        self.inner.range
    }

    /// Shape of a frame; a clip has [`ClipLayout::length`] of them.
    pub fn frame_shape(&self) -> ImageShape {
        self.inner.shape
    }

    /// Number of videos.
    pub fn videos(&self) -> usize {
        self.inner.videos.len()
    }

    /// A video.
    ///
    /// # Panics
    ///
    /// `video` is not below [`videos`](Self::videos).
    pub fn video(&self, video: usize) -> &Video {
        &self.part(video).video
    }

    /// Frames of a video.
    ///
    /// # Panics
    ///
    /// `video` is not below [`videos`](Self::videos).
    pub fn frames_in(&self, video: usize) -> usize {
        self.part(video).frames
    }

    /// The clips of a video.
    ///
    /// # Panics
    ///
    /// `video` is not below [`videos`](Self::videos).
    pub fn clips_of(&self, video: usize) -> Range<usize> {
        self.part(video).clips.clone()
    }

    /// The clips of a video that follow each other without a gap between them. All of them, but for video files whose damaged
    /// parts are left out ([`DamagePolicy::LeaveOut`](crate::format::DamagePolicy)): a clip never spans a gap.
    ///
    /// # Panics
    ///
    /// `video` is not below [`videos`](Self::videos).
    pub fn sequences_of(&self, video: usize) -> impl Iterator<Item = Range<usize>> {
        let stretches = self.part(video).stretches.iter();
        let clips = stretches.map(|stretch| stretch.clips.clone());
        clips.filter(|clips| !clips.is_empty())
    }

    /// The gaps between the frames of a video, with what was left out in each; none but in video files whose damaged parts are
    /// left out.
    ///
    /// # Panics
    ///
    /// `video` is not below [`videos`](Self::videos).
    #[cfg(feature = "files")]
    pub fn gaps_of(&self, video: usize) -> &[Gap] {
        // Where they are not known yet, opening the clips would have failed.
        self.part(video).video.gaps().unwrap_or_default()
    }

    /// Bytes that decoded frames of video files take on disk.
    pub fn spooled_bytes(&self) -> u64 {
        self.inner.spool.as_ref().map_or(0, Spool::bytes)
    }

    /// First frame of a clip, in its video.
    ///
    /// # Panics
    ///
    /// `clip` is not below [`len`](Self::len).
    pub fn first_frame(&self, clip: usize) -> usize {
        self.place(clip).1
    }

    /// The frame, in its video, that a clip scores.
    ///
    /// # Panics
    ///
    /// `clip` is not below [`len`](Self::len).
    pub fn scored_by(&self, clip: usize) -> usize {
        let layout = self.inner.layout;
        self.first_frame(clip) + layout.scored_frame() * layout.frame_step()
    }

    /// The video of a clip and its first frame there.
    fn place(&self, clip: usize) -> (usize, usize) {
        assert!(clip < self.len(), "clip {clip} of {} clips", self.len());
        let inner = &*self.inner;
        let video = inner.videos.partition_point(|part| part.clips.end <= clip);
        let stretches = &inner.videos[video].stretches;
        let stretch = stretches.partition_point(|stretch| stretch.clips.end <= clip);
        let Stretch { frames, clips } = &stretches[stretch];
        (
            video,
            frames.start + inner.layout.first_frame(clip - clips.start),
        )
    }

    fn part(&self, video: usize) -> &Part {
        assert!(
            video < self.videos(),
            "video {video} of {} videos",
            self.videos()
        );
        &self.inner.videos[video]
    }

    /// Pixels of a frame, `[channels, height, width]` flattened.
    ///
    /// # Errors
    ///
    /// The frame cannot be read or decoded, or has not the size of the first one of its video.
    ///
    /// # Panics
    ///
    /// There is no such video or frame.
    pub fn frame(&self, video: usize, frame: usize) -> Result<Arc<[u8]>, ClipsError> {
        let part = self.part(video);
        assert!(
            frame < part.frames,
            "frame {frame} of {} frames",
            part.frames
        );
        self.inner.cache.get((video, frame), || {
            let bytes = self.inner.shape.len();
            match (part.spooled, &self.inner.spool) {
                (Some(start), Some(spool)) => {
                    spool.read(start + frame as u64 * bytes as u64, bytes)
                }
                _ => Ok(part.video.frame(frame, &self.inner.format)?.pixels.into()),
            }
        })
    }

    /// A clip.
    ///
    /// # Errors
    ///
    /// As [`frame`](Self::frame).
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn clip(&self, index: usize) -> Result<ClipItem, ClipsError> {
        let (video, first_frame) = self.place(index);
        let inner = &*self.inner;
        let frames: Vec<Arc<[u8]>> = (first_frame..first_frame + inner.layout.span())
            .step_by(inner.layout.frame_step())
            .map(|frame| self.frame(video, frame))
            .collect::<Result<_, _>>()?;
        let plane = inner.shape.height * inner.shape.width;
        let mut values = Vec::with_capacity(frames.len() * inner.shape.len());
        for channel in 0..inner.shape.channels {
            for frame in &frames {
                let pixels = &frame[channel * plane..][..plane];
                values.extend(pixels.iter().map(|&pixel| inner.values[usize::from(pixel)]));
            }
        }
        Ok(ClipItem {
            values,
            video,
            first_frame,
        })
    }
}

/// Finds out how many frames a video has and how large they are; decodes it where it is a file.
fn look_at(
    config: &ClipsConfig,
    video: &Video,
    spool: &mut Option<SpoolWriter>,
) -> Result<Found, ClipsError> {
    if video.is_random_access() {
        let stored = video.stored_size()?;
        let frames = video.frame_count()?;
        return Ok(Found {
            frames,
            stretches: video.stretches(frames)?,
            stored,
            shape: config.format.shape_of(stored.0, stored.1),
            spooled: None,
        });
    }
    let writer = match spool {
        Some(writer) => writer,
        None => spool.insert(SpoolWriter::new(
            config.spool_folder.as_deref(),
            config.spool_bytes,
        )?),
    };
    let mut frames = 0;
    let mut found: Option<(ImageShape, u64)> = None;
    for frame in video.frames(&config.format)? {
        let frame = frame?;
        let start = writer.push(video.path(), frames, &frame.pixels)?;
        found.get_or_insert((frame.shape, start));
        frames += 1;
    }
    let (shape, start) = found.ok_or_else(|| SampleError::Video {
        path: video.path().to_path_buf(),
        error: VideoError::NoFrames,
    })?;
    Ok(Found {
        frames,
        stretches: video.stretches(frames)?,
        stored: (shape.height, shape.width),
        shape,
        spooled: Some(start),
    })
}

/// Shows the sizes, and leaves out frames and files.
impl fmt::Debug for Clips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clips")
            .field("len", &self.len())
            .field("videos", &self.videos())
            .field("layout", &self.inner.layout)
            .field("frame_shape", &self.inner.shape)
            .finish_non_exhaustive()
    }
}

impl Dataset<ClipItem> for Clips {
    fn get(&self, index: usize) -> Result<ClipItem, DatasetError> {
        self.clip(index).map_err(DatasetError::new)
    }

    fn len(&self) -> usize {
        Clips::len(self)
    }
}
