use std::path::Path;

use super::find::{find_folder, need_file, need_folder};
use super::opening::Opening;
use crate::dataset::error::SourceError;
use crate::dataset::labels::read_frame_labels;
use crate::sample::{MaskSource, TestVideo, VideoSet};

pub(super) fn open(root: &Path, opening: &mut Opening<'_>) -> Result<VideoSet, SourceError> {
    // The archive holds a folder of this name.
    let inner = find_folder(root, &["shanghaitech"]);
    let root = inner.as_deref().unwrap_or(root);
    const TRAINING: [&str; 2] = ["training/frames", "training/videos"];
    const TESTING: [&str; 2] = ["testing/frames", "testing/videos"];
    let train = need_folder(root, "training videos", &TRAINING)?;
    let test = need_folder(root, "test videos", &TESTING)?;
    let frame_masks = need_folder(root, "frame labels", &["testing/test_frame_mask"])?;
    let pixel_masks = find_folder(root, &["testing/test_pixel_mask"]);

    let train = opening.videos_in(&train, None)?;
    let mut tests = Vec::new();
    for video in opening.videos_in(&test, None)? {
        let file = format!("{}.npy", video.name());
        let path = need_file(&frame_masks, "frame labels", file.clone())?;
        let labels = read_frame_labels(&path)?.of_video();
        let labels = labels.map_err(SourceError::in_labels(&path))?;
        let test = TestVideo::new(video).with_labels_of(path, labels);
        tests.push(match &pixel_masks {
            Some(folder) => test.with_masks(MaskSource::Npy(need_file(folder, "masks", file)?)),
            None => test,
        });
    }
    Ok(VideoSet {
        train,
        test: tests,
        ..VideoSet::default()
    })
}
