//! What videos are trained by.

use memae::data::encode::{ClipLayout, ClipsConfig};
use memae::detect::VideoDetectorConfig;
use memae::network::{NetworkConfigError, Variant, VideoAutoencoderConfig};
use memae::score::{ClipScoreRule, Smoothing};
use memae::train::TrainConfig;

/// The side that frames are brought to.
const SIDE: usize = 64;
/// Channels, as a multiple of those of the paper.
const CHANNELS: f64 = 0.25;
const ITEMS: usize = 500;
/// Clips a step.
const BATCH_SIZE: usize = 2;
/// Clips that are trained on in all, about.
const CLIPS: usize = 1200;

/// What was said of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct VideoSettings {
    pub(crate) size: Option<(usize, usize)>,
    pub(crate) epochs: Option<usize>,
    pub(crate) items: Option<usize>,
    pub(crate) seed: u64,
}

/// How videos become clips, and what is trained on them.
#[derive(Debug, Clone)]
pub(crate) struct VideoRecipe {
    settings: VideoSettings,
}

impl VideoRecipe {
    pub(crate) fn new(settings: VideoSettings) -> Self {
        Self { settings }
    }

    fn size(&self) -> (usize, usize) {
        self.settings.size.unwrap_or((SIDE, SIDE))
    }

    pub(crate) fn clips(&self) -> ClipsConfig {
        let (height, width) = self.size();
        ClipsConfig::default()
            .with_layout(ClipLayout::reference())
            .with_size(height, width)
    }

    /// The paper's network, narrower and for smaller frames.
    pub(crate) fn network(&self) -> Result<VideoAutoencoderConfig, NetworkConfigError> {
        let (height, width) = self.size();
        let network = VideoAutoencoderConfig::video(Variant::MemAe)
            .with_frame_size(height, width)
            .with_channels_scale(CHANNELS)?;
        let items = self.settings.items.unwrap_or(ITEMS);
        let memory = network.memory.clone().map(|mut memory| {
            memory.num_items = items;
            memory
        });
        Ok(network.with_memory(memory))
    }

    pub(crate) fn training(&self, clips: usize) -> TrainConfig {
        let epochs = self
            .settings
            .epochs
            .unwrap_or_else(|| CLIPS.div_ceil(clips.max(1)).clamp(1, 50));
        TrainConfig::video()
            .with_learning_rate(1e-3)
            .with_batch_size(BATCH_SIZE)
            .with_epochs(epochs)
            .with_samples_per_epoch((clips > CLIPS).then_some(CLIPS))
            .with_seed(self.settings.seed)
    }

    pub(crate) fn detector(&self) -> VideoDetectorConfig {
        VideoDetectorConfig {
            rule: ClipScoreRule::WorstPixels { share: 0.01 },
            smoothing: Smoothing::Off,
            ..VideoDetectorConfig::default()
        }
    }
}
