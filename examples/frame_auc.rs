//! Frame-level AUC of the scores that a detector gave to the clips of some videos.
//!
//! `cargo run --release --example frame_auc -- --scores DIR --labels FILE.npy`

#[allow(dead_code, reason = "nothing is trained and no digits are read")]
mod arguments;

use std::path::PathBuf;
use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;
use memae::data::encode::ClipLayout;
use memae::data::metrics::VideoProtocol;
use memae_experiments::video::ClipScoreFiles;

/// Prints the frame-level AUC of clip scores, by the protocol of the authors or by one that a live camera can use.
#[derive(Parser)]
#[command(name = "frame_auc")]
struct Options {
    /// Folder with one .npy file of clip scores for each video, in the order of their names
    #[arg(long, value_name = "DIR")]
    scores: PathBuf,
    /// Labels of the frames of all videos: .npy, .mat or .csv
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// reference (each video normalised by its own scores), raw, train (normalised by training scores), or
    /// per-video-mean
    #[arg(long, default_value_t)]
    protocol: VideoProtocol,
    /// Folder with the clip scores of training videos, for `--protocol train`
    #[arg(long, value_name = "DIR")]
    train_scores: Option<PathBuf>,
    /// Frames in a clip; a clip begins at each frame
    #[arg(long, default_value_t = 16)]
    clip_length: usize,
    /// The frame of a clip that its score belongs to, counted from 0
    #[arg(long, default_value_t = 8)]
    scored_frame: usize,
}

fn main() -> ExitCode {
    match Options::try_parse() {
        Ok(options) => arguments::finish(run(&options)),
        Err(error) if error.use_stderr() => arguments::finish(Err(one_line(&error).into())),
        Err(help) => help.exit(),
    }
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let layout = ClipLayout::new(options.clip_length)?.with_scored_frame(options.scored_frame)?;
    if options.protocol == VideoProtocol::Train && options.train_scores.is_none() {
        return Err("--protocol train: found no --train-scores, expected a folder".into());
    }
    let files = ClipScoreFiles {
        scores: options.scores.clone(),
        labels: options.labels.clone(),
        layout,
        training_scores: options.train_scores.clone(),
    };
    let result = files.frame_auc(options.protocol)?;
    print_line!("protocol: {}", options.protocol)?;
    print_line!("videos: {}, left out: {}", result.videos, result.left_out)?;
    print_line!("scored frames: {}", result.frames)?;
    print_line!("AUC: {}", result.auc)?;
    Ok(())
}

/// What is wrong with the arguments, without the usage that follows.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let problem = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = problem.split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_string()
}
