use std::path::Path;

use crate::dataset::error::SourceError;
use crate::dataset::listing::videos_except;
use crate::format::{PassedOver, PassedOverReason, entries_counting};
use crate::sample::{Video, VideoConfig};

/// How videos are opened, and what was passed over.
pub(super) struct Opening<'a> {
    pub(super) config: &'a VideoConfig,
    /// The folder that names are told from.
    pub(super) root: &'a Path,
    pub(super) passed_over: PassedOver,
}

impl Opening<'_> {
    /// Passes over the files of the folder that holds the sets, but for the labels.
    pub(super) fn pass_over_files_of(
        &mut self,
        folder: &Path,
        labels: Option<&Path>,
    ) -> Result<(), SourceError> {
        let entries = entries_counting(folder, &mut self.passed_over, self.root)?;
        for path in entries.iter().filter(|path| !path.is_dir()) {
            if Some(path.as_path()) != labels {
                self.passed_over
                    .add(PassedOverReason::Beside, self.root, path);
            }
        }
        Ok(())
    }

    /// The videos of a folder, where the file of labels may lie too.
    pub(super) fn videos_in(
        &mut self,
        folder: &Path,
        labels: Option<&Path>,
    ) -> Result<Vec<Video>, SourceError> {
        // Masks may be in the folder of the videos that they belong to.
        let is_known = |path: &Path| {
            labels == Some(path) || path.file_name().is_some_and(|name| name == "masks")
        };
        let found = videos_except(folder, is_known, self.root, self.config)?;
        self.passed_over.add_all(&found.passed_over);
        Ok(found.videos)
    }
}
