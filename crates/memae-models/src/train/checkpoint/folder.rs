use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use memae_data::format::shown;

use super::names::{CHECKPOINTS, MANIFEST, PROBE, SPLITS, part_name};
use crate::train::error::TrainError;
use crate::train::report::Phase;

/// The folder for metric logs and checkpoints, if any are to be written.
#[derive(Debug, Clone, Default)]
pub(in crate::train) struct CheckpointFolder(Option<PathBuf>);

impl fmt::Display for CheckpointFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(directory) => f.write_str(&shown(directory)),
            None => f.write_str("no folder"),
        }
    }
}

impl CheckpointFolder {
    pub(in crate::train) fn new(directory: &Path) -> Self {
        Self(Some(directory.to_path_buf()))
    }

    /// Whether there is to be one.
    pub(in crate::train) fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Makes the folder, so that one that can't be written, or has something in it where files are to go, is an error
    /// before the training starts.
    pub(in crate::train) fn create(&self) -> Result<(), TrainError> {
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
            for inner in SPLITS.into_iter().chain([CHECKPOINTS]) {
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

    /// What says of a run in the folder which files belong together.
    pub(super) fn manifest(&self) -> Option<PathBuf> {
        self.0.as_ref().map(|directory| directory.join(MANIFEST))
    }

    /// The checkpoints of one phase.
    pub(in crate::train) fn checkpoints(&self, phase: Phase) -> Option<PathBuf> {
        self.of(phase).map(|part| part.join(CHECKPOINTS))
    }

    /// The part of one phase.
    pub(in crate::train) fn of(&self, phase: Phase) -> Option<PathBuf> {
        let name = part_name(phase);
        self.0.as_ref().map(|directory| directory.join(name))
    }
}

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
