//! Videos and tables, file by file.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae::data::dataset::videos_in;
use memae::data::sample::VideoConfig;
use memae::detect::AnyDetector;

use super::found::{Found, Scored, Sink};
use crate::failure::Failure;
use crate::left_out::LeftOutFile;

pub(super) fn score(
    detector: &AnyDetector,
    paths: &[PathBuf],
    device: &Device,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    for path in paths {
        let videos = match detector {
            AnyDetector::Video(_) => videos_of(path),
            _ => vec![path.clone()],
        };
        for file in videos {
            match detector.detect_file(&file, device) {
                Ok(verdicts) => {
                    for found in verdicts {
                        sink(Found::Scored(Scored {
                            path: file.clone(),
                            place: found.place,
                            verdict: found.verdict,
                        }))?;
                    }
                }
                Err(error) => sink(Found::LeftOut(LeftOutFile {
                    path: file,
                    reason: error.to_string(),
                }))?,
            }
        }
    }
    Ok(())
}

/// The videos in a folder of videos; what else lies at a path is one.
fn videos_of(path: &Path) -> Vec<PathBuf> {
    let found = match path.is_dir() {
        true => videos_in(path, &VideoConfig::default()).ok(),
        false => None,
    };
    match found {
        Some(found) => {
            let videos = found.videos.iter();
            videos.map(|video| video.path().to_path_buf()).collect()
        }
        None => vec![path.to_path_buf()],
    }
}
