use std::path::Path;

use crate::dataset::error::SourceError;
use crate::dataset::listing::videos_except;
use crate::sample::{Video, VideoConfig};

/// How videos are opened.
pub(super) struct Opening<'a> {
    pub(super) config: &'a VideoConfig,
}

impl Opening<'_> {
    pub(super) fn videos_in(&self, folder: &Path) -> Result<Vec<Video>, SourceError> {
        // Masks may be in the folder of the videos that they belong to.
        videos_except(folder, &["masks"], self.config)
    }
}
