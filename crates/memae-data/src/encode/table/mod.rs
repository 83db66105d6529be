//! Tables made into vectors: categories one-hot, numbers scaled.

mod column;
mod config;
mod encoder;
mod error;
mod fills;
mod fit;
mod heavy_tail;
mod median;
mod number_as_text;
mod numeric;
mod preprocessing;
mod writer;

pub use config::{
    InfiniteNumber, Logarithm, MissingNumber, NumericScale, TableEncoderConfig, UnknownCategory,
};
pub use encoder::TableEncoder;
pub use error::TableEncoderError;
pub use preprocessing::TablePreprocessing;
