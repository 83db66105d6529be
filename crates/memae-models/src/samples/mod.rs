//! Samples of one shape, from wherever they come, on their way into a step: what training and scoring take.

mod batch;
mod check;
mod grouped;
mod image_batch;
#[cfg(feature = "train")]
mod later_passes;
#[cfg(feature = "train")]
mod loader;
mod runs;
mod selection;
mod source;
#[cfg(feature = "train")]
mod subset;
mod tiled;

pub(crate) use batch::{for_each_batch, for_each_batch_in};
pub use grouped::Grouped;
pub use image_batch::{ImageBatch, ImageBatcher};
#[cfg(feature = "train")]
pub(crate) use loader::{BatchPlace, PassOrder, loader_in_order, shuffled_loader};
pub use runs::Runs;
pub use selection::Selection;
pub use source::{ClipCut, SampleValues, Samples};
pub use tiled::Tiled;
