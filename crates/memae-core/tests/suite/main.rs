//! The memory against a scalar oracle, finite differences and PyTorch, on every backend compiled in.

mod addressing;
mod cases;
mod devices;
mod gradients;
mod items;
mod loss;
mod memory;
mod oracle;
mod parity;
mod read;
mod saved;
mod usage;
