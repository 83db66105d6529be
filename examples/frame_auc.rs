//! Frame-level AUC of the scores that a detector gave to the clips of some videos.
//!
//! `cargo run --release --example frame_auc -- --scores DIR --labels FILE.npy`

#[allow(dead_code, reason = "nothing is trained and no digits are read")]
mod arguments;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use memae::data::dataset::{ClipScores, read_clip_scores, read_frame_labels};
use memae::data::encode::ClipLayout;
use memae::data::metrics::{ScoreRange, VideoProtocol, VideoScores, frame_auc};

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
    let videos = videos(options, layout)?;
    let training = match (options.protocol, &options.train_scores) {
        (VideoProtocol::Train, None) => {
            return Err("--protocol train: found no --train-scores, expected a folder".into());
        }
        (VideoProtocol::Train, Some(folder)) => Some(vec![range(folder)?; videos.len()]),
        _ => None,
    };
    let result = frame_auc(&videos, options.protocol, training.as_deref())
        .map_err(|error| named(&options.labels, error))?;
    println!("protocol: {}", options.protocol);
    println!("videos: {}, left out: {}", result.videos, result.left_out);
    println!("scored frames: {}", result.frames);
    println!("AUC: {}", result.auc);
    Ok(())
}

/// The scored frames of each video and their labels.
fn videos(
    options: &Options,
    layout: ClipLayout,
) -> Result<Vec<VideoScores>, Box<dyn std::error::Error>> {
    let files = read_clip_scores(&options.scores)?;
    let frames: Vec<usize> = files
        .iter()
        .map(|file| layout.frames_for(file.scores.len()))
        .collect();
    let labels = read_frame_labels(&options.labels)?
        .of_videos(&frames)
        .map_err(|error| named(&options.labels, error))?;
    let scored = |(file, labels): (&ClipScores, &Vec<bool>)| {
        VideoScores::from_clips(&file.scores, labels, layout.scored_frames(labels.len()))
            .map_err(|error| named(&file.path, error).into())
    };
    files.iter().zip(&labels).map(scored).collect()
}

/// The range of all training scores.
fn range(folder: &Path) -> Result<ScoreRange, Box<dyn std::error::Error>> {
    let mut scores = Vec::new();
    for file in read_clip_scores(folder)? {
        // Each alone, so that an error names its file.
        ScoreRange::of(&file.scores).map_err(|error| named(&file.path, error))?;
        scores.extend(file.scores);
    }
    Ok(ScoreRange::of(&scores)?)
}

fn named(path: &Path, error: impl std::error::Error) -> String {
    format!("{}: {error}", path.display())
}

/// What is wrong with the arguments, without the usage that follows.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let problem = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = problem.split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_string()
}
