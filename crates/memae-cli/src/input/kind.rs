//! Pictures, videos or a table: found out by looking.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use memae::data::dataset::{SourceError, names_video, readable_videos_in, visit_images};
use memae::data::format::{open_file, read_image_header, shown};
use memae::data::sample::VideoConfig;
use memae::detect::AnyDetector;

use super::videos::training_videos;
use crate::failure::Failure;

/// What samples are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputKind {
    /// Pictures: files, or folders of them
    Images,
    /// Videos: files, or folders of frames
    Video,
    /// Rows of a table: a CSV file
    Table,
}

impl InputKind {
    /// What a detector scores.
    pub(crate) fn of(detector: &AnyDetector) -> Self {
        match detector {
            AnyDetector::Video(_) | AnyDetector::Motion(_) | AnyDetector::Joint(_) => Self::Video,
            AnyDetector::Table(_) => Self::Table,
            _ => Self::Images,
        }
    }

    /// Why a file is none that a detector of this kind scores, where a look at it tells.
    pub(crate) fn refuses(self, path: &PathBuf) -> Option<String> {
        let found = match self {
            _ if path.is_dir() => return None,
            // There may be many of them, and the bytes of one that is damaged tell nothing.
            Self::Images if names_video(path) => Self::Video,
            Self::Images if names_table(path) => Self::Table,
            Self::Images => return None,
            Self::Video | Self::Table => match kind_of(std::slice::from_ref(path)).ok()? {
                // Neither a picture nor text: a damaged file of any kind, unless its name says more.
                Self::Video if !names_video(path) => return None,
                // It may be a film as well.
                Self::Images if self == Self::Video && names_gif(path) => return None,
                found => found,
            },
        };
        (found != self).then(|| {
            format!(
                "{}: found {}, expected {}, as the detector scores",
                shown(path),
                found.name(),
                self.name()
            )
        })
    }

    /// What samples are called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Images => "pictures",
            Self::Video => "videos",
            Self::Table => "rows",
        }
    }
}

/// Endings of tables.
const TABLES: [&str; 4] = ["csv", "tsv", "txt", "tab"];

/// What lies at the first of the paths, by a look at it: a folder with videos in it is one of videos, any other of pictures; a
/// file is what its content is.
pub(crate) fn kind_of(paths: &[PathBuf]) -> Result<InputKind, Failure> {
    let Some(path) = paths.first() else {
        return Err(Failure::Other(
            "found no input, expected at least one".to_string(),
        ));
    };
    if path.is_dir() {
        return of_folder(path);
    }
    if read_image_header(path).is_ok() {
        return Ok(InputKind::Images);
    }
    let is_table = names_table(path) || is_text(&start_of(path)?);
    Ok(if is_table {
        InputKind::Table
    } else {
        InputKind::Video
    })
}

fn of_folder(folder: &Path) -> Result<InputKind, Failure> {
    let (mut has_picture, mut problem) = (false, None);
    visit_images(folder, &mut |image| match image {
        Ok(_) => {
            has_picture = true;
            ControlFlow::Break(())
        }
        Err(error) => {
            problem.get_or_insert(error.to_string());
            ControlFlow::Continue(())
        }
    });
    if has_picture {
        return Ok(InputKind::Images);
    }
    match readable_videos_in(training_videos(folder), &VideoConfig::default()) {
        Ok(found) if !found.videos.is_empty() => return Ok(InputKind::Video),
        Ok(found) => {
            let first = found.left_out.into_iter().next();
            problem = problem.or(first.map(|file| file.reason));
        }
        Err(SourceError::NoVideos { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Err(Failure::Other(format!(
        "{}: found neither pictures nor videos that can be read, expected a folder with some{}",
        shown(folder),
        problem.map_or(String::new(), |problem| format!(": {problem}"))
    )))
}

/// Whether the ending is that of a table, compressed or not.
fn names_table(path: &Path) -> bool {
    let ending = |path: &Path| {
        path.extension()
            .map(|ending| ending.to_string_lossy().to_lowercase())
    };
    let stem = path.file_stem().map(PathBuf::from).unwrap_or_default();
    match ending(path) {
        Some(gzip) if gzip == "gz" => true,
        Some(last) => {
            TABLES.contains(&last.as_str()) || ending(&stem).is_some_and(|inner| inner == "csv")
        }
        None => false,
    }
}

fn names_gif(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("gif"))
}

fn start_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut start = Vec::new();
    let read = |file: File| file.take(4096).read_to_end(&mut start);
    open_file(path).map(read)?.map_err(Failure::writing(path))?;
    Ok(start)
}

/// Whether this is a line of text. A Y4M file begins with one, too, before its frames.
fn is_text(start: &[u8]) -> bool {
    !start.contains(&0) && start.contains(&b'\n') && !start.starts_with(b"YUV4MPEG2 ")
}
