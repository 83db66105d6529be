use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae_models::detect::VideoDetectorConfig;
use memae_models::network::{Variant, VideoAutoencoderConfig};
use memae_models::samples::Samples;
use memae_models::train::{Interrupter, ProgressDisplay, TrainConfig, TrainError};

use super::source::VideoData;
use crate::ExperimentError;

/// Trains the forms of one network for clips on normal videos, and tests them on labelled ones by every
/// score rule.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::WalkwayConfig;
/// use memae_data::encode::{ClipLayout, ClipsConfig};
/// use memae_experiments::video::{VideoExperiment, VideoSource};
/// use memae_models::network::{Variant, VideoAutoencoderConfig};
/// use memae_models::train::{ProgressDisplay, TrainConfig};
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
    pub(super) device: Device,
    pub(super) display: ProgressDisplay,
    pub(super) interrupter: Interrupter,
    pub(super) directory: Option<PathBuf>,
    pub(super) resumes: bool,
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
            resumes: false,
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

    /// Whether to go on with a run that was stopped or killed, where the folder holds one of the same samples and settings, and not
    /// to begin anew. The [curve](Self::with_curve) is then of epochs to come.
    pub fn with_resume(mut self, resumes: bool) -> Self {
        self.resumes = resumes;
        self
    }

    /// Checks what would otherwise show after training, of any network.
    pub(super) fn check(
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

    /// Checks the forms that are to be trained.
    pub(super) fn check_variants(&self) -> Result<(), ExperimentError> {
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

    /// An error once the experiment has been stopped from outside.
    pub(super) fn check_interruption(&self) -> Result<(), ExperimentError> {
        match self.interrupter.should_stop() {
            true => Err(TrainError::Interrupted { checkpoint: None }.into()),
            false => Ok(()),
        }
    }
}
