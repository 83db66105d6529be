//! Where the files of a run lie, below its folder.

use std::path::{Path, PathBuf};

use crate::train::report::{Figure, Phase};

/// Says which files of the last checkpoint belong together.
pub(super) const MANIFEST: &str = "run.json";

/// The figures of all epochs, as a table.
pub(super) const HISTORY: &str = "history.csv";

/// The folder of the checkpoints of a phase.
pub(super) const CHECKPOINTS: &str = "checkpoint";

/// What a checkpoint is made of.
pub(super) const RECORDS: [&str; 3] = [MODEL, OPTIMIZER, SCHEDULER];
pub(super) const MODEL: &str = "model";
pub(super) const OPTIMIZER: &str = "optim";
pub(super) const SCHEDULER: &str = "scheduler";

/// The parts of the samples that have logs.
pub(super) const SPLITS: [&str; 2] = ["train", "valid"];

pub(super) const PROBE: &str = "writable.partial";

pub(super) fn part_name(phase: Phase) -> &'static str {
    match phase {
        Phase::WarmUp => "warm_up",
        Phase::Main => "main",
    }
}

/// Where the values of a figure go, below the folder of a phase.
pub(super) fn log_path(split: &str, epoch: usize, figure: &str) -> PathBuf {
    let logs = Path::new(split).join(format!("epoch-{epoch}"));
    logs.join(log_name(figure))
}

fn log_name(figure: &str) -> String {
    format!("{}.log", figure.replace(' ', "_"))
}

/// The file of a part of a checkpoint.
pub(super) fn checkpoint_name(record: &str, epoch: usize) -> String {
    format!("{record}-{epoch}.bpk")
}

/// Whether a training of so many epochs may write this file, whose path is relative to the folder of the run.
pub(in crate::train) fn is_file_of(path: &Path, epochs: usize) -> bool {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    let Some(parts) = parts else {
        return false;
    };
    let phases = [Phase::WarmUp, Phase::Main].map(part_name);
    let is_epoch = |text: &str| {
        let number = text
            .parse()
            .ok()
            .filter(|number: &usize| number.to_string() == text);
        number.is_some_and(|number| (1..=epochs).contains(&number))
    };
    match parts[..] {
        [PROBE | MANIFEST | HISTORY] => true,
        [name] if is_unfinished(name) => true,
        [phase, ..] if !phases.contains(&phase) => false,
        [_, PROBE] => true,
        [_, CHECKPOINTS, name] if is_unfinished(name) => true,
        [_, CHECKPOINTS, name] => RECORDS.iter().any(|record| {
            let rest = name
                .strip_prefix(record)
                .and_then(|rest| rest.strip_prefix('-'));
            let epoch = rest.and_then(|rest| rest.strip_suffix(".bpk"));
            epoch.is_some_and(is_epoch)
        }),
        [_, split, epoch, name] => {
            let mut figures = Figure::ALL.iter().map(|figure| figure.name());
            SPLITS.contains(&split)
                && epoch.strip_prefix("epoch-").is_some_and(is_epoch)
                && figures.any(|figure| name == log_name(figure))
        }
        _ => false,
    }
}

/// Whether this is the name of a file that is being written, as in `.tmpa1B2c3`: a process that was killed leaves it.
fn is_unfinished(name: &str) -> bool {
    let drawn = name.strip_prefix(".tmp");
    drawn.is_some_and(|drawn| {
        drawn.len() == 6 && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_training_are_told_from_others() {
        for (path, epochs) in [
            ("writable.partial", 1),
            ("main/writable.partial", 1),
            ("main/train/epoch-1/Loss.log", 1),
            ("warm_up/valid/epoch-12/Active_items.log", 12),
            ("main/checkpoint/model-3.bpk", 3),
            ("main/checkpoint/scheduler-10.bpk", 10),
        ] {
            assert!(is_file_of(Path::new(path), epochs), "{path}");
            let fewer = is_file_of(Path::new(path), epochs - 1);
            assert_eq!(fewer, path.ends_with(PROBE), "{path}");
        }
        for path in [
            "run.json",
            "history.csv",
            ".tmpa1B2c3",
            "warm_up/checkpoint/.tmpZZZZZ0",
        ] {
            assert!(is_file_of(Path::new(path), 0), "{path}");
        }
        for path in [
            "",
            "notes.txt",
            "other/train/epoch-1/Loss.log",
            "main/train/epoch-1/Loss.txt",
            "main/train/epoch-1/Loss.log/more",
            "main/train/epoch-01/Loss.log",
            "main/train/epoch-+1/Loss.log",
            "main/test/epoch-1/Loss.log",
            "main/train/epoch-0/Loss.log",
            "main/train/epoch-1/Profit.log",
            "main/checkpoint/model.bpk",
            "main/checkpoint/model-1.bpk.tmp",
            "main/checkpoint/.tmp",
            "main/checkpoint/.tmpmine",
            "main/.tmpa1B2c3",
            "main/run.json",
            "main/checkpoint/best-1.bpk",
            "/main/checkpoint/model-1.bpk",
            "../main/checkpoint/model-1.bpk",
        ] {
            assert!(!is_file_of(Path::new(path), 5), "{path}");
        }
    }
}
