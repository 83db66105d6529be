//! How well motion alone tells what is anomalous on UCSD Ped2: the queries, and nothing learned.
//!
//! ```sh
//! cargo run --release -p memae-data --example ped2_motion -- --data DIR
//! ```
//!
//! The score of a frame is the largest value of a place, as it is: no video is normalised by its own scores, and nothing is
//! smoothed. The settings were chosen with labels of Ped2 in sight, those of the videos with odd numbers, so the figures say
//! what motion queries can do there and not what they will do elsewhere.

#[path = "npy/write.rs"]
mod npy;

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::Parser;
use memae_data::dataset::VideoLayout;
use memae_data::encode::{MotionConfig, MotionField, MotionFrame};
use memae_data::metrics::roc_auc;
use memae_data::sample::{FrameFormat, Video, VideoSet};

/// Prints the frame-level AUC of motion queries on UCSD Ped2.
#[derive(Parser)]
struct Options {
    /// Ped2 as it is downloaded, or frames and labels in folders
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Frames a second
    #[arg(long, default_value_t = 10.0)]
    rate: f64,
    /// Settings other than the defaults, as JSON: {"flow": {"window": 9}}
    #[arg(long, value_name = "JSON", default_value = "{}")]
    settings: String,
    /// Writes train.npy and test.npy to this folder: [frames, rows, columns, 8], zeros for the first frames of a video
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
}

/// What a query scores.
type Score = fn(&[f32; 8]) -> f32;

const SCORES: [(&str, Score); 2] = [
    ("norm", |query| {
        query.iter().map(|value| value * value).sum::<f32>().sqrt()
    }),
    ("mean speed", |query| query.iter().sum()),
];

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let config: MotionConfig = serde_json::from_str(&options.settings)?;
    let set = VideoSet::open(&options.data, VideoLayout::Ucsd)?;
    let motion = |video: &Video| config.of_video(video, &FrameFormat::default(), options.rate);

    if let Some(folder) = &options.queries {
        let train = set
            .train
            .iter()
            .map(motion)
            .collect::<Result<Vec<_>, _>>()?;
        write_queries(&folder.join("train.npy"), &train)?;
    }
    let tests = set.test.iter().map(|test| motion(&test.video));
    let tests = tests.collect::<Result<Vec<_>, _>>()?;
    if let Some(folder) = &options.queries {
        write_queries(&folder.join("test.npy"), &tests)?;
    }

    let frames = tests.iter().flatten();
    let highest = |value: fn(&MotionFrame) -> f32| frames.clone().map(value).fold(0.0, f32::max);
    println!(
        "{} frames; cuts: {}; at most {:.3} unexplained, {:.3} moving with the picture",
        frames.clone().count(),
        frames.clone().filter(|frame| frame.cut).count(),
        highest(|frame| frame.unexplained),
        highest(|frame| frame.camera.share),
    );
    println!("{:<12} {:>6} {:>6} {:>6}", "raw AUC", "odd", "even", "all");
    for (name, score) in SCORES {
        let mut groups = [const { (Vec::new(), Vec::new()) }; 3];
        for (number, (test, frames)) in set.test.iter().zip(&tests).enumerate() {
            let labels = test
                .labels()?
                .ok_or("found no labels, expected those of frames")?;
            for group in [number % 2, 2] {
                let (scores, anomalous) = &mut groups[group];
                let labelled = frames.iter().zip(labels);
                for (frame, label) in labelled.filter(|(frame, _)| frame.field.is_some()) {
                    scores.push(highest_of(frame, score));
                    anomalous.push(*label);
                }
            }
        }
        let mut line = format!("{name:<12}");
        for (scores, anomalous) in &groups {
            line += &format!(" {:>6.3}", roc_auc(scores, anomalous)?);
        }
        println!("{line}");
    }
    Ok(())
}

/// The highest score of a place.
fn highest_of(frame: &MotionFrame, score: Score) -> f64 {
    let queries = frame.field.iter().flat_map(MotionField::queries);
    f64::from(queries.map(score).fold(0.0, f32::max))
}

fn write_queries(path: &Path, videos: &[Vec<MotionFrame>]) -> Result<(), Box<dyn Error>> {
    let frames = || videos.iter().flatten();
    let field = frames().find_map(|frame| frame.field.as_ref());
    let field = field.ok_or("found no frame with motion, expected at least one")?;
    let shape = [
        frames().count(),
        field.rows(),
        field.columns(),
        MotionField::DIRECTIONS,
    ];
    let nothing = vec![0.0; field.values().len()];
    let values = frames().map(|frame| {
        frame
            .field
            .as_ref()
            .map_or(&nothing[..], MotionField::values)
    });
    Ok(npy::write(path, &shape, values.flatten())?)
}
