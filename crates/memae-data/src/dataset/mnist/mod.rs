//! The MNIST database of handwritten digits, and data sets that copy its files' names and layout.

#[cfg(feature = "download")]
mod download;
mod read;

pub use read::Mnist;
