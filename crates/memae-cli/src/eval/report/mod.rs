//! The report: what was measured, as one page.

mod health;
mod motion;
mod page;
mod pictures;
mod tables;
mod videos;

pub(super) use page::write;
