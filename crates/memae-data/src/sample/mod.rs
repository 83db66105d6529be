//! Samples in memory, or read as they are asked for: what a detector is trained on and judged by.
//!
//! What comes in is plain values, from [`format`](crate::format) or from a program. What goes out is checked samples with
//! their shapes: [`LabeledImages`], [`Vectors`], [`Table`]s, [`Video`]s of [`Frame`]s, [`TestVideo`]s with labels and
//! [`Mask`]s.
//!
//! Labelled images are a [`Dataset`](burn_dataset::Dataset) of [`ImageItem`]s and vectors one of `Vec<f32>`, as Burn's data
//! loaders take them.

mod error;
mod images;
mod mask;
mod shape;
mod table;
mod vectors;
mod video;

pub use error::SampleError;
pub use images::{ImageItem, ImagesError, LabeledImages};
pub use mask::{Mask, MaskError};
pub use shape::{ClipShape, ImageShape, VectorShape};
pub use table::{
    Categories, ColumnId, ColumnKind, ColumnValues, Counted, FieldPlace, Gaps, Header, InputColumn,
    Number, Numbers, RepeatedNames, Table, TableColumn, TableConfig, TableError,
};
pub use vectors::{Vectors, VectorsError};
pub use video::{
    Frame, FrameColour, FrameFormat, FrameSizeError, Frames, MaskSource, ResizeFilter, TestVideo,
    Video, VideoError, VideoSet,
};
