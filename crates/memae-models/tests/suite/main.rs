//! Networks, training, detection and model files, on every backend compiled in.

mod backends;
mod config;
mod damaged;
mod detect;
mod errors;
mod file;
mod learning;
mod network;
mod presets;
mod reproducible;
mod saved;
mod support;
mod vector;
mod video;
mod video_detect;
mod video_training;
