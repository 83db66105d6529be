//! A table's page: Markdown, and pictures beside it.

mod contents;

pub use contents::{Page, Picture};
