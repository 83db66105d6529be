use std::path::Path;

use super::find::{find_folder, folders_in, need_folder};
use super::folders;
use super::opening::Opening;
use crate::dataset::error::SourceError;
use crate::dataset::labels::{FrameLabels, LabelError, read_mask_labels};
use crate::format::{entries, read_file};
use crate::sample::{MaskSource, TestVideo, VideoSet};

/// The most bytes of a file of labels.
const MAX_BYTES: u64 = 1 << 20;

pub(super) fn open(root: &Path, opening: &mut Opening<'_>) -> Result<VideoSet, SourceError> {
    if find_folder(root, &["Train"]).is_none() && find_folder(root, &["training"]).is_some() {
        return folders::open(root, opening);
    }
    let train = need_folder(root, "training videos", &["Train", "training"])?;
    let test = need_folder(root, "test videos", &["Test"])?;

    let open = |folder: &Path| opening.config.open_folder(folder);
    let train = folders_in(&train, |name| name.starts_with("Train"))?
        .iter()
        .map(|folder| open(folder))
        .collect::<Result<_, _>>()?;
    let mut tests = Vec::new();
    for folder in folders_in(&test, |name| {
        name.starts_with("Test") && !name.ends_with("_gt")
    })? {
        let video = open(&folder)?;
        let masks = test.join(format!("{}_gt", video.name()));
        let known = TestVideo::new(video);
        tests.push(match masks.is_dir() {
            true => known.with_masks(MaskSource::Folder(masks)),
            false => known,
        });
    }
    let script = entries(&test)?
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "m"));
    let tests = match script {
        Some(path) => label_by_script(&path, tests)?,
        None => label_by_masks(&test, tests)?,
    };
    Ok(VideoSet {
        train,
        test: tests,
        ..VideoSet::default()
    })
}

fn label_by_script(path: &Path, tests: Vec<TestVideo>) -> Result<Vec<TestVideo>, SourceError> {
    let text = read_file(path, MAX_BYTES)?;
    let frames: Vec<usize> = tests
        .iter()
        .map(|test| test.video.frame_count())
        .collect::<Result<_, _>>()?;
    let labels = spans(&String::from_utf8_lossy(&text))
        .and_then(|spans| FrameLabels::Spans(spans).of_videos(&frames))
        .map_err(SourceError::in_labels(path))?;
    Ok(tests
        .into_iter()
        .zip(labels)
        .map(|(test, labels)| test.with_labels_of(path.to_path_buf(), labels))
        .collect())
}

/// Labels from masks, if every video has them.
fn label_by_masks(folder: &Path, tests: Vec<TestVideo>) -> Result<Vec<TestVideo>, SourceError> {
    if !tests.iter().all(TestVideo::has_masks) {
        return Ok(tests);
    }
    tests
        .into_iter()
        .map(|test| {
            let masks = folder.join(format!("{}_gt", test.video.name()));
            let labels = read_mask_labels(&masks)?;
            Ok(test.with_labels_of(masks, labels))
        })
        .collect()
}

/// The spans of each video from lines such as `TestVideoFile{end+1}.gt_frame = [5:90, 140:200];`.
fn spans(script: &str) -> Result<Vec<Vec<(usize, usize)>>, LabelError> {
    let mut videos = Vec::new();
    for line in script.lines() {
        let code = line.split('%').next().unwrap_or_default();
        let Some((_, value)) = code.split_once("gt_frame") else {
            continue;
        };
        let unexpected = || LabelError::Content {
            found: format!(
                "`{}`",
                code.trim()
                    .chars()
                    .take(80)
                    .flat_map(char::escape_debug)
                    .collect::<String>()
            ),
            expected: "gt_frame = [first:last, …]",
        };
        let value = value.trim().strip_prefix('=').ok_or_else(unexpected)?;
        let value = value.trim().trim_end_matches(';').trim();
        let value = value
            .strip_prefix('[')
            .and_then(|value| value.strip_suffix(']'));
        let list = value.ok_or_else(unexpected)?;
        // Spaces around a colon belong to the span.
        let words: Vec<&str> = list.split_whitespace().collect();
        let list = words.join(" ").replace(" :", ":").replace(": ", ":");
        let parts = list.split([',', ' ']).filter(|part| !part.is_empty());
        let spans = parts.map(|part| {
            let (first, last) = part.split_once(':').unwrap_or((part, part));
            match (first.parse(), last.parse()) {
                (Ok(first), Ok(last)) => Ok((first, last)),
                _ => Err(unexpected()),
            }
        });
        videos.push(spans.collect::<Result<_, _>>()?);
    }
    Ok(videos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_give_the_spans_of_each_video() {
        let script = "TestVideoFile = {}; % gt_frame = [1:2]\n\
                      TestVideoFile{end+1}.gt_frame = [61:180];\r\n\
                      TestVideoFile{end+1}.gt_frame = [5 : 90, 140:\t200 ];\n\
                      TestVideoFile{end+1}.gt_frame = [ 7 9:9];\n\
                      TestVideoFile{end+1}.gt_frame = [];\n";
        let expected = vec![
            vec![(61, 180)],
            vec![(5, 90), (140, 200)],
            vec![(7, 7), (9, 9)],
            vec![],
        ];
        assert_eq!(spans(script), Ok(expected));
    }

    #[test]
    fn other_lines_are_errors() {
        for line in [
            "a.gt_frame = 5:9",
            "a.gt_frame = [5-9];",
            "a.gt_frame",
            "gt_frame = [1:2:3]",
            "gt_frame = [1:",
        ] {
            let error = spans(line).expect_err(line).to_string();
            assert_eq!(
                error,
                format!("frame labels: found `{line}`, expected gt_frame = [first:last, …]")
            );
        }
    }
}
