use std::path::{Path, PathBuf};
use std::sync::mpsc;

use burn::tensor::Device;
use memae_data::encode::PixelRange;
use memae_models::detect::video::{
    ClipScoreRule, RuleFit, Smoothing, VideoDetector, VideoDetectorConfig, VideoDetectorError,
    fit_rules,
};
use memae_models::network::{Variant, VideoAutoencoder, VideoAutoencoderConfig};
use memae_models::samples::{Runs, Samples};
use memae_models::train::{
    Interrupter, ProgressDisplay, TrainConfig, TrainError, TrainHistory, Trainer,
};

use super::outcome::variant_of;
use super::scoring::{TestScores, frame_aucs, outcome};
use super::watched::{Watched, progress_bar};
use super::{EpochAuc, VideoData, VideoModelOutcome, VideoOutcome, rules};
use crate::experiment::ExperimentError;

/// Clips scored at once.
const BATCH_SIZE: usize = 8;

/// Least clips in each of the runs that rules are fitted on, and how many times the window of the
/// smoothing they have at least: so the smoothing is fitted too.
const RUN_LENGTH: usize = 64;
const RUN_WINDOWS: usize = 8;

/// Trains the forms of one network for clips on normal videos, and tests them on labelled ones by every
/// score rule.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae::data::drawn::WalkwayConfig;
/// use memae::data::encode::{ClipLayout, ClipsConfig};
/// use memae::experiment::video::{VideoExperiment, VideoSource};
/// use memae::network::{Variant, VideoAutoencoderConfig};
/// use memae::train::{ProgressDisplay, TrainConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let walkway = WalkwayConfig::default().with_size(32, 32).with_train(1, 24).with_test(2, 80);
/// let data = VideoSource::Embedded(walkway).open(&ClipsConfig::default().with_size(32, 32))?;
///
/// let network = VideoAutoencoderConfig::video(Variant::MemAe)
///     .with_frame_size(32, 32)
///     .with_channels_scale(0.05)?;
/// let train = TrainConfig::video().with_epochs(1).with_batch_size(4);
/// let outcome = VideoExperiment::new(network, train, Device::flex())
///     .with_variants(vec![Variant::Ae, Variant::MemAe])
///     .with_display(ProgressDisplay::Silent)
///     .run(&data)?;
/// println!("{}", outcome.report("flex").table());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct VideoExperiment {
    /// The network, with memory.
    pub network: VideoAutoencoderConfig,
    /// How each form is trained.
    pub train: TrainConfig,
    /// Rule, smoothing and threshold of the detectors.
    pub detector: VideoDetectorConfig,
    /// The forms trained. Default: MemAE alone.
    pub variants: Vec<Variant>,
    /// Most training clips that rules and thresholds are fitted on, spread evenly over all. Default: 512.
    pub fit_clips: usize,
    /// Whether test videos are scored after every epoch, by the mean error. Default: no.
    pub curve: bool,
    device: Device,
    display: ProgressDisplay,
    interrupter: Interrupter,
    directory: Option<PathBuf>,
}

/// Weights from a file, with the network that they are of.
#[derive(Debug, Clone)]
pub enum VideoWeights {
    /// A detector saved by memae, whose rule and threshold are kept.
    Detector(Box<VideoDetector>),
    /// Weights of a network, for instance those of the authors.
    Network {
        /// What they are called.
        name: String,
        /// The network.
        model: Box<VideoAutoencoder>,
        /// Its settings.
        network: VideoAutoencoderConfig,
    },
}

impl VideoWeights {
    /// Reads a detector saved by memae, whose rule and threshold are kept.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, or holds something else.
    pub fn detector(path: impl AsRef<Path>, device: &Device) -> Result<Self, ExperimentError> {
        let detector = VideoDetector::load(path, device)?;
        Ok(VideoWeights::Detector(Box::new(detector)))
    }

    /// Reads weights that PyTorch saved (`.pt`, `.pth`, safetensors) of `network`, for instance those of
    /// the authors.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, or holds other tensors than the network has.
    pub fn pytorch(
        path: impl AsRef<Path>,
        network: &VideoAutoencoderConfig,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let path = path.as_ref();
        let model = network.init_from_pytorch(path, device)?;
        let name = path.file_stem().unwrap_or(path.as_os_str());
        Ok(VideoWeights::Network {
            name: name.to_string_lossy().into_owned(),
            model: Box::new(model),
            network: network.clone(),
        })
    }

    /// What the levels of pixels are to the network, where that is known.
    pub fn range(&self) -> Option<PixelRange> {
        match self {
            VideoWeights::Detector(detector) => detector.pixels(),
            VideoWeights::Network { .. } => None,
        }
    }

    /// Settings of the network.
    pub fn network(&self) -> &VideoAutoencoderConfig {
        match self {
            VideoWeights::Detector(detector) => &detector.network,
            VideoWeights::Network { network, .. } => network,
        }
    }
}

/// A network that is ready to be tested.
struct Ready {
    name: String,
    model: VideoAutoencoder,
    network: VideoAutoencoderConfig,
    history: TrainHistory,
    seconds: f64,
    curve: Vec<EpochAuc>,
    /// Where rule and threshold are given.
    detector: Option<VideoDetector>,
}

impl VideoExperiment {
    /// An experiment with this network, which has a memory, and this training.
    pub fn new(network: VideoAutoencoderConfig, train: TrainConfig, device: Device) -> Self {
        Self {
            network,
            train,
            detector: VideoDetectorConfig::default(),
            variants: vec![Variant::MemAe],
            fit_clips: 512,
            curve: false,
            device,
            display: ProgressDisplay::default(),
            interrupter: Interrupter::new(),
            directory: None,
        }
    }

    /// Sets the forms that are trained.
    pub fn with_variants(mut self, variants: Vec<Variant>) -> Self {
        self.variants = variants;
        self
    }

    /// Sets rule, smoothing and threshold of the detectors.
    pub fn with_detector(mut self, detector: VideoDetectorConfig) -> Self {
        self.detector = detector;
        self
    }

    /// Sets the most training clips that rules and thresholds are fitted on.
    pub fn with_fit_clips(mut self, clips: usize) -> Self {
        self.fit_clips = clips;
        self
    }

    /// Scores test videos after every epoch, too.
    pub fn with_curve(mut self, curve: bool) -> Self {
        self.curve = curve;
        self
    }

    /// How training and scoring show themselves.
    pub fn with_display(mut self, display: ProgressDisplay) -> Self {
        self.display = display;
        self
    }

    /// The handle that stops the experiment from another thread.
    pub fn with_interrupter(mut self, interrupter: Interrupter) -> Self {
        self.interrupter = interrupter;
        self
    }

    /// Writes metric logs and checkpoints of the training below this folder, in place of those of an
    /// earlier run.
    pub fn with_directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_path_buf());
        self
    }

    /// Trains and tests each form.
    ///
    /// # Errors
    ///
    /// A network without memory, settings out of range, clips of another shape, a frame that can't be
    /// read, a folder that can't be written, or a stop through the interrupter.
    pub fn run(&self, data: &VideoData) -> Result<VideoOutcome, ExperimentError> {
        self.check_variants()?;
        self.check(&self.network, data)?;
        self.train.validate().map_err(TrainError::from)?;
        self.read_test_frames(data)?;
        let mut models = Vec::new();
        for &variant in &self.variants {
            let ready = self.train_variant(variant, data)?;
            models.push(self.test(ready, data)?);
        }
        Ok(self.outcome(models, self.network.clone(), Some(self.train.clone()), data))
    }

    /// Tests given weights; rules are fitted on the training clips all the same.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn run_weights(
        &self,
        weights: &VideoWeights,
        data: &VideoData,
    ) -> Result<VideoOutcome, ExperimentError> {
        let network = weights.network().clone();
        self.check(&network, data)?;
        if let Some(expected) = weights.range()
            && data.test.range() != expected
        {
            return Err(VideoDetectorError::PixelRange {
                found: data.test.range(),
                expected,
            }
            .into());
        }
        if let VideoWeights::Network { .. } = weights {
            self.detector.rule.validate_for(network.memory.is_some())?;
        }
        let (name, model, detector) = match weights {
            VideoWeights::Detector(detector) => {
                let name = variant_of(&network).name().to_string();
                (name, detector.model.clone(), Some((**detector).clone()))
            }
            VideoWeights::Network { name, model, .. } => (name.clone(), (**model).clone(), None),
        };
        let ready = Ready {
            name,
            model,
            network: network.clone(),
            history: TrainHistory::default(),
            seconds: 0.0,
            curve: Vec::new(),
            detector,
        };
        let model = self.test(ready, data)?;
        Ok(self.outcome(vec![model], network, None, data))
    }

    /// Checks what would otherwise show after training.
    fn check(
        &self,
        network: &VideoAutoencoderConfig,
        data: &VideoData,
    ) -> Result<(), ExperimentError> {
        network.validate()?;
        self.detector.validate()?;
        if self.fit_clips == 0 {
            return Err(ExperimentError::FitClips);
        }
        let expected = network.input;
        for (which, clips) in [("training", &data.train), ("test", &data.test)] {
            let found = clips.shape();
            if found != expected {
                return Err(ExperimentError::ClipShape {
                    which,
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }

    fn check_variants(&self) -> Result<(), ExperimentError> {
        if self.network.memory.is_none() {
            return Err(ExperimentError::NoMemory);
        }
        for (index, variant) in self.variants.iter().enumerate() {
            if self.variants[..index].contains(variant) {
                return Err(ExperimentError::Variants {
                    found: format!("{} twice", variant.name()),
                });
            }
            self.detector.rule.validate_for(*variant != Variant::Ae)?;
        }
        match self.variants.is_empty() {
            true => Err(ExperimentError::Variants {
                found: "none".to_string(),
            }),
            false => Ok(()),
        }
    }

    /// Reads every frame of the test videos: one that can't be read is to show before hours of training,
    /// not after.
    fn read_test_frames(&self, data: &VideoData) -> Result<(), ExperimentError> {
        let frames =
            |video: usize| (0..data.test.frames_in(video)).map(move |frame| (video, frame));
        let frames: Vec<(usize, usize)> = (0..data.test.videos()).flat_map(frames).collect();
        let bar = progress_bar("read test videos", frames.len(), self.display);
        for (video, frame) in frames {
            self.check_interruption()?;
            data.test.frame(video, frame)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn outcome(
        &self,
        models: Vec<VideoModelOutcome>,
        network: VideoAutoencoderConfig,
        train: Option<TrainConfig>,
        data: &VideoData,
    ) -> VideoOutcome {
        VideoOutcome {
            models,
            data: data.clone(),
            network,
            train,
            device: self.device.clone(),
        }
    }

    fn train_variant(&self, variant: Variant, data: &VideoData) -> Result<Ready, ExperimentError> {
        let network = self.network.clone().in_form(variant);
        let mut config = self.train.clone();
        config.loss = variant.loss(config.loss);
        let mut trainer = Trainer::new(config, self.device.clone())
            .with_display(self.display)
            .with_interrupter(self.interrupter.clone())
            .with_label(variant.name());
        if let Some(directory) = &self.directory {
            let directory = directory.join(variant.name().to_lowercase());
            crate::experiment::clear(&directory)?;
            trainer = trainer.with_directory(directory);
        }
        let mut curve = Vec::new();
        let trained = if self.curve {
            let (sender, results) = mpsc::channel();
            let (experiment, test) = (self.clone(), data.clone());
            let trained = trainer.fit_watched(
                &network,
                &data.train,
                move |epoch, model: &VideoAutoencoder| {
                    // The other end is there until training ends.
                    let _ = sender.send((epoch, experiment.mean_error_aucs(model, &test)));
                },
            )?;
            for (epoch, auc) in results {
                if let Some(auc) = auc? {
                    curve.push(EpochAuc { epoch, auc });
                }
            }
            trained
        } else {
            trainer.fit(&network, &data.train)?
        };
        self.check_interruption()?;
        Ok(Ready {
            name: variant.name().to_string(),
            model: trained.model,
            network,
            history: trained.history,
            seconds: trained.seconds,
            curve,
            detector: None,
        })
    }

    fn mean_error_aucs(
        &self,
        model: &VideoAutoencoder,
        data: &VideoData,
    ) -> Result<Option<super::FrameAucs>, ExperimentError> {
        // The AUC needs no scale: any clip will do to fit one.
        let rule = self.fit(
            model,
            &[ClipScoreRule::MeanError],
            &Runs::spread(data.train.clone(), 1, 1),
        )?;
        let scores = self.score(model, &rule, data, "test videos")?;
        frame_aucs(&scores.by_rule[0], data)
    }

    fn test(&self, ready: Ready, data: &VideoData) -> Result<VideoModelOutcome, ExperimentError> {
        let smoothing = match &ready.detector {
            Some(detector) => detector.smoothing(),
            None => self.detector.smoothing,
        };
        let run_length = smoothing
            .window()
            .saturating_mul(RUN_WINDOWS)
            .max(RUN_LENGTH);
        let fitting = Runs::spread(data.train.clone(), self.fit_clips, run_length);
        let mut compared = rules(ready.network.input, ready.model.memory.is_some());
        let number = compared.len();
        compared.push(match &ready.detector {
            Some(detector) => detector.rule().rule().clone(),
            None => self.detector.rule.clone(),
        });
        let mut fits = self.fit(&ready.model, &compared, &fitting)?;
        let detector = match ready.detector {
            Some(detector) => detector,
            None => VideoDetector::from_fit(
                ready.model.clone(),
                ready.network,
                self.detector.clone(),
                fits[number].clone(),
                &fitting.sequences(),
            )?,
        };
        fits[number].rule = detector.rule().clone();
        let scores = self.score(&ready.model, &fits, data, &ready.name)?;

        let mut smoothings = vec![Smoothing::Off];
        if detector.smoothing() != Smoothing::Off {
            smoothings.push(detector.smoothing());
        }
        let mut outcomes = Vec::new();
        for (rule, scores) in compared[..number].iter().zip(&scores.by_rule) {
            for &smoothing in &smoothings {
                outcomes.push(outcome(rule, smoothing, scores, data)?);
            }
        }
        let rule = detector.rule().rule();
        let detected = outcome(rule, detector.smoothing(), &scores.by_rule[number], data)?;
        Ok(VideoModelOutcome {
            name: ready.name,
            detector,
            history: ready.history,
            seconds: ready.seconds,
            curve: ready.curve,
            detected,
            rules: outcomes,
            pixels: scores.pixels,
            fit_clips: fitting.len(),
        })
    }

    fn fit(
        &self,
        model: &VideoAutoencoder,
        rules: &[ClipScoreRule],
        clips: &Runs<memae_data::encode::Clips>,
    ) -> Result<Vec<RuleFit>, ExperimentError> {
        let passes = 1 + usize::from(rules.iter().any(ClipScoreRule::needs_two_passes));
        let clips = Watched::new(
            clips,
            "fit score rules",
            passes,
            self.display,
            &self.interrupter,
        );
        let result = fit_rules(model, rules, &clips, BATCH_SIZE, &self.device);
        self.check_interruption()?;
        Ok(result?)
    }

    fn score(
        &self,
        model: &VideoAutoencoder,
        rules: &[RuleFit],
        data: &VideoData,
        label: &str,
    ) -> Result<TestScores, ExperimentError> {
        let label = format!("{label} (test)");
        let clips = Watched::new(&data.test, &label, 1, self.display, &self.interrupter);
        let result = TestScores::measure(model, rules, data, &clips, BATCH_SIZE, &self.device);
        self.check_interruption()?;
        result
    }

    fn check_interruption(&self) -> Result<(), ExperimentError> {
        match self.interrupter.should_stop() {
            true => Err(TrainError::Interrupted.into()),
            false => Ok(()),
        }
    }
}
