//! How well motion tells what is not normal in videos: memories of it beside what needs none, and beside how videos look.
//!
//! `cargo run --release --example motion -- --help`

#[allow(dead_code, reason = "no digits are read")]
mod arguments;

use std::path::PathBuf;
use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;
use memae::data::dataset::VideoLayout;
use memae::data::drawn::{RoadConfig, WalkwayConfig};
use memae::data::encode::{MotionConfig, MotionPreprocessing};
use memae::data::sample::{FrameFormat, Video, VideoConfig};
use memae_experiments::joint::{JointExperiment, joint_table};
use memae_experiments::motion::{
    ChoiceConfig, MotionData, MotionExperiment, Rival, choice_table, motion_table,
};
use memae_experiments::video::VideoSource;

/// Prints frame-level and pixel-level AUC, and what thresholds flag, of memories of motion and of what needs none; and which
/// settings are chosen without labels.
#[derive(Parser)]
#[command(name = "motion")]
struct Options {
    /// Folder with training and test videos [default: a walkway drawn by memae itself]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A road drawn by memae, whose normal motion is fast, in place of the walkway
    #[arg(long, conflicts_with = "data")]
    road: bool,
    /// How the folder is laid out: folders, ucsd (also ped1, ped2), avenue, shanghaitech
    #[arg(long, default_value_t, requires = "data")]
    layout: VideoLayout,
    /// Frames a second
    #[arg(long, default_value_t = 10.0)]
    frame_rate: f64,
    /// Settings of motion other than the defaults, as JSON: {"window": 0.2}
    #[arg(long, value_name = "JSON", default_value = "{}")]
    settings: String,
    /// Leave out what is trained, which takes the longest
    #[arg(long)]
    untrained: bool,
    /// Choose settings without labels first, by normal videos whose motion is changed, and add what was chosen
    #[arg(long)]
    choose: bool,
    /// Compare no rivals, but set the motion beside a network of clips of this side, and both together
    #[arg(long, value_name = "SIDE", conflicts_with = "choose")]
    appearance: Option<usize>,
    /// Passes of that network over 1,200 clips
    #[arg(long, default_value_t = 1, requires = "appearance")]
    epochs: usize,
    /// Seeds
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Seed of the walkway or the road
    #[arg(long, default_value_t = 0)]
    drawn_seed: u64,
    /// Device, among those compiled in
    #[arg(long, default_value = memae::device::names()[0])]
    device: String,
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let device = memae::device::by_name(&options.device)?;
    let source = match &options.data {
        Some(path) => VideoSource::Folder {
            path: path.clone(),
            layout: options.layout,
            videos: VideoConfig::default(),
        },
        None if options.road => {
            VideoSource::Road(RoadConfig::default().with_seed(options.drawn_seed))
        }
        None => VideoSource::Embedded(WalkwayConfig::default().with_seed(options.drawn_seed)),
    };
    print_line!("data: {source}")?;
    let set = source.videos()?;
    let settings: MotionConfig = serde_json::from_str(&options.settings)?;
    let first = set.train.first().ok_or("found no training videos")?;
    let size = first_size(first)?;
    let way =
        MotionPreprocessing::new(&VideoConfig::default(), size, options.frame_rate, &settings)?;
    let seeds: Vec<u64> = (0..options.seeds).collect();
    if let Some(side) = options.appearance {
        let experiment = JointExperiment::new(side)?
            .with_epochs(options.epochs)
            .with_seeds(seeds)
            .with_interrupter(arguments::interrupter()?);
        let figures = experiment.run(&set, &MotionData::of(&set, &way)?, &device)?;
        print_line!("{}", joint_table(&figures))?;
        return Ok(());
    }
    let rivals: Vec<Rival> = Rival::ALL
        .into_iter()
        .filter(|rival| !(options.untrained && rival.is_trained()))
        .collect();
    let experiment = MotionExperiment::default()
        .with_rivals(rivals)
        .with_seeds(seeds);
    print_line!(
        "{}",
        motion_table(&experiment.run(&MotionData::of(&set, &way)?, &device)?)
    )?;
    if options.choose {
        let config = ChoiceConfig::default();
        let choices = config.choose(&way, &set.train, &device)?;
        print_line!(
            "\nchosen without labels, the best first:\n{}",
            choice_table(&choices, &config.changes)
        )?;
        let best = choices.first().ok_or("found nothing to choose from")?;
        let way = way.with_motion(best.settings.clone())?;
        let experiment = experiment.with_rivals([best.rival, Rival::Norm]);
        print_line!(
            "\nby the settings that were chosen:\n{}",
            motion_table(&experiment.run(&MotionData::of(&set, &way)?, &device)?)
        )?;
    }
    Ok(())
}

/// Height and width of the first frame.
fn first_size(video: &Video) -> Result<(usize, usize), Box<dyn std::error::Error>> {
    let first = video.frames(&FrameFormat::default())?.next();
    let first = first.ok_or("found a video without frames")??;
    Ok((first.shape.height, first.shape.width))
}
