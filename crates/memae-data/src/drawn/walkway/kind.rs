use std::fmt;

use serde::{Deserialize, Serialize};

/// What an anomaly in a [`WalkwayVideo`](super::WalkwayVideo) is.
///
/// Cyclists, skaters and those who cross wear light clothes, lighter than what anyone who walks wears, and carts and vans
/// are very light or very dark. They can be told by it in a single frame, which makes them easier than speed, direction or
/// size alone would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WalkwayKind {
    /// Someone on a bicycle, about three times as fast as people walk, in light clothes.
    Cyclist,
    /// Someone on a skateboard, about as fast as a cyclist and no larger than people who walk, in light clothes.
    Skater,
    /// An open cart with its driver, no faster than people walk.
    Cart,
    /// A closed van, larger than the cart and hardly faster.
    Van,
    /// Someone who runs across the path and the grass, towards the camera or away from it, in light clothes.
    Crossing,
}

impl WalkwayKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Cyclist,
        Self::Skater,
        Self::Cart,
        Self::Van,
        Self::Crossing,
    ];
}

/// Writes the name in lower case, such as `cyclist`.
impl fmt::Display for WalkwayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cyclist => "cyclist",
            Self::Skater => "skater",
            Self::Cart => "cart",
            Self::Van => "van",
            Self::Crossing => "crossing",
        })
    }
}
