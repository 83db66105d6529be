use serde::{Deserialize, Serialize};

use super::error::{MotionError, check};
use super::flow::FlowConfig;

/// Settings of motion as queries: histograms of optical flow, for every place of every frame.
///
/// A frame is cut into cells. Each vector of [flow](FlowConfig) in a cell gives its speed to the two directions, of eight, that
/// it lies between. A query is the mean over the cells of a window and over the last frames: at which speed what is there
/// moves where. It looks at the past alone.
///
/// Sizes are shares of a frame's height and times are seconds, so that they mean the same for frames of another size or rate. The
/// defaults are the settings of a trial on UCSD Ped2 that had its labels in sight, where a window is about as high as a
/// person.
///
/// ```
/// use memae_data::drawn::WalkwayConfig;
/// use memae_data::encode::MotionConfig;
/// use memae_data::sample::FrameFormat;
///
/// let walkway = WalkwayConfig::default().with_train(1, 12).generate()?;
/// let video = walkway.train[0].to_video("walkway")?;
/// let frames = MotionConfig::default().of_video(&video, &FrameFormat::default(), 10.0)?;
/// assert_eq!(frames.len(), 12);
/// assert!(frames[7].field.is_none()); // less than 0.8 seconds have passed
/// let field = frames[8].field.as_ref().expect("no cut");
/// let fastest = field.queries().map(|query| query.iter().sum::<f32>()).fold(0.0, f32::max);
/// println!("{fastest} heights of the frame a second");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MotionConfig {
    /// How flow is estimated.
    pub flow: FlowConfig,
    /// Side of a cell, as a share of the frame's height, above 0 and at most 1; 1/30 by default. Windows lie one cell
    /// apart.
    pub cell: f64,
    /// Side of a window, as a share of the frame's height, from that of a cell to 1; 2/15 by default. About the height of a
    /// person is best.
    pub window: f64,
    /// How much of the past a query is the mean of, above 0 and at most 3600 seconds; 0.8 by default.
    pub seconds: f64,
    /// Speeds below this one are noise and count as 0, in heights of the frame a second, 0 to 100; 1/240 by
    /// default.
    pub min_speed: f64,
    /// Share of a picture's pixels above which it does not continue the one before, if so many are not where
    /// the flow leads, 0 to 1; 0.3 by default. With 1 there are no cuts.
    pub cut: f64,
    /// How much of a query its place is: what one height of the frame from place to place counts, in heights of the frame a second,
    /// 0 to 100; 0 by default, where the same motion is the same query everywhere. With more, queries have
    /// [two values more](super::MotionLayout::queries).
    pub position: f64,
}

impl Default for MotionConfig {
    fn default() -> Self {
        Self {
            flow: FlowConfig::default(),
            cell: 1.0 / 30.0,
            window: 2.0 / 15.0,
            seconds: 0.8,
            min_speed: 1.0 / 240.0,
            cut: 0.3,
            position: 0.0,
        }
    }
}

impl MotionConfig {
    /// Sets how flow is estimated.
    pub fn with_flow(mut self, flow: FlowConfig) -> Self {
        self.flow = flow;
        self
    }

    /// Sets the side of a cell, as a share of the frame's height.
    pub fn with_cell(mut self, share: f64) -> Self {
        self.cell = share;
        self
    }

    /// Sets the side of a window, as a share of the frame's height.
    pub fn with_window(mut self, share: f64) -> Self {
        self.window = share;
        self
    }

    /// Sets how much of the past a query is the mean of.
    pub fn with_seconds(mut self, seconds: f64) -> Self {
        self.seconds = seconds;
        self
    }

    /// Sets the speed below which there is no motion, in heights of the frame a second.
    pub fn with_min_speed(mut self, heights: f64) -> Self {
        self.min_speed = heights;
        self
    }

    /// Sets the share of pixels from which on there is a cut.
    pub fn with_cut(mut self, share: f64) -> Self {
        self.cut = share;
        self
    }

    /// Sets how much of a query its place is, in heights of the frame a second for each height.
    pub fn with_position(mut self, speed: f64) -> Self {
        self.position = speed;
        self
    }

    /// Checks that the settings can be met.
    ///
    /// # Errors
    ///
    /// One is out of its range.
    pub fn validate(&self) -> Result<(), MotionError> {
        self.flow.validate()?;
        let positive = |value: f64, most: f64| value > 0.0 && value <= most;
        check(
            positive(self.cell, 1.0),
            "cell",
            self.cell,
            "above 0 and at most 1, a share of the frame's height",
        )?;
        check(
            (self.cell..=1.0).contains(&self.window),
            "window",
            self.window,
            "a share of the frame's height from that of a cell to 1",
        )?;
        check(
            positive(self.seconds, 3600.0),
            "seconds",
            self.seconds,
            "above 0 and at most 3600",
        )?;
        check(
            (0.0..=100.0).contains(&self.min_speed),
            "min_speed",
            self.min_speed,
            "0 to 100 heights of the frame a second",
        )?;
        check(
            (0.0..=1.0).contains(&self.cut),
            "cut",
            self.cut,
            "0 to 1, a share of the pixels",
        )?;
        check(
            (0.0..=100.0).contains(&self.position),
            "position",
            self.position,
            "0 to 100 heights of the frame a second",
        )
    }
}
