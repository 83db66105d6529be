//! Samples in memory.

pub(crate) mod images;
pub(crate) mod mask;
pub(crate) mod table;
pub(crate) mod vectors;
pub(crate) mod video;
