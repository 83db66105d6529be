//! Networks, training, detection and model files, on every backend compiled in.

mod anomaly_maps;
mod any_detector;
mod artefact;
mod backends;
mod batches;
mod calibrate;
mod clip_rules;
mod config;
mod damaged;
mod detect;
mod errors;
mod folds;
mod learning;
mod network;
mod parts;
mod picture_parts;
mod presets;
mod reproducible;
mod sample_memory;
mod saved;
mod score;
mod support;
mod vector;
mod video;
mod video_detect;
mod video_training;
