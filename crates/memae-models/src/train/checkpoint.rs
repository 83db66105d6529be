use memae_data::format::shown;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::TrainError;
use super::report::{Figure, Phase};

/// Checkpoints that are kept of each phase, the last ones.
pub(super) const KEPT_CHECKPOINTS: usize = 2;

/// What a checkpoint is made of.
pub(super) const RECORDS: [&str; 3] = ["model", "optim", "scheduler"];

/// The parts of the samples that have logs.
const SPLITS: [&str; 2] = ["train", "valid"];

/// The folder for metric logs and checkpoints, if any are to be written.
#[derive(Debug, Clone, Default)]
pub(super) struct CheckpointFolder(Option<PathBuf>);

impl CheckpointFolder {
    pub(super) fn new(directory: &Path) -> Self {
        Self(Some(directory.to_path_buf()))
    }

    /// Makes the folder, so that one that can't be written, or has something in it where files are to go, is an error
    /// before the training starts.
    pub(super) fn create(&self) -> Result<(), TrainError> {
        let Some(directory) = &self.0 else {
            return Ok(());
        };
        let fail = |path: &Path| {
            let path = shown(path);
            |source| TrainError::Directory { path, source }
        };
        fs::create_dir_all(directory).map_err(fail(directory))?;
        for phase in [Phase::WarmUp, Phase::Main] {
            let part = directory.join(part_name(phase));
            folder_or_nothing(&part).map_err(fail(&part))?;
            for inner in SPLITS.into_iter().chain(["checkpoint"]) {
                let inner = part.join(inner);
                check_inner(&inner).map_err(|(path, error)| fail(&path)(error))?;
            }
            // A file is made and removed again: a folder may be there and not be writable.
            let probed = if part.is_dir() { &part } else { directory };
            let probe = probed.join(PROBE);
            fs::write(&probe, [])
                .and_then(|()| fs::remove_file(&probe))
                .map_err(fail(&probe))?;
        }
        Ok(())
    }

    /// The part of one phase.
    pub(super) fn of(&self, phase: Phase) -> Option<PathBuf> {
        let name = part_name(phase);
        self.0.as_ref().map(|directory| directory.join(name))
    }
}

const PROBE: &str = "writable.partial";

/// A folder of epochs or of checkpoints: what is in it is a folder of files, or a file, as its name says.
fn check_inner(folder: &Path) -> Result<(), (PathBuf, io::Error)> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        |error| (path, error)
    };
    folder_or_nothing(folder).map_err(at(folder))?;
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("epoch-") {
            folder_or_nothing(&path).map_err(at(&path))?;
            for entry in fs::read_dir(&path).map_err(at(&path))? {
                file_or_nothing(&entry.map_err(at(&path))?.path())?;
            }
        } else if name.ends_with(".bpk") {
            file_or_nothing(&path)?;
        }
    }
    Ok(())
}

fn folder_or_nothing(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if !found.is_dir() => Err(io::Error::other("found a file, expected a folder")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn file_or_nothing(path: &Path) -> Result<(), (PathBuf, io::Error)> {
    match path.is_dir() {
        true => {
            let error = io::Error::other("found a folder, expected a file");
            Err((path.to_path_buf(), error))
        }
        false => Ok(()),
    }
}

fn part_name(phase: Phase) -> &'static str {
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
pub(super) fn is_file_of(path: &Path, epochs: usize) -> bool {
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
        [PROBE] => true,
        [phase, ..] if !phases.contains(&phase) => false,
        [_, PROBE] => true,
        [_, "checkpoint", name] => RECORDS.iter().any(|record| {
            let rest = name
                .strip_prefix(record)
                .and_then(|rest| rest.strip_prefix('-'));
            let parts = rest.and_then(|rest| rest.split_once(".bpk"));
            parts.is_some_and(|(epoch, rest)| {
                is_epoch(epoch) && (rest.is_empty() || is_unfinished(rest))
            })
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

/// What ends the name of a checkpoint while it is written, as in `.4711-1.tmp`: a process that was killed leaves it.
fn is_unfinished(end: &str) -> bool {
    let numbers = end
        .strip_prefix('.')
        .and_then(|end| end.strip_suffix(".tmp"));
    numbers.is_some_and(|numbers| {
        numbers
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
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
            ("warm_up/checkpoint/optim-3.bpk.4711-1.tmp", 3),
            ("main/checkpoint/scheduler-10.bpk", 10),
        ] {
            assert!(is_file_of(Path::new(path), epochs), "{path}");
            let fewer = is_file_of(Path::new(path), epochs - 1);
            assert_eq!(fewer, path.ends_with(PROBE), "{path}");
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
            "main/checkpoint/model-1.bpk.mine.tmp",
            "main/checkpoint/best-1.bpk",
            "/main/checkpoint/model-1.bpk",
            "../main/checkpoint/model-1.bpk",
        ] {
            assert!(!is_file_of(Path::new(path), 5), "{path}");
        }
    }
}
