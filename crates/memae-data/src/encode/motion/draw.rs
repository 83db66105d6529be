use super::field::MotionField;
use super::layout::DIRECTIONS;
use crate::random::Random;
use crate::sample::Vectors;

/// Stream of random numbers that queries are drawn by.
const STREAM: u64 = 0x6d6f_7469;

/// Queries drawn from all places of all frames that come, each with the same chance, in memory that does not grow: algorithm R
/// (J. Vitter, "Random Sampling with a Reservoir", ACM Transactions on Mathematical Software 1985).
///
/// ```
/// use memae_data::drawn::WalkwayConfig;
/// use memae_data::encode::{MotionConfig, MotionDraw};
/// use memae_data::sample::FrameFormat;
///
/// let walkway = WalkwayConfig::default().with_train(1, 12).generate()?;
/// let video = walkway.train[0].to_video("walkway")?;
/// let mut drawn = MotionDraw::new(100, 0);
/// for frame in MotionConfig::default().frames(&video, &FrameFormat::default(), 10.0)? {
///     if let Some(field) = frame?.field {
///         drawn.push(&field);
///     }
/// }
/// assert!(drawn.seen() > 100);
/// assert_eq!(drawn.vectors().len(), 100);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct MotionDraw {
    random: Random,
    most: usize,
    seen: u64,
    drawn: Vec<[f32; DIRECTIONS]>,
}

impl MotionDraw {
    /// Draws so many queries, or all where there are fewer, by a seed.
    pub fn new(most: usize, seed: u64) -> Self {
        Self {
            random: Random::new(seed, STREAM),
            most,
            seen: 0,
            drawn: Vec::new(),
        }
    }

    /// Takes the queries of a frame.
    pub fn push(&mut self, field: &MotionField) {
        for query in field.queries() {
            self.seen += 1;
            if self.drawn.len() < self.most {
                self.drawn.push(*query);
                continue;
            }
            let place = self.random.below(self.seen);
            if let Some(drawn) = self.drawn.get_mut(place as usize) {
                *drawn = *query;
            }
        }
    }

    /// Queries that have come.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Those drawn, `[queries, 8]`.
    pub fn vectors(&self) -> Vectors {
        Vectors::from_checked(DIRECTIONS, self.drawn.concat())
    }
}
