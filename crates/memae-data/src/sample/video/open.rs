use std::path::Path;

use super::config::VideoConfig;
use super::sequence::Video;
use crate::sample::error::SampleError;

impl VideoConfig {
    /// Opens a folder of images, or a video file. Nothing is decoded.
    ///
    /// # Errors
    ///
    /// As [`open_folder`](Self::open_folder) and [`open_file`](Self::open_file).
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Video, SampleError> {
        match path.as_ref().is_dir() {
            true => self.open_folder(path),
            false => self.open_file(path),
        }
    }

    /// Opens a folder of images, one for each frame, whose names give their order. Other files and hidden ones are passed
    /// over.
    ///
    /// # Errors
    ///
    /// Settings out of range, or a time without [`image_rate`](Self::image_rate); the folder cannot be read or has no images,
    /// or none between start and end; a number is missing, or names do not differ in one number
    /// ([`Numbering::Consecutive`](crate::format::Numbering::Consecutive)).
    pub fn open_folder(&self, folder: impl AsRef<Path>) -> Result<Video, SampleError> {
        let folder = folder.as_ref();
        self.check().map_err(SampleError::in_video(folder))?;
        let rate = self.image_rate.map(|rate| self.taken_of(rate));
        Video::images(folder, self.numbering, rate, |images| self.pick(images))
    }

    /// Opens a video file of any kind that FFmpeg reads (mp4, avi, mkv, …): its first video stream.
    ///
    /// # Errors
    ///
    /// Settings out of range; the file cannot be read or has no video stream; FFmpeg's programs are absent or fail.
    pub fn open_file(&self, path: impl AsRef<Path>) -> Result<Video, SampleError> {
        let path = path.as_ref();
        self.check().map_err(SampleError::in_video(path))?;
        Video::file(path, self)
    }
}
