//! What lies in a folder, and below it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::error::ImageFolderError;
use crate::dataset::error::SourceError;
use crate::dataset::left_out::LeftOutFile;
use crate::format::{
    FileError, ImageFileError, PassedOver, PassedOverReason, is_hidden, is_image, is_unread_image,
    natural_order,
};

/// The name of folders of masks, which are no images of any class.
pub(super) const GROUND_TRUTH: &str = "ground_truth";

/// Which of two sets a folder's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Train,
    Test,
}

/// The set that a folder has the name of, in whatever case.
pub(super) fn set_of(folder: &Path) -> Option<Set> {
    let is = |known: &str| {
        folder
            .file_name()
            .is_some_and(|name| name.eq_ignore_ascii_case(known))
    };
    if is("train") || is("training") {
        return Some(Set::Train);
    }
    (is("test") || is("testing")).then_some(Set::Test)
}

/// What lies in one folder.
pub(super) struct Level {
    pub(super) images: Vec<PathBuf>,
    pub(super) folders: Vec<PathBuf>,
}

/// A walk through a folder, which keeps count of what it passes over.
pub(super) struct Walk<'a> {
    /// The folder that names are told from.
    pub(super) root: &'a Path,
    pub(super) passed_over: PassedOver,
    /// What could not be read, where that is no error; it is named, images of formats that are not read too.
    pub(super) left_out: Option<Vec<LeftOutFile>>,
    /// What was entered, by whatever way, as it really lies: nothing is entered twice, in another class or set either.
    entered: HashSet<PathBuf>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self {
            root,
            passed_over: PassedOver::default(),
            left_out: None,
            entered: HashSet::new(),
        }
    }

    /// The same walk, which leaves out what cannot be read.
    pub(super) fn leaving_out(mut self) -> Self {
        self.left_out = Some(Vec::new());
        self
    }

    /// Leaves out what cannot be read, or gives it back as an error.
    fn unless_left_out(&mut self, problems: Vec<FileError>) -> Result<(), SourceError> {
        let mut problems = problems.into_iter();
        match &mut self.left_out {
            Some(left_out) => {
                left_out.extend(problems.map(|error| LeftOutFile {
                    path: error.path().to_path_buf(),
                    reason: error.to_string(),
                }));
                Ok(())
            }
            None => problems.next().map_or(Ok(()), |error| Err(error.into())),
        }
    }

    /// The images and the folders in a folder, in the natural order of their names.
    pub(super) fn level(&mut self, folder: &Path) -> Result<Level, SourceError> {
        let (mut images, mut folders) = (Vec::new(), Vec::new());
        let mut problems = Vec::new();
        self.visit::<SourceError>(folder, 1, &mut |entry| {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => folders.push(entry.into_path()),
                Ok(entry) => images.push(entry.into_path()),
                Err(error) => problems.push(error),
            }
            Ok(())
        })?;
        self.unless_left_out(problems)?;
        Ok(Level { images, folders })
    }

    /// The images in the folder of a class and in all folders below it, in the natural order of their names, folder by
    /// folder.
    pub(super) fn images(&mut self, class: &Path) -> Result<Vec<PathBuf>, SourceError> {
        let (mut images, mut problems) = (Vec::new(), Vec::new());
        self.visit(class, usize::MAX, &mut |entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    problems.push(error);
                    return Ok(());
                }
            };
            if !entry.file_type().is_dir() {
                images.push(entry.into_path());
            } else if set_of(entry.path()).is_some() {
                // A folder of several data sets, each of which has sets of its own.
                let found = format!("a folder `{}` within a class", entry.file_name().display());
                return Err(SourceError::in_image_folder(class)(
                    ImageFolderError::Ambiguous {
                        found: found.escape_debug().to_string(),
                        expected: "the folder that holds the training and test images itself",
                    },
                ));
            }
            Ok(())
        })?;
        self.unless_left_out(problems)?;
        Ok(images)
    }

    /// Whether a folder was not entered before, by whatever way.
    pub(super) fn enter(&mut self, folder: &Path) -> bool {
        let resolved = folder.canonicalize();
        resolved.is_err() || resolved.is_ok_and(|folder| self.entered.insert(folder))
    }

    /// Passes over a file or a folder.
    pub(super) fn pass_over(&mut self, reason: PassedOverReason, path: &Path) {
        self.passed_over.add(reason, self.root, path);
    }

    /// Calls `visit` with the images and folders down to a depth, and with what cannot be read, until it returns an error.
    /// Links are followed.
    pub(super) fn visit<E>(
        &mut self,
        folder: &Path,
        depth: usize,
        visit: &mut dyn FnMut(Result<DirEntry, FileError>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut entries = WalkDir::new(folder)
            .min_depth(1)
            .max_depth(depth)
            .follow_links(true)
            .sort_by(|a, b| {
                // A folder comes before links that may lead to it.
                let is_link =
                    |entry: &DirEntry| entry.path_is_symlink() && entry.file_type().is_dir();
                let links = is_link(a).cmp(&is_link(b));
                links.then_with(|| natural_order(a.file_name(), b.file_name()))
            })
            .into_iter();
        self.entered.extend(folder.canonicalize());
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    if let Some(error) = self.unreadable(folder, error) {
                        visit(Err(error))?;
                    }
                    continue;
                }
            };
            let folder = entry.file_type().is_dir();
            let reason = if is_hidden(entry.file_name()) {
                PassedOverReason::Hidden
            } else if folder && entry.file_name().eq_ignore_ascii_case(GROUND_TRUTH) {
                PassedOverReason::GroundTruth
            } else if folder && (leads_back(&entry) || (depth > 1 && !self.enter(entry.path()))) {
                PassedOverReason::LinkLoop
            } else if folder {
                visit(Ok(entry))?;
                continue;
            } else if self.left_out.is_some() && is_unread_image(entry.path()) {
                let ending = entry.path().extension().unwrap_or_default();
                let error = ImageFileError::unread(&ending.to_string_lossy());
                visit(Err(FileError::in_image(entry.path())(error)))?;
                continue;
            } else if !is_image(entry.path()) {
                PassedOverReason::Ending
            } else if !entry.file_type().is_file() {
                PassedOverReason::NotRegular
            } else {
                visit(Ok(entry))?;
                continue;
            };
            self.pass_over(reason, entry.path());
            if folder && depth > 1 {
                entries.skip_current_dir();
            }
        }
        Ok(())
    }

    /// Passes over links that lead back or to nothing; what is wrong with all else that cannot be read.
    fn unreadable(&mut self, folder: &Path, error: walkdir::Error) -> Option<FileError> {
        let path = error.path().unwrap_or(folder).to_path_buf();
        if error.loop_ancestor().is_some() {
            self.pass_over(PassedOverReason::LinkLoop, &path);
            return None;
        }
        // A link to an image that is gone is an image that is missing.
        if path.is_symlink() && !is_image(&path) {
            self.pass_over(PassedOverReason::NotRegular, &path);
            return None;
        }
        Some(FileError::reading(&path)(error.into()))
    }
}

/// Whether a link leads to a folder that it lies in; the walk itself notices only those that it came through.
fn leads_back(entry: &DirEntry) -> bool {
    let resolved = |path: &Path| path.canonicalize().ok();
    entry.path_is_symlink()
        && match (
            resolved(entry.path()),
            entry.path().parent().and_then(resolved),
        ) {
            (Some(target), Some(parent)) => parent.starts_with(target),
            _ => false,
        }
}
