//! Scores videos as a camera would deliver them: one frame at a time, with a detector that was saved before.
//!
//! `cargo run --release --example video_stream -- --detector FILE VIDEO …`

#[allow(dead_code, reason = "nothing is trained and no digits are read")]
mod arguments;
#[path = "arguments/videos.rs"]
mod videos;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;
use memae::data::encode::ClipsConfig;
use memae_experiments::check_output;
use memae_experiments::video::StreamExperiment;
use peak_alloc::PeakAlloc;
use videos::VideoOptions;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Scores videos frame by frame and says which frames are anomalous.
#[derive(Parser)]
#[command(name = "video_stream")]
struct Options {
    /// Folders of images, or video files
    #[arg(required = true, value_name = "VIDEO")]
    videos: Vec<PathBuf>,
    #[command(flatten)]
    opening: VideoOptions,
    /// The detector, as the example `video` saves it
    #[arg(long, value_name = "FILE")]
    detector: PathBuf,
    /// CSV file for the score of every frame
    #[arg(long, value_name = "FILE", conflicts_with = "frames")]
    csv: Option<PathBuf>,
    /// Frames in all: the videos are shown again and again until there are so many
    #[arg(long)]
    frames: Option<usize>,
    /// Score all clips at once as well, and compare
    #[arg(long, conflicts_with = "frames")]
    compare: bool,
    /// Device, among those compiled in
    #[arg(long, default_value = memae::device::names()[0])]
    device: String,
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let device = memae::device::by_name(&options.device)?;
    if let Some(csv) = &options.csv {
        let videos = options.videos.iter().map(PathBuf::as_path);
        let inputs: Vec<&Path> = videos.chain([options.detector.as_path()]).collect();
        check_output(csv, &inputs)?;
    }
    let clips = options.opening.with_spool(ClipsConfig::default());
    let experiment = StreamExperiment::open_by(
        &options.detector,
        &options.videos,
        &options.opening.config(),
        device,
    )?
    .with_spool(clips.spool_folder, clips.spool_bytes);
    // After so many frames nothing may grow any more.
    let settled = 2 * experiment.detector.network.input.frames * experiment.detector.frame_step();
    let mut heap = None;
    let outcome = experiment.run(options.frames, |shown| {
        if options.frames.is_some() && shown == settled {
            ALLOCATOR.reset_peak_usage();
            heap = Some((ALLOCATOR.current_usage_as_mb(), 0.0, 0.0));
        }
        if let Some((_, now, peak)) = &mut heap {
            *now = ALLOCATOR.current_usage_as_mb();
            *peak = ALLOCATOR.peak_usage_as_mb();
        }
    })?;

    if options.frames.is_none() {
        arguments::print(experiment.flagged(&outcome))?;
        if let Some(path) = &options.csv {
            experiment.save_scores(&outcome, path)?;
        }
    }
    print_line!(
        "{} frames in {:.1} s: {:.1} frames a second, {:.1} without decoding",
        outcome.frames,
        outcome.seconds,
        outcome.frames as f64 / outcome.seconds,
        outcome.frames as f64 / outcome.scoring_seconds.max(f64::EPSILON)
    )?;
    if let Some((before, now, peak)) = heap {
        print_line!(
            "heap: {before:.2} MiB after {settled} frames, {now:.2} MiB at the end, peak between {peak:.2} MiB"
        )?;
    }
    if options.compare {
        let comparison = experiment.compare(&outcome)?;
        print_line!(
            "{} clips in batches: scores differ by at most {:.1e}, {} verdicts differ",
            comparison.clips,
            comparison.largest_difference,
            comparison.other_verdicts
        )?;
    }
    Ok(())
}
