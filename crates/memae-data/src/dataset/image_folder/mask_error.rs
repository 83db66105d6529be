use std::path::PathBuf;

use crate::format::shown;

/// Why an image has no mask that it can be judged by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageMaskError {
    /// An anomalous image has no mask.
    #[error(
        "{}: found no mask of this anomalous image, expected one of: {}",
        shown(image),
        looked_for.iter().map(shown).collect::<Vec<_>>().join(", ")
    )]
    Missing {
        /// The image.
        image: PathBuf,
        /// Where the mask might have been.
        looked_for: Vec<PathBuf>,
    },
    /// An image has several masks.
    #[error(
        "{}: found the masks {} and {}, expected one",
        shown(image),
        shown(first),
        shown(second)
    )]
    Several {
        /// The image.
        image: PathBuf,
        /// A mask.
        first: PathBuf,
        /// Another one.
        second: PathBuf,
    },
    /// A mask has another size than its image.
    #[error(
        "{}: found a mask of {}x{}, expected {}x{} as {} has",
        shown(mask), found.0, found.1, expected.0, expected.1, shown(image)
    )]
    Size {
        /// The mask.
        mask: PathBuf,
        /// The image.
        image: PathBuf,
        /// Height and width of the mask.
        found: (usize, usize),
        /// Height and width of the image, as it is turned.
        expected: (usize, usize),
    },
    /// The mask of a normal image says that it is anomalous.
    #[error(
        "{}: found anomalous pixels, expected none, since {} is normal",
        shown(mask),
        shown(image)
    )]
    NormalImage {
        /// The mask.
        mask: PathBuf,
        /// The image.
        image: PathBuf,
    },
    /// An image does not lie where the masks are of.
    #[error(
        "{}: found an image in another folder, expected one in {}, which the masks are of",
        shown(image),
        shown(folder)
    )]
    OtherFolder {
        /// The image.
        image: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// A data set has several folders of which there should be one.
    #[error(
        "{}: found beside {}, expected one folder of {of}",
        shown(second),
        shown(first)
    )]
    SeveralFolders {
        /// What lies in them.
        of: &'static str,
        /// A folder.
        first: PathBuf,
        /// Another one.
        second: PathBuf,
    },
}
