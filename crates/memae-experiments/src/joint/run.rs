use burn::tensor::Device;
use memae_data::encode::{ClipLayout, ClipsConfig};
use memae_data::metrics::VideoScores;
use memae_data::protocol::{Calibration, NormalParts, NormalPartsConfig};
use memae_data::sample::{Video, VideoSet};
use memae_models::detect::{JointRule, JointScale};
use memae_models::network::{NetworkConfigError, Variant, VideoAutoencoderConfig};
use memae_models::samples::{Runs, Selection};
use memae_models::score::{ClipScoreRule, FittedRule, fit_rules};
use memae_models::train::{Interrupter, ProgressDisplay, TrainConfig, TrainError, Trainer};

use super::frame_looks::frame_looks;
use super::pairs::{PartScores, VideoPairs};
use super::pixels::{FrameMaps, PixelAucs, PixelMaps};
use super::rival::{JointRival, JointRivalParts};
use crate::ExperimentError;
use crate::motion::{MotionData, MotionFigures, MotionVideo, Rival};

/// Clips that the scale of a rule is fitted on.
const FIT_CLIPS: usize = 512;
/// Clips scored at once to fit it.
const BATCH_SIZE: usize = 8;
/// Items of motion, read by the nearest.
const MOTION: Rival = Rival::Nearest { items: 10 };

/// Sets a network of clips, a memory of motion and both together beside each other, over several seeds: of each training videos are
/// divided anew, and items and weights are drawn anew.
///
/// Scales of rarity are those of the part of the training videos that is only watched, thresholds come from held-out videos.
#[derive(Clone)]
#[non_exhaustive]
pub struct JointExperiment {
    /// The network.
    pub network: VideoAutoencoderConfig,
    /// How it is trained; seeds are those below.
    pub train: TrainConfig,
    /// How videos are cut into clips.
    pub clips: ClipsConfig,
    /// How clips are scored; the first is the one that is smoothed, too.
    pub rules: Vec<ClipScoreRule>,
    /// Seeds.
    pub seeds: Vec<u64>,
    /// Rates of false alarms that thresholds are chosen for, each in (0, 1).
    pub rates: Vec<f64>,
    /// Frames that smoothed scores are a mean of, half of them after the one that is scored; odd.
    pub smoothed_over: usize,
    display: ProgressDisplay,
    interrupter: Interrupter,
}

impl JointExperiment {
    /// With the paper's network for square frames of this side, a quarter as wide, and the settings of the program: 1,200 clips an epoch,
    /// two a step.
    ///
    /// # Errors
    ///
    /// A side that the network can't take.
    pub fn new(side: usize) -> Result<Self, NetworkConfigError> {
        Ok(Self {
            network: VideoAutoencoderConfig::video(Variant::MemAe)
                .with_frame_size(side, side)
                .with_channels_scale(0.25)?,
            train: TrainConfig::video()
                .with_learning_rate(1e-3)
                .with_batch_size(2)
                .with_epochs(1)
                .with_samples_per_epoch(Some(1200)),
            clips: ClipsConfig::default()
                .with_layout(ClipLayout::reference())
                .with_size(side, side),
            // A patch is about as high as a person who is a fifth of the frame.
            rules: vec![
                ClipScoreRule::WorstPixels { share: 0.01 },
                ClipScoreRule::WorstPatch {
                    side: (side / 5).max(1),
                    power: 8.0,
                },
            ],
            seeds: vec![0, 1, 2],
            rates: vec![0.01, 0.05],
            smoothed_over: 15,
            display: ProgressDisplay::default(),
            interrupter: Interrupter::new(),
        })
    }

    /// So many passes.
    pub fn with_epochs(mut self, epochs: usize) -> Self {
        self.train = self.train.with_epochs(epochs);
        self
    }

    /// With these seeds.
    pub fn with_seeds(mut self, seeds: impl Into<Vec<u64>>) -> Self {
        self.seeds = seeds.into();
        self
    }

    /// Shows trainings in another way.
    pub fn with_display(mut self, display: ProgressDisplay) -> Self {
        self.display = display;
        self
    }

    /// Stops trainings when asked to.
    pub fn with_interrupter(mut self, interrupter: Interrupter) -> Self {
        self.interrupter = interrupter;
        self
    }

    /// What each rival tells with each seed; `data` is the motion in the videos of `set`.
    ///
    /// # Errors
    ///
    /// Too few training videos to hold some out; nothing in them moves; test videos without labels, or of one kind; a setting out of
    /// range.
    pub fn run(
        &self,
        set: &VideoSet,
        data: &MotionData,
        device: &Device,
    ) -> Result<Vec<(JointRival, Vec<MotionFigures>)>, ExperimentError> {
        let rivals = self.rivals();
        let mut figures: Vec<(JointRival, Vec<MotionFigures>)> = rivals
            .into_iter()
            .map(|rival| (rival, Vec::new()))
            .collect();
        for &seed in &self.seeds {
            let scores = self.scores(set, data, seed, device)?;
            let pixels = self.pixels(&scores, data)?;
            for (rival, figures) in &mut figures {
                let pixels = pixels.as_ref().and_then(|aucs| rival.pixels(aucs));
                figures.push(self.figures(rival, &scores, pixels)?);
            }
        }
        Ok(figures)
    }

    fn rivals(&self) -> Vec<JointRival> {
        use JointRivalParts::{Appearance, Both, Motion};
        let mut rivals = vec![JointRival::plain(Motion)];
        let rules = || self.rules.iter().cloned();
        rivals.extend(rules().map(|rule| JointRival::plain(Appearance(rule))));
        for joint in [JointRule::Maximum, JointRule::Sum] {
            rivals.extend(rules().map(|rule| JointRival::plain(Both(rule, joint))));
        }
        let first = self.rules.iter().take(1).cloned();
        let smoothed = first.flat_map(|rule| {
            [
                Motion,
                Appearance(rule.clone()),
                Both(rule.clone(), JointRule::Maximum),
                Both(rule, JointRule::Sum),
            ]
        });
        rivals.extend(smoothed.map(|parts| JointRival {
            parts,
            frames: self.smoothed_over,
        }));
        rivals
    }

    /// What both parts say of the frames of all videos but those trained on.
    fn scores(
        &self,
        set: &VideoSet,
        data: &MotionData,
        seed: u64,
        device: &Device,
    ) -> Result<PartScores, ExperimentError> {
        let parts: NormalParts = NormalPartsConfig::default()
            .with_seed(seed)
            .divide_single(set.train.len())
            .map_err(TrainError::from)?;
        let train: Vec<&MotionVideo> = parts.train.iter().map(|&at| &data.train[at]).collect();
        let motion = MOTION.learn(&data.layout, &train, seed, device)?;
        // All clips in one set, divided as their videos are.
        let videos = parts.train.iter().chain(&parts.select);
        let videos: Vec<Video> = videos.map(|&at| set.train[at].clone()).collect();
        let clips = self.clips.open(&videos)?;
        let of_train = 0..parts.train.len();
        let trained_on: Vec<usize> = of_train.flat_map(|video| clips.clips_of(video)).collect();
        let watched = (trained_on.len()..clips.len()).collect();
        let of_clips = NormalParts::new(trained_on.clone(), watched, Vec::new());
        let model = Trainer::new(self.train.clone().with_seed(seed), device.clone())
            .with_display(self.display)
            .with_interrupter(self.interrupter.clone())
            .with_label("network")
            .fit_on(&self.network, &clips, &of_clips)?
            .model;
        let fit_on = Runs::spread(Selection::new(clips, trained_on), FIT_CLIPS, 1);
        let fits = fit_rules(&model, &self.rules, &fit_on, BATCH_SIZE, device)?;
        let rules: Vec<FittedRule> = fits.into_iter().map(|fit| fit.rule).collect();
        let of = |video: &Video, fields: &MotionVideo| -> Result<VideoPairs, ExperimentError> {
            let looks = frame_looks(&model, &rules, &self.clips, video, device)?;
            VideoPairs::of(rules.len(), looks, fields, motion.as_ref())
        };
        let of_train = |part: &[usize]| -> Result<Vec<VideoPairs>, ExperimentError> {
            let videos = part.iter().map(|&at| of(&set.train[at], &data.train[at]));
            videos.collect()
        };
        let tested = set.test.iter().zip(&data.test);
        Ok(PartScores {
            select: of_train(&parts.select)?,
            held_out: of_train(&parts.calibrate)?,
            test: tested
                .map(|(test, fields)| of(&test.video, fields))
                .collect::<Result<_, _>>()?,
        })
    }

    fn rule_at(&self, rule: &ClipScoreRule) -> usize {
        let at = self.rules.iter().position(|other| other == rule);
        at.unwrap_or_default()
    }

    fn pixels(
        &self,
        scores: &PartScores,
        data: &MotionData,
    ) -> Result<Option<PixelAucs>, ExperimentError> {
        let test = scores.test.iter().flat_map(VideoPairs::masked);
        let Some((_, mask)) = test.clone().next() else {
            return Ok(None);
        };
        let shape = self.network.input;
        let maps = PixelMaps {
            network: (shape.height, shape.width),
            frame: mask.size(),
            layout: &data.layout,
        };
        let select = scores.select.iter().flat_map(|video| &video.maps);
        maps.aucs(&select.collect::<Vec<&FrameMaps>>(), test)
    }

    fn figures(
        &self,
        rival: &JointRival,
        scores: &PartScores,
        pixels: Option<f64>,
    ) -> Result<MotionFigures, ExperimentError> {
        let scale = match &rival.parts {
            JointRivalParts::Both(rule, joint) => {
                let at = self.rule_at(rule);
                let normal = scores.select.iter().flat_map(|video| video.pairs(at));
                Some(JointScale::fit(*joint, normal)?)
            }
            _ => None,
        };
        let smoothed = |video: &VideoPairs| {
            let scores = match (&rival.parts, &scale) {
                (JointRivalParts::Both(rule, _), Some(scale)) => {
                    let pairs = video.pairs(self.rule_at(rule));
                    pairs.map(|both| scale.score(both)).collect()
                }
                (JointRivalParts::Appearance(rule), _) => {
                    video.appearance[self.rule_at(rule)].clone()
                }
                _ => video.motion.clone(),
            };
            centred_mean(&scores, rival.frames)
        };
        let (mut of_frames, mut groups) = (Vec::new(), Vec::new());
        for (group, video) in scores.held_out.iter().enumerate() {
            of_frames.extend(smoothed(video));
            groups.resize(of_frames.len(), group);
        }
        let held_out = Calibration::in_groups(&of_frames, &groups)?;
        let test = scores.test.iter().filter_map(|video| {
            let anomalous = video.anomalous.clone()?;
            Some(VideoScores::new(smoothed(video), anomalous))
        });
        let test: Vec<VideoScores> = test.collect::<Result<_, _>>()?;
        MotionFigures::of_frames(&test, pixels, &held_out, &self.rates)
    }
}

/// The mean of so many scores around each, of fewer at the ends.
fn centred_mean(scores: &[f64], frames: usize) -> Vec<f64> {
    let reach = frames / 2;
    let means = (0..scores.len()).map(|at| {
        let around = &scores[at.saturating_sub(reach)..(at + reach + 1).min(scores.len())];
        around.iter().sum::<f64>() / around.len() as f64
    });
    means.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_look_both_ways() {
        assert_eq!(centred_mean(&[0.0, 3.0, 6.0, 0.0], 3), [1.5, 3.0, 3.0, 3.0]);
        assert_eq!(centred_mean(&[1.0, 2.0], 1), [1.0, 2.0]);
        assert_eq!(centred_mean(&[], 15), [0.0; 0]);
    }
}
