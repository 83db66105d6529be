//! Digits and videos that this crate draws itself.

pub(crate) mod digits;
pub(crate) mod walkway;
