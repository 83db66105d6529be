//! Memory-augmented autoencoders (MemAE) for images and video, on [Burn](burn): networks, training
//! and anomaly detection.
//!
//! | to do | look at |
//! |---|---|
//! | choose or build a network | [`network::ImageAutoencoderConfig`], [`network::VideoAutoencoderConfig`] |
//! | train it on normal samples | [`train::Trainer`] |
//! | train it on a source of your own | [`samples::Samples`] |
//! | score and flag images, save the detector | [`detect::Detector`] |
//! | score and flag frames of video as they arrive | [`detect::video`] |
//! | use weights of the authors' video networks | [`weights`] |

#![forbid(unsafe_code)]

pub mod detect;
mod file;
pub mod network;
pub mod samples;
pub mod train;
pub mod weights;

pub use file::ModelFileError;
