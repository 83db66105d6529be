//! The folder that a training writes into, which another training may have left, or somebody else.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use memae_data::format::shown;
use memae_data::format::{FileError, read_file};
use memae_models::train::Trainer;
use serde::{Deserialize, Serialize};

use crate::ExperimentError;
use crate::output::write_json;

/// What says that a training may have written into the folder, and which files are its own.
const MANIFEST: &str = "training_files.json";

/// The longest list that is read, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1 << 16;

/// The files of a training are known by its epochs; of none there are none.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    epochs: usize,
}

/// The trainer, writing into a folder that it has to itself: what an earlier training left there is removed, as its
/// list says, and nothing else is. Where it is to go on with an earlier one, all of it stays.
///
/// # Errors
///
/// The folder holds a file that no list of ours has (nothing is removed then), or can't be read or written.
pub(crate) fn training_in(
    folder: &Path,
    trainer: Trainer,
    resumes: bool,
) -> Result<Trainer, ExperimentError> {
    let fail = |error: io::Error| ExperimentError::write(folder, error);
    fs::create_dir_all(folder).map_err(fail)?;
    let path = folder.join(MANIFEST);
    let earlier = manifest(&path)?;
    if resumes && earlier.epochs > 0 {
        return Ok(trainer.resume(folder));
    }
    let mut left = Contents::default();
    left.list(folder, Path::new("")).map_err(fail)?;
    left.files.retain(|file| file != Path::new(MANIFEST));
    if let Some(foreign) = left
        .files
        .iter()
        .find(|file| !Trainer::may_write(file, earlier.epochs))
    {
        return Err(ExperimentError::ForeignFile {
            folder: shown(folder),
            file: shown(foreign),
        });
    }
    for file in &left.files {
        fs::remove_file(folder.join(file)).map_err(fail)?;
    }
    // A folder without a file of ours is somebody's, though it be empty, and so is what it lies in.
    let is_ours = |inner: &Path| left.files.iter().any(|file| file.starts_with(inner));
    let foreign: Vec<&PathBuf> = left
        .folders
        .iter()
        .filter(|inner| !is_ours(inner))
        .collect();
    // Folders come before what is in them.
    for inner in left.folders.iter().rev() {
        if !foreign.iter().any(|foreign| foreign.starts_with(inner)) {
            fs::remove_dir(folder.join(inner)).map_err(fail)?;
        }
    }
    let epochs = trainer.config().epochs;
    write_json(&path, &Manifest { epochs })?;
    Ok(trainer.with_directory(folder))
}

fn manifest(path: &Path) -> Result<Manifest, ExperimentError> {
    match read_file(path, MAX_MANIFEST_BYTES) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| ExperimentError::Manifest {
            path: shown(path),
            reason: error.to_string(),
        }),
        Err(FileError::Read { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Manifest::default())
        }
        Err(error) => Err(error.into()),
    }
}

/// What is in a folder, by paths relative to it.
#[derive(Default)]
struct Contents {
    /// Files, links and whatever else is no folder.
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Contents {
    fn list(&mut self, root: &Path, inner: &Path) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(root.join(inner))? {
            let entry = entry?;
            // The type of a link is that of a link: what it points to is never entered.
            entries.push((entry.file_name(), entry.file_type()?.is_dir()));
        }
        entries.sort();
        for (name, is_folder) in entries {
            let name: OsString = name;
            let path = inner.join(name);
            match is_folder {
                true => {
                    self.folders.push(path.clone());
                    self.list(root, &path)?;
                }
                false => self.files.push(path),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use memae_data::drawn::DigitsConfig;
    use memae_models::network::{ImageAutoencoderConfig, Variant};
    use memae_models::train::{ProgressDisplay, TrainConfig};

    use super::*;

    fn trainer(epochs: usize) -> Trainer {
        let config = TrainConfig::new().with_epochs(epochs).with_batch_size(8);
        Trainer::new(config, Device::flex()).with_display(ProgressDisplay::Silent)
    }

    fn train(trainer: &Trainer) {
        let digits = DigitsConfig::default().with_train_per_class(16).generate();
        let normal = digits.train.select(&digits.train.indices_of(9));
        let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
        trainer.fit(&network, &normal).unwrap();
    }

    fn contents(folder: &Path) -> Vec<PathBuf> {
        let mut contents = Contents::default();
        contents.list(folder, Path::new("")).unwrap();
        contents.files
    }

    #[test]
    fn what_a_training_left_stays_where_the_next_goes_on_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("training");
        // There is nothing to go on with yet.
        train(&training_in(&folder, trainer(2), true).unwrap());
        let left = contents(&folder);
        train(&training_in(&folder, trainer(2), true).unwrap());
        assert_eq!(contents(&folder), left);
        let others = training_in(&folder, trainer(3), true).unwrap();
        let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
        let digits = DigitsConfig::default().with_train_per_class(16).generate();
        let normal = digits.train.select(&digits.train.indices_of(9));
        let error = others.fit(&network, &normal).unwrap_err();
        assert!(
            error.to_string().contains("training.epochs 2, expected 3"),
            "{error}"
        );
        train(&training_in(&folder, trainer(1), false).unwrap());
    }

    #[test]
    fn what_a_training_left_makes_room_for_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("training");
        train(&training_in(&folder, trainer(2), false).unwrap());
        assert!(contents(&folder).len() > 10);
        // A shorter one: nothing of the longer is left.
        train(&training_in(&folder, trainer(1), false).unwrap());
        let files = contents(&folder);
        assert!(
            !files
                .iter()
                .any(|file| file.to_string_lossy().contains("epoch-2"))
        );
        assert!(files.contains(&PathBuf::from("main/train/epoch-1/Active_items.log")));
    }

    #[test]
    fn files_of_others_are_named_and_nothing_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        train(&training_in(folder, trainer(1), false).unwrap());
        fs::write(folder.join("main/checkpoint/notes.txt"), "mine").unwrap();
        let before = contents(folder);
        let error = training_in(folder, trainer(1), false).err().unwrap();
        assert!(matches!(error, ExperimentError::ForeignFile { .. }));
        assert!(error.to_string().contains("notes.txt"), "{error}");
        assert_eq!(contents(folder), before);
    }

    #[test]
    fn a_folder_that_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::create_dir_all(folder.join("main/train/epoch-1")).unwrap();
        // The name of one of ours, but no list says so.
        fs::write(folder.join("main/train/epoch-1/Loss.log"), "precious").unwrap();
        assert!(training_in(folder, trainer(1), false).is_err());
        let kept = fs::read_to_string(folder.join("main/train/epoch-1/Loss.log"));
        assert_eq!(kept.unwrap(), "precious");
        assert_eq!(contents(folder).len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_points_to_is_neither_entered_nor_removed() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("precious"), "precious").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("main")).unwrap();
        assert!(training_in(folder.path(), trainer(1), false).is_err());
        assert!(outside.path().join("precious").exists());
        assert!(folder.path().join("main").exists());
    }

    #[test]
    fn empty_folders_of_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("training");
        train(&training_in(&own, trainer(1), false).unwrap());
        fs::create_dir_all(own.join("main/notes/empty")).unwrap();
        train(&training_in(&own, trainer(1), false).unwrap());
        assert!(own.join("main/notes/empty").is_dir());
        assert!(own.join("main/checkpoint").is_dir());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_list_that_never_ends_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(MANIFEST);
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let error = training_in(folder.path(), trainer(1), false).err().unwrap();
        assert!(
            error
                .to_string()
                .ends_with("found a device, expected a regular file"),
            "{error}"
        );
        fs::remove_file(&path).unwrap();
        fs::write(&path, vec![b' '; 1 << 17]).unwrap();
        let error = training_in(folder.path(), trainer(1), false).err().unwrap();
        assert!(
            error.to_string().contains("expected at most 65536"),
            "{error}"
        );
    }

    #[test]
    fn a_damaged_list_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(MANIFEST), "{").unwrap();
        let error = training_in(folder.path(), trainer(1), false).err().unwrap();
        assert!(error.to_string().contains(MANIFEST), "{error}");
    }
}
