//! What runs found, in a file with a line for each.

pub mod record;
