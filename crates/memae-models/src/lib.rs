//! Memory-augmented autoencoders (MemAE) for images and video, on [Burn](burn): networks, training,
//! anomaly detection and pictures.
//!
//! | to do | look at |
//! |---|---|
//! | choose or build a network | [`network::ImageAutoencoderConfig`], [`network::VideoAutoencoderConfig`] |
//! | train it on normal samples | [`train::Trainer`] |
//! | train it on a source of your own | [`samples::Samples`] |
//! | score and flag images, save the detector | [`detect::Detector`] |
//! | score and flag frames of video as they arrive | [`detect::video`] |
//! | see what it learned | [`picture`] |
//! | use weights of the authors' video networks | [`weights`] |

#![forbid(unsafe_code)]

pub mod detect;
mod file;
pub mod network;
mod number_as_text;
pub mod picture;
mod replace_file;
pub mod samples;
pub mod train;
pub mod weights;

pub use file::ModelFileError;
