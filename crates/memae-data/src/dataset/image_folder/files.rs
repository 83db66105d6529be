//! Images from a list of files.

use std::path::{Path, PathBuf};

use super::error::ImageFolderError;
use crate::dataset::error::SourceError;
use crate::dataset::left_out::LeftOutFile;
use crate::format::{image_header, read_image};
use crate::sample::{
    ImagePreprocessing, ImageShape, Images, PixelDepth, Pixels, RangeMeasure, SampleError,
    StoredRange, TileGrid,
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
    /// images must have the size of the first one that can be read.
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
        preprocessing.validate().map_err(SampleError::from)?;
        let mut preprocessing = preprocessing.clone();
        let no_image = |first: Option<String>| match first {
            Some(reason) => SourceError::NoImageRead { reason },
            None => SourceError::in_image_folder(Path::new(""))(ImageFolderError::NoImages),
        };
        let mut problem = None;
        let first = files.iter().find_map(|path| {
            let header = image_header(path).map_err(|error| {
                problem.get_or_insert(error.to_string());
            });
            header.ok().map(|header| (path, header))
        });
        let (first, header) = first.ok_or_else(|| no_image(problem.clone()))?;
        let shape = preprocessing.shape_of(header.height, header.width);
        let size = (shape.height, shape.width);
        let eight_bits = !header.deep && preprocessing.range == StoredRange::Full;
        fits(first, files.len(), shape, eight_bits, max_bytes)?;
        preprocessing.range = range(&preprocessing, files)?;

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
            let prepared = preprocessing.read_all(chunk, workers);
            for (path, prepared) in chunk.iter().zip(prepared) {
                let prepared = match prepared {
                    Ok(prepared) if prepared.shape == shape => prepared,
                    Ok(prepared) => {
                        let error = ImageFolderError::Size {
                            found: (prepared.shape.height, prepared.shape.width),
                            expected: size,
                            first: first.clone(),
                        };
                        left_out.push(LeftOutFile {
                            path: path.clone(),
                            reason: SourceError::in_image_folder(path)(error).to_string(),
                        });
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
    files: &[PathBuf],
) -> Result<StoredRange, SourceError> {
    let mut images = files
        .iter()
        .filter_map(|path| Some(read_image(path).ok()?.image));
    match preprocessing.range {
        StoredRange::Measured => {
            let mut measure = RangeMeasure::new(preprocessing.region.as_ref());
            for image in images {
                // One that has no place in the range is left out when it is read.
                let _ = measure.add(&image);
            }
            let range = measure.finish();
            Ok(range.map_err(SampleError::from)?)
        }
        StoredRange::Given { .. } => Ok(match images.next() {
            Some(image) => preprocessing.range.of_depth(PixelDepth::of(&image)),
            None => preprocessing.range,
        }),
        full => Ok(full),
    }
}
