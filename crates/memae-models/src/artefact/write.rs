use memae_data::format::shown;
use std::io::Write;
use std::path::Path;

use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot, SafetensorsStore};

use super::error::ModelFileError;
use super::header::{DetectorParts, FittedState, Header, METADATA_KEY};
use super::replace_file::replace_file;
use crate::network::AutoencoderConfig;

/// Writes the file of a detector.
pub(crate) fn save_model<N: AutoencoderConfig, F: FittedState<N>>(
    path: &Path,
    model: &N::Network,
    parts: DetectorParts<N, F>,
) -> Result<(), ModelFileError> {
    let write_error = |reason: String| ModelFileError::Write {
        path: shown(path),
        reason,
    };
    let header = serde_json::to_string(&Header::new(parts))
        .map_err(|error| write_error(error.to_string()))?;
    let mut store = SafetensorsStore::from_bytes(None)
        .metadata(METADATA_KEY, header)
        .with_to_adapter(BurnToPyTorchAdapter);
    model
        .save_into(&mut store)
        .map_err(|error| write_error(error.to_string()))?;
    let bytes = store
        .get_bytes()
        .map_err(|error| write_error(error.to_string()))?;
    replace_file(path, |file| file.write_all(&bytes))
        .map_err(|error| write_error(error.to_string()))
}
