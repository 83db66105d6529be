//! A table's page: Markdown, and pictures beside it.

mod contents;
mod curve;
mod picture;
mod sweep;

pub(crate) use contents::Page;
