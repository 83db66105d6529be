//! `memae train`: what is normal, learned and written to a file.

mod held_out;
mod images;
mod provenance;
mod tables;
mod videos;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use memae::data::format::shown;
use memae::data::protocol::{NormalPartsConfig, Promise};
use memae::detect::{DetectionThreshold, ThresholdOrigin};
use memae::score::ScoreRule;
use memae::train::{Interrupter, ProgressDisplay};

use crate::arguments::Shared;
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::{InputKind, TableOptions, kind_of};
use crate::output_file::check_output;
use crate::print::{line, note};

pub(crate) use provenance::command;

#[derive(Args)]
pub(crate) struct Options {
    /// What is normal: pictures, videos or CSV files, or folders of pictures or videos; of a folder with `train` and `test`, the
    /// training part
    #[arg(required = true, value_name = "NORMAL")]
    normal: Vec<PathBuf>,
    /// The detector's file to write
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// What the input is [default: found out by looking]
    #[arg(long, value_enum)]
    kind: Option<InputKind>,
    /// Share of normal samples that may be flagged
    #[arg(long, default_value_t = 0.01, value_parser = rate)]
    rate: f64,
    /// Passes over what is trained on [default: by the number of samples]
    #[arg(long)]
    epochs: Option<usize>,
    /// Memory items [default: by the kind and the number of samples]
    #[arg(long)]
    items: Option<usize>,
    /// How samples are scored [default: by the kind]
    #[arg(long, value_enum)]
    rule: Option<Rule>,
    /// Pictures and videos: height and width that they are brought to, as 64x96 [default: by the pictures]
    #[arg(long, value_name = "HxW", value_parser = size)]
    size: Option<(usize, usize)>,
    /// Pictures: whether colours count [default: where any picture has some]
    #[arg(long, value_enum)]
    colour: Option<Colour>,
    /// Pictures: what belongs together and is not divided between training and threshold
    #[arg(long, value_enum, default_value_t = Groups::Single)]
    groups: Groups,
    #[command(flatten)]
    table: TableOptions,
    /// Most memory for the samples, in MiB
    #[arg(long, default_value_t = 4096)]
    memory: u64,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Grey,
    Rgb,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Groups {
    /// Each picture by itself
    Single,
    /// All pictures of a folder
    Folder,
}

/// Score rules of pictures and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rule {
    /// Reconstruction error: the paper
    Reconstruction,
    /// Distance between query and read
    ReadDistance,
    /// Sum of both
    Sum,
    /// Distance between the encodings of sample and reconstruction
    EncodingDistance,
    /// Sum of all three
    SumOfThree,
}

impl From<Rule> for ScoreRule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Reconstruction => Self::Reconstruction,
            Rule::ReadDistance => Self::ReadDistance,
            Rule::Sum => Self::Sum,
            Rule::EncodingDistance => Self::EncodingDistance,
            Rule::SumOfThree => Self::SumOfThree,
        }
    }
}

/// A rate as an argument.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate < 1.0 => Ok(rate),
        _ => Err("expected a number between 0 and 1, both excluded".to_string()),
    }
}

fn size(text: &str) -> Result<(usize, usize), String> {
    let sides = text
        .split_once('x')
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)));
    sides.ok_or_else(|| "expected height and width, as 64x96".to_string())
}

/// What all kinds of training need.
struct Training<'a> {
    options: &'a Options,
    shared: &'a Shared,
    interrupter: Interrupter,
}

impl Training<'_> {
    fn parts(&self) -> NormalPartsConfig {
        NormalPartsConfig::default().with_seed(self.options.seed)
    }

    fn display(&self) -> ProgressDisplay {
        match self.shared.quiet {
            true => ProgressDisplay::Silent,
            false => ProgressDisplay::Bar,
        }
    }

    fn note(&self, text: impl std::fmt::Display) {
        if !self.shared.quiet {
            note(text);
        }
    }

    fn memory_bytes(&self) -> u64 {
        self.options.memory.saturating_mul(1 << 20)
    }
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    check_output(&options.out, &options.normal)?;
    let kind = match options.kind {
        Some(kind) => kind,
        None => kind_of(&options.normal)?,
    };
    let training = Training {
        options,
        shared,
        interrupter: interrupter()?,
    };
    match kind {
        InputKind::Images => images::train(&training),
        InputKind::Video => videos::train(&training),
        InputKind::Table => tables::train(&training),
    }
}

/// Stops the training after its present step on Ctrl-C; a second Ctrl-C ends the process.
fn interrupter() -> Result<Interrupter, Failure> {
    let interrupter = Interrupter::new();
    let handle = interrupter.clone();
    let set = ctrlc::set_handler(move || {
        if handle.should_stop() {
            std::process::exit(130);
        }
        handle.stop(Some("Ctrl-C"));
    });
    set.map_err(|error| Failure::Other(format!("Ctrl-C: {error}")))?;
    Ok(interrupter)
}

/// What a trained detector is said to be.
fn report(
    training: &Training<'_>,
    threshold: &DetectionThreshold,
    flagged_of_select: (usize, usize),
) -> Result<(), Failure> {
    let out = shown(&training.options.out);
    let (flagged, selected) = flagged_of_select;
    line(format_args!(
        "{out}: threshold {:.4}; {}; {flagged} of {selected} other normal samples are above it",
        threshold.value(),
        promise(threshold)
    ))
}

/// What a threshold promises, in words.
pub(crate) fn promise(threshold: &DetectionThreshold) -> String {
    match threshold.origin() {
        ThresholdOrigin::HeldOut {
            calibrated,
            calibration,
        } => match calibrated.promise {
            Promise::Rate { rate } if rate > calibrated.asked => format!(
                "flags at most {:.2} % of normal samples: {} held out are too few for the {:.2} % asked for",
                100.0 * rate,
                calibration.scores().len(),
                100.0 * calibrated.asked
            ),
            Promise::Rate { rate } => format!(
                "flags at most {:.2} % of normal samples, by {} held out",
                100.0 * rate,
                calibration.scores().len()
            ),
            Promise::Empirical {
                groups,
                needed,
                measured,
            } => {
                let measured = measured.map_or(String::new(), |share| {
                    format!("; measured {:.2} %", 100.0 * share)
                });
                format!(
                    "empirical, no guarantee: {groups} groups were held out, {:.2} % needs {needed}{measured}",
                    100.0 * calibrated.asked
                )
            }
            _ => "held out".to_string(),
        },
        ThresholdOrigin::Training { quantile } => format!(
            "the {:.2} % quantile of what was trained on, more than which is flagged of new samples",
            100.0 * quantile
        ),
        ThresholdOrigin::BestF1 { f1, samples } => {
            format!("the best F1 of {samples} labelled samples, {f1:.4}")
        }
        ThresholdOrigin::Given => "given by hand".to_string(),
        _ => "of unknown origin".to_string(),
    }
}
