use std::path::Path;

use super::outcome::VideoOutcome;
use super::{pictures, score_table};
use crate::ExperimentError;
use crate::output::make_folder;

impl VideoOutcome {
    /// Writes pictures and detectors into a folder, which is made if need be: `scores.png`, `roc.png`,
    /// `training.png`, `curve.png`, and for each network `worst_frames_NAME.png`, `scores_NAME.csv`
    /// (every frame by every rule) and `NAME.safetensors`. Each file is written beside its place and
    /// renamed. The ROC needs labels, the training a network that was trained, the curve one that was
    /// tested after every epoch.
    ///
    /// # Errors
    ///
    /// The folder or a file can't be written; a frame can't be read.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ExperimentError> {
        let folder = folder.as_ref();
        make_folder(folder)?;
        // What took long to make comes first.
        for model in &self.models {
            let file = format!("{}.safetensors", model.file_name());
            model.detector.save(folder.join(file))?;
            let file = format!("scores_{}.csv", model.file_name());
            score_table::save_scores(&self.data, model, &folder.join(file))?;
        }
        pictures::save_all(self, folder)
    }
}
