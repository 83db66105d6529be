use std::path::Path;

use memae_models::network::VideoAutoencoderConfig;
use memae_models::score::Smoothing;
use memae_models::train::{TrainConfig, TrainHistory};
use serde::{Deserialize, Serialize};

use super::frame_aucs::{EpochAuc, FrameAucs};
use super::outcome::{VideoModelOutcome, VideoOutcome};
use super::pixels::PixelFigures;
use super::rules::RuleOutcome;
use crate::ExperimentError;
use crate::output::write_json;

/// Every figure of an experiment on videos, with the settings and the seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoReport {
    /// Version of memae that made it.
    pub version: String,
    /// What the data set is called.
    pub dataset: String,
    /// Name of the device.
    pub device: String,
    /// Training clips.
    pub train_clips: usize,
    /// Test videos.
    pub test_videos: usize,
    /// Test clips.
    pub test_clips: usize,
    /// Test frames with a label.
    pub labelled_frames: usize,
    /// Of these, those labelled anomalous.
    pub anomalous_frames: usize,
    /// The networks.
    pub models: Vec<VideoModelReport>,
    /// Settings of the network with memory.
    pub network: VideoAutoencoderConfig,
    /// Settings of the training; `None` where weights were given.
    pub training: Option<TrainConfig>,
}

/// Figures of one network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoModelReport {
    /// What it is called.
    pub name: String,
    /// Values that it learned.
    pub parameters: usize,
    /// Time that training took, in seconds.
    pub seconds: f64,
    /// The rule and smoothing of the saved detector.
    pub detector: RuleFigures,
    /// Score above which the saved detector flags a frame.
    pub threshold: f64,
    /// Training clips that rules and threshold were fitted on.
    pub fit_clips: usize,
    /// Of the labelled frames, the share of the anomalous ones that it flags; `None` without any.
    pub true_positive_rate: Option<f64>,
    /// Of the labelled frames, the share of the normal ones that it flags; `None` without any.
    pub false_positive_rate: Option<f64>,
    /// By every rule compared.
    pub rules: Vec<RuleFigures>,
    /// Pixel-level figures of the mean error; `None` without masks.
    pub pixels: Option<PixelFigures>,
    /// AUC after each epoch by the mean error, if asked for.
    pub curve: Vec<EpochAuc>,
    /// Figures of every epoch.
    pub history: TrainHistory,
}

/// AUC by a rule and a smoothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleFigures {
    /// The rule's name.
    pub rule: String,
    /// How scores are smoothed over time.
    pub smoothing: Smoothing,
    /// The AUC by each protocol; `None` without labels of both kinds.
    pub auc: Option<FrameAucs>,
}

impl RuleFigures {
    fn new(outcome: &RuleOutcome) -> Self {
        Self {
            rule: outcome.rule.name(),
            smoothing: outcome.smoothing,
            auc: outcome.auc,
        }
    }

    fn label(&self) -> String {
        match self.smoothing {
            Smoothing::Off => self.rule.clone(),
            Smoothing::Mean { scores } => format!("{}, mean of {scores}", self.rule),
            Smoothing::Exponential { decay } => format!("{}, decay {decay}", self.rule),
        }
    }
}

impl VideoModelReport {
    fn new(outcome: &VideoOutcome, model: &VideoModelOutcome) -> Self {
        let threshold = model.detector.threshold();
        let data = &outcome.data;
        // Flagged and all, of normal and of anomalous frames.
        let mut counts = [(0, 0); 2];
        for (video, labels) in data.labels.iter().enumerate() {
            let Some(labels) = labels else { continue };
            for index in data.test.clips_of(video) {
                let anomalous = labels[data.test.scored_by(index)];
                let (flagged, all) = &mut counts[usize::from(anomalous)];
                *flagged += usize::from(model.detected.scores[index] > threshold);
                *all += 1;
            }
        }
        let rate = |(flagged, all): (usize, usize)| (all > 0).then(|| flagged as f64 / all as f64);
        Self {
            name: model.name.clone(),
            parameters: model.detector.network.num_parameters(),
            seconds: model.seconds,
            detector: RuleFigures::new(&model.detected),
            threshold,
            fit_clips: model.fit_clips,
            true_positive_rate: rate(counts[1]),
            false_positive_rate: rate(counts[0]),
            rules: model.rules.iter().map(RuleFigures::new).collect(),
            pixels: model.pixels,
            curve: model.curve.clone(),
            history: model.history.clone(),
        }
    }

    fn table(&self, table: &mut String) {
        use std::fmt::Write;
        // Writing to a string never fails.
        let _ = writeln!(
            table,
            "{:>9} {:>7} {:>9} {:>10}  {}: frame-level AUC by",
            "reference", "raw", "per video", "all frames", self.name
        );
        for figures in &self.rules {
            let _ = writeln!(table, "{}", auc_line(&figures.label(), figures.auc));
        }
        let detector = &self.detector;
        let label = format!("detector: {}", detector.label());
        let _ = writeln!(table, "{}", auc_line(&label, detector.auc));
        let percent = |rate: Option<f64>| match rate {
            Some(rate) => format!("{:.1} %", 100.0 * rate),
            None => "-".to_string(),
        };
        let _ = writeln!(
            table,
            "detector flags {} of anomalous frames, {} of normal ones",
            percent(self.true_positive_rate),
            percent(self.false_positive_rate)
        );
        if let Some(pixels) = &self.pixels {
            let _ = writeln!(
                table,
                "pixel-level AUC {:.4}, AUPRO {:.4} ({} regions)",
                pixels.auc, pixels.aupro, pixels.regions
            );
        }
        for epoch in &self.curve {
            let label = format!("epoch {}: mean error", epoch.epoch);
            let _ = writeln!(table, "{}", auc_line(&label, Some(epoch.auc)));
        }
        let _ = writeln!(table, "training: {:.1} s", self.seconds);
    }
}

fn auc_line(label: &str, auc: Option<FrameAucs>) -> String {
    let four = |value: Option<f64>| match value {
        Some(value) => format!("{value:.4}"),
        None => "-".to_string(),
    };
    format!(
        "{:>9} {:>7} {:>9} {:>10}    {label}",
        four(auc.map(|auc| auc.reference)),
        four(auc.map(|auc| auc.raw)),
        four(auc.and_then(|auc| auc.per_video_mean)),
        four(auc.map(|auc| auc.every_frame))
    )
}

impl VideoOutcome {
    /// Every figure, with the settings.
    pub fn report(&self, device: &str) -> VideoReport {
        VideoReport::new(self, device)
    }
}

impl VideoReport {
    fn new(outcome: &VideoOutcome, device: &str) -> Self {
        let data = &outcome.data;
        let labels = data.labels.iter().flatten().flatten();
        Self {
            version: env!("CARGO_PKG_VERSION").to_string(),
            dataset: data.name.clone(),
            device: device.to_string(),
            train_clips: data.train.len(),
            test_videos: data.test.videos(),
            test_clips: data.test.len(),
            labelled_frames: labels.clone().count(),
            anomalous_frames: labels.filter(|anomalous| **anomalous).count(),
            models: outcome
                .models
                .iter()
                .map(|model| VideoModelReport::new(outcome, model))
                .collect(),
            network: outcome.network.clone(),
            training: outcome.train.clone(),
        }
    }

    /// The figures as tables for the terminal.
    pub fn table(&self) -> String {
        let mut table = format!(
            "{} training clips; {} test videos, {} clips, {} of {} labelled frames anomalous\n",
            self.train_clips,
            self.test_videos,
            self.test_clips,
            self.anomalous_frames,
            self.labelled_frames
        );
        for model in &self.models {
            table.push('\n');
            model.table(&mut table);
        }
        table
    }

    /// Writes the report as JSON, beside its place first and then renamed.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ExperimentError> {
        write_json(path.as_ref(), self)
    }
}
