//! The masks of images: which of their pixels are anomalous.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::mask_error::ImageMaskError;
use super::walk::{GROUND_TRUTH, Set, set_of};
use crate::dataset::error::SourceError;
use crate::format::{FileError, image_header};
use crate::sample::Mask;

/// The masks of the images in a folder, laid out like the images.
///
/// The mask of `scratch/007.jpg` is `scratch/007_mask.png`, as in MVTec AD, or `scratch/007.png` or `scratch/007.jpg`, in the
/// folder of masks. Normal images need none. Masks are read one at a time, as they are asked for.
///
/// ```
/// use memae_data::dataset::MaskFolder;
/// use memae_data::metrics::PixelScores;
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # for (name, height) in [("test/good/0.png", 5), ("test/scratch/0.png", 7), ("ground_truth/scratch/0_mask.png", 7)] {
/// #     std::fs::create_dir_all(folder.join(name).parent().unwrap())?;
/// #     image::GrayImage::from_fn(3, height, |_, y| image::Luma([if y == 6 { 255 } else { 0 }])).save(folder.join(name))?;
/// # }
/// // test/good/0.png, test/scratch/0.png, ground_truth/scratch/0_mask.png
/// let masks = MaskFolder::of_data_set(folder)?;
/// let mut pixels = PixelScores::new();
/// for (image, anomalous) in [("test/good/0.png", false), ("test/scratch/0.png", true)] {
///     let mask = masks.read(&folder.join(image), anomalous)?;
///     let map = vec![0.5; mask.height() * mask.width()]; // as large as the image
///     pixels.push(&map, mask.anomalous(), mask.size())?;
/// }
/// assert_eq!(pixels.counts(), (15 + 18, 3));
/// assert_eq!(pixels.rank()?.auc(), 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskFolder {
    masks: PathBuf,
    images: PathBuf,
    soft_edges: bool,
}

impl MaskFolder {
    /// The masks in the folder `masks` of the images in the folder `images`.
    pub fn new(masks: impl Into<PathBuf>, images: impl Into<PathBuf>) -> Self {
        Self {
            masks: masks.into(),
            images: images.into(),
            soft_edges: false,
        }
    }

    /// The masks of the test images of a data set in MVTec AD's layout: those of `test` in `ground_truth`, in whatever case.
    ///
    /// # Errors
    ///
    /// The folder cannot be read, or has no such folders, or several of test images or of masks.
    pub fn of_data_set(folder: impl AsRef<Path>) -> Result<Self, SourceError> {
        let folder = folder.as_ref();
        let reading = FileError::reading(folder);
        let (mut masks, mut images) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(folder).map_err(&reading)? {
            let path = entry.map_err(&reading)?.path();
            let is_masks = path
                .file_name()
                .is_some_and(|name| name.eq_ignore_ascii_case(GROUND_TRUTH));
            if !path.is_dir() {
                continue;
            } else if is_masks {
                masks.push(path);
            } else if set_of(&path) == Some(Set::Test) {
                images.push(path);
            }
        }
        let missing = |name: &str, expected| SourceError::MissingFolder {
            path: folder.join(name),
            expected,
        };
        let one = |mut found: Vec<PathBuf>, name, of| -> Result<PathBuf, SourceError> {
            found.sort();
            match &found[..] {
                [] => Err(missing(name, of)),
                [one] => Ok(one.clone()),
                [first, second, ..] => Err(ImageMaskError::SeveralFolders {
                    of,
                    first: first.clone(),
                    second: second.clone(),
                }
                .into()),
            }
        };
        let masks = one(masks, GROUND_TRUTH, "the masks of test images")?;
        Ok(Self::new(masks, one(images, "test", "test images")?))
    }

    /// The same folder, whose masks may have soft edges ([`Mask::read_soft`]).
    pub fn with_soft_edges(mut self) -> Self {
        self.soft_edges = true;
        self
    }

    /// The folder of masks.
    pub fn folder(&self) -> &Path {
        &self.masks
    }

    /// The mask of an image in the folder of images, as large as the image as it is turned. That of a normal image, where it
    /// has none, is normal everywhere.
    ///
    /// # Errors
    ///
    /// An anomalous image without a mask, or one with several; a mask of another size than the image; a mask that makes a
    /// normal image anomalous; an image that lies in another folder, or that cannot be read; a mask that is none.
    pub fn read(&self, image: impl AsRef<Path>, anomalous: bool) -> Result<Mask, SourceError> {
        let image = image.as_ref();
        let candidates = self.candidates(image)?;
        let mut found = candidates.iter().filter(|path| path.exists());
        let path = match (found.next(), found.next()) {
            (Some(first), Some(second)) => {
                return Err(ImageMaskError::Several {
                    image: image.to_path_buf(),
                    first: first.clone(),
                    second: second.clone(),
                }
                .into());
            }
            (path, _) => path,
        };
        let header = image_header(image)?;
        let size = (header.height, header.width);
        let Some(path) = path else {
            if anomalous {
                return Err(ImageMaskError::Missing {
                    image: image.to_path_buf(),
                    looked_for: candidates,
                }
                .into());
            }
            return Ok(Mask::all_normal(size));
        };
        let mask = match self.soft_edges {
            true => Mask::read_soft(path)?,
            false => Mask::read(path)?,
        };
        if mask.size() != size {
            return Err(ImageMaskError::Size {
                mask: path.clone(),
                image: image.to_path_buf(),
                found: mask.size(),
                expected: size,
            }
            .into());
        }
        match mask.is_anomalous() && !anomalous {
            true => Err(ImageMaskError::NormalImage {
                mask: path.clone(),
                image: image.to_path_buf(),
            }
            .into()),
            false => Ok(mask),
        }
    }

    /// Where the mask of an image may be.
    fn candidates(&self, image: &Path) -> Result<Vec<PathBuf>, ImageMaskError> {
        let within = image.strip_prefix(&self.images).ok();
        let parts = within.and_then(|within| Some((within, within.file_stem()?)));
        let Some((within, stem)) = parts else {
            return Err(ImageMaskError::OtherFolder {
                image: image.to_path_buf(),
                folder: self.images.clone(),
            });
        };
        let place = self.masks.join(within);
        let with = |ending: &str| {
            let mut name = OsString::from(stem);
            name.push(ending);
            place.with_file_name(name)
        };
        let mut candidates = vec![with("_mask.png"), with(".png"), place.clone()];
        candidates.dedup();
        // Where images and masks lie in one folder.
        candidates.retain(|candidate| candidate != image);
        Ok(candidates)
    }
}
