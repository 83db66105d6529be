use serde::{Deserialize, Serialize};

use crate::sample::{FrameColour, ImagePreprocessing, ResizeFilter, StoredRange};

/// How images in folders are read, and how much memory they may take.
///
/// ```
/// use memae_data::dataset::ImageFolderConfig;
/// use memae_data::protocol::OneClassConfig;
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # for (name, level) in [("train/good/0.png", 90), ("test/good/0.png", 91), ("test/scratch/0.png", 9)] {
/// #     std::fs::create_dir_all(folder.join(name).parent().unwrap())?;
/// #     image::RgbImage::from_pixel(7, 5, image::Rgb([level; 3])).save(folder.join(name))?;
/// # }
/// // train/good/*.png, test/good/*.png, test/scratch/*.png
/// let images = ImageFolderConfig::default().with_size(64, 32).read(folder)?;
/// assert_eq!(images.classes.names(), ["good", "scratch"]);
/// assert_eq!(images.train.shape().to_string(), "3x64x32");
///
/// let normal = images.classes.label("good")?;
/// let data = OneClassConfig::new(normal).apply(&images.train, &images.test)?;
/// assert_eq!(data.anomalous, [false, true]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ImageFolderConfig {
    /// How an image file becomes a sample; colour and the size of the images by default, which must then all be the same.
    #[serde(flatten)]
    pub preprocessing: ImagePreprocessing,
    /// The most bytes that the pixels of all images may take in memory; 1 GiB by default. A value takes one byte where all
    /// images have 8 bits and the range is that of 8 bits, else four.
    pub max_bytes: u64,
}

impl Default for ImageFolderConfig {
    fn default() -> Self {
        Self {
            preprocessing: ImagePreprocessing::default(),
            max_bytes: 1 << 30,
        }
    }
}

impl ImageFolderConfig {
    /// Sets how an image file becomes a sample.
    pub fn with_preprocessing(mut self, preprocessing: ImagePreprocessing) -> Self {
        self.preprocessing = preprocessing;
        self
    }

    /// Sets grey or colour.
    pub fn with_colour(mut self, colour: FrameColour) -> Self {
        self.preprocessing.colour = colour;
        self
    }

    /// Sets height and width.
    pub fn with_size(mut self, height: usize, width: usize) -> Self {
        self.preprocessing.size = Some((height, width));
        self
    }

    /// Sets how images are resized.
    pub fn with_filter(mut self, filter: ResizeFilter) -> Self {
        self.preprocessing.filter = filter;
        self
    }

    /// Sets the colour behind transparent pixels: red, green and blue.
    pub fn with_background(mut self, background: [u8; 3]) -> Self {
        self.preprocessing.background = background;
        self
    }

    /// Sets which values of a file become 0 and 1.
    pub fn with_range(mut self, range: StoredRange) -> Self {
        self.preprocessing.range = range;
        self
    }

    /// Sets the most bytes that the pixels of all images may take in memory.
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }
}
