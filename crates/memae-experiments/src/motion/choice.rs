//! Settings of motion that are chosen without labels.

use burn::tensor::Device;
use memae_data::encode::{MotionConfig, MotionPreprocessing};
use memae_data::metrics::roc_auc;
use memae_data::protocol::NormalPartsConfig;
use memae_data::sample::Video;
use memae_data::synthetic::{MotionChange, MotionChangeConfig};
use memae_models::train::TrainError;

use super::data::MotionVideo;
use super::figures::highest;
use super::rival::Rival;
use crate::ExperimentError;

/// How settings are chosen: those by which normal videos that were not trained on are told best from themselves with changed motion.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ChoiceConfig {
    /// The settings that there are to choose from.
    pub settings: Vec<MotionConfig>,
    /// What learns normal motion.
    pub rivals: Vec<Rival>,
    /// What becomes of the motion.
    pub changes: Vec<MotionChange>,
    /// Seed of the division, and of all that is drawn.
    pub seed: u64,
}

impl Default for ChoiceConfig {
    /// Windows of 1/15 to 4/15 of the frame's height, means over 0.4 to 1.6 seconds, memories of 10 and of 100 items; one and a half
    /// times and twice as fast, one and a half times as large, and turned by 90 degrees.
    fn default() -> Self {
        let windows = [1.0 / 15.0, 2.0 / 15.0, 3.0 / 15.0, 4.0 / 15.0];
        let settings = windows.into_iter().flat_map(|window| {
            [0.4, 0.8, 1.6].map(|seconds| {
                MotionConfig::default()
                    .with_window(window)
                    .with_seconds(seconds)
            })
        });
        Self {
            settings: settings.collect(),
            rivals: vec![Rival::Nearest { items: 10 }, Rival::Nearest { items: 100 }],
            changes: vec![
                MotionChange::Faster { factor: 1.5 },
                MotionChange::Faster { factor: 2.0 },
                MotionChange::Larger { factor: 1.5 },
                MotionChange::QuarterTurned,
            ],
            seed: 0,
        }
    }
}

/// How well changed motion is told with some settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The settings.
    pub settings: MotionConfig,
    /// What learned normal motion.
    pub rival: Rival,
    /// The AUC of frames of each kind of change beside the same videos as they were, in the order of the changes.
    pub aucs: Vec<f64>,
}

impl Choice {
    /// What is chosen by: the mean over the kinds of change.
    pub fn mean(&self) -> f64 {
        self.aucs.iter().sum::<f64>() / self.aucs.len().max(1) as f64
    }
}

impl ChoiceConfig {
    /// Chooses among these settings.
    pub fn with_settings(mut self, settings: impl Into<Vec<MotionConfig>>) -> Self {
        self.settings = settings.into();
        self
    }

    /// Chooses what learns normal motion among these.
    pub fn with_rivals(mut self, rivals: impl Into<Vec<Rival>>) -> Self {
        self.rivals = rivals.into();
        self
    }

    /// Changes motion in these ways.
    pub fn with_changes(mut self, changes: impl Into<Vec<MotionChange>>) -> Self {
        self.changes = changes.into();
        self
    }

    /// Divides and draws by another seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How well each of the settings tells, the best first.
    ///
    /// # Errors
    ///
    /// No settings, rivals or changes; too few videos; one that does not go the way or can't be changed; nothing that moves.
    pub fn choose(
        &self,
        way: &MotionPreprocessing,
        normal: &[Video],
        device: &Device,
    ) -> Result<Vec<Choice>, ExperimentError> {
        if self.settings.is_empty() || self.rivals.is_empty() || self.changes.is_empty() {
            return Err(ExperimentError::NothingToMeasure);
        }
        let parts = NormalPartsConfig::default()
            .with_seed(self.seed)
            .divide_single(normal.len())
            .map_err(TrainError::from)?;
        let held_out: Vec<&Video> = parts.select.iter().map(|&at| &normal[at]).collect();
        let mut changed: Vec<Vec<Video>> = Vec::new();
        for &change in &self.changes {
            let config = MotionChangeConfig::new(change).with_seed(self.seed);
            let videos = held_out
                .iter()
                .map(|video| config.of_video(video, way.format()));
            changed.push(videos.collect::<Result<_, _>>()?);
        }
        let mut choices = Vec::new();
        for settings in &self.settings {
            let way = way.with_motion(settings.clone())?;
            let layout = way.layout()?;
            let motion = |videos: &mut dyn Iterator<Item = &Video>| {
                let motion = videos.map(|video| MotionVideo::of(video, &way));
                motion.collect::<Result<Vec<_>, _>>()
            };
            let train = motion(&mut parts.train.iter().map(|&at| &normal[at]))?;
            let train: Vec<&MotionVideo> = train.iter().collect();
            let as_it_was = motion(&mut held_out.iter().copied())?;
            let changed = changed.iter().map(|videos| motion(&mut videos.iter()));
            let changed = changed.collect::<Result<Vec<_>, _>>()?;
            for &rival in &self.rivals {
                let learned = rival.learn(&layout, &train, self.seed, device)?;
                let scores = |videos: &[MotionVideo]| {
                    let fields = videos.iter().flat_map(MotionVideo::known);
                    let scores = fields.map(|field| Ok(highest(&learned.of(field)?)));
                    scores.collect::<Result<Vec<f64>, ExperimentError>>()
                };
                let normal = scores(&as_it_was)?;
                let aucs = changed.iter().map(|videos| {
                    let changed = scores(videos)?;
                    let labels = [vec![false; normal.len()], vec![true; changed.len()]].concat();
                    Ok(roc_auc(&[normal.clone(), changed].concat(), &labels)?)
                });
                choices.push(Choice {
                    settings: settings.clone(),
                    rival,
                    aucs: aucs.collect::<Result<_, ExperimentError>>()?,
                });
            }
        }
        choices.sort_by(|a, b| b.mean().total_cmp(&a.mean()));
        Ok(choices)
    }
}

/// A row for each choice, as lines of Markdown.
pub fn choice_table(choices: &[Choice], changes: &[MotionChange]) -> String {
    let mut head = "| window | seconds | score of a place | mean |".to_string();
    for change in changes {
        head += &format!(" {change} |");
    }
    let columns = head.matches('|').count() - 1;
    let mut lines = vec![head, format!("|{}", "---|".repeat(columns))];
    for choice in choices {
        let mut line = format!(
            "| {:.3} | {} | {} | {:.3} |",
            choice.settings.window,
            choice.settings.seconds,
            choice.rival,
            choice.mean()
        );
        for auc in &choice.aucs {
            line += &format!(" {auc:.3} |");
        }
        lines.push(line);
    }
    lines.join("\n")
}
