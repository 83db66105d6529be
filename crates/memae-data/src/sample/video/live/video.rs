use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::form::Form;
use super::super::frame_format::FrameFormat;
use super::address::AddressStream;
use super::arrival::{Arrival, Break, Step};
use super::config::LiveConfig;
use super::reader::ReaderStream;
use crate::format::StreamAddress;
use crate::sample::error::SampleError;

/// A stream: frames that are decoded as they arrive, in bounded memory. Made by [`LiveConfig`].
///
/// The programs that decode end when this is dropped.
pub struct LiveVideo {
    path: PathBuf,
    stream: Stream,
    frames: usize,
}

enum Stream {
    Address(Box<AddressStream>),
    Reader(Box<ReaderStream>),
}

impl LiveConfig {
    /// Opens the address of a stream. It is reached when its frames are waited for.
    ///
    /// Needs FFmpeg 5.0 or later. RTSP is taken over TCP where the camera has it.
    ///
    /// # Errors
    ///
    /// Settings out of range; FFmpeg's programs are absent or too old.
    pub fn open_address(
        &self,
        address: &StreamAddress,
        format: &FrameFormat,
    ) -> Result<LiveVideo, SampleError> {
        let path = PathBuf::from(address.to_string());
        self.check().map_err(SampleError::in_video(&path))?;
        let form = Form::new(path.clone(), format)?;
        Ok(LiveVideo {
            path,
            stream: Stream::Address(Box::new(AddressStream::new(address, self, form)?)),
            frames: 0,
        })
    }

    /// Opens what a reader gives, such as standard input: YUV4MPEG2, as [`VideoConfig::read_y4m`] reads it, or any kind of file
    /// that FFmpeg reads from front to back, for which FFmpeg 5.0 or later is needed. `path` is what errors call it.
    ///
    /// The reader is read by a thread of its own, no further than frames are taken, but for what pipes and programs hold. Where it
    /// waits for bytes that never come, that thread is left behind when this is dropped.
    ///
    /// [`VideoConfig::read_y4m`]: crate::sample::VideoConfig::read_y4m
    ///
    /// # Errors
    ///
    /// Settings out of range.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use memae_data::sample::{Arrival, FrameFormat, LiveConfig};
    ///
    /// let stream = b"YUV4MPEG2 W2 H1 F25:1 Cmono\nFRAME\nabFRAME\nc";
    /// let mut video = LiveConfig::default().open_reader("stdin", &stream[..], &FrameFormat::default())?;
    /// let mut arrivals = std::iter::from_fn(|| Some(video.next(Duration::from_secs(9))));
    /// assert!(matches!(arrivals.next(), Some(Ok(Arrival::Frame(_)))));
    /// assert!(matches!(arrivals.next(), Some(Ok(Arrival::Break(found))) if found.left_out == Some(1)));
    /// assert!(matches!(arrivals.next(), Some(Ok(Arrival::Ended))));
    /// # Ok::<(), memae_data::sample::SampleError>(())
    /// ```
    pub fn open_reader(
        &self,
        path: impl AsRef<Path>,
        reader: impl Read + Send + 'static,
        format: &FrameFormat,
    ) -> Result<LiveVideo, SampleError> {
        let path = path.as_ref().to_path_buf();
        self.check().map_err(SampleError::in_video(&path))?;
        let form = Form::new(path.clone(), format)?;
        Ok(LiveVideo {
            path,
            stream: Stream::Reader(Box::new(ReaderStream::new(reader, self, form, format))),
            frames: 0,
        })
    }
}

impl LiveVideo {
    /// Where the stream comes from, without credentials.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for the next frame, so long at most.
    ///
    /// # Errors
    ///
    /// The stream can't be reached or has no frames, and is not tried again; its kind or its pixels are not read; a frame
    /// has not the size of the first one. Nothing comes after an error.
    pub fn next(&mut self, wait: Duration) -> Result<Arrival, SampleError> {
        let step = match &mut self.stream {
            Stream::Address(stream) => stream.next(wait),
            Stream::Reader(stream) => stream.next(wait),
        };
        Ok(match step? {
            Step::Frame(frame) => {
                self.frames += 1;
                Arrival::Frame(frame)
            }
            Step::Nothing => Arrival::Nothing,
            Step::Break { left_out, reason } => Arrival::Break(Break {
                after: self.frames,
                left_out,
                reason,
            }),
            Step::Unreachable {
                reason,
                again_after,
            } => Arrival::Unreachable {
                reason,
                again_after,
            },
            Step::Ended => Arrival::Ended,
        })
    }
}

impl std::fmt::Debug for LiveVideo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveVideo")
            .field("path", &self.path)
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}
