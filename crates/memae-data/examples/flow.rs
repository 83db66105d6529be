//! Dense optical flow between the frames of an array, and the time that it takes.
//!
//! ```sh
//! cargo run --release -p memae-data --example flow -- FRAMES.npy --out FLOW.npy
//! ```
//!
//! `FRAMES.npy` has grey levels of 8 bits, `[frames, height, width]`; `FLOW.npy` will have motion to the right and downwards
//! in pixels, `[frames - 1, 2, height, width]`. One line of JSON says how many seconds a frame took, pyramid included; with
//! `--queries` the histograms, cuts and the camera's motion, too. One thread does all of it.

#[path = "npy/write.rs"]
mod npy;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use memae_data::encode::{FlowConfig, MotionConfig};
use memae_data::format::{NpyLimits, read_npy};
use memae_data::sample::PixelSlice;

/// Prints how long dense optical flow takes, and writes it.
#[derive(Parser)]
struct Options {
    /// Grey levels, [frames, height, width], values from 0 to 255
    frames: PathBuf,
    /// Where the flow is written, [frames - 1, 2, height, width]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Settings other than the defaults, as JSON: {"window": 9}
    #[arg(long, value_name = "JSON", default_value = "{}")]
    settings: String,
    /// How often all frames are gone through
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Times motion queries in place of flow alone
    #[arg(long)]
    queries: bool,
}

type Pushed = Result<(), Box<dyn Error>>;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let config: FlowConfig = serde_json::from_str(&options.settings)?;
    let (shape, values) = read_npy(&options.frames, NpyLimits::default())?.into_parts();
    let &[count, height, width] = &shape[..] else {
        return Err(format!("found the shape {shape:?}, expected [frames, height, width]").into());
    };
    if count < 2 || values.is_empty() || values.iter().any(|value| !(0.0..=255.0).contains(value)) {
        return Err("expected at least two frames of levels from 0 to 255".into());
    }
    let levels: Vec<u8> = values.iter().map(|&value| value as u8).collect();
    let frames = || levels.chunks_exact(height * width).map(PixelSlice::Bits8);

    let mut seconds = Vec::new();
    let mut time = |push: &mut dyn FnMut(PixelSlice<'_>) -> Pushed| {
        for (number, frame) in frames().enumerate() {
            let start = Instant::now();
            push(frame)?;
            // The first frame has nothing before it.
            if number > 0 {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        Pushed::Ok(())
    };
    for _ in 0..options.rounds {
        if options.queries {
            let motion = MotionConfig::default().with_flow(config.clone());
            let mut stream = motion.stream(height, width, 10.0)?;
            time(&mut |frame| Ok(stream.push(frame).map(drop)?))?;
        } else {
            let mut estimator = config.estimator(height, width)?;
            time(&mut |frame| Ok(estimator.push(frame).map(drop)?))?;
        }
    }
    seconds.sort_by(f64::total_cmp);
    let report = serde_json::json!({
        "bench": if options.queries { "queries" } else { "flow" },
        "implementation": "memae",
        "size": [height, width],
        "runs": seconds.len(),
        "threads": 1,
        "median_s": seconds[seconds.len() / 2],
        "min_s": seconds[0],
        "max_s": seconds[seconds.len() - 1],
    });
    println!("{report}");

    if let Some(path) = &options.out {
        let mut estimator = config.with_half_size(false).estimator(height, width)?;
        let mut found = Vec::new();
        for frame in frames() {
            if let Some(flow) = estimator.push(frame)? {
                found.extend_from_slice(flow.horizontal());
                found.extend_from_slice(flow.vertical());
            }
        }
        npy::write(path, &[count - 1, 2, height, width], found.iter())?;
    }
    Ok(())
}
