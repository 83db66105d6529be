//! `memae compare`: in what two detectors differ.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use clap::Args;
use memae::artefact::file_settings;
use memae::data::format::shown;
use memae::detect::{AnyDetector, DetectionThreshold, Place};
use serde::Deserialize;
use serde_json::Value;

use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::InputKind;
use crate::left_out::LeftOut;
use crate::print::line;
use crate::promise::promise;
use crate::score::{Found, each, nothing_scored, score_paths};
use crate::shared::Shared;

/// Verdicts that differ and are named.
const MAX_NAMED: usize = 20;
/// Letters of a value that are shown.
const MAX_SHOWN: usize = 60;

#[derive(Args)]
pub(crate) struct Options {
    /// A detector's file
    #[arg(value_name = "A")]
    first: PathBuf,
    /// Another
    #[arg(value_name = "B")]
    second: PathBuf,
    /// What to score with both: files, or folders of them
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let files = [
        file_settings(&options.first)?,
        file_settings(&options.second)?,
    ];
    let [first, second] = files.each_ref().map(settings);
    let mut same = true;
    for (name, a) in &first {
        match second.get(name) {
            Some(b) if a == b => {}
            b => {
                same = false;
                let b = b.map_or("-", String::as_str);
                line(format_args!("{name}: {} -> {}", short(a), short(b)))?;
            }
        }
    }
    for (name, b) in second.iter().filter(|(name, _)| !first.contains_key(*name)) {
        same = false;
        line(format_args!("{name}: - -> {}", short(b)))?;
    }
    if let [Some(a), Some(b)] = files.each_ref().map(promised)
        && a != b
    {
        line(format_args!(
            "detector.threshold.origin, in words: {a} -> {b}"
        ))?;
    }
    if same {
        line("the settings are the same")?;
    }
    match options.paths.is_empty() {
        true => Ok(Outcome::default()),
        false => verdicts(options, shared),
    }
}

/// What the threshold of a detector promises.
fn promised(settings: &Value) -> Option<String> {
    let threshold = DetectionThreshold::deserialize(&settings["detector"]["threshold"]);
    Some(promise(&threshold.ok()?))
}

/// Every value of the JSON by the names that lead to it.
fn settings(value: &Value) -> BTreeMap<String, String> {
    fn walk(value: &Value, name: &str, found: &mut BTreeMap<String, String>) {
        let below = |part: &str| match name.is_empty() {
            true => part.to_string(),
            false => format!("{name}.{part}"),
        };
        match value {
            Value::Object(fields) => {
                for (field, value) in fields {
                    walk(value, &below(field), found);
                }
            }
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    walk(value, &below(&index.to_string()), found);
                }
            }
            value => {
                found.insert(name.to_string(), value.to_string());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(value, "", &mut found);
    found
}

fn short(text: &str) -> String {
    match text.chars().count() {
        ..=MAX_SHOWN => text.to_string(),
        _ => text.chars().take(MAX_SHOWN).chain(['…']).collect(),
    }
}

/// Score, and whether it is an anomaly.
type Said = (f64, bool);

/// A sample by what no other sample has: its file, whose name need not be text, and its place in it.
type Name = (PathBuf, Place);

/// What both say of the same samples.
fn verdicts(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = &shared.device()?;
    let mut left_out = LeftOut::default();
    // What one of them has left out already is named once.
    let (mut named, mut gaps) = (HashSet::new(), HashSet::new());
    let mut kind = InputKind::Images;
    let mut scored = |path: &PathBuf| -> Result<Vec<(Name, Said)>, Failure> {
        let detector = AnyDetector::load(path, device)?;
        kind = InputKind::of(&detector);
        let mut scored = Vec::new();
        score_paths(&detector, &options.paths, device, &mut each, &mut |found| {
            match found {
                Found::Scored(sample) => {
                    let said = (sample.verdict.score, sample.verdict.anomalous);
                    scored.push(((sample.path, sample.place), said));
                }
                Found::LeftOut(file) => {
                    if named.insert(file.path) {
                        left_out.add(file.reason);
                    }
                }
                Found::Gap(gap) => {
                    if gaps.insert(gap.to_string()) {
                        left_out.add_gap(&gap);
                    }
                }
                Found::PassedOver(what) => left_out.pass_over(what),
                Found::Remark(text) => left_out.remark(text),
            }
            Ok(())
        })?;
        Ok(scored)
    };
    let (first, second) = (scored(&options.first)?, scored(&options.second)?);
    // One of them may have left out what the other has not.
    let by_name: HashMap<&Name, Said> = second.iter().map(|(name, said)| (name, *said)).collect();
    let both: Vec<(&Name, Said, Said)> = first
        .iter()
        .filter_map(|(name, said)| Some((name, *said, *by_name.get(name)?)))
        .collect();
    if both.is_empty() {
        return Err(nothing_scored(&options.paths, kind, &left_out));
    }
    let ranks =
        |score: &dyn Fn(usize) -> f64| ranks(&(0..both.len()).map(score).collect::<Vec<_>>());
    let (a, b) = (
        ranks(&|index| both[index].1.0),
        ranks(&|index| both[index].2.0),
    );
    let correlation = correlation(&a, &b)
        .map_or("not known, all scores are equal".to_string(), |r| {
            format!("{r:.4}")
        });
    line(format_args!("samples scored by both: {}", both.len()))?;
    line(format_args!(
        "rank correlation of the scores: {correlation}"
    ))?;
    let changed: Vec<_> = both.iter().filter(|(_, a, b)| a.1 != b.1).collect();
    line(format_args!("verdicts that differ: {}", changed.len()))?;
    for (name, a, _) in changed.iter().take(MAX_NAMED) {
        let words = if a.1 {
            "ANOMALY -> normal"
        } else {
            "normal -> ANOMALY"
        };
        let (path, place) = name;
        line(format_args!("  {words}  {}: {place}", shown(path)))?;
    }
    if changed.len() > MAX_NAMED {
        line(format_args!("  … and {} more", changed.len() - MAX_NAMED))?;
    }
    left_out.report(shared.quiet);
    Ok(Outcome {
        left_out: left_out.count() > 0,
        anomalies: false,
    })
}

/// The rank of each value from 1; the mean of their ranks where values are equal.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let below = order.partition_point(|&index| values[index] < values[group[0]]);
        for &index in group {
            ranks[index] = below as f64 + (group.len() as f64 + 1.0) / 2.0;
        }
    }
    ranks
}

/// Pearson's correlation; `None` where either is constant.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product = |x: &[f64], mean_x: f64, y: &[f64], mean_y: f64| -> f64 {
        x.iter()
            .zip(y)
            .map(|(x, y)| (x - mean_x) * (y - mean_y))
            .sum()
    };
    let spread = (product(a, mean_a, a, mean_a) * product(b, mean_b, b, mean_b)).sqrt();
    (spread > 0.0).then(|| product(a, mean_a, b, mean_b) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(ranks(&[-0.0, 0.0]), [1.5, 1.5]);
    }

    #[test]
    fn orders_correlate() {
        let of = |a: &[f64], b: &[f64]| correlation(&ranks(a), &ranks(b));
        for (other, expected) in [
            ([10.0, 20.0, 21.0, 50.0], 1.0),
            ([9.0, 4.0, 3.0, 1.0], -1.0),
            ([2.0, 1.0, 4.0, 3.0], 0.6),
        ] {
            let found = of(&[1.0, 2.0, 4.0, 9.0], &other).expect("not constant");
            assert!(
                (found - expected).abs() < 1e-12,
                "{found}, expected {expected}"
            );
        }
        assert_eq!(of(&[1.0, 1.0], &[3.0, 2.0]), None);
    }

    #[test]
    fn values_are_named_by_their_way() {
        let value = serde_json::json!({"a": {"b": [1, "x"]}, "c": null});
        let expected = [("a.b.0", "1"), ("a.b.1", "\"x\""), ("c", "null")];
        let expected = expected.map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(settings(&value), BTreeMap::from(expected));
        assert_eq!(short(&"é".repeat(61)).chars().count(), 61);
    }
}
