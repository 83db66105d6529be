//! The means of drawing: axes, marks, legends, text, and the page that they stand on.

pub(crate) mod axis;
pub(crate) mod cartesian;
pub(crate) mod colour;
pub(crate) mod colour_bar;
pub(crate) mod interpolation;
pub(crate) mod legend;
pub(crate) mod mark;
pub(crate) mod marker;
pub(crate) mod outline;
pub(crate) mod oversampled;
pub(crate) mod page;
pub(crate) mod series_style;
pub(crate) mod stroke;
pub(crate) mod text;
pub(crate) mod ticks;
pub(crate) mod tile;
