//! Samples from image files, by the preprocessing that they are given.

#[cfg(feature = "files")]
use std::path::{Path, PathBuf};

#[cfg(feature = "files")]
use std::sync::atomic::{AtomicUsize, Ordering};
#[cfg(feature = "files")]
use std::thread::Builder;

use super::error::SampleError;
use super::preprocessing::{ImagePreprocessing, PreparedImage, PreprocessingError, ShownImage};
#[cfg(feature = "files")]
use crate::format::read_image;
use crate::format::{DecodedImage, decode_image};

/// Most threads that decode images at once.
#[cfg(feature = "files")]
const MAX_WORKERS: usize = 64;

impl ImagePreprocessing {
    /// Decodes an image file, whose format is told by its first bytes (JPEG, PNG, BMP, TIFF, WebP, GIF, PNM), and makes a
    /// sample of it.
    ///
    /// # Errors
    ///
    /// The settings cannot be met ([`validate`](Self::validate)), or the range is still to be measured; the bytes are no
    /// whole image, or several; an image of floats without a range, or with NaN; an image of another depth than the range.
    pub fn decode(&self, bytes: &[u8]) -> Result<PreparedImage, SampleError> {
        self.validate()?;
        Ok(self.prepare(decode_image(bytes)?.image)?)
    }

    /// Reads an image file, as [`decode`](Self::decode).
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode); the file cannot be read, or is no regular file.
    #[cfg(feature = "files")]
    pub fn read(&self, path: impl AsRef<Path>) -> Result<PreparedImage, SampleError> {
        let path = path.as_ref();
        self.validate()?;
        self.prepare(read_image(path)?.image)
            .map_err(SampleError::in_image(path))
    }

    /// Reads image files, each as [`read`](Self::read), in the order of the list.
    ///
    /// Without the feature `threads`, and with fewer than two workers, one after the other; else each of `workers` threads, 64 at
    /// most, decodes its share. What comes out does not depend on their number.
    #[cfg(feature = "files")]
    pub fn read_all(
        &self,
        files: &[PathBuf],
        workers: usize,
    ) -> Vec<Result<PreparedImage, SampleError>> {
        let workers = workers.min(MAX_WORKERS).min(files.len());
        if workers < 2 || !cfg!(feature = "threads") {
            return files.iter().map(|path| self.read(path)).collect();
        }
        let next = AtomicUsize::new(0);
        // Each takes the next file that nobody has taken: files differ in size.
        let work = || {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                match files.get(index) {
                    Some(path) => done.push((index, self.read(path))),
                    None => return done,
                }
            }
        };
        let mut read: Vec<_> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..workers)
                // Where the system gives no threads, the others do it all.
                .filter_map(|_| Builder::new().spawn_scoped(scope, work).ok())
                .collect();
            let mut read = work();
            for other in others {
                match other.join() {
                    Ok(done) => read.extend(done),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            read
        });
        read.sort_unstable_by_key(|(index, _)| *index);
        read.into_iter().map(|(_, image)| image).collect()
    }

    /// As [`decode`](Self::decode), and beside the sample the image that people see.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    ///
    /// ```
    /// use memae_data::sample::{FrameColour, ImagePreprocessing};
    ///
    /// let preprocessing = ImagePreprocessing::default().with_colour(FrameColour::Grey).with_size(8, 8);
    /// let (sample, shown) = preprocessing.decode_shown(b"P6 3 1 255\n\xff\0\0\0\xff\0\0\0\xff")?;
    /// assert_eq!(sample.shape.to_string(), "1x8x8");
    /// assert_eq!((shown.height, shown.width), (1, 3));
    /// assert_eq!(shown.rgb, [255, 0, 0, 0, 255, 0, 0, 0, 255]);
    /// # Ok::<(), memae_data::sample::SampleError>(())
    /// ```
    pub fn decode_shown(&self, bytes: &[u8]) -> Result<(PreparedImage, ShownImage), SampleError> {
        self.validate()?;
        Ok(self.both(decode_image(bytes)?)?)
    }

    /// As [`read`](Self::read), and beside the sample the image that people see; the file is decoded once.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    #[cfg(feature = "files")]
    pub fn read_shown(
        &self,
        path: impl AsRef<Path>,
    ) -> Result<(PreparedImage, ShownImage), SampleError> {
        let path = path.as_ref();
        self.validate()?;
        self.both(read_image(path)?)
            .map_err(SampleError::in_image(path))
    }

    fn both(
        &self,
        decoded: DecodedImage,
    ) -> Result<(PreparedImage, ShownImage), PreprocessingError> {
        let prepared = self.prepare(decoded.image.clone())?;
        Ok((prepared, self.show(decoded.image)?))
    }
}
