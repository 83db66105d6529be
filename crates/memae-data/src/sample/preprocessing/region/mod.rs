//! The part of images that is looked at.

mod part;
mod runs;
mod saved;
#[cfg(test)]
mod tests;

pub use part::Region;
