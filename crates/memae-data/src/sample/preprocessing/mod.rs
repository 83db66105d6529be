//! How image files become samples.

mod colour;
mod depth;
mod error;
#[cfg(feature = "files")]
mod measure;
mod pixel_rectangle;
mod prepare;
mod range;
mod region;
mod resize;
mod seen;
mod settings;
mod shown;
mod stored;
mod tile_grid;
mod tiling;

pub use colour::FrameColour;
pub use depth::PixelDepth;
pub use error::PreprocessingError;
#[cfg(feature = "files")]
pub(crate) use measure::RangeMeasure;
pub use pixel_rectangle::PixelRectangle;
pub use prepare::PreparedImage;
pub use range::StoredRange;
pub use region::Region;
pub use resize::{FrameSizeError, ResizeFilter};
pub use settings::ImagePreprocessing;
pub use shown::ShownImage;
pub(super) use stored::Stored;
pub use tile_grid::TileGrid;
pub use tiling::Tiling;
