//! Samples of one shape, from wherever they come, on their way into a step: what training and scoring take.

mod image_batch;
mod loader;
mod runs;
mod source;

pub use image_batch::{ImageBatch, ImageBatcher};
pub(crate) use loader::SubsetLoader;
pub use runs::Runs;
pub use source::{ClipCut, SampleValues, Samples};
pub(crate) use source::{RowBatcher, Selection, checked, for_each_batch};
