//! Memory-augmented autoencoders (MemAE) for images, video and vectors, on [Burn](burn): networks, training
//! and anomaly detection.
//!
//! | to do | look at |
//! |---|---|
//! | choose or build a network | [`network::ImageAutoencoderConfig`], [`network::VideoAutoencoderConfig`], [`network::VectorAutoencoderConfig`] |
//! | bring samples of your own | [`samples::Samples`] |
//! | train on normal samples | [`train::Trainer`] |
//! | score samples, see where they are rebuilt badly | [`score`] |
//! | flag samples, save the detector | [`detect::Detector`] |
//! | score and flag frames of video as they arrive | [`detect::VideoDetector`] |
//! | use weights of the authors' video networks | [`weights`] |
//!
//! # Which module uses which
//!
//! The data goes from samples through a network to scores, and from scores to verdicts; each module uses only what
//! stands before it:
//!
//! | module | uses |
//! |---|---|
//! | [`network`] | |
//! | [`samples`] | `network` |
//! | [`artefact`] | `network` |
//! | [`score`] | `network`, `samples`, `artefact` |
//! | [`train`] | `network`, `samples`, `score` |
//! | [`detect`] | `network`, `samples`, `artefact`, `score` |
//! | [`weights`] | `network`, `artefact` |
//!
//! # Features
//!
//! - `train` (default): [`train`], through burn-train.
//! - `files` (default): detectors are saved to and loaded from paths, and [`weights`]. Without it a detector is read
//!   from the bytes of its file.
//! - `threads` (default): clips are decoded ahead by threads.
//! - `flex` (default), `ndarray`, `wgpu`, `vulkan`, `metal`, `webgpu`, `cuda`, `rocm`, `remote`: backends.
//! - `fusion`, `autotune`: how GPUs compute. `tui`: burn-train's full-screen dashboard.
//!
//! Without `train`, `files` and `threads`, and with `flex`, the crate builds for `wasm32-unknown-unknown`, once the program gives
//! `getrandom` its feature `wasm_js`.

#![forbid(unsafe_code)]

pub mod artefact;
pub mod detect;
pub mod network;
pub mod samples;
pub mod score;
#[cfg(feature = "train")]
pub mod train;
#[cfg(feature = "files")]
pub mod weights;
