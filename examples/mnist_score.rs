//! Scores digits with a detector that `mnist_digit9` saved.
//!
//! `cargo run --release --example mnist_score -- --model target/memae/mnist_digit9/memae.safetensors`

mod arguments;

use std::path::PathBuf;
use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;
use memae::data::metrics::roc_auc;
use memae::data::protocol::OneClassConfig;
use memae::detect::Detector;

/// Scores the test digits with a saved detector and prints how well it tells them apart.
#[derive(Parser)]
#[command(name = "mnist_score")]
struct Options {
    #[command(flatten)]
    source: arguments::SourceArguments,
    /// The saved detector
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The digit that the detector was trained on
    #[arg(long, default_value_t = 9)]
    digit: u8,
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let source = options.source.source()?;
    print_line!("data: {source}")?;
    let device = options.source.device()?;
    let digits = source.load()?;
    let detector = Detector::load_for(&options.model, digits.test.shape(), &device)?;
    let split = OneClassConfig::new(options.digit).apply(&digits.train, &digits.test)?;

    let verdicts = detector.detect(&split.test, &device)?;
    let scores: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
    let flagged = |anomalous: bool| {
        let of_class = verdicts.iter().zip(&split.anomalous);
        of_class
            .filter(|(verdict, is)| **is == anomalous && verdict.anomalous)
            .count()
    };
    print_line!(
        "score: {}, threshold {:.2}",
        detector.rule().name(),
        detector.threshold()
    )?;
    print_line!("AUC: {:.4}", roc_auc(&scores, &split.anomalous)?)?;
    print_line!(
        "flagged: {} of {} anomalous",
        flagged(true),
        split.anomalies()
    )?;
    print_line!("flagged: {} of {} normal", flagged(false), split.normal())?;
    Ok(())
}
