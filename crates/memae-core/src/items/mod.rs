//! Where memory items come from, and how they move apart from gradients.

mod encodings;
mod grouping;
mod initializer;
mod k_centers;
mod k_means;
mod update;

pub use initializer::ItemInitializer;
pub use k_centers::KCentersConfig;
pub use k_means::KMeansConfig;
pub use update::{BatchReads, ItemUpdate, ItemUpdateConfig, ItemUpdateRule};
