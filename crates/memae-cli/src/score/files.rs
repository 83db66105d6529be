//! Videos and tables, file by file.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae::data::dataset::readable_videos_in;
use memae::data::sample::VideoConfig;
use memae::detect::AnyDetector;

use super::found::{Found, Scored, Sink};
use super::motion;
use crate::failure::Failure;
use crate::left_out::{LeftOutFile, PassedOverIn};
use crate::wording::without_hints;

pub(super) fn score(
    detector: &AnyDetector,
    paths: &[PathBuf],
    device: &Device,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    for path in paths {
        let files = match detector {
            AnyDetector::Video(_) | AnyDetector::Motion(_) => videos_of(path, sink)?,
            _ => vec![path.clone()],
        };
        for file in files {
            let verdicts = match detector {
                AnyDetector::Motion(detector) => motion::verdicts(detector, &file, device, sink)?,
                detector => detector
                    .detect_file(&file, device)
                    .map(|found| found.iter().map(|f| (f.place, f.verdict)).collect())
                    .map_err(|error| error.to_string()),
            };
            match verdicts {
                Ok(verdicts) => {
                    for (place, verdict) in verdicts {
                        sink(Found::Scored(Scored {
                            path: file.clone(),
                            place,
                            verdict,
                        }))?;
                    }
                }
                Err(error) => sink(Found::LeftOut(LeftOutFile {
                    path: file,
                    reason: without_hints(&error),
                }))?,
            }
        }
    }
    Ok(())
}

/// The videos in a folder of videos; what else lies at a path is one.
fn videos_of(path: &Path, sink: Sink<'_>) -> Result<Vec<PathBuf>, Failure> {
    let found = match path.is_dir() {
        true => readable_videos_in(path, &VideoConfig::default()).ok(),
        false => None,
    };
    let Some(found) = found else {
        return Ok(vec![path.to_path_buf()]);
    };
    for file in found.left_out {
        sink(Found::LeftOut(LeftOutFile {
            path: file.path,
            reason: without_hints(&file.reason),
        }))?;
    }
    if !found.passed_over.is_empty() {
        sink(Found::PassedOver(PassedOverIn {
            folder: path.to_path_buf(),
            what: found.passed_over,
        }))?;
    }
    let videos = found.videos.iter();
    Ok(videos.map(|video| video.path().to_path_buf()).collect())
}
