use super::field::MotionField;
use super::layout::MotionLayout;
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
/// let config = MotionConfig::default();
/// let mut drawn = MotionDraw::new(&config.layout(128, 128, 10.0)?, 100, 0);
/// for frame in config.frames(&video, &FrameFormat::default(), 10.0)? {
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
    layout: MotionLayout,
    random: Random,
    most: usize,
    seen: u64,
    /// `[queries, values]`.
    drawn: Vec<f32>,
}

impl MotionDraw {
    /// Draws so many queries, or all where there are fewer, by a seed, from frames of this layout.
    pub fn new(layout: &MotionLayout, most: usize, seed: u64) -> Self {
        Self {
            layout: layout.clone(),
            random: Random::new(seed, STREAM),
            most,
            seen: 0,
            drawn: Vec::new(),
        }
    }

    /// Takes the queries of a frame.
    ///
    /// # Panics
    ///
    /// The motion is of other places than the layout's.
    pub fn push(&mut self, field: &MotionField) {
        let width = self.layout.query_len();
        for place in 0..self.layout.places(field) {
            self.seen += 1;
            let first = match self.drawn.len() / width {
                drawn if drawn < self.most => {
                    self.drawn.resize((drawn + 1) * width, 0.0);
                    drawn
                }
                _ => self.random.below(self.seen) as usize,
            };
            if let Some(query) = self.drawn.chunks_exact_mut(width).nth(first) {
                self.layout.write_query(field, place, query);
            }
        }
    }

    /// Queries that have come.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Those drawn, `[queries, values]`.
    pub fn vectors(&self) -> Vectors {
        Vectors::from_checked(self.layout.query_len(), self.drawn.clone())
    }
}
