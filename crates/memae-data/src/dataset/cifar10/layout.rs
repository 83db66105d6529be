//! How a file of CIFAR-10 is laid out.

/// Bytes of a record: the class and the pixels.
pub(super) const RECORD: usize = 1 + PIXELS;
/// Values of an image.
pub(super) const PIXELS: usize = 3 * 32 * 32;
pub(super) const HIGHEST_CLASS: u8 = 9;

/// The most bytes of a file; a batch of the data set has 30,730,000.
pub(super) const MAX_BYTES: u64 = 1 << 28;

/// The names of the classes, in the order of their labels.
pub(super) const CLASSES: [&str; 10] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
];
