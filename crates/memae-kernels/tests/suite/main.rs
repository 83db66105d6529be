//! Kernels against a definition in f64, against Burn's own operations and finite differences, on every backend compiled in.
#![cfg(feature = "layers")]

mod adam;
mod convolution;
mod devices;
mod normalization;
mod random;
