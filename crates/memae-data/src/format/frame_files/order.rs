use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::FrameFilesError;
use super::folder::{entries_counting, is_image};
use crate::format::error::FileError;
use crate::format::passed_over::{PassedOver, PassedOverReason};

/// What the names of a folder's images say of their order.
///
/// In either case numbers are compared as numbers: `2.jpg` comes before `10.jpg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Numbering {
    /// The names differ in one number, which counts the frames without a gap from any number on: `000.jpg`, `001.jpg`,
    /// … A gap is an error, since the frames beside it do not follow each other in time.
    #[default]
    Consecutive,
    /// Any names, in their natural order. Gaps are not noticed.
    Natural,
}

/// The images of a folder, and what else is in it.
pub(crate) struct FrameFiles {
    /// In the order of frames; at least one.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) passed_over: PassedOver,
}

/// The images of a folder; whatever else is in it is passed over.
pub(crate) fn frame_files(
    folder: &Path,
    content: &'static str,
    numbering: Numbering,
) -> Result<FrameFiles, FileError> {
    let mut passed_over = PassedOver::default();
    let mut files = entries_counting(folder, &mut passed_over, folder)?;
    files.retain(|path| {
        let is_image = is_image(path);
        if !is_image {
            let reason = match path.is_dir() {
                true => PassedOverReason::Folder,
                false => PassedOverReason::Ending,
            };
            passed_over.add(reason, folder, path);
        }
        is_image
    });
    let ordered = match numbering {
        Numbering::Natural => Ok(files),
        Numbering::Consecutive => consecutive(files),
    };
    let ordered = match ordered {
        Ok(files) if files.is_empty() => Err(FrameFilesError::Empty { content }),
        ordered => ordered,
    };
    match ordered {
        Ok(files) => Ok(FrameFiles { files, passed_over }),
        Err(error) => Err(FileError::FrameFiles {
            path: folder.to_path_buf(),
            error,
        }),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .escape_debug()
        .to_string()
}

/// Orders files by the one number in which their names differ, which must have no gaps.
fn consecutive(files: Vec<PathBuf>) -> Result<Vec<PathBuf>, FrameFilesError> {
    let names: Vec<Vec<Part>> = files
        .iter()
        .map(|path| parts(&path.file_stem().unwrap_or_default().to_string_lossy()))
        .collect();
    let Some((first, others)) = names.split_first() else {
        return Ok(files);
    };
    let mut column = None;
    for (index, name) in others.iter().enumerate() {
        let differing: Vec<usize> = (0..first.len().max(name.len()))
            .filter(|&part| first.get(part) != name.get(part))
            .collect();
        let number = match differing[..] {
            // The same number in files of two formats, or with other leading zeros.
            [] => continue,
            [part] if column.unwrap_or(part) == part => part,
            _ => usize::MAX,
        };
        let both = (first.get(number), name.get(number));
        if !matches!(both, (Some(Part::Number(_)), Some(Part::Number(_)))) {
            return Err(FrameFilesError::Names {
                first: file_name(&files[0]),
                second: file_name(&files[index + 1]),
            });
        }
        column = Some(number);
    }
    let number = |name: &[Part]| match column.map(|column| &name[column]) {
        Some(Part::Number(number)) => *number,
        // Without two different names any number will do.
        _ => 0,
    };
    let mut numbered: Vec<(u64, PathBuf)> =
        names.iter().map(|name| number(name)).zip(files).collect();
    numbered.sort();
    for pair in numbered.windows(2) {
        let [(before, first), (after, second)] = pair else {
            continue;
        };
        if before == after {
            return Err(FrameFilesError::Repeated {
                number: *after,
                first: file_name(first),
                second: file_name(second),
            });
        }
        if after - before > 1 {
            return Err(FrameFilesError::Gap {
                missing: before + 1,
                before: file_name(first),
                after: file_name(second),
            });
        }
    }
    Ok(numbered.into_iter().map(|(_, path)| path).collect())
}

/// A part of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Number(u64),
}

/// Splits a name into numbers and what lies between them. Digits beyond the largest number are text.
fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != digits)
            .unwrap_or(rest.len());
        let (part, later) = rest.split_at(end);
        parts.push(match part.parse() {
            Ok(number) if digits => Part::Number(number),
            _ => Part::Text(part.to_string()),
        });
        rest = later;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    fn order(names: &[&str]) -> Result<Vec<String>, String> {
        let files = names.iter().map(PathBuf::from).collect();
        consecutive(files)
            .map(|files| files.iter().map(|path| file_name(path)).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_are_ordered_by_their_value() {
        assert_eq!(
            order(&["10.jpg", "9.jpg", "11.jpg"]).unwrap(),
            ["9.jpg", "10.jpg", "11.jpg"]
        );
        assert_eq!(
            order(&["cam2_frame-3_v1.png", "cam2_frame-02_v1.png"]).unwrap(),
            ["cam2_frame-02_v1.png", "cam2_frame-3_v1.png"]
        );
        assert_eq!(order(&["1.png", "0.jpg"]).unwrap(), ["0.jpg", "1.png"]);
        assert_eq!(order(&["only.jpg"]).unwrap(), ["only.jpg"]);
        assert_eq!(order(&[]).unwrap(), [""; 0]);
    }

    #[test]
    fn gaps_name_what_is_missing() {
        assert_eq!(
            order(&["007.jpg", "009.jpg", "010.jpg"]).unwrap_err(),
            "number 8 is missing: found 009.jpg after 007.jpg, expected consecutive numbers"
        );
        assert_eq!(
            order(&["0.jpg", "18446744073709551615.jpg"]).unwrap_err(),
            "number 1 is missing: found 18446744073709551615.jpg after 0.jpg, expected consecutive numbers"
        );
    }

    #[test]
    fn other_names_are_errors() {
        assert_eq!(
            order(&["001.jpg", "01.jpg"]).unwrap_err(),
            "found 001.jpg and 01.jpg, expected one file of number 0"
        );
        assert_eq!(
            order(&["1.jpg", "1.png", "2.jpg"]).unwrap_err(),
            "found 1.jpg and 1.png, expected one file of number 1"
        );
        for names in [
            ["1.jpg", "thumb.jpg"],
            ["a1.jpg", "b2.jpg"],
            ["1_1.jpg", "2_2.jpg"],
            ["1.jpg", "1a.jpg"],
            ["1.jpg", "99999999999999999999.jpg"],
            ["a.jpg", "b.jpg"],
        ] {
            assert_eq!(
                order(&names).unwrap_err(),
                format!(
                    "found {} and {}, expected names that differ in one number",
                    names[0], names[1]
                )
            );
        }
        // Each differs from the first in one number, but not in the same one.
        assert_eq!(
            order(&["1_1.jpg", "1_2.jpg", "2_1.jpg"]).unwrap_err(),
            "found 1_1.jpg and 2_1.jpg, expected names that differ in one number"
        );
    }

    proptest! {
        #[test]
        fn any_order_of_files_gives_the_order_of_frames(
            first in 0u64..2000, count in 1usize..40, width in 0usize..5, seed: u64,
        ) {
            let names: Vec<String> = (first..).take(count).map(|n| format!("f{n:0width$}.tif")).collect();
            let mut shuffled: Vec<&str> = names.iter().map(String::as_str).collect();
            Random::new(seed, 0).shuffle(&mut shuffled);
            prop_assert_eq!(order(&shuffled).unwrap(), names);
        }
    }
}
