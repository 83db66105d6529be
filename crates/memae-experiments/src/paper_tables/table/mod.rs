//! Rows and columns of figures: means over classes and seeds, in Markdown.

pub(crate) mod classes;
mod markdown;
pub(crate) mod methods;
pub(crate) mod settings;
mod statistics;
mod view;

pub(crate) use statistics::{seconds_left, spread};
pub(crate) use view::TableView;
