//! Images from a list of files.

use std::path::{Path, PathBuf};

use super::error::ImageFolderError;
use crate::dataset::error::SourceError;
use crate::dataset::left_out::LeftOutFile;
use crate::format::{image_header, read_image};
use crate::sample::{
    ImagePreprocessing, ImageShape, Images, PixelDepth, Pixels, PreprocessingError, RangeMeasure,
    SampleError, StoredRange, TileGrid,
};

/// Files read at once before their pixels are put together.
const CHUNK: usize = 256;
/// The same of files that are cut into tiles, which may be large.
const CHUNK_OF_TILES: usize = 16;

/// Images from a list of files; see [`ImageFiles::read`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ImageFiles {
    /// The samples, `[samples, channels, height, width]`: one of each file, or its tiles.
    pub images: Images,
    /// The files that were read, in the order of their samples.
    pub files: Vec<PathBuf>,
    /// Where the samples of each file lie in its image, one grid for each file; `None` without tiles.
    pub grids: Option<Vec<TileGrid>>,
    /// Files that could not be read, in the order of the list.
    pub left_out: Vec<LeftOutFile>,
    /// How the files became samples: the settings, with the size of the first image where they had neither one nor tiles, and with
    /// the range that was measured where one was to be.
    pub preprocessing: ImagePreprocessing,
    /// Pixels with values that were cut off because they lie outside the range.
    pub clipped: usize,
}

impl ImageFiles {
    /// Reads images, in the order of the list; a file that cannot be read is left out, and counted.
    ///
    /// `workers` files are decoded at once, as [`ImagePreprocessing::read_all`] does. Without a size or tiles in the settings all
    /// images must have the size of the first one that can be read; whether they have is told by their headers, so that others are not
    /// decoded. A range that is to be measured is that of all images; see [`read_measured_on`](Self::read_measured_on).
    ///
    /// # Errors
    ///
    /// Settings out of range; no file can be read; more pixels than `max_bytes`.
    ///
    /// ```
    /// use memae_data::dataset::ImageFiles;
    /// use memae_data::sample::ImagePreprocessing;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let files = ["whole.pgm", "cut_off.pgm"].map(|name| folder.path().join(name));
    /// # std::fs::write(&files[0], b"P5 3 2 255\n012345")?;
    /// # std::fs::write(&files[1], b"P5 3 2 255\n0123")?;
    /// let preprocessing = ImagePreprocessing::default().with_size(8, 8);
    /// let read = ImageFiles::read(&files, &preprocessing, 1 << 30, 2)?;
    /// assert_eq!(read.images.shape().to_string(), "3x8x8");
    /// assert_eq!((read.files.len(), read.left_out.len()), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(
        files: &[PathBuf],
        preprocessing: &ImagePreprocessing,
        max_bytes: u64,
        workers: usize,
    ) -> Result<Self, SourceError> {
        let all = |files: &[PathBuf]| (0..files.len()).collect();
        Self::read_measured_on(files, preprocessing, max_bytes, workers, all)
    }

    /// As [`read`](Self::read); a range that is to be measured is that of some of the images, those to train on: what is to stand for new
    /// images, as those do that a threshold is chosen by, must be able to leave it. `training` gets the files that can be read and says
    /// which they are, by their indices; it is not asked where nothing is to be measured.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); all values of the images that are measured are equal, or there are none.
    ///
    /// ```
    /// use memae_data::dataset::ImageFiles;
    /// use memae_data::protocol::NormalPartsConfig;
    /// use memae_data::sample::{FrameColour, ImagePreprocessing, StoredRange};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let files: Vec<_> = (0..9u16).map(|index| folder.path().join(format!("{index}.png"))).collect();
    /// # for (index, file) in (0..).zip(&files) {
    /// #     image::ImageBuffer::from_fn(2, 1, |x, _| image::Luma([1000 * x as u16 + index])).save(file)?;
    /// # }
    /// let preprocessing = ImagePreprocessing::default()
    ///     .with_colour(FrameColour::Grey)
    ///     .with_range(StoredRange::Measured);
    /// let parts = NormalPartsConfig::default().divide_single(files.len())?;
    /// let read = ImageFiles::read_measured_on(&files, &preprocessing, 1 << 30, 1, |_| parts.train)?;
    /// assert_eq!(read.files.len(), 9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_measured_on(
        files: &[PathBuf],
        preprocessing: &ImagePreprocessing,
        max_bytes: u64,
        workers: usize,
        training: impl FnOnce(&[PathBuf]) -> Vec<usize>,
    ) -> Result<Self, SourceError> {
        preprocessing.validate().map_err(SampleError::from)?;
        let mut preprocessing = preprocessing.clone();
        let no_image = |first: Option<String>| match first {
            Some(reason) => SourceError::NoImageRead { reason },
            None => SourceError::in_image_folder(Path::new(""))(ImageFolderError::NoImages),
        };
        let keeps_size = preprocessing.size.is_none() && preprocessing.tiles.is_none();
        let mut problem = None;
        let first = files.iter().find_map(|path| {
            let header = image_header(path).and_then(|header| {
                // All others must have its size, so that it must be whole.
                if keeps_size {
                    read_image(path)?;
                }
                Ok(header)
            });
            let header = header.map_err(|error| {
                problem.get_or_insert(error.to_string());
            });
            header.ok().map(|header| (path, header))
        });
        let (first, header) = first.ok_or_else(|| no_image(problem.clone()))?;
        let shape = preprocessing.shape_of(header.height, header.width);
        let size = (shape.height, shape.width);
        let eight_bits = !header.deep && preprocessing.range.keeps_bytes();
        fits(first, files.len(), shape, eight_bits, max_bytes)?;
        preprocessing.range = range(&preprocessing, shape, files, training)?;

        let other_size = |path: &PathBuf, found| {
            let error = ImageFolderError::Size {
                found,
                expected: size,
                first: first.clone(),
            };
            LeftOutFile {
                path: path.clone(),
                reason: SourceError::in_image_folder(path)(error).to_string(),
            }
        };
        let mut all = Pixels::Bits8(Vec::new());
        let (mut read, mut left_out, mut clipped) = (Vec::new(), Vec::new(), 0);
        let mut grids = preprocessing.tiles.map(|_| Vec::new());
        let mut samples = 0;
        let at_once = if grids.is_some() {
            CHUNK_OF_TILES
        } else {
            CHUNK
        };
        for chunk in files.chunks(at_once) {
            let sizes = chunk.iter().map(|path| {
                let header = keeps_size.then(|| image_header(path).ok()).flatten()?;
                let found = preprocessing.shape_of(header.height, header.width);
                (found != shape).then_some((found.height, found.width))
            });
            let others: Vec<Option<(usize, usize)>> = sizes.collect();
            let pairs = chunk.iter().zip(&others);
            let wanted = pairs.filter(|(_, other)| other.is_none());
            let wanted = wanted.map(|(path, _)| path.clone());
            let prepared = preprocessing.read_all(&wanted.collect::<Vec<_>>(), workers);
            let mut prepared = prepared.into_iter();
            for (path, other) in chunk.iter().zip(others) {
                if let Some(found) = other {
                    left_out.push(other_size(path, found));
                    continue;
                }
                let Some(prepared) = prepared.next() else {
                    break;
                };
                let prepared = match prepared {
                    Ok(prepared) if prepared.shape == shape => prepared,
                    Ok(prepared) => {
                        let found = (prepared.shape.height, prepared.shape.width);
                        left_out.push(other_size(path, found));
                        continue;
                    }
                    Err(error) => {
                        left_out.push(LeftOutFile {
                            path: path.clone(),
                            reason: error.to_string(),
                        });
                        continue;
                    }
                };
                samples += prepared.grid.len();
                let eight_bits = matches!(
                    (&all, &prepared.pixels),
                    (Pixels::Bits8(_), Pixels::Bits8(_))
                );
                // How many tiles an image has is known when it is read.
                if grids.is_some() || (matches!(all, Pixels::Bits8(_)) && !eight_bits) {
                    let samples = samples.max(files.len());
                    fits(path, samples, shape, eight_bits, max_bytes)?;
                }
                all.append(prepared.pixels.as_slice());
                clipped += prepared.clipped;
                if let Some(grids) = &mut grids {
                    grids.push(prepared.grid);
                }
                read.push(path.clone());
            }
        }
        if read.is_empty() {
            return Err(no_image(left_out.first().map(|image| image.reason.clone())));
        }
        if grids.is_none() {
            preprocessing.size = Some(size);
        }
        Ok(Self {
            images: Images::new(shape, all)?,
            files: read,
            grids,
            left_out,
            preprocessing,
            clipped,
        })
    }
}

/// Whether all images fit the memory that they may take.
fn fits(
    first: &Path,
    images: usize,
    shape: ImageShape,
    eight_bits: bool,
    max_bytes: u64,
) -> Result<(), SourceError> {
    let bytes_per_value = if eight_bits { 1 } else { 4 };
    let values = images.saturating_mul(shape.len());
    match values.saturating_mul(bytes_per_value) as u64 <= max_bytes {
        true => Ok(()),
        false => Err(SourceError::in_image_folder(first)(
            ImageFolderError::TooLarge {
                images,
                shape,
                max_bytes,
            },
        )),
    }
}

/// The range of the settings, measured where it is to be, and with the depth that it is of. What cannot be read says so later.
fn range(
    preprocessing: &ImagePreprocessing,
    shape: ImageShape,
    files: &[PathBuf],
    training: impl FnOnce(&[PathBuf]) -> Vec<usize>,
) -> Result<StoredRange, SourceError> {
    match preprocessing.range {
        StoredRange::Measured => {
            let measured = measured(preprocessing, shape, files, training);
            Ok(measured.map_err(SampleError::from)?)
        }
        StoredRange::Given { .. } => {
            let mut images = files.iter().filter_map(|path| read_image(path).ok());
            Ok(match images.next() {
                Some(found) => preprocessing.range.of_depth(PixelDepth::of(&found.image)),
                None => preprocessing.range,
            })
        }
        full => Ok(full),
    }
}

/// The range of the images that are trained on, of those that will be read.
fn measured(
    preprocessing: &ImagePreprocessing,
    shape: ImageShape,
    files: &[PathBuf],
    training: impl FnOnce(&[PathBuf]) -> Vec<usize>,
) -> Result<StoredRange, PreprocessingError> {
    let region = preprocessing.region.as_ref();
    let (mut paths, mut measures) = (Vec::new(), Vec::new());
    let mut all = RangeMeasure::new(region);
    for path in files {
        let Ok(found) = read_image(path) else {
            continue;
        };
        let (height, width) = (found.image.height() as usize, found.image.width() as usize);
        if preprocessing.shape_of(height, width) != shape {
            continue;
        }
        let mut measure = RangeMeasure::new(region);
        // One that has no place in the range is left out when it is read.
        if measure.add(&found.image).is_ok() && all.include(&measure).is_ok() {
            paths.push(path.clone());
            measures.push(measure);
        }
    }
    let mut trained_on = RangeMeasure::new(region);
    for index in training(&paths) {
        if let Some(measure) = measures.get(index) {
            trained_on.include(measure)?;
        }
    }
    trained_on.finish()
}
