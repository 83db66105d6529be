use std::path::Path;
#[cfg(feature = "files")]
use std::path::PathBuf;
use std::sync::Arc;
#[cfg(feature = "files")]
use std::sync::OnceLock;

use image::DynamicImage;

#[cfg(feature = "files")]
use super::config::VideoConfig;
use super::error::VideoError;
#[cfg(feature = "files")]
use super::file::File;
use super::frame::{Frame, to_image};
use super::frame_format::FrameFormat;
#[cfg(feature = "files")]
use crate::format::{
    Decoder, Ffmpeg, FileError, Gap, Numbering, PassedOver, frame_files, image_header, open_file,
    read_image,
};
use crate::sample::error::SampleError;
use crate::sample::shape::ImageShape;

/// A video: a folder of images, a video file, or frames in memory. Cheap to clone; nothing is decoded before frames are
/// asked for.
///
/// ```
/// use memae_data::sample::{FrameFormat, ImageShape, Video};
///
/// let shape = ImageShape { channels: 1, height: 1, width: 2 };
/// let video = Video::in_memory("walk", shape, vec![0, 10, 20, 30, 40, 50])?;
/// assert_eq!(video.frame_count()?, 3);
/// let frames: Vec<_> = video.frames(&FrameFormat::default())?.collect::<Result<_, _>>()?;
/// assert_eq!(frames[2].pixels, [40, 50]);
/// # Ok::<(), memae_data::sample::SampleError>(())
/// ```
#[derive(Clone)]
pub struct Video {
    name: String,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    #[cfg(feature = "files")]
    Images {
        folder: PathBuf,
        files: Arc<[PathBuf]>,
        passed_over: Arc<PassedOver>,
        /// Height and width of the first image.
        size: Arc<OnceLock<(usize, usize)>>,
        /// Of those that are picked, in a second.
        rate: Option<f64>,
    },
    #[cfg(feature = "files")]
    File(Arc<File>),
    Memory {
        shape: ImageShape,
        pixels: Arc<[u8]>,
    },
}

impl Video {
    /// A folder of images, one for each frame, whose names give their order. JPEG, PNG, BMP, TIFF, WebP, GIF and PNM are read;
    /// other files and hidden ones are passed over ([`passed_over`](Self::passed_over)). Frames are turned as their files say.
    ///
    /// # Errors
    ///
    /// The folder cannot be read or has no images; a number is missing, or names do not differ in one number
    /// ([`Numbering::Consecutive`]).
    #[cfg(feature = "files")]
    pub fn from_folder(
        folder: impl AsRef<Path>,
        numbering: Numbering,
    ) -> Result<Self, SampleError> {
        Self::images(folder.as_ref(), numbering, None, |images| {
            Ok((0..images).collect())
        })
    }

    /// A folder of images, of which some are picked.
    #[cfg(feature = "files")]
    pub(super) fn images(
        folder: &Path,
        numbering: Numbering,
        rate: Option<f64>,
        pick: impl Fn(usize) -> Result<Vec<usize>, VideoError>,
    ) -> Result<Self, SampleError> {
        let found = frame_files(folder, "frames", numbering)?;
        let picked = pick(found.files.len()).map_err(SampleError::in_video(folder))?;
        Ok(Self {
            name: name(folder.file_name()),
            kind: Kind::Images {
                folder: folder.to_path_buf(),
                files: picked
                    .into_iter()
                    .map(|at| found.files[at].clone())
                    .collect(),
                passed_over: Arc::new(found.passed_over),
                size: Arc::default(),
                rate,
            },
        })
    }

    /// A video file of any kind that FFmpeg reads (mp4, avi, mkv, …), its first video stream. A damaged one is an error when its
    /// frames are asked for; [`VideoConfig`] has other ways. What is transparent lies over black, as in images.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is a list of other files, or has no video stream; its pixels are grey or RGB of more than 8
    /// bits; FFmpeg's programs are absent or fail.
    #[cfg(feature = "files")]
    pub fn from_file(path: impl AsRef<Path>, ffmpeg: Ffmpeg) -> Result<Self, SampleError> {
        Self::file(path.as_ref(), &VideoConfig::default().with_ffmpeg(ffmpeg))
    }

    #[cfg(feature = "files")]
    pub(super) fn file(path: &Path, config: &VideoConfig) -> Result<Self, SampleError> {
        open_file(path)?;
        let checked = config.ffmpeg.check(path);
        let alpha = checked.map_err(FileError::in_video_file(path))?;
        Ok(Self {
            name: name(path.file_stem()),
            kind: Kind::File(Arc::new(File::new(
                path.to_path_buf(),
                config.clone(),
                alpha,
            ))),
        })
    }

    /// Frames in memory, `[frames, channels, height, width]` flattened, of 1 or 3 channels.
    ///
    /// # Errors
    ///
    /// The pixels are no whole number of frames, or none.
    pub fn in_memory(
        name: impl Into<String>,
        shape: ImageShape,
        pixels: impl Into<Arc<[u8]>>,
    ) -> Result<Self, SampleError> {
        let (name, pixels) = (name.into(), pixels.into());
        let found = pixels.len();
        let error = if ![1, 3].contains(&shape.channels) {
            VideoError::Channels {
                found: shape.channels,
            }
        } else if found.checked_rem(shape.len()) != Some(0) {
            VideoError::PixelCount { found, shape }
        } else if found == 0 {
            VideoError::NoFrames
        } else {
            return Ok(Self {
                name,
                kind: Kind::Memory { shape, pixels },
            });
        };
        Err(SampleError::in_video(Path::new(&name))(error))
    }

    /// Its name: that of the folder, or of the file without its ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder or file; the name where the frames are in memory.
    pub fn path(&self) -> &Path {
        match &self.kind {
            #[cfg(feature = "files")]
            Kind::Images { folder, .. } => folder,
            #[cfg(feature = "files")]
            Kind::File(file) => &file.path,
            Kind::Memory { .. } => Path::new(&self.name),
        }
    }

    /// What lies beside the images of a folder; nothing of a video file, or of frames in memory.
    #[cfg(feature = "files")]
    pub fn passed_over(&self) -> Option<&PassedOver> {
        match &self.kind {
            Kind::Images { passed_over, .. } if !passed_over.is_empty() => Some(passed_over),
            _ => None,
        }
    }

    /// Number of frames. A video file is decoded for it once, unless all its frames were asked for before.
    ///
    /// # Errors
    ///
    /// The file cannot be decoded to its end.
    pub fn frame_count(&self) -> Result<usize, SampleError> {
        match &self.kind {
            #[cfg(feature = "files")]
            Kind::Images { files, .. } => Ok(files.len()),
            Kind::Memory { shape, pixels } => Ok(pixels.len() / shape.len()),
            #[cfg(feature = "files")]
            Kind::File(file) => Ok(file.counted()?.0),
        }
    }

    /// Frames a second, of those that are [taken](VideoConfig::rate), which is the mean where it varies; pauses of a recording do
    /// not count. `None` where nothing says it: of images without [`VideoConfig::image_rate`], of files of one frame, and of
    /// frames in memory. The packets of a video file are listed for it once, and none is decoded.
    ///
    /// # Errors
    ///
    /// The packets of the file can't be listed.
    #[cfg(feature = "files")]
    pub fn frame_rate(&self) -> Result<Option<f64>, SampleError> {
        match &self.kind {
            Kind::Images { rate, .. } => Ok(*rate),
            Kind::Memory { .. } => Ok(None),
            Kind::File(file) => file.frame_rate(),
        }
    }

    /// Where frames are missing, or another recording begins, in order; none but in video files whose damaged parts are left
    /// out ([`DamagePolicy::LeaveOut`](crate::format::DamagePolicy::LeaveOut)). Such a file is decoded for it once, as by
    /// [`frame_count`](Self::frame_count).
    ///
    /// # Errors
    ///
    /// As [`frame_count`](Self::frame_count).
    #[cfg(feature = "files")]
    pub fn gaps(&self) -> Result<&[Gap], SampleError> {
        match &self.kind {
            Kind::File(file) => Ok(&file.counted()?.1),
            _ => Ok(&[]),
        }
    }

    /// The frames between the gaps: all of so many, where there are none.
    pub(crate) fn stretches(
        &self,
        frames: usize,
    ) -> Result<Vec<std::ops::Range<usize>>, SampleError> {
        #[cfg(feature = "files")]
        let gaps = self.gaps()?.iter().map(|gap| gap.after);
        #[cfg(not(feature = "files"))]
        let gaps = std::iter::empty();
        let mut start = 0;
        let stretches = gaps.chain([frames]).map(|end| {
            let stretch = start..end;
            start = end;
            stretch
        });
        Ok(stretches.filter(|stretch| !stretch.is_empty()).collect())
    }

    /// The frames in order, decoded one at a time as they are asked for. Memory does not grow with the video.
    ///
    /// # Errors
    ///
    /// Sizes of the format out of range; FFmpeg's programs are absent. Items are errors where a frame is damaged, or has
    /// not the size of the first one; nothing comes after an error.
    pub fn frames(&self, format: &FrameFormat) -> Result<Frames, SampleError> {
        format.check()?;
        #[cfg(feature = "files")]
        let decoder = match &self.kind {
            Kind::File(file) => Some(file.decode()?),
            _ => None,
        };
        Ok(Frames {
            video: self.clone(),
            format: format.clone(),
            #[cfg(feature = "files")]
            decoder,
            size: None,
            next: 0,
            ended: false,
        })
    }

    /// Whether frames can be asked for in any order.
    pub(crate) fn is_random_access(&self) -> bool {
        match &self.kind {
            #[cfg(feature = "files")]
            Kind::File(_) => false,
            _ => true,
        }
    }

    /// Height and width of the frames as they are stored.
    ///
    /// # Panics
    ///
    /// The video is a file.
    pub(crate) fn stored_size(&self) -> Result<(usize, usize), SampleError> {
        match &self.kind {
            #[cfg(feature = "files")]
            Kind::Images { files, size, .. } => match size.get() {
                Some(&size) => Ok(size),
                None => {
                    let header = image_header(&files[0])?;
                    Ok(*size.get_or_init(|| (header.height, header.width)))
                }
            },
            Kind::Memory { shape, .. } => Ok((shape.height, shape.width)),
            #[cfg(feature = "files")]
            Kind::File(_) => unreachable!("the size of a video file is that of its frames"),
        }
    }

    /// Height and width of the frames as they are stored; of a video file, of which the first is decoded, too.
    pub(crate) fn frame_size(&self) -> Result<(usize, usize), SampleError> {
        #[cfg(feature = "files")]
        if let Kind::File(file) = &self.kind {
            let first = file.decode()?.next();
            let first = first.map_err(FileError::in_video_file(&file.path))?;
            let first = first.ok_or_else(|| file.no_frames())?;
            return Ok((first.height() as usize, first.width() as usize));
        }
        self.stored_size()
    }

    /// Decodes one frame.
    ///
    /// # Panics
    ///
    /// The video is a file, or has no such frame.
    pub(crate) fn frame(&self, index: usize, format: &FrameFormat) -> Result<Frame, SampleError> {
        let image = self.image(index)?;
        #[cfg(feature = "files")]
        if let Kind::Images { files, .. } = &self.kind {
            same_size(&files[index], &image, self.stored_size()?)?;
        }
        let frame = format.apply(image);
        frame.map_err(SampleError::in_image(self.frame_path(index)))
    }

    /// The file that a frame is in.
    fn frame_path(&self, index: usize) -> &Path {
        match &self.kind {
            #[cfg(feature = "files")]
            Kind::Images { files, .. } => &files[index],
            _ => {
                let _ = index;
                self.path()
            }
        }
    }

    fn image(&self, index: usize) -> Result<DynamicImage, SampleError> {
        match &self.kind {
            #[cfg(feature = "files")]
            Kind::Images { files, .. } => Ok(read_image(&files[index])?.image),
            Kind::Memory { shape, pixels } => {
                let pixels = &pixels[index * shape.len()..][..shape.len()];
                Ok(to_image(*shape, pixels).expect("as many pixels as the shape has"))
            }
            #[cfg(feature = "files")]
            Kind::File(_) => unreachable!("a video file is read from front to back"),
        }
    }

    /// Why there are no frames.
    fn no_frames(&self) -> SampleError {
        #[cfg(feature = "files")]
        if let Kind::File(file) = &self.kind {
            return file.no_frames();
        }
        SampleError::in_video(self.path())(VideoError::NoFrames)
    }
}

#[cfg(feature = "files")]
fn name(name: Option<&std::ffi::OsStr>) -> String {
    name.unwrap_or_default().to_string_lossy().into_owned()
}

pub(super) fn same_size(
    path: &Path,
    image: &DynamicImage,
    expected: (usize, usize),
) -> Result<(), SampleError> {
    let found = (image.height() as usize, image.width() as usize);
    match found == expected {
        true => Ok(()),
        false => Err(SampleError::in_video(path)(VideoError::FrameSize {
            found,
            expected,
        })),
    }
}

/// Shows where the video is, and leaves out frames and the names of files.
impl std::fmt::Debug for Video {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Video")
            .field("name", &self.name)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

/// The frames of a video in order; see [`Video::frames`].
pub struct Frames {
    video: Video,
    format: FrameFormat,
    #[cfg(feature = "files")]
    decoder: Option<Decoder>,
    /// Height and width of the first frame.
    size: Option<(usize, usize)>,
    next: usize,
    ended: bool,
}

impl Frames {
    /// The gap right before the frame that came last, if there is one.
    #[cfg(feature = "files")]
    pub fn gap(&self) -> Option<Gap> {
        let last = self.decoder.as_ref()?.gaps().last()?;
        (last.after + 1 == self.next).then_some(*last)
    }

    fn read(&mut self) -> Result<Option<Frame>, SampleError> {
        let Some(image) = self.next_image()? else {
            #[cfg(feature = "files")]
            if let (Kind::File(file), Some(decoder)) = (&self.video.kind, &self.decoder) {
                file.found(self.next, decoder.gaps());
            }
            return match self.next {
                0 => Err(self.video.no_frames()),
                _ => Ok(None),
            };
        };
        let path = self.video.frame_path(self.next);
        let size = (image.height() as usize, image.width() as usize);
        same_size(path, &image, *self.size.get_or_insert(size))?;
        let frame = self.format.apply(image);
        let frame = frame.map_err(SampleError::in_image(path))?;
        self.next += 1;
        Ok(Some(frame))
    }

    fn next_image(&mut self) -> Result<Option<DynamicImage>, SampleError> {
        #[cfg(feature = "files")]
        if let Some(decoder) = &mut self.decoder {
            let image = decoder.next();
            return Ok(image.map_err(FileError::in_video_file(self.video.path()))?);
        }
        match self.next < self.video.frame_count()? {
            true => self.video.image(self.next).map(Some),
            false => Ok(None),
        }
    }
}

impl Iterator for Frames {
    type Item = Result<Frame, SampleError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let frame = self.read().transpose();
        self.ended = !matches!(frame, Some(Ok(_)));
        frame
    }
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames")
            .field("video", &self.video.name)
            .field("format", &self.format)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
