//! Rows and columns of figures.

pub mod classes;
pub mod markdown;
pub mod methods;
pub mod settings;
pub mod statistics;
