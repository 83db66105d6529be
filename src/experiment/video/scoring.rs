use burn::tensor::Device;
use memae_data::encode::ClipLayout;
use memae_data::metrics::{
    MetricError, PixelRanking, PixelScores, VideoMetricError, VideoProtocol, VideoScores, frame_auc,
};
use memae_data::sample::Mask;
use memae_models::detect::video::{
    ClipObservation, ClipScoreRule, RuleError, RuleFit, Smoothing, observe_clips,
};
use memae_models::network::{ClipShape, VideoAutoencoder};
use memae_models::samples::Samples;
use serde::{Deserialize, Serialize};

use super::VideoData;
use crate::experiment::ExperimentError;

/// Most pixels that are ranked for pixel-level figures: of more, which would take gigabytes, evenly spread
/// frames are taken.
const MOST_PIXELS: usize = 1 << 28;

/// Frame-level AUC by each protocol, in `[0, 1]`; 0.5 is chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FrameAucs {
    /// Scores of each video normalised by its own lowest and highest, then one ROC: the protocol of the
    /// authors. It looks at the whole video before it scores a frame.
    pub reference: f64,
    /// One ROC of the scores as they are: what a live camera gets.
    pub raw: f64,
    /// The mean over videos of the AUC of each; `None` if no video has both kinds of frames.
    pub per_video_mean: Option<f64>,
    /// As `raw`, with a score for every frame: the mean over the clips that it is in.
    pub every_frame: f64,
}

/// What a score rule makes of the test clips.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOutcome {
    /// The rule.
    pub rule: ClipScoreRule,
    /// How its scores are smoothed over time.
    pub smoothing: Smoothing,
    /// The smoothed score of each test clip, in units of the spread on training clips, where their mean
    /// is 0.
    pub scores: Vec<f64>,
    /// How well they tell anomalous frames from normal ones; `None` without labels of both kinds.
    pub auc: Option<FrameAucs>,
}

/// How well errors tell anomalous pixels from normal ones, over the scored frames that have masks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PixelFigures {
    /// Pixel-level AUC.
    pub auc: f64,
    /// Area under the curve of per-region overlap, up to a false positive rate of 0.3.
    pub aupro: f64,
    /// Regions of touching anomalous pixels.
    pub regions: usize,
    /// Frames that were looked at: all that are scored, or every n-th where these are too many.
    pub frames: usize,
}

/// The rules that experiments compare on clips of this shape, with those that need a memory or without.
/// Cells and patches are a 16th, an 8th and a 4th of a frame's shorter side.
pub fn rules(shape: ClipShape, has_memory: bool) -> Vec<ClipScoreRule> {
    use ClipScoreRule::*;
    let side = |part: usize| (shape.height.min(shape.width) / part).max(1);
    let mut rules = vec![
        MeanError,
        SquaredError,
        WorstPixels { share: 0.02 },
        WorstPixels { share: 0.01 },
        WorstPixels { share: 0.005 },
    ];
    rules.extend([16, 8].map(|part| RelativeError {
        side: side(part),
        share: 0.05,
    }));
    rules.extend([8, 4].map(|part| WorstPatch {
        side: side(part),
        power: 8.0,
    }));
    let deviation = PatchDeviation {
        side: side(4),
        share: 0.1,
    };
    rules.extend([
        deviation.clone(),
        Sum(vec![WorstPixels { share: 0.01 }, deviation]),
    ]);
    if has_memory {
        rules.extend([
            ReadDistance,
            AddressingEntropy,
            Sum(vec![WorstPixels { share: 0.01 }, ReadDistance]),
        ]);
    }
    rules
}

/// Scores of test clips by every rule, normalised but not smoothed, and pixel-level figures.
pub(super) struct TestScores {
    pub(super) by_rule: Vec<Vec<f64>>,
    pub(super) pixels: Option<PixelFigures>,
}

impl TestScores {
    /// `clips` are those of `data.test`, or the same with a watch on them.
    pub(super) fn measure(
        model: &VideoAutoencoder,
        rules: &[RuleFit],
        data: &VideoData,
        clips: &impl Samples<Shape = ClipShape>,
        batch_size: usize,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let mut by_rule = vec![Vec::with_capacity(clips.len()); rules.len()];
        let mut pixels = PixelPass::new(data);
        let mut problem = None;
        let mut index = 0;
        observe_clips(model, clips, batch_size, device, |clip| {
            for (fit, scores) in rules.iter().zip(&mut by_rule) {
                scores.push(fit.rule.normalized_score(&clip));
            }
            if problem.is_none() {
                problem = pixels.push(index, &clip).err();
            }
            index += 1;
        })
        .map_err(RuleError::from)?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        for scores in &by_rule {
            if let Some(clip) = scores.iter().position(|score| !score.is_finite()) {
                let found = scores[clip];
                return Err(RuleError::Score { clip, found }.into());
            }
        }
        Ok(Self {
            by_rule,
            pixels: pixels.finish()?,
        })
    }
}

/// Collects error maps of scored frames with their masks.
struct PixelPass<'a> {
    data: &'a VideoData,
    layout: ClipLayout,
    scores: PixelScores,
    /// Of this many scored frames, one is looked at.
    every: usize,
    frames: usize,
    video: usize,
    masks: Option<Option<Vec<Mask>>>,
}

impl<'a> PixelPass<'a> {
    fn new(data: &'a VideoData) -> Self {
        let shape = data.test.frame_shape();
        let pixels = (shape.height * shape.width).saturating_mul(data.test.len());
        Self {
            data,
            layout: data.test.layout(),
            scores: PixelScores::new(),
            every: pixels.div_ceil(MOST_PIXELS).max(1),
            frames: 0,
            video: 0,
            masks: None,
        }
    }

    fn push(&mut self, index: usize, clip: &ClipObservation) -> Result<(), ExperimentError> {
        if !index.is_multiple_of(self.every) {
            return Ok(());
        }
        while index >= self.data.test.clips_of(self.video).end {
            self.video += 1;
            self.masks = None;
        }
        let masks = match &self.masks {
            Some(masks) => masks,
            None => self.masks.insert(self.data.masks(self.video)?),
        };
        let Some(masks) = masks else {
            return Ok(());
        };
        let shape = self.data.test.frame_shape();
        let pixels = shape.height * shape.width;
        let frame = self.layout.scored_frame();
        let map = &clip.errors[frame * pixels..(frame + 1) * pixels];
        let clip = index - self.data.test.clips_of(self.video).start;
        let mask = &masks[self.layout.scored_by(clip)];
        self.scores.push(map, mask.anomalous(), mask.size())?;
        self.frames += 1;
        Ok(())
    }

    fn finish(self) -> Result<Option<PixelFigures>, ExperimentError> {
        let (scores, frames) = (self.scores, self.frames);
        let regions = scores.regions();
        let (normal, anomalous) = scores.counts();
        if normal == 0 || anomalous == 0 {
            return Ok(None);
        }
        let ranking = scores.rank()?;
        Ok(Some(PixelFigures {
            auc: ranking.auc(),
            aupro: ranking.aupro(PixelRanking::AUPRO_LIMIT)?,
            regions,
            frames,
        }))
    }
}

/// The scores by a rule smoothed, with their AUC.
pub(super) fn outcome(
    rule: &ClipScoreRule,
    smoothing: Smoothing,
    scores: &[f64],
    data: &VideoData,
) -> Result<RuleOutcome, ExperimentError> {
    let videos = (0..data.test.videos()).map(|video| data.test.clips_of(video));
    let scores: Vec<f64> = videos
        .flat_map(|clips| smoothing.apply(&scores[clips]))
        .collect();
    Ok(RuleOutcome {
        rule: rule.clone(),
        smoothing,
        auc: frame_aucs(&scores, data)?,
        scores,
    })
}

/// AUC over the videos that have labels; `None` where these are not of both kinds.
pub(super) fn frame_aucs(
    scores: &[f64],
    data: &VideoData,
) -> Result<Option<FrameAucs>, ExperimentError> {
    let layout = data.test.layout();
    let (mut scored, mut every) = (Vec::new(), Vec::new());
    for (video, labels) in data.labels.iter().enumerate() {
        if let Some(labels) = labels {
            let clips = &scores[data.test.clips_of(video)];
            let frames = labels.len();
            scored.push(VideoScores::from_clips(
                clips,
                labels,
                layout.scored_frames(frames),
            )?);
            every.push(VideoScores::from_clip_means(
                clips,
                labels,
                layout.clips(frames),
            )?);
        }
    }
    let auc = |videos: &[VideoScores], protocol| match frame_auc(videos, protocol, None) {
        Ok(result) => Ok(Some(result.auc)),
        Err(
            VideoMetricError::NoVideos
            | VideoMetricError::NoMixedVideo { .. }
            | VideoMetricError::Metric(
                MetricError::NoAnomalies { .. } | MetricError::NoNormals { .. },
            ),
        ) => Ok(None),
        Err(error) => Err(error),
    };
    let reference = auc(&scored, VideoProtocol::Reference)?;
    let raw = auc(&scored, VideoProtocol::Raw)?;
    let every_frame = auc(&every, VideoProtocol::Raw)?;
    let per_video_mean = auc(&scored, VideoProtocol::PerVideoMean)?;
    Ok(match (reference, raw, every_frame) {
        (Some(reference), Some(raw), Some(every_frame)) => Some(FrameAucs {
            reference,
            raw,
            per_video_mean,
            every_frame,
        }),
        _ => None,
    })
}
