//! What is said on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use memae::score::ScoreRule;

use super::method::Method;
use crate::failure::Failure;
use crate::input::{InputKind, PartOptions, TableOptions};

#[derive(Args)]
pub(crate) struct Options {
    /// What is normal: pictures or videos, or folders of them, or one CSV file; of a folder with `train` and `test`, the training
    /// part
    #[arg(required = true, value_name = "NORMAL")]
    pub(super) normal: Vec<PathBuf>,
    /// The detector's file to write
    #[arg(long, short, value_name = "FILE")]
    pub(super) out: PathBuf,
    /// What the input is [default: found out by looking]
    #[arg(long, value_enum)]
    pub(super) kind: Option<InputKind>,
    /// Share of normal samples that may be flagged
    #[arg(long, default_value_t = 0.01, value_parser = rate)]
    pub(super) rate: f64,
    /// Divide into so many folds, so that all samples choose the threshold, each scored by a network that has not seen it: for few
    /// samples; takes one training more than folds, and gives no guarantee
    #[arg(long, value_name = "K")]
    pub(super) folds: Option<usize>,
    /// Passes over what is trained on [default: by the number of samples]
    #[arg(long)]
    pub(super) epochs: Option<usize>,
    /// Memory items; with `--method both` of the network [default: by the kind and the number of samples]
    #[arg(long)]
    pub(super) items: Option<usize>,
    /// Pictures and rows: how they are scored [default: by the kind]
    #[arg(long, value_enum)]
    pub(super) rule: Option<Rule>,
    /// Rows and videos: what is learned of them [default: of videos the network; of rows auto, or the network alone where `--rule` or
    /// `--epochs` are given, which are its]
    #[arg(long, value_enum)]
    pub(super) method: Option<Method>,
    /// Pictures and videos: height and width that they are brought to, as 64x96; with `--method both` for the network
    /// [default: by the pictures]
    #[arg(long, value_name = "HxW", value_parser = size)]
    pub(super) size: Option<(usize, usize)>,
    /// Pictures: whether colours count [default: where any picture has some]
    #[arg(long, value_enum)]
    pub(super) colour: Option<Colour>,
    /// Pictures: what belongs together and is not divided between training and threshold [default: single]
    #[arg(long, value_enum)]
    pub(super) groups: Option<Groups>,
    /// Videos: leave out what can't be decoded of a file; the detector keeps it so
    #[arg(long)]
    pub(super) leave_out_damage: bool,
    /// Videos, with `--method memory` or `both`: images a second of folders of frames, which say nothing of time
    #[arg(long, value_name = "RATE", value_parser = image_rate)]
    pub(super) image_rate: Option<f64>,
    #[command(flatten)]
    pub(super) parts: PartOptions,
    #[command(flatten)]
    pub(super) table: TableOptions,
    /// Pictures and rows: most memory for them, in MiB [default: 4096]
    #[arg(long)]
    pub(super) memory: Option<u64>,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
}

impl Options {
    /// What is learned of rows.
    pub(super) fn method(&self) -> Method {
        let of_network = self.rule.is_some() || self.epochs.is_some();
        self.method.unwrap_or(match of_network {
            true => Method::Network,
            false => Method::Auto,
        })
    }

    /// An option that is out of range, or says nothing of this kind of input, is refused: what was meant would not be done.
    pub(super) fn check(&self, kind: InputKind) -> Result<(), Failure> {
        use InputKind::{Images, Table, Video};
        if let Some(found @ ..2) = self.folds {
            return Err(Failure::Other(format!(
                "--folds: found {found}, expected at least 2"
            )));
        }
        let options: [(&str, bool, &[InputKind]); 8] = [
            ("--rule", self.rule.is_some(), &[Images, Table]),
            ("--method", self.method.is_some(), &[Table, Video]),
            ("--image-rate", self.image_rate.is_some(), &[Video]),
            ("--size", self.size.is_some(), &[Images, Video]),
            ("--colour", self.colour.is_some(), &[Images]),
            ("--groups", self.groups.is_some(), &[Images]),
            ("--leave-out-damage", self.leave_out_damage, &[Video]),
            ("--memory", self.memory.is_some(), &[Images, Table]),
        ];
        let of_network = [
            ("--rule", self.rule.is_some()),
            ("--epochs", self.epochs.is_some()),
        ];
        if let (Some(Method::Memory), Some((name, _))) =
            (self.method, of_network.iter().find(|(_, given)| *given))
        {
            return Err(Failure::Other(format!(
                "{name}: found `--method memory`, expected another method, as it is a setting of the network"
            )));
        }
        let of_tables = self.table.given().map(|name| (name, true, &[Table][..]));
        let of_pictures = self.parts.given().map(|name| (name, true, &[Images][..]));
        for (name, is_given, kinds) in options.into_iter().chain(of_tables).chain(of_pictures) {
            if is_given && !kinds.contains(&kind) {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let hint = match kind == Images && kinds.contains(&Video) {
                    true => "; `--kind video` takes folders of pictures for the frames of videos",
                    false => "",
                };
                return Err(Failure::Other(format!(
                    "{name}: found {}, expected {}{hint}",
                    kind.name(),
                    names.join(" or ")
                )));
            }
        }
        if let Some(problem) = self.method.and_then(|method| method.problem(kind)) {
            return Err(Failure::Other(problem.to_string()));
        }
        let looks_at_motion = matches!(self.method, Some(Method::Memory | Method::Both));
        if self.image_rate.is_some() && !looks_at_motion {
            return Err(Failure::Other(
                "--image-rate: found neither `--method memory` nor `--method both`, expected one of them, as to the network all frames are \
                 one step apart"
                    .to_string(),
            ));
        }
        Ok(())
    }
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

fn image_rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate <= 1000.0 => Ok(rate),
        _ => Err("expected a number of images a second, above 0 and at most 1000".to_string()),
    }
}

fn size(text: &str) -> Result<(usize, usize), String> {
    let sides = text
        .split_once('x')
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)));
    sides.ok_or_else(|| "expected height and width, as 64x96".to_string())
}
