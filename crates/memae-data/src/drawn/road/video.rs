use std::fmt;

use super::kind::RoadKind;
use crate::drawn::scene::video::{DrawnAnomaly, DrawnVideo};

/// An anomaly in a [`RoadVideo`].
pub type RoadAnomaly = DrawnAnomaly<RoadKind>;

/// Frames of the road, each with a label and a pixel mask.
pub type RoadVideo = DrawnVideo<RoadKind>;

/// Shows the sizes and the anomalies, and leaves out the pixels.
impl fmt::Debug for RoadVideo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_debug("RoadVideo", f)
    }
}
