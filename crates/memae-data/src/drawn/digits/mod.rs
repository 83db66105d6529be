//! Handwritten-looking digits that this crate draws itself.

mod curve;
mod generate;
mod hand;
mod ink;
mod knot;
mod shapes;

pub use generate::{Digits, DigitsConfig, DigitsError};
