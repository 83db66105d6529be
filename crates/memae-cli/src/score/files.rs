//! Videos and tables, file by file.

use std::error::Error;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae::data::dataset::readable_videos_in;
use memae::data::sample::VideoConfig;
use memae::detect::AnyDetector;

use super::found::{Counts, Found, Scored, Sink};
use super::videos::{self, Seen};
use crate::failure::Failure;
use crate::left_out::{GapFound, LeftOutFile, PassedOverIn};
use crate::wording::without_hints;

pub(super) fn score(
    detector: &AnyDetector,
    paths: &[PathBuf],
    device: &Device,
    counts: Counts<'_>,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    for path in paths {
        let files = match detector {
            AnyDetector::Video(_) | AnyDetector::Motion(_) | AnyDetector::Joint(_) => {
                videos_of(path, sink)?
            }
            _ => vec![path.clone()],
        };
        for file in files {
            if !counts(&file)? {
                continue;
            }
            let seen = match detector {
                AnyDetector::Video(detector) => videos::clips(detector, &file, device),
                AnyDetector::Motion(detector) => videos::motion(detector, &file, device),
                AnyDetector::Joint(detector) => videos::joint(detector, &file, device),
                detector => rows(detector, &file, device),
            };
            match seen {
                Ok(seen) => {
                    for (place, verdict) in seen.verdicts {
                        sink(Found::Scored(Scored {
                            path: file.clone(),
                            place,
                            verdict,
                        }))?;
                    }
                    for gap in seen.gaps {
                        sink(Found::Gap(GapFound::in_file(&file, gap)))?;
                    }
                    for text in seen.remarks {
                        sink(Found::Remark(text))?;
                    }
                }
                Err(error) => sink(Found::LeftOut(LeftOutFile {
                    path: file,
                    reason: without_hints(&error.to_string()),
                }))?,
            }
        }
    }
    Ok(())
}

fn rows(detector: &AnyDetector, path: &Path, device: &Device) -> Result<Seen, Box<dyn Error>> {
    let verdicts = detector.detect_file(path, device)?.into_iter();
    Ok(Seen {
        verdicts: verdicts.map(|found| (found.place, found.verdict)).collect(),
        ..Seen::default()
    })
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
