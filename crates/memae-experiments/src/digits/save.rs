use std::path::Path;

use super::outcome::Outcome;
use super::pictures;
use crate::ExperimentError;
use crate::output::make_folder;

impl Outcome {
    /// Writes `memory.png`, `reconstructions.png`, `addressing.png`, `scores.png`, `training.png`,
    /// `ae.safetensors` and `memae.safetensors` into a folder, which is made if need be. Each file
    /// is written beside its place and renamed.
    ///
    /// # Errors
    ///
    /// The folder or a file can't be written.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ExperimentError> {
        let folder = folder.as_ref();
        make_folder(folder)?;
        pictures::save_all(self, folder)?;
        self.ae.detector.save(folder.join("ae.safetensors"))?;
        self.memae.detector.save(folder.join("memae.safetensors"))?;
        Ok(())
    }

    /// Writes one picture of the first test images of a class, in a folder that is made if need be: what went in, what the
    /// plain autoencoder and MemAE made of it, and their error maps.
    ///
    /// # Errors
    ///
    /// The test images hold none of that class, or the file can't be written.
    pub fn save_class_picture(
        &self,
        class: u8,
        path: impl AsRef<Path>,
    ) -> Result<(), ExperimentError> {
        let path = path.as_ref();
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        pictures::save_class(self, class, path)
    }
}
