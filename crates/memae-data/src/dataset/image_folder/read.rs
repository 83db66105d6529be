use std::path::{Path, PathBuf};

use super::config::ImageFolderConfig;
use super::error::{ImageFolderError, MAX_CLASSES};
use super::images::{ClippedPixels, ImageFolder};
use super::layout::{ClassFiles, ImageFolderFiles};
use crate::dataset::class_names::ClassNames;
use crate::dataset::error::SourceError;
use crate::format::{ImageHeader, image_header, natural_order, read_image};
use crate::sample::{
    ImagePreprocessing, ImageShape, Images, LabeledImages, PixelDepth, Pixels, PreprocessingError,
    RangeMeasure, SampleError, StoredRange,
};

impl ImageFolderConfig {
    /// Reads all images of a folder, which lie in one of these ways:
    ///
    /// | images | are |
    /// |---|---|
    /// | `train/good/000.png`, `test/good/000.png`, `test/scratch/000.png` | training and test images, each folder a class |
    /// | `train/good/000.png` | training images alone |
    /// | `train/good/000.png` or `train/000.png`, and `test/000.png` | training images, and test images of which no class is known ([`ImageFolder::unlabeled`]) |
    /// | `cat/1.jpg`, `dog/1.jpg` | training images, each folder a class, to be divided by `Split::Random` of the one-class protocol |
    /// | `000.png`, or `train/000.png` | training images of one class called `normal` |
    ///
    /// `training` and `testing` stand for `train` and `test`, in capitals too; so no class has such a name. What lies beside
    /// them is passed over, and so are folders called `ground_truth`. A folder that can be read in two of these ways is
    /// refused.
    ///
    /// The classes are those of both sets together, which need not be the same, in the natural order of their names: `2`
    /// comes before `10`. So a class of that name has the same label in both sets. Images are in the order of their
    /// labels, and in the natural order of their names within a class, of which all sub-folders are entered. Links are
    /// followed, but no folder is entered twice.
    ///
    /// JPEG, PNG, BMP, TIFF, WebP, GIF and PNM are read, turned as their files say. Hidden files, files with other endings
    /// and what is no regular file are passed over. [`ImageFolder::passed_over`] counts and names all that was.
    ///
    /// A range that is to be measured ([`StoredRange::Measured`]) is that of all training images, which are decoded twice
    /// for it.
    ///
    /// # Errors
    ///
    /// Settings out of range, or with tiles, which [`ImageFiles`](crate::dataset::ImageFiles) reads; the folder is missing, or there are test images only; there are no images, or a class has
    /// none; a folder that can be read in two ways; more than 256 classes; images of different sizes, and no size to bring
    /// them to; more pixels than [`max_bytes`](Self::max_bytes), which is known before they are decoded; a file that is not
    /// the image that its ending says, not a whole one, or several; images of floats without a range, or with NaN; images
    /// of another depth than the range.
    pub fn read(&self, folder: impl AsRef<Path>) -> Result<ImageFolder, SourceError> {
        let folder = folder.as_ref();
        self.preprocessing.validate().map_err(SampleError::from)?;
        if self.preprocessing.tiles.is_some() {
            return Err(SampleError::from(PreprocessingError::TilesOfOne).into());
        }
        let found = ImageFolderFiles::find(folder)?;
        let names = class_names(folder, &found.train, &found.test)?;
        let (train_files, test_files) = (files(&found.train), files(&found.test));

        // Every class has an image.
        let first = train_files[0].clone();
        let header = image_header(&first)?;
        let mut reader = Reader {
            folder,
            shape: self.preprocessing.shape_of(header.height, header.width),
            images: train_files.len() + test_files.len() + found.unlabeled.len(),
            max_bytes: self.max_bytes,
            preprocessing: self.preprocessing.clone(),
            first,
            header,
        };
        let eight_bits = !header.deep && self.preprocessing.range.keeps_bytes();
        reader.fits(if eight_bits { 1 } else { 4 })?;
        reader.preprocessing.range = reader.range(&train_files)?;

        let (train, train_clipped) = reader.pixels(&train_files)?;
        let (test, test_clipped) = reader.pixels(&test_files)?;
        let (unlabeled, unlabeled_clipped) = reader.pixels(&found.unlabeled)?;
        Ok(ImageFolder {
            train: LabeledImages::from_pixels(reader.shape, train, labels(&found.train, &names)?)?,
            test: LabeledImages::from_pixels(reader.shape, test, labels(&found.test, &names)?)?,
            unlabeled: Images::new(reader.shape, unlabeled)?,
            classes: names,
            train_files,
            test_files,
            unlabeled_files: found.unlabeled,
            preprocessing: reader.preprocessing,
            clipped: ClippedPixels {
                train: train_clipped,
                test: test_clipped,
                unlabeled: unlabeled_clipped,
            },
            passed_over: found.passed_over,
        })
    }
}

/// The names of the classes of both sets, in their natural order.
fn class_names(
    folder: &Path,
    train: &[ClassFiles],
    test: &[ClassFiles],
) -> Result<ClassNames, SourceError> {
    let classes = train.iter().chain(test);
    let mut names: Vec<String> = classes.map(|class| class.name.clone()).collect();
    names.sort_by(|a, b| natural_order(a.as_ref(), b.as_ref()));
    names.dedup();
    match names.len() {
        0..=MAX_CLASSES => Ok(ClassNames::new(names)),
        found => Err(SourceError::in_image_folder(folder)(
            ImageFolderError::TooManyClasses { found },
        )),
    }
}

fn files(classes: &[ClassFiles]) -> Vec<PathBuf> {
    let files = classes.iter().flat_map(|class| class.files.iter().cloned());
    files.collect()
}

/// The label of each image.
fn labels(classes: &[ClassFiles], names: &ClassNames) -> Result<Vec<u8>, SourceError> {
    let mut labels = Vec::new();
    for class in classes {
        let label = names.label(&class.name)?;
        labels.resize(labels.len() + class.files.len(), label);
    }
    Ok(labels)
}

/// What all images are brought to.
struct Reader<'a> {
    folder: &'a Path,
    preprocessing: ImagePreprocessing,
    shape: ImageShape,
    /// Images of all sets.
    images: usize,
    max_bytes: u64,
    /// The image whose size the others must have where they keep theirs.
    first: PathBuf,
    header: ImageHeader,
}

impl Reader<'_> {
    /// Whether all images fit the memory that they may take.
    fn fits(&self, bytes_per_value: usize) -> Result<(), SourceError> {
        let values = self.images.saturating_mul(self.shape.len());
        match values.saturating_mul(bytes_per_value) as u64 <= self.max_bytes {
            true => Ok(()),
            false => Err(SourceError::in_image_folder(self.folder)(
                ImageFolderError::TooLarge {
                    images: self.images,
                    shape: self.shape,
                    max_bytes: self.max_bytes,
                },
            )),
        }
    }

    /// The range of the settings, measured where it is to be, and with the depth that it is of.
    fn range(&self, train: &[PathBuf]) -> Result<StoredRange, SourceError> {
        match self.preprocessing.range {
            StoredRange::Measured => {
                let mut measure = RangeMeasure::new(self.preprocessing.region.as_ref());
                for path in train {
                    let measured = measure.add(&read_image(path)?.image);
                    measured.map_err(SampleError::in_image(path))?;
                }
                let range = measure.finish();
                Ok(range.map_err(SampleError::in_image(self.folder))?)
            }
            StoredRange::Given { .. } => {
                let depth = PixelDepth::of(&read_image(&self.first)?.image);
                Ok(self.preprocessing.range.of_depth(depth))
            }
            full => Ok(full),
        }
    }

    /// The pixels of images, and how many of the files' were cut off.
    fn pixels(&self, files: &[PathBuf]) -> Result<(Pixels, usize), SourceError> {
        let mut all = Pixels::Bits8(Vec::new());
        let (values, mut clipped) = (files.len() * self.shape.len(), 0);
        for path in files {
            let image = read_image(path)?.image;
            let found = (image.height() as usize, image.width() as usize);
            let expected = (self.header.height, self.header.width);
            if self.preprocessing.size.is_none() && found != expected {
                return Err(SourceError::in_image_folder(path)(ImageFolderError::Size {
                    found,
                    expected,
                    first: self.first.clone(),
                }));
            }
            let prepared = self.preprocessing.prepare(image);
            let prepared = prepared.map_err(SampleError::in_image(path))?;
            // Room for all, rather than for twice as many as it grows.
            match (&mut all, &prepared.pixels) {
                (Pixels::Bits8(known), Pixels::Bits8(_)) if known.is_empty() => {
                    known.reserve_exact(values);
                }
                (Pixels::Bits8(_), Pixels::Float(_)) => {
                    self.fits(4)?;
                    let mut floats = Vec::with_capacity(values);
                    floats.extend(all.scaled());
                    all = Pixels::Float(floats);
                }
                _ => {}
            }
            all.append(prepared.pixels.as_slice());
            clipped += prepared.clipped;
        }
        Ok((all, clipped))
    }
}
