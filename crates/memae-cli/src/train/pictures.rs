//! Pictures that were read, as samples with their groups.

use std::path::PathBuf;

use memae::data::dataset::ImageFiles;
use memae::data::protocol::NormalParts;
use memae::data::sample::{Images, StoredRange};
use memae::samples::{Grouped, Tiled};

use super::division::{Division, Protocol};
use super::training::{Training, listed};
use crate::failure::Failure;
use crate::recipe::ImageRecipe;

/// Fewer than this leave too few to make memory items of.
const FEWEST: usize = 6;
/// So many items there are at least.
const FEWEST_TRAINED_ON: usize = 4;

/// Pictures that were read.
pub(super) struct Pictures {
    pub(super) read: ImageFiles,
    /// The group of each picture.
    pub(super) groups: Vec<usize>,
    /// The number of the picture that each sample is from.
    picture_of: Vec<usize>,
}

impl Pictures {
    /// Reads files and divides them, with the range of those that the kept network is trained on, where it is to be measured.
    pub(super) fn read(
        training: &Training<'_>,
        files: &[PathBuf],
        recipe: &ImageRecipe,
        protocol: Protocol,
        groups_of: impl Fn(&[PathBuf]) -> Vec<usize>,
    ) -> Result<(Self, Result<Division, Failure>), Failure> {
        let divide = |files: &[PathBuf]| protocol.divide(&groups_of(files), FEWEST_TRAINED_ON);
        let bytes = training.memory_bytes();
        let read = read(files, recipe, bytes, |files| match divide(files) {
            Ok(division) => division.kept.train,
            // Is an error further on.
            Err(_) => (0..files.len()).collect(),
        })?;
        let division = match read.files.len() {
            found @ ..FEWEST => Err(Failure::Other(format!(
                "{}: found {found} pictures, expected at least {FEWEST}, so that some can be held out",
                listed(&training.options.normal)
            ))),
            _ => divide(&read.files),
        };
        let groups = groups_of(&read.files);
        Ok((Self::new(read, groups), division))
    }

    fn new(read: ImageFiles, groups: Vec<usize>) -> Self {
        let picture_of = match &read.grids {
            Some(grids) => {
                let grids = grids.iter().enumerate();
                let of = grids.flat_map(|(picture, grid)| std::iter::repeat_n(picture, grid.len()));
                of.collect()
            }
            None => (0..read.files.len()).collect(),
        };
        Self {
            read,
            groups,
            picture_of,
        }
    }

    /// The same pictures as a fold has them: a range that is measured is that of what its network is trained on.
    pub(super) fn of_fold(
        &self,
        recipe: &ImageRecipe,
        bytes: u64,
        parts: &NormalParts,
    ) -> Result<Self, Failure> {
        let again = match recipe.preprocessing.range {
            StoredRange::Measured => {
                let of_parts = |_: &[PathBuf]| parts.train.clone();
                read(&self.read.files, recipe, bytes, of_parts)?
            }
            _ => self.read.clone(),
        };
        match again.files == self.read.files {
            true => Ok(Self::new(again, self.groups.clone())),
            false => Err(Failure::Other(format!(
                "found {} pictures, expected the {} that were there before the training",
                again.files.len(),
                self.read.files.len()
            ))),
        }
    }

    /// What is trained on and scored, one sample for each picture or its tiles.
    pub(super) fn samples(&self) -> Grouped<Tiled<Images>> {
        let groups = self.picture_of.iter().map(|&picture| self.groups[picture]);
        let tiled = Tiled::new(self.read.images.clone(), self.read.grids.clone());
        Grouped::new(tiled, groups.collect::<Vec<_>>())
    }

    /// Parts of the samples from parts of the pictures, whose tiles stay together.
    pub(super) fn of_samples(&self, parts: &NormalParts) -> NormalParts {
        let samples = |pictures: &[usize]| -> Vec<usize> {
            let numbered = self.picture_of.iter().enumerate();
            let of = numbered.filter(|(_, picture)| pictures.binary_search(picture).is_ok());
            of.map(|(sample, _)| sample).collect()
        };
        NormalParts::new(
            samples(&parts.train),
            samples(&parts.select),
            samples(&parts.calibrate),
        )
    }

    /// The group of each of some pictures.
    pub(super) fn groups_of(&self, pictures: &[usize]) -> Vec<usize> {
        pictures.iter().map(|&index| self.groups[index]).collect()
    }
}

fn read(
    files: &[PathBuf],
    recipe: &ImageRecipe,
    bytes: u64,
    trained_on: impl FnOnce(&[PathBuf]) -> Vec<usize>,
) -> Result<ImageFiles, Failure> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let read =
        ImageFiles::read_measured_on(files, &recipe.preprocessing, bytes, workers, trained_on);
    Ok(read?)
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, Luma};
    use memae::data::format::read_image_header;

    use super::*;
    use crate::recipe::ImageSettings;

    /// What a fold is scored by knows no value of it.
    #[test]
    fn the_range_of_a_fold_is_that_of_what_its_network_is_trained_on() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let files: Vec<PathBuf> = (0..6u16)
            .map(|number| {
                let path = folder.path().join(format!("{number}.png"));
                let value = |x: u32, _| Luma([if x == 0 { 100 } else { 1000 * (number + 1) }]);
                let picture = ImageBuffer::<Luma<u16>, _>::from_fn(8, 8, value);
                picture.save(&path).expect("writable");
                path
            })
            .collect();
        let headers: Vec<_> = files.iter().map(read_image_header).collect();
        let headers = headers.into_iter().collect::<Result<Vec<_>, _>>();
        let recipe = ImageRecipe::choose(&headers.expect("pictures"), ImageSettings::default());
        let all = read(&files, &recipe, 1 << 30, |files| (0..files.len()).collect());
        let all = Pictures::new(all.expect("whole"), (0..6).collect());
        let high = |pictures: &Pictures| match pictures.read.preprocessing.range {
            StoredRange::Given { high, .. } => high,
            range => panic!("{range:?}"),
        };
        assert_eq!(high(&all), 6000.0);
        let parts = NormalParts::new(vec![0, 2, 3], vec![1], vec![4, 5]);
        let fold = all.of_fold(&recipe, 1 << 30, &parts).expect("whole");
        assert_eq!(high(&fold), 4000.0);
        assert_eq!(fold.groups, all.groups);

        std::fs::remove_file(&files[5]).expect("there");
        let gone = all.of_fold(&recipe, 1 << 30, &parts).err();
        assert_eq!(
            gone.map(|error| error.to_string()).as_deref(),
            Some("found 5 pictures, expected the 6 that were there before the training")
        );
    }
}
