//! The report: what was measured, as one page.

mod page;
mod pictures;
mod videos;

pub(super) use page::write;
