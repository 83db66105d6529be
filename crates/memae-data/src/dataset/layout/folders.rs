use std::path::{Path, PathBuf};

use super::find::find_folder;
use super::opening::Opening;
use crate::dataset::error::SourceError;
use crate::dataset::labels::{read_frame_labels, read_mask_labels};
use crate::format::entries;
use crate::sample::{MaskSource, TestVideo, Video, VideoSet};

const TRAINING: [&str; 6] = [
    "training/frames",
    "training/videos",
    "training",
    "train/frames",
    "train/videos",
    "train",
];

const TESTING: [&str; 6] = [
    "testing/frames",
    "testing/videos",
    "testing",
    "test/frames",
    "test/videos",
    "test",
];

pub(super) fn open(root: &Path, opening: &mut Opening<'_>) -> Result<VideoSet, SourceError> {
    let train = find_folder(root, &TRAINING);
    let test = find_folder(root, &TESTING);
    if train.is_none() && test.is_none() {
        return Err(SourceError::MissingFile {
            folder: root.to_path_buf(),
            content: "videos",
            names: [TRAINING, TESTING]
                .concat()
                .iter()
                .map(ToString::to_string)
                .collect(),
        });
    }
    let train = match train {
        Some(folder) => opening.videos_in(&folder, None)?,
        None => Vec::new(),
    };
    let test = match test {
        Some(folder) => {
            let testing = find_folder(root, &["testing", "test"]);
            let folders = [Some(root.to_path_buf()), testing];
            let labels = label_file(folders.into_iter().flatten())?;
            let videos = opening.videos_in(&folder, labels.as_deref())?;
            opening.pass_over_files_of(root, labels.as_deref())?;
            test_videos(root, videos, labels)?
        }
        None => Vec::new(),
    };
    Ok(VideoSet {
        train,
        test,
        ..VideoSet::default()
    })
}

fn test_videos(
    root: &Path,
    videos: Vec<Video>,
    labels: Option<PathBuf>,
) -> Result<Vec<TestVideo>, SourceError> {
    let testing = find_folder(root, &["testing", "test"]);
    let masks = testing.and_then(|testing| find_folder(&testing, &["masks"]));

    let mut tests: Vec<TestVideo> = Vec::new();
    for video in videos {
        let test = TestVideo::new(video.clone());
        let Some(folder) = &masks else {
            tests.push(test);
            continue;
        };
        let own = folder.join(video.name());
        let stack = folder.join(format!("{}.npy", video.name()));
        let source = match (own.is_dir(), stack.is_file()) {
            (true, _) => MaskSource::Folder(own),
            (false, true) => MaskSource::Npy(stack.clone()),
            (false, false) => {
                return Err(SourceError::MissingFile {
                    folder: folder.clone(),
                    content: "masks",
                    names: vec![video.name().to_string(), format!("{}.npy", video.name())],
                });
            }
        };
        let test = match (&labels, &source) {
            (Some(_), _) => test,
            (None, MaskSource::Folder(own)) => {
                test.with_labels_of(own.clone(), read_mask_labels(own)?)
            }
            (None, _) => {
                let labels = read_frame_labels(&stack)?
                    .of_video()
                    .map_err(SourceError::in_labels(&stack))?;
                test.with_labels_of(stack, labels)
            }
        };
        tests.push(test.with_masks(source));
    }
    let Some(path) = labels else {
        return Ok(tests);
    };
    let labels = read_frame_labels(&path)?;
    if !tests.iter().all(|test| test.video.is_random_access()) {
        let split = move |frames: &[usize]| {
            let labels = labels.of_videos(frames);
            labels.map_err(|error| error.to_string())
        };
        return Ok(TestVideo::with_shared_labels(tests, path, split));
    }
    let frames: Vec<usize> = tests
        .iter()
        .map(|test| test.video.frame_count())
        .collect::<Result<_, _>>()?;
    let labels = labels
        .of_videos(&frames)
        .map_err(SourceError::in_labels(&path))?;
    Ok(tests
        .into_iter()
        .zip(labels)
        .map(|(test, labels)| test.with_labels_of(path.clone(), labels))
        .collect())
}

/// The one file of labels in some folders, if there is one.
fn label_file(folders: impl Iterator<Item = PathBuf>) -> Result<Option<PathBuf>, SourceError> {
    let mut found: Option<PathBuf> = None;
    for folder in folders {
        for path in entries(&folder)? {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let stem = stem.to_ascii_lowercase();
            let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
            // Training videos are normal, so that labels of theirs are of no use.
            let named = (stem.starts_with("frame_labels") || stem.starts_with("labels"))
                && !stem.contains("train");
            if !named
                || !["npy", "mat", "csv", "txt"]
                    .iter()
                    .any(|known| extension == *known)
            {
                continue;
            }
            if let Some(first) = found {
                return Err(SourceError::SeveralLabels {
                    first,
                    second: path,
                });
            }
            found = Some(path);
        }
    }
    Ok(found)
}
