use std::path::Path;

use crate::dataset::error::SourceError;
use crate::dataset::listing::videos_except;
use crate::format::{Ffmpeg, Numbering};
use crate::sample::Video;

/// How videos are opened.
pub(super) struct Opening<'a> {
    pub(super) numbering: Numbering,
    pub(super) ffmpeg: &'a Ffmpeg,
}

impl Opening<'_> {
    pub(super) fn videos_in(&self, folder: &Path) -> Result<Vec<Video>, SourceError> {
        // Masks may be in the folder of the videos that they belong to.
        videos_except(folder, &["masks"], self.numbering, self.ffmpeg)
    }
}
