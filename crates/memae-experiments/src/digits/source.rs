use std::fmt;
use std::path::PathBuf;

use memae_data::dataset::{Mnist, SourceError};
use memae_data::drawn::DigitsConfig;
use memae_data::sample::LabeledImages;

/// Where digits come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DigitSource {
    /// Drawn by this library; needs no files and no network.
    Embedded,
    /// The four MNIST files in a folder.
    Folder(PathBuf),
    /// MNIST, fetched into burn-dataset's cache unless it is there already.
    #[cfg(feature = "download")]
    Download,
}

/// Training and test images of digits, 1×28×28.
#[derive(Debug, Clone)]
pub struct DigitImages {
    /// Training images of all classes.
    pub train: LabeledImages,
    /// Test images of all classes.
    pub test: LabeledImages,
}

impl DigitSource {
    /// Reads, draws or fetches the images.
    ///
    /// # Errors
    ///
    /// A file is missing or damaged, or there is no network.
    pub fn load(&self) -> Result<DigitImages, SourceError> {
        let mnist = match self {
            DigitSource::Embedded => {
                let digits = DigitsConfig::default()
                    .with_train_per_class(3000)
                    .with_test_per_class(300)
                    .generate();
                return Ok(DigitImages {
                    train: digits.train,
                    test: digits.test,
                });
            }
            DigitSource::Folder(folder) => Mnist::from_folder(folder)?,
            #[cfg(feature = "download")]
            DigitSource::Download => Mnist::download()?,
        };
        Ok(DigitImages {
            train: mnist.train,
            test: mnist.test,
        })
    }

    /// `mnist` or `embedded digits`.
    pub fn name(&self) -> &'static str {
        match self {
            DigitSource::Embedded => "embedded digits",
            _ => "mnist",
        }
    }
}

impl fmt::Display for DigitSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DigitSource::Embedded => write!(
                f,
                "embedded digits (drawn by memae; give --data for real MNIST)"
            ),
            DigitSource::Folder(folder) => write!(f, "MNIST from {}", folder.display()),
            #[cfg(feature = "download")]
            DigitSource::Download => write!(f, "MNIST, downloaded"),
        }
    }
}
