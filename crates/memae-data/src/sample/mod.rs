//! Samples in memory, or read as they are asked for: what a detector is trained on and judged by.
//!
//! What comes in is plain values, from [`format`](crate::format) or from a program. What goes out is checked samples with
//! their shapes: [`LabeledImages`], [`Images`], [`Vectors`], [`Table`]s, [`Video`]s of [`Frame`]s, [`TestVideo`]s with labels and
//! [`Mask`]s.
//!
//! How image files become samples is one value, [`ImagePreprocessing`].
//!
//! Labelled images are a [`Dataset`](burn_dataset::Dataset) of [`ImageItem`]s and vectors one of `Vec<f32>`, as Burn's data
//! loaders take them.

mod error;
mod images;
mod mask;
mod mask_values;
mod pixels;
mod preprocessing;
mod read_image;
mod shape;
mod table;
mod vectors;
mod video;

pub use error::SampleError;
pub use images::{ImageItem, Images, ImagesError, LabeledImages};
pub use mask::{Mask, MaskError};
pub use pixels::{PixelSlice, Pixels};
#[cfg(feature = "files")]
pub(crate) use preprocessing::RangeMeasure;
pub use preprocessing::{
    FrameColour, FrameSizeError, ImagePreprocessing, PixelDepth, PixelRectangle, PreparedImage,
    PreprocessingError, Region, ResizeFilter, ShownImage, StoredRange, TileGrid, Tiling,
};
pub use shape::{ClipShape, ImageShape, VectorShape};
pub use table::{
    Categories, ColumnId, ColumnKind, ColumnValues, Counted, FieldPlace, Gaps, Header, InputColumn,
    Number, Numbers, RepeatedNames, Table, TableColumn, TableConfig, TableError,
};
pub use vectors::{Vectors, VectorsError};
#[cfg(feature = "files")]
pub use video::{Arrival, Break, LiveConfig, LiveVideo, VideoConfig, Y4mFrames};
pub use video::{Frame, FrameFormat, Frames, MaskSource, TestVideo, Video, VideoError, VideoSet};
