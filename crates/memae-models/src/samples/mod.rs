//! Samples of one shape, from wherever they come, on their way into a step: what training and scoring take.

mod batch;
mod check;
mod image_batch;
mod loader;
mod runs;
mod selection;
mod source;
mod subset;

pub(crate) use batch::for_each_batch;
pub use image_batch::{ImageBatch, ImageBatcher};
pub(crate) use loader::{loader_in_order, shuffled_loader};
pub use runs::Runs;
pub(crate) use selection::Selection;
pub use source::{ClipCut, SampleValues, Samples};
