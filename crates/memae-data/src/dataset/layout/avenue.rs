use std::path::Path;

use super::find::{find_folder, need_file, need_folder};
use super::opening::Opening;
use crate::dataset::error::SourceError;
use crate::dataset::labels::read_frame_labels;
use crate::sample::{MaskSource, TestVideo, VideoSet};

pub(super) fn open(root: &Path, opening: &mut Opening<'_>) -> Result<VideoSet, SourceError> {
    // The archive holds a folder of this name.
    let inner = find_folder(root, &["Avenue Dataset", "Avenue_Dataset", "Avenue"]);
    let videos = inner.as_deref().unwrap_or(root);
    let train = need_folder(videos, "training videos", &["training_videos"])?;
    let test = need_folder(videos, "test videos", &["testing_videos"])?;

    const MASKS: [&str; 2] = ["testing_label_mask", "ground_truth_demo/testing_label_mask"];
    let beside = videos
        .parent()
        .and_then(|parent| find_folder(parent, &MASKS));
    let masks = match find_folder(videos, &MASKS)
        .or_else(|| find_folder(root, &MASKS))
        .or(beside)
    {
        Some(masks) => masks,
        None => need_folder(videos, "masks", &MASKS)?,
    };

    let train = opening.videos_in(&train, None)?;
    let mut tests = Vec::new();
    for video in opening.videos_in(&test, None)? {
        // 01.avi goes with 1_label.mat.
        let number = video.name().trim_start_matches('0');
        let path = need_file(&masks, "masks", format!("{number}_label.mat"))?;
        let labels = read_frame_labels(&path)?.of_video();
        let labels = labels.map_err(SourceError::in_labels(&path))?;
        tests.push(
            TestVideo::new(video)
                .with_labels_of(path.clone(), labels)
                .with_masks(MaskSource::Mat(path)),
        );
    }
    Ok(VideoSet {
        train,
        test: tests,
        ..VideoSet::default()
    })
}
