//! The paper's tables: every method on every class with several seeds, pages with tables and pictures.

pub mod data;
pub mod page;
pub mod paper;
pub mod plan;
pub mod results;
pub mod schedule;
pub mod table;
pub mod work;
