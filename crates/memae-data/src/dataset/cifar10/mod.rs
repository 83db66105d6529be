//! The CIFAR-10 images in their binary version.
//!
//! A file is a row of records of 3,073 bytes: the class, then the red, the green and the blue values of 32 rows of 32
//! pixels.
//!
//! Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.

mod batches;
mod error;
mod layout;

pub use batches::{Cifar10, read_cifar10_batch};
pub use error::Cifar10Error;
