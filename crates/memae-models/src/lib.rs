//! Memory-augmented autoencoders (MemAE) for images and video, on [Burn](burn): networks, training,
//! anomaly detection and pictures.
//!
//! | to do | look at |
//! |---|---|
//! | choose or build a network | [`network::ImageAutoencoderConfig`], [`network::VideoAutoencoderConfig`] |
//! | train it on normal samples | [`train::Trainer`] |
//! | train it on a source of your own | [`samples::Samples`] |
//! | score samples, see where they are rebuilt badly | [`score`] |
//! | flag images, save the detector | [`detect::Detector`] |
//! | score and flag frames of video as they arrive | [`detect::VideoDetector`] |
//! | see what it learned | [`picture`] |
//! | use weights of the authors' video networks | [`weights`] |

#![forbid(unsafe_code)]

pub mod artefact;
pub mod detect;
pub mod network;
pub mod picture;
pub mod samples;
pub mod score;
pub mod train;
pub mod weights;
