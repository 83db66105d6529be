//! A region as it is saved.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::part::{Form, Region};

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SavedRegion::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = SavedRegion::deserialize(deserializer)?;
        Self::try_from(saved).map_err(D::Error::custom)
    }
}

/// [`Region`] in JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum SavedRegion {
    Rectangle(SavedRectangle),
    Mask(SavedMask),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedRectangle {
    top: f64,
    left: f64,
    height: f64,
    width: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedMask {
    height: usize,
    width: usize,
    /// Lengths of the runs of pixels, outside and inside in turn, with spaces between them, row by row; together as many as
    /// the mask has pixels.
    runs: String,
}

impl From<&Region> for SavedRegion {
    fn from(region: &Region) -> Self {
        match region.0 {
            Form::Rectangle {
                top,
                left,
                height,
                width,
            } => Self::Rectangle(SavedRectangle {
                top,
                left,
                height,
                width,
            }),
            Form::Mask {
                height,
                width,
                ref changes,
                ..
            } => {
                let ends = changes.iter().copied().chain([height * width]);
                let starts = std::iter::once(0).chain(changes.iter().copied());
                let runs: Vec<String> = starts
                    .zip(ends)
                    .map(|(start, end)| (end - start).to_string())
                    .collect();
                Self::Mask(SavedMask {
                    height,
                    width,
                    runs: runs.join(" "),
                })
            }
        }
    }
}

impl TryFrom<SavedRegion> for Region {
    type Error = String;

    fn try_from(saved: SavedRegion) -> Result<Self, String> {
        let region = match saved {
            SavedRegion::Rectangle(SavedRectangle {
                top,
                left,
                height,
                width,
            }) => Self::rectangle(top, left, height, width),
            SavedRegion::Mask(SavedMask {
                height,
                width,
                runs,
            }) => {
                let mut end: usize = 0;
                let mut changes = Vec::new();
                for word in runs.split_ascii_whitespace() {
                    let run: usize = word.parse().map_err(|_| {
                        format!(
                            "found `{}`, expected the length of a run",
                            word.escape_debug()
                        )
                    })?;
                    // Only the first run may be empty, where the mask begins inside.
                    if run == 0 && !changes.is_empty() {
                        return Err("found an empty run, expected one pixel or more".to_string());
                    }
                    end = end.saturating_add(run);
                    changes.push(end);
                }
                if height.checked_mul(width) != changes.pop() {
                    return Err(format!(
                        "found runs of {end} pixels, expected {height}x{width}"
                    ));
                }
                Self::of_changes(height, width, changes)
            }
        };
        region.map_err(|error| error.to_string())
    }
}
