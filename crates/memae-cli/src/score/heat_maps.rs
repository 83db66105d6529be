//! Where pictures are anomalous, drawn over them.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae::data::format::shown;
use memae::detect::AnyDetector;
use memae_pictures::{HeatMapPicture, ShownPixels};

use super::found::Scored;
use crate::failure::Failure;
use crate::output_file::check_output;

/// Writes heat maps into a folder: `000001_NAME.png`, and where there is a threshold for pixels `000001_NAME_mask.png`, by the number
/// of the picture, so that pictures of one name from several folders keep apart.
pub(super) struct HeatMaps<'a> {
    folder: &'a Path,
    /// What is read, and must not be replaced.
    inputs: &'a [PathBuf],
    detector: &'a AnyDetector,
    drawn: usize,
}

impl<'a> HeatMaps<'a> {
    pub(super) fn new(
        folder: &'a PathBuf,
        inputs: &'a [PathBuf],
        detector: &'a AnyDetector,
    ) -> Result<Self, Failure> {
        if !matches!(detector, AnyDetector::Image(_)) {
            return Err(Failure::Other(format!(
                "--heatmaps: found a detector of kind {}, expected one of pictures",
                detector.kind()
            )));
        }
        std::fs::create_dir_all(folder).map_err(Failure::writing(folder))?;
        Ok(Self {
            folder,
            inputs,
            detector,
            drawn: 0,
        })
    }

    pub(super) fn draw(&mut self, sample: &Scored, device: &Device) -> Result<(), Failure> {
        self.drawn += 1;
        let found = self.detector.heat_map_file(&sample.path, device)?;
        let size = [found.picture.height, found.picture.width];
        let stem = sample.path.file_stem().unwrap_or_default();
        let stem = shown(Path::new(stem));
        let picture = HeatMapPicture {
            title: &format!("{stem}: {:.2}", found.verdict.normalized),
            image: ShownPixels::Rgb8 {
                values: &found.picture.rgb,
                size,
            },
            map: found.map.values(),
            map_size: size,
            threshold: found.map.threshold(),
            top: None,
            inside: found.inside.as_deref(),
        };
        let file = |ending: &str| {
            let name = format!("{:06}_{}{ending}.png", self.drawn, file_name(&stem));
            self.folder.join(name)
        };
        let (drawn, mask) = (file(""), file("_mask"));
        check_output(&drawn, self.inputs)?;
        picture.save(drawn)?;
        match found.map.threshold() {
            Some(_) => {
                check_output(&mask, self.inputs)?;
                Ok(picture.save_mask(mask)?)
            }
            None => Ok(()),
        }
    }
}

/// What of a name can be one on every system, and is not too long.
fn file_name(stem: &str) -> String {
    let letters = stem.chars().map(|letter| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        letter => letter,
    });
    letters.take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_such_everywhere() {
        assert_eq!(file_name("a:b<c>"), "a_b_c_");
        assert_eq!(file_name(&"é".repeat(99)).chars().count(), 60);
    }
}
