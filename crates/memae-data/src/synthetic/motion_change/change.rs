use std::fmt;

use serde::{Deserialize, Serialize};

/// What becomes of the motion in a video.
///
/// Written as `faster by 2` or `mirrored`; as JSON, `{"faster": {"factor": 2.0}}` or `"mirrored"`.
///
/// ```
/// use memae_data::synthetic::MotionChange;
///
/// let change = MotionChange::Faster { factor: 2.0 };
/// assert_eq!(change.to_string(), "faster by 2");
/// assert_eq!(serde_json::to_string(&change)?, r#"{"faster":{"factor":2.0}}"#);
/// assert_eq!(serde_json::from_str::<MotionChange>(r#""upside-down""#)?, MotionChange::UpsideDown);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum MotionChange {
    /// Frame t is frame `factor` · t of the video, rounded to the nearest one: everything goes `factor` times as fast. Where
    /// the factor is no whole number, some steps are a frame longer than others, and only their mean is the factor.
    Faster {
        /// How many times as fast, [1.2 to 8](super::MotionChangeConfig::FACTORS).
        factor: f64,
    },
    /// A part of the picture, the same in all frames, is brought to the size of the whole: what is seen in it is `factor`
    /// times as large, and crosses as many times more pixels. The place of the part is drawn; its sides are the frame's over
    /// the factor, in whole pixels.
    Larger {
        /// How many times as large, [1.2 to 8](super::MotionChangeConfig::FACTORS).
        factor: f64,
    },
    /// Left and right are swapped.
    Mirrored,
    /// The picture is turned by 180 degrees.
    UpsideDown,
    /// The picture is turned clockwise by 90 degrees: what went right goes down. Of frames that are not square it is the largest
    /// part that has the ratio of their sides when it is turned, at a place that is drawn, and it is brought to the size of the frame:
    /// there motion is also faster, by the longer side over the shorter one.
    QuarterTurned,
    /// The last frame comes first: everything goes backwards.
    Reversed,
}

impl fmt::Display for MotionChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Faster { factor } => write!(f, "faster by {factor}"),
            Self::Larger { factor } => write!(f, "larger by {factor}"),
            Self::Mirrored => f.write_str("mirrored"),
            Self::UpsideDown => f.write_str("upside down"),
            Self::QuarterTurned => f.write_str("turned by a quarter"),
            Self::Reversed => f.write_str("reversed"),
        }
    }
}
