//! Learns what is normal in front of a fixed camera, and scores test videos frame by frame.
//!
//! `cargo run --release --example video -- --help`

#[allow(dead_code, reason = "no digits are read")]
mod arguments;
#[path = "arguments/videos.rs"]
mod videos;

use std::path::PathBuf;
use std::process::ExitCode;

use arguments::print_line;
use clap::{Parser, ValueEnum};
use memae::addressing::{Shrinkage, Similarity};
use memae::data::dataset::VideoLayout;
use memae::data::drawn::WalkwayConfig;
use memae::data::encode::{ClipLayout, ClipsConfig, PixelRange};
use memae::data::sample::FrameColour;
use memae::detect::VideoDetectorConfig;
use memae::network::{Variant, VideoAutoencoderConfig};
use memae::score::{ClipScoreRule, Smoothing};
use memae::train::{InitialItems, TrainConfig};
use memae_experiments::video::{VideoExperiment, VideoSource, VideoWeights};
use videos::VideoOptions;

/// Trains MemAE on normal videos and tests it on others: frame-level AUC by several score rules and
/// protocols, score curves, the worst frames with their errors, and a detector for a live stream.
#[derive(Parser)]
#[command(name = "video")]
struct Options {
    /// Folder with training and test videos [default: a walkway drawn by memae itself]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How the folder is laid out: folders, ucsd (also ped1, ped2), avenue, shanghaitech
    #[arg(long, default_value_t, requires = "data")]
    layout: VideoLayout,
    #[command(flatten)]
    videos: VideoOptions,
    /// Height and width that frames are brought to
    #[arg(long, default_value_t = 64)]
    size: usize,
    /// Frames in grey or in colour
    #[arg(long, value_enum, default_value_t = Colour::Grey)]
    colour: Colour,
    /// Channels of the network, as a multiple of those of the paper
    #[arg(long, default_value_t = 0.25)]
    channels_scale: f64,
    /// Layers of encoder and decoder each, at most the 4 of the paper: fewer leave more positions
    #[arg(long, default_value_t = 4)]
    depth: usize,
    /// Memory items
    #[arg(long, default_value_t = 500)]
    items: usize,
    /// Shrinkage threshold as a multiple of 1 / items
    #[arg(long, default_value_t = 1.0)]
    shrinkage: f64,
    /// The network of the authors' published code: dot product, threshold 0.0025, their weights at the start; with
    /// `--size 256 --channels-scale 1 --items 2000` for their weights, and `--learning-rate 1e-4` to train as they did
    #[arg(long, conflicts_with = "shrinkage")]
    reference: bool,
    /// What to train, of ae, nonspar, memae
    #[arg(long, value_delimiter = ',', default_value = "memae")]
    variants: Vec<Form>,
    /// Passes over the training clips
    #[arg(long, default_value_t = 1)]
    epochs: usize,
    /// Clips a pass, drawn anew for each [default: all]
    #[arg(long)]
    clips_per_epoch: Option<usize>,
    /// Clips a step
    #[arg(long, default_value_t = 2)]
    batch_size: usize,
    /// Learning rate of Adam
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Weights saved by PyTorch, of the one form in --variants and of the network that --size, --reference and the like
    /// describe: nothing is trained
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["epochs", "clips_per_epoch", "batch_size", "learning_rate", "curve"]
    )]
    weights: Option<PathBuf>,
    /// Detector saved by this example, with its network, rule and threshold: nothing is trained
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "weights", "size", "colour", "channels_scale", "depth", "items", "shrinkage", "reference", "variants",
            "epochs", "clips_per_epoch", "batch_size", "learning_rate", "curve", "rule", "smoothing", "quantile",
            "frame_step"
        ]
    )]
    detector: Option<PathBuf>,
    /// Score rule of the saved detector
    #[arg(long, value_enum, default_value_t = Rule::WorstPixels)]
    rule: Rule,
    /// Scores that the saved detector averages, looking back only; 1 averages none
    #[arg(long, default_value_t = 1)]
    smoothing: usize,
    /// Share of normal clips that the saved detector does not flag
    #[arg(long, default_value_t = 0.99)]
    quantile: f64,
    /// Most training clips that rules and thresholds are fitted on
    #[arg(long, default_value_t = 512)]
    fit_clips: usize,
    /// Score the test videos after every epoch, too
    #[arg(long)]
    curve: bool,
    /// Frames of a video from one frame of a clip to the next: with 2, a clip has every other frame
    #[arg(long, default_value_t = 1)]
    frame_step: usize,
    /// Memory for decoded frames, in MiB
    #[arg(long, default_value_t = 1024)]
    cache: u64,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Device, among those compiled in
    #[arg(long, default_value = memae::device::names()[0])]
    device: String,
    /// Folder for pictures, detectors and report.json
    #[arg(long, value_name = "DIR", default_value = "target/memae/video")]
    out: PathBuf,
    /// Go on with a run into the same folder that was stopped or killed
    #[arg(long, conflicts_with = "curve")]
    resume: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Colour {
    Grey,
    Rgb,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Ae,
    Nonspar,
    Memae,
}

#[derive(Clone, Copy, ValueEnum)]
enum Rule {
    /// Mean error of all pixels, as in the authors' code
    MeanError,
    /// Mean error of the worst 1 % of pixels
    WorstPixels,
    /// Errors of cells, divided by their usual ones; the worst 5 %
    RelativeError,
    /// Smooth maximum of the errors of patches
    WorstPatch,
    /// How far patches deviate from their usual errors; the worst 10 %
    Deviation,
    /// worst-pixels + deviation
    Combined,
    /// Distance between query and read
    ReadDistance,
    /// Entropy of the addressing
    Entropy,
}

impl From<Form> for Variant {
    fn from(form: Form) -> Self {
        match form {
            Form::Ae => Variant::Ae,
            Form::Nonspar => Variant::MemAeNonSparse,
            Form::Memae => Variant::MemAe,
        }
    }
}

impl Rule {
    /// For square frames of this size.
    fn with_size(self, size: usize) -> ClipScoreRule {
        let side = |part: usize| (size / part).max(1);
        let worst_pixels = ClipScoreRule::WorstPixels { share: 0.01 };
        let deviation = ClipScoreRule::PatchDeviation {
            side: side(4),
            share: 0.1,
        };
        match self {
            Rule::MeanError => ClipScoreRule::MeanError,
            Rule::WorstPixels => worst_pixels,
            Rule::RelativeError => ClipScoreRule::RelativeError {
                side: side(8),
                share: 0.05,
            },
            Rule::WorstPatch => ClipScoreRule::WorstPatch {
                side: side(4),
                power: 8.0,
            },
            Rule::Deviation => deviation,
            Rule::Combined => ClipScoreRule::Sum(vec![worst_pixels, deviation]),
            Rule::ReadDistance => ClipScoreRule::ReadDistance,
            Rule::Entropy => ClipScoreRule::AddressingEntropy,
        }
    }
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let device = memae::device::by_name(&options.device)?;
    let network = options.network()?;
    let weights = match (&options.weights, &options.detector) {
        (Some(path), _) => {
            let network = options.only_variant(network.clone())?;
            Some(VideoWeights::pytorch(path, &network, &device)?)
        }
        (None, Some(path)) => Some(VideoWeights::detector(path, &device)?),
        (None, None) => None,
    };
    let source = match &options.data {
        Some(path) => VideoSource::Folder {
            path: path.clone(),
            layout: options.layout,
            videos: options.videos.config(),
        },
        None => VideoSource::Embedded(WalkwayConfig::default().with_seed(options.seed)),
    };
    print_line!("data: {source}")?;
    memae_experiments::check_writable(&options.out)?;
    let network = weights.as_ref().map_or(&network, VideoWeights::network);
    let range = weights.as_ref().and_then(VideoWeights::range);
    let frame_step = weights.as_ref().and_then(VideoWeights::frame_step);
    let frame_step = frame_step.unwrap_or(options.frame_step);
    let data = source.open(&options.clips(network, range, frame_step)?)?;
    for line in data.passed_over() {
        print_line!("{line}")?;
    }
    for line in data.gaps() {
        print_line!("{line}")?;
    }

    let experiment = VideoExperiment::new(network.clone(), options.training(), device)
        .with_variants(
            options
                .variants
                .iter()
                .map(|form| Variant::from(*form))
                .collect(),
        )
        .with_detector(options.detector_config())
        .with_fit_clips(options.fit_clips)
        .with_curve(options.curve)
        .with_interrupter(arguments::interrupter()?)
        .with_directory(options.out.join("training"))
        .with_resume(options.resume);
    let outcome = match &weights {
        Some(weights) => experiment.run_weights(weights, &data)?,
        None => experiment.run(&data)?,
    };

    let report = outcome.report(&options.device);
    print_line!("{}", report.table())?;
    report.save(options.out.join("report.json"))?;
    outcome.save(&options.out)?;
    print_line!(
        "pictures, detectors and report.json: {}",
        options.out.display()
    )?;
    Ok(())
}

impl Options {
    fn network(&self) -> Result<VideoAutoencoderConfig, Box<dyn std::error::Error>> {
        let mut network = VideoAutoencoderConfig::video(Variant::MemAe)
            .with_channels(match self.colour {
                Colour::Grey => 1,
                Colour::Rgb => 3,
            })
            .with_frame_size(self.size, self.size)
            .with_depth(self.depth)
            .with_channels_scale(self.channels_scale)?;
        if let Some(memory) = &mut network.memory {
            memory.num_items = self.items;
            memory.similarity = Similarity::Dot;
            memory.shrinkage = Shrinkage::relative(self.shrinkage);
        }
        Ok(match self.reference {
            true => network.with_reference_settings(),
            false => network,
        })
    }

    fn training(&self) -> TrainConfig {
        TrainConfig::video()
            .with_epochs(self.epochs)
            .with_samples_per_epoch(self.clips_per_epoch)
            .with_batch_size(self.batch_size)
            .with_learning_rate(self.learning_rate)
            .with_initial_items(InitialItems::Drawn)
            .with_seed(self.seed)
    }

    fn detector_config(&self) -> VideoDetectorConfig {
        VideoDetectorConfig {
            rule: self.rule.with_size(self.size),
            smoothing: match self.smoothing {
                1 => Smoothing::Off,
                scores => Smoothing::Mean { scores },
            },
            quantile: self.quantile,
        }
    }

    /// The network in the one form that weights are of.
    fn only_variant(
        &self,
        network: VideoAutoencoderConfig,
    ) -> Result<VideoAutoencoderConfig, Box<dyn std::error::Error>> {
        let [form] = self.variants[..] else {
            let found = self.variants.len();
            return Err(
                format!("--variants: found {found} forms, expected 1 with --weights").into(),
            );
        };
        Ok(network.in_form(form.into()))
    }

    fn clips(
        &self,
        network: &VideoAutoencoderConfig,
        range: Option<PixelRange>,
        frame_step: usize,
    ) -> Result<ClipsConfig, Box<dyn std::error::Error>> {
        let input = network.input;
        let colour = match input.channels {
            3 => FrameColour::Rgb,
            _ => FrameColour::Grey,
        };
        let layout = ClipLayout::new(input.frames)?.with_frame_step(frame_step)?;
        let clips = ClipsConfig::default()
            .with_layout(layout)
            .with_size(input.height, input.width)
            .with_colour(colour)
            .with_range(range.unwrap_or_default())
            .with_cache_bytes(self.cache.saturating_mul(1 << 20));
        Ok(self.videos.with_spool(clips))
    }
}
