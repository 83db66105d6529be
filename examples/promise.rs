//! Measures whether thresholds keep what they promise: the share of fresh normal samples that is flagged, over random splits of
//! normal samples that the network has not seen, and over random sets of few normal samples, by a part of them and by folds.
//!
//! `cargo run --release --example promise -- --help`

mod arguments;

use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;
use memae::train::{Interrupter, ProgressDisplay, TrainConfig};
use memae_experiments::digits::DigitSource;
use memae_experiments::promise::{
    SmallSetsConfig, SplitsConfig, digits, small_sets_table, table, walkway,
};

/// Counts what thresholds flag of fresh normal digits and of a walkway without anomalies, and what those of few digits do.
#[derive(Parser)]
#[command(name = "promise")]
struct Options {
    #[command(flatten)]
    source: arguments::SourceArguments,
    /// The digit that is normal
    #[arg(long, default_value_t = 9)]
    normal: u8,
    /// Random splits of the samples that the network has not seen; 0 leaves this out
    #[arg(long, default_value_t = 100)]
    splits: u64,
    /// False alarm rates asked for, each above 0 and below 1
    #[arg(long, value_delimiter = ',', default_value = "0.01,0.05")]
    rates: Vec<f64>,
    /// Few normal samples: how many a set has
    #[arg(long, value_delimiter = ',', default_value = "60,200")]
    small: Vec<usize>,
    /// Random sets of few normal samples, of each size; 0 leaves this out
    #[arg(long, default_value_t = 20)]
    draws: u64,
    /// Folds of these
    #[arg(long, default_value_t = 5)]
    folds: usize,
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
    let source = options.source.source()?;
    let interrupter = arguments::interrupter()?;
    if options.splits > 0 {
        print_line!("{}", over_splits(options, &source, &interrupter)?)?;
    }
    if options.draws > 0 {
        let sets = SmallSetsConfig::default()
            .with_sizes(options.small.as_slice())
            .with_folds(options.folds)
            .with_draws(options.draws)
            .with_rates(options.rates.as_slice())
            .measure(
                &source,
                options.normal,
                options.seed,
                &options.source.device()?,
                &interrupter,
                ProgressDisplay::Bar,
            )?;
        print_line!("{}", small_sets_table(&sets))?;
    }
    Ok(())
}

/// The table of thresholds of networks that are trained once.
fn over_splits(
    options: &Options,
    source: &DigitSource,
    interrupter: &Interrupter,
) -> Result<String, Box<dyn std::error::Error>> {
    let device = options.source.device()?;
    let splits = SplitsConfig::default()
        .with_splits(options.splits)
        .with_rates(options.rates.as_slice());
    let train = |config: TrainConfig| config.with_seed(options.seed);
    let digits = digits(
        source,
        options.normal,
        train(TrainConfig::prototypes()),
        &device,
        interrupter,
    )?;
    let of_digits = splits.measure(&digits)?;
    let walkway = walkway(
        options.train_videos,
        options.unseen_videos,
        train(TrainConfig::video().with_epochs(4)),
        &device,
        interrupter,
    )?;
    let of_walkway = splits.measure(&walkway)?;
    Ok(table([
        (&digits, of_digits.as_slice()),
        (&walkway, of_walkway.as_slice()),
    ]))
}
