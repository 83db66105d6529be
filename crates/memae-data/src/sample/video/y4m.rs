use std::io::Read;
use std::path::Path;

use super::config::VideoConfig;
use super::error::VideoError;
use super::form::Form;
use super::frame::Frame;
use super::frame_format::FrameFormat;
use crate::format::{Excerpt, FileError, Y4mError, Y4mReader};
use crate::sample::error::SampleError;

/// The frames of a stream in YUV4MPEG2, one at a time as they are asked for: without FFmpeg's programs, in bounded memory, and
/// with the pixels that those programs would give (to the bit on x86-64 for 4:2:0 of an even height and for 4:2:2; else up to
/// 3 levels off, and up to 8 where their scaler blends colours between rows or columns).
///
/// Frames of 8 bits are read: 4:2:0, 4:2:2, 4:1:1, 4:4:4 and grey. Made by [`VideoConfig::read_y4m`].
pub struct Y4mFrames<R> {
    form: Form,
    reader: Y4mReader<R>,
    excerpt: Excerpt,
    rate: f64,
    /// The place of the last frame taken, among those that one is taken of each.
    slot: Option<f64>,
    /// Frames read, and frames given.
    read: usize,
    given: usize,
    ended: bool,
}

impl VideoConfig {
    /// Frames of a stream in YUV4MPEG2; `path` is what errors call it. Start, end and rate go by the frame rate of the stream.
    ///
    /// # Errors
    ///
    /// Settings out of range; a header that is damaged, too long or of frames that are not supported; no frame rate, where one is
    /// needed. Items are errors where the stream is damaged or cut short within a frame, and where there are no frames; nothing
    /// comes after an error.
    ///
    /// ```
    /// use memae_data::sample::{FrameFormat, VideoConfig};
    ///
    /// let stream = b"YUV4MPEG2 W2 H1 F25:1 Cmono\nFRAME\n\x05\x07FRAME\n\x09\x0b";
    /// let frames = VideoConfig::default().read_y4m("stdin", &stream[..], &FrameFormat::default())?;
    /// let frames = frames.collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!((frames.len(), &frames[1].pixels[..]), (2, &[9, 11][..]));
    /// # Ok::<(), memae_data::sample::SampleError>(())
    /// ```
    pub fn read_y4m<R: Read>(
        &self,
        path: impl AsRef<Path>,
        reader: R,
        format: &FrameFormat,
    ) -> Result<Y4mFrames<R>, SampleError> {
        let path = path.as_ref();
        self.check().map_err(SampleError::in_video(path))?;
        let form = Form::new(path.to_path_buf(), format)?;
        let failed = FileError::in_y4m(path);
        let reader = Y4mReader::new(reader).map_err(&failed)?;
        let excerpt = self.excerpt();
        let rate = match reader.rate() {
            Some(rate) => rate,
            None if excerpt == Excerpt::default() => 1.0,
            None => return Err(failed(Y4mError::NoRate).into()),
        };
        Ok(Y4mFrames {
            form,
            reader,
            excerpt,
            rate,
            slot: None,
            read: 0,
            given: 0,
            ended: false,
        })
    }
}

impl<R: Read> Y4mFrames<R> {
    fn next_frame(&mut self) -> Result<Option<Frame>, SampleError> {
        loop {
            let time = self.read as f64 / self.rate;
            let over = self.excerpt.end.is_some()
                && time >= self.excerpt.start
                && !self.excerpt.spans(time);
            let image = match over {
                true => None,
                false => self
                    .reader
                    .next()
                    .map_err(FileError::in_y4m(&self.form.path))?,
            };
            let Some(image) = image else {
                return match self.given {
                    0 => Err(SampleError::in_video(&self.form.path)(VideoError::NoFrames)),
                    _ => Ok(None),
                };
            };
            self.read += 1;
            let slot = self.excerpt.slot(time);
            if self.excerpt.spans(time) && (slot.is_none() || slot != self.slot) {
                self.slot = slot;
                self.given += 1;
                return self.form.frame(image).map(Some);
            }
        }
    }
}

impl<R: Read> Iterator for Y4mFrames<R> {
    type Item = Result<Frame, SampleError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let frame = self.next_frame().transpose();
        self.ended = !matches!(frame, Some(Ok(_)));
        frame
    }
}

impl<R> std::fmt::Debug for Y4mFrames<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Y4mFrames")
            .field("path", &self.form.path)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}
