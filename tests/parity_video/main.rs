//! The video networks of the paper's authors against PyTorch: results, gradients and files of
//! weights. `tests/parity/video.py` makes the fixtures.

mod checkpoints;
mod fixture;
mod full;
mod network;
mod unit;
mod weights;
