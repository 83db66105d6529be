//! Normal pictures, from files and folders.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use memae::data::dataset::{ImageFolderFiles, visit_images};
use memae::data::format::shown;

use super::distinct::Distinct;
use crate::failure::Failure;
use crate::left_out::LeftOut;

/// The files of normal pictures.
pub(crate) struct NormalPictures {
    pub(crate) files: Vec<PathBuf>,
    /// What was passed over, in a line for each folder where something was.
    pub(crate) passed_over: Vec<String>,
    pub(crate) left_out: LeftOut,
}

/// The normal pictures at some paths: files; folders with all folders in them; of a folder with training and test images, the
/// training images.
pub(crate) fn normal_pictures(paths: &[PathBuf]) -> Result<NormalPictures, Failure> {
    let mut found = NormalPictures {
        files: Vec::new(),
        passed_over: Vec::new(),
        left_out: LeftOut::default(),
    };
    for path in paths {
        let passed_over = match has_training_set(path) {
            true => {
                let sets = ImageFolderFiles::find_readable(path)?;
                if let [first, second, ..] = &sets.train[..] {
                    return Err(Failure::Other(format!(
                        "{}: found training images of several classes ({}, {}, …), expected normal ones alone: give the folder \
                         of the class that is normal",
                        shown(path),
                        first.name.escape_debug(),
                        second.name.escape_debug()
                    )));
                }
                for file in &sets.left_out {
                    found.left_out.add(file.reason.as_str());
                }
                let files = sets.train.into_iter().flat_map(|class| class.files);
                found.files.extend(files);
                sets.passed_over
            }
            false => visit_images(path, &mut |image| {
                match image {
                    Ok(file) => found.files.push(file),
                    Err(error) => found.left_out.add(error.to_string()),
                }
                ControlFlow::Continue(())
            }),
        };
        if !passed_over.is_empty() {
            found
                .passed_over
                .push(format!("{}: {passed_over}", shown(path)));
        }
    }
    let mut distinct = Distinct::default();
    found.files.retain(|file| distinct.is_new(file));
    distinct.report(&mut found.left_out);
    match found.files.is_empty() {
        true => Err(Failure::Other(match found.left_out.first().first() {
            Some(reason) => reason.clone(),
            None => format!(
                "{}: found no pictures, expected normal ones",
                paths.first().map(shown).unwrap_or_default()
            ),
        })),
        false => Ok(found),
    }
}

/// Whether a folder has sets of its own, as MVTec AD's have.
fn has_training_set(folder: &Path) -> bool {
    let is_set = |name: &str| {
        ["train", "training"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    };
    let Ok(mut entries) = folder.read_dir() else {
        return false;
    };
    entries.any(|entry| {
        entry.is_ok_and(|entry| {
            is_set(&entry.file_name().to_string_lossy()) && entry.path().is_dir()
        })
    })
}
