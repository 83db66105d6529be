//! Samples made into what a network takes.

pub(crate) mod clips;
pub(crate) mod table;
