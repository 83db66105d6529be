//! Figures against a setting.

mod axis;
mod check;
mod panel;
mod picture;
mod references;

pub use axis::SweepAxis;
pub use panel::{SweepPanel, SweepPoint, SweepReference, SweepSeries};
pub use picture::SweepPicture;
