//! Measures whether thresholds keep what they promise: the share of fresh normal samples that is flagged, over random splits of
//! normal samples that the network has not seen.
//!
//! `cargo run --release --example promise -- --help`

mod arguments;

use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;
use memae::train::TrainConfig;
use memae_experiments::promise::{SplitsConfig, digits, table, walkway};

/// Counts what thresholds flag of fresh normal digits and of a walkway without anomalies.
#[derive(Parser)]
#[command(name = "promise")]
struct Options {
    #[command(flatten)]
    source: arguments::SourceArguments,
    /// The digit that is normal
    #[arg(long, default_value_t = 9)]
    normal: u8,
    /// Random splits of the samples that the network has not seen
    #[arg(long, default_value_t = 100)]
    splits: u64,
    /// False alarm rates asked for, each above 0 and below 1
    #[arg(long, value_delimiter = ',', default_value = "0.01,0.05")]
    rates: Vec<f64>,
    /// Videos of the walkway that are trained on
    #[arg(long, default_value_t = 8)]
    train_videos: usize,
    /// Videos of the walkway that are not
    #[arg(long, default_value_t = 48)]
    unseen_videos: usize,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let device = options.source.device()?;
    let source = options.source.source()?;
    let splits = SplitsConfig::default()
        .with_splits(options.splits)
        .with_rates(options.rates.as_slice());
    let interrupter = arguments::interrupter()?;
    let train = |config: TrainConfig| config.with_seed(options.seed);
    let digits = digits(
        &source,
        options.normal,
        train(TrainConfig::prototypes()),
        &device,
        &interrupter,
    )?;
    let of_digits = splits.measure(&digits)?;
    let walkway = walkway(
        options.train_videos,
        options.unseen_videos,
        train(TrainConfig::video().with_epochs(4)),
        &device,
        &interrupter,
    )?;
    let of_walkway = splits.measure(&walkway)?;
    print_line!(
        "{}",
        table([
            (&digits, of_digits.as_slice()),
            (&walkway, of_walkway.as_slice())
        ])
    )?;
    Ok(())
}
