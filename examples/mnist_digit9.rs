//! Learns what a normal digit looks like: a plain autoencoder beside MemAE, figures and pictures.
//!
//! `cargo run --release --example mnist_digit9 -- --help`

mod arguments;

use std::path::PathBuf;
use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;

/// Trains a plain autoencoder and MemAE on one digit and tests both on all ten.
#[derive(Parser)]
#[command(name = "mnist_digit9")]
struct Options {
    #[command(flatten)]
    arguments: arguments::Arguments,
    /// The digit that is normal
    #[arg(long, default_value_t = 9)]
    digit: u8,
    /// Folder for pictures, models and report.json
    #[arg(long, value_name = "DIR", default_value = "target/memae/mnist_digit9")]
    out: PathBuf,
    /// Go on with a run into the same folder that was stopped or killed
    #[arg(long)]
    resume: bool,
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let source = options.arguments.source.source()?;
    print_line!("data: {source}")?;
    memae_experiments::check_writable(&options.out)?;
    let experiment = options
        .arguments
        .experiment()?
        .with_directory(options.out.join("training"))
        .with_resume(options.resume);
    let outcome = experiment.run_on(&source, options.digit)?;

    let report = outcome.report(source.name(), options.arguments.device_name());
    print_line!("{}", report.table())?;
    outcome.save(&options.out)?;
    report.save(options.out.join("report.json"))?;
    print_line!(
        "pictures, models and report.json: {}",
        options.out.display()
    )?;
    Ok(())
}
