use serde::{Deserialize, Serialize};

use super::hand::{self, SIDE};
use super::ink;
use crate::random::Random;
use crate::sample::{ImageShape, LabeledImages};

const CLASSES: u8 = 10;

/// Random streams of the two sets: a test digit never repeats a training digit.
const STREAM_TRAIN: u64 = 0;
const STREAM_TEST: u64 = 1;

/// Settings of the embedded digits: how many, and which.
///
/// ```
/// use memae_data::drawn::DigitsConfig;
///
/// let digits = DigitsConfig::default()
///     .with_train_per_class(5)
///     .with_test_per_class(2)
///     .generate();
/// assert_eq!(digits.train.len(), 50);
/// assert_eq!(digits.test.len(), 20);
/// assert_eq!(digits.train.shape().to_string(), "1x28x28");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DigitsConfig {
    /// Training images of each class, [`MAX_PER_CLASS`](Self::MAX_PER_CLASS) at most; 600 by default.
    pub train_per_class: usize,
    /// Test images of each class, [`MAX_PER_CLASS`](Self::MAX_PER_CLASS) at most; 100 by default.
    pub test_per_class: usize,
    /// Which digits; 0 by default. Every seed gives other handwriting.
    pub seed: u64,
}

impl Default for DigitsConfig {
    fn default() -> Self {
        Self {
            train_per_class: 600,
            test_per_class: 100,
            seed: 0,
        }
    }
}

/// More digits than are drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("digits: {setting} is {found}, expected at most {most}")]
#[non_exhaustive]
pub struct DigitsError {
    /// The setting.
    pub setting: &'static str,
    /// Images of a class asked for.
    pub found: usize,
    /// The most.
    pub most: usize,
}

impl DigitsConfig {
    /// The most images of each class of a set: a million images of all classes, 784 MB.
    pub const MAX_PER_CLASS: usize = 100_000;

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// More images than [`MAX_PER_CLASS`](Self::MAX_PER_CLASS).
    pub fn validate(&self) -> Result<(), DigitsError> {
        let most = Self::MAX_PER_CLASS;
        let settings = [
            ("train_per_class", self.train_per_class),
            ("test_per_class", self.test_per_class),
        ];
        match settings.into_iter().find(|&(_, found)| found > most) {
            Some((setting, found)) => Err(DigitsError {
                setting,
                found,
                most,
            }),
            None => Ok(()),
        }
    }

    /// As [`generate`](Self::generate), for settings that come from outside.
    ///
    /// # Errors
    ///
    /// As [`validate`](Self::validate).
    pub fn try_generate(&self) -> Result<Digits, DigitsError> {
        self.validate()?;
        Ok(Digits {
            train: draw_set(self.train_per_class, self.seed, STREAM_TRAIN),
            test: draw_set(self.test_per_class, self.seed, STREAM_TEST),
        })
    }

    /// Sets the number of training images of each class.
    pub fn with_train_per_class(mut self, images: usize) -> Self {
        self.train_per_class = images;
        self
    }

    /// Sets the number of test images of each class.
    pub fn with_test_per_class(mut self, images: usize) -> Self {
        self.test_per_class = images;
        self
    }

    /// Sets the seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Draws the digits: white ink (255) on black (0), `[images, 1, 28, 28]`, classes 0, 1, …, 9, 0, 1, … in turn.
    ///
    /// The same settings give the same bytes on every platform whose floating point follows IEEE 754, which leaves
    /// out only x86 without SSE2: nothing but additions, multiplications, divisions and square roots is used, which
    /// are rounded exactly, and a random stream that is specified bit for bit. An image depends on the seed, its set, its
    /// class and its index, so that asking for more images leaves the first ones as they were.
    ///
    /// Takes 784 bytes of memory an image.
    ///
    /// # Panics
    ///
    /// There are more images than [`MAX_PER_CLASS`](Self::MAX_PER_CLASS); [`try_generate`](Self::try_generate) gives an
    /// error.
    pub fn generate(&self) -> Digits {
        self.try_generate()
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Digits drawn by [`DigitsConfig::generate`], in the layout of MNIST.
///
/// They stand in for MNIST where there is no network and no data at hand: in examples, tests and first steps. Each
/// class has several ways of writing, and each digit its own proportions, slant, width and pressure of the pen. Like
/// MNIST digits they fill a box of about 20×20 pixels, and their centre of mass lies in the pixel at (14, 14). They are drawn from pen
/// strokes that are part of this crate, not taken from any data set; results on them say nothing about published
/// results on MNIST.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Digits {
    /// Training images, `[images, 1, 28, 28]`.
    pub train: LabeledImages,
    /// Test images, `[images, 1, 28, 28]`.
    pub test: LabeledImages,
}

fn draw_set(per_class: usize, seed: u64, stream: u64) -> LabeledImages {
    let mut pixels = Vec::new();
    let mut labels = Vec::new();
    for index in 0..per_class as u64 {
        for class in 0..CLASSES {
            let mut random = Random::new(seed, stream << 63 | index << 8 | u64::from(class));
            let writing = hand::write(class, &mut random);
            pixels.extend_from_slice(&ink::draw(writing, &mut random));
            labels.push(class);
        }
    }
    let shape = ImageShape {
        channels: 1,
        height: SIDE,
        width: SIDE,
    };
    LabeledImages::new(shape, pixels, labels).expect("one label was pushed with each image")
}
