//! Samples made into what a network takes.
//!
//! What comes in is samples of any size and kind. What goes out is values of one shape, scaled: [`Clips`] of videos as
//! [`ClipsConfig`] cuts them, [`Vectors`](crate::sample::Vectors) of tables as a [`TableEncoder`] makes them.
//!
//! Clips are a [`Dataset`](burn_dataset::Dataset) of [`ClipItem`]s, as Burn's data loaders take them.

mod clips;
mod joint;
#[cfg(any(test, not(feature = "files")))]
mod kept_opening;
mod motion;
mod table;

pub use clips::{
    ClipItem, ClipLayout, ClipLayoutError, ClipStream, Clips, ClipsConfig, ClipsError, PixelRange,
    VideoPreprocessing,
};
pub use joint::{JointPreprocessing, JointPreprocessingError};
pub use motion::{
    Brightness, CameraMotion, Flow, FlowConfig, FlowEstimator, MotionConfig, MotionDraw,
    MotionError, MotionField, MotionFrame, MotionFrames, MotionLayout, MotionPreprocessing,
    MotionStream,
};
pub use table::{
    InfiniteNumber, Logarithm, MissingNumber, NumericScale, TableEncoder, TableEncoderConfig,
    TableEncoderError, TablePreprocessing, UnknownCategory,
};
