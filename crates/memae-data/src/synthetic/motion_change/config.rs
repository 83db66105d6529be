use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::change::MotionChange;
use crate::synthetic::error::SyntheticError;

/// A normal video in which everything moves otherwise: faster, larger, or in another direction.
///
/// Whether a detector of motion finds it tells whether its settings let it see that at all. The whole picture is changed, from
/// the first frame on, so that all motion in it is that of real things: a patch of other motion in a normal picture has an edge at
/// which things come from nowhere, and a detector that sees the edge would be the best.
///
/// What it can't show:
///
/// - Where nothing moves, nothing changes: a still video stays still. Compare videos by their highest scores, or a high
///   quantile of them, and not each frame or place.
/// - A change is no anomaly where normal things move so, too. Where people walk both ways, one who walks backwards is
///   nothing new; where bicycles are normal, a person at their speed is none; in a picture with depth, what is far away and made
///   larger looks like what is near.
/// - What real anomalies do: two ways of motion at once, turns, falls, a thing of another form that moves as others do.
/// - Places: all but [`Faster`](MotionChange::Faster) and [`Reversed`](MotionChange::Reversed) move what is seen elsewhere, so
///   that a detector that knows each place finds the place, not the motion.
///
/// ```
/// use memae_data::drawn::WalkwayConfig;
/// use memae_data::encode::{MotionConfig, MotionFrame};
/// use memae_data::sample::{FrameFormat, Video};
/// use memae_data::synthetic::{MotionChange, MotionChangeConfig};
///
/// let walkway = WalkwayConfig::default().with_train(1, 60).generate()?;
/// let normal = walkway.train[0].to_video("walkway")?;
/// let format = FrameFormat::default();
/// let faster = MotionChangeConfig::new(MotionChange::Faster { factor: 3.0 }).of_video(&normal, &format)?;
/// assert_eq!(faster.frame_count()?, 20);
/// assert_eq!(faster.name(), "walkway (faster by 3)");
///
/// let highest = |video: &Video| -> Result<f32, Box<dyn std::error::Error>> {
///     let motion = MotionConfig::default().of_video(video, &format, 10.0)?;
///     let fields = motion.iter().filter_map(|frame: &MotionFrame| frame.field.as_ref());
///     let speeds = fields.flat_map(|field| field.queries().map(|query| query.iter().sum()));
///     Ok(speeds.fold(0.0, f32::max))
/// };
/// assert!(highest(&faster)? > 1.5 * highest(&normal)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MotionChangeConfig {
    /// What becomes of the motion.
    pub change: MotionChange,
    /// Seed of the place of a part. Default: 0. In videos of one size, one seed gives one place.
    #[serde(default)]
    pub seed: u64,
}

impl MotionChangeConfig {
    /// How many times as fast, or as large, things can be.
    pub const FACTORS: RangeInclusive<f64> = 1.2..=8.0;
    /// Most bytes of frames that are kept at once: 1 GiB.
    pub const MOST_BYTES: usize = 1 << 30;

    /// This change, with the seed 0.
    pub fn new(change: MotionChange) -> Self {
        Self { change, seed: 0 }
    }

    /// Draws by another seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Checks that the settings can be met.
    ///
    /// # Errors
    ///
    /// A factor is not in [`FACTORS`](Self::FACTORS).
    pub fn validate(&self) -> Result<(), SyntheticError> {
        let (name, found) = match self.change {
            MotionChange::Faster { factor } => ("faster", factor),
            MotionChange::Larger { factor } => ("larger", factor),
            _ => return Ok(()),
        };
        match Self::FACTORS.contains(&found) {
            true => Ok(()),
            false => Err(SyntheticError::Factor {
                name,
                found,
                least: *Self::FACTORS.start(),
                most: *Self::FACTORS.end(),
            }),
        }
    }
}
