use std::collections::BTreeMap;
use std::fmt;
#[cfg(feature = "files")]
use std::path::Path;
use std::path::PathBuf;

/// The most names that are kept for each reason.
#[cfg(feature = "files")]
const MAX_NAMED: usize = 5;

/// Why something in a folder of images or videos was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PassedOverReason {
    /// Its name begins with a dot.
    Hidden,
    /// Its ending is not that of an image, or of a video where videos are looked for.
    Ending,
    /// It is a pipe, a device, or a link to nothing.
    NotRegular,
    /// A link to a folder that it lies in, or a folder that was entered already by another way.
    LinkLoop,
    /// A folder among the images of one video.
    Folder,
    /// A folder of masks.
    GroundTruth,
    /// It lies beside the folders of training and test images or videos.
    Beside,
}

impl fmt::Display for PassedOverReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hidden => "hidden",
            Self::Ending => "with other endings",
            Self::NotRegular => "no regular files",
            Self::LinkLoop => "entered already",
            Self::Folder => "folders among frames",
            Self::GroundTruth => "folders of masks",
            Self::Beside => "beside training and test sets",
        })
    }
}

/// What was passed over in a folder of images or videos: how many files and folders, for what reason, and the first of their names. What
/// lies in a folder that was passed over is not counted.
///
/// Written as one line: `2 passed over: 1 hidden (train/good/.DS_Store), 1 with other endings (train/notes.txt)`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PassedOver {
    groups: BTreeMap<PassedOverReason, (usize, Vec<PathBuf>)>,
}

impl PassedOver {
    /// How many files and folders.
    pub fn count(&self) -> usize {
        self.groups.values().map(|(count, _)| count).sum()
    }

    /// Whether nothing was passed over.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// How many there are of each reason, and the names of up to five of them, from the folder that was read.
    pub fn by_reason(&self) -> impl Iterator<Item = (PassedOverReason, usize, &[PathBuf])> {
        let groups = self.groups.iter();
        groups.map(|(&reason, (count, names))| (reason, *count, names.as_slice()))
    }

    /// Counts a file or a folder, and names it as seen from `root`.
    #[cfg(feature = "files")]
    pub(crate) fn add(&mut self, reason: PassedOverReason, root: &Path, path: &Path) {
        let (count, names) = self.groups.entry(reason).or_default();
        *count += 1;
        if names.len() < MAX_NAMED {
            names.push(path.strip_prefix(root).unwrap_or(path).to_path_buf());
        }
    }

    /// Counts what was passed over elsewhere, too.
    #[cfg(feature = "files")]
    pub(crate) fn add_all(&mut self, other: &Self) {
        for (reason, count, names) in other.by_reason() {
            let (sum, known) = self.groups.entry(reason).or_default();
            *sum += count;
            let free = MAX_NAMED.saturating_sub(known.len());
            known.extend(names.iter().take(free).cloned());
        }
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed over", self.count())?;
        for (index, (reason, count, names)) in self.by_reason().enumerate() {
            let mut names: Vec<String> = names
                .iter()
                .map(|name| name.display().to_string().escape_debug().to_string())
                .collect();
            if count > names.len() {
                names.push("…".to_string());
            }
            let start = if index == 0 { ": " } else { ", " };
            write!(f, "{start}{count} {reason} ({})", names.join(", "))?;
        }
        Ok(())
    }
}
