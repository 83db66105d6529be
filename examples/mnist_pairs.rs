//! Shows what MemAE makes of a digit that it has never seen: trained on 5 and given 9, trained on 2
//! and given 4.
//!
//! `cargo run --release --example mnist_pairs -- --help`

mod arguments;

use std::path::PathBuf;
use std::process::ExitCode;

use arguments::print_line;
use clap::Parser;

/// Trains on one digit of each pair and draws what is made of the other.
#[derive(Parser)]
#[command(name = "mnist_pairs")]
struct Options {
    #[command(flatten)]
    arguments: arguments::Arguments,
    /// Pairs of digits: trained on, then given
    #[arg(long, value_name = "NORMAL:GIVEN", num_args = 1.., default_values = ["5:9", "2:4"], value_parser = pair)]
    pairs: Vec<(u8, u8)>,
    /// Folder for the pictures
    #[arg(long, value_name = "DIR", default_value = "target/memae/mnist_pairs")]
    out: PathBuf,
}

fn pair(text: &str) -> Result<(u8, u8), String> {
    let digits = text
        .split_once(':')
        .and_then(|(normal, given)| Some((normal.parse().ok()?, given.parse().ok()?)));
    digits.ok_or_else(|| "expected two digits with a colon between them, such as 5:9".to_string())
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let source = options.arguments.source.source()?;
    print_line!("data: {source}")?;
    memae_experiments::check_writable(&options.out)?;
    let experiment = options.arguments.experiment()?;
    let known = source.load()?.test.classes();
    let mut digits = options.pairs.iter().flat_map(|pair| [pair.0, pair.1]);
    if let Some(digit) = digits.find(|digit| !known.contains(digit)) {
        return Err(format!("--pairs: found the digit {digit}, expected some of {known:?}").into());
    }
    for &(normal, given) in &options.pairs {
        let outcome = experiment.run_on(&source, normal)?;
        let path = options
            .out
            .join(format!("trained_on_{normal}_given_{given}.png"));
        outcome.save_class_picture(given, &path)?;
        let report = outcome.report(source.name(), options.arguments.device_name());
        print_line!("trained on {normal}, given {given}: {}", path.display())?;
        print_line!("{}", report.table())?;
    }
    Ok(())
}
