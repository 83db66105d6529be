use std::fmt;

use serde::{Deserialize, Serialize};

/// What an anomaly in a [`RoadVideo`](super::RoadVideo) is, and from when to when it is labelled.
///
/// Vehicles, people and cartons look like those that are normal: the same builds and greys, the same clothes, and cartons are
/// on the beds of pickups all the time. What differs is where something is, which way it faces, and how it moves. Those who
/// cross are seen from the front or from behind, and people on the pavement from the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RoadKind {
    /// A vehicle that drives in a lane against its direction, as fast as others drive in it. It comes when the lane has
    /// become empty, and nobody enters the lane before it has gone. The vehicle is the anomaly as long as it is in the
    /// picture.
    WrongWay,
    /// A vehicle that brakes in a lane, stands for 4 to 7 seconds and drives on. It is the anomaly while it makes less than
    /// half of the speed at which it drives where nothing is in its way. Those who must wait behind it are not.
    Stop,
    /// Someone who walks across the road, in front of traffic that lets them pass, and over what lies on either side of
    /// it. They are the anomaly as long as they are in the picture.
    Crossing,
    /// A carton that falls from the bed of a pickup, tumbles to the edge of the road, lies there for 4 to 7 seconds, and is
    /// then blown away over the grass, out of the picture. It is the anomaly from when it has left the bed until it is
    /// gone.
    Fall,
}

impl RoadKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::WrongWay, Self::Stop, Self::Crossing, Self::Fall];
}

/// Writes the name in lower case, such as `wrong_way`.
impl fmt::Display for RoadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongWay => "wrong_way",
            Self::Stop => "stop",
            Self::Crossing => "crossing",
            Self::Fall => "fall",
        })
    }
}
