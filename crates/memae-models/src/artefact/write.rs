use std::io::Write;
use std::path::Path;

use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot, SafetensorsStore};
use memae_data::format::{replace_file, shown};

use super::error::ModelFileError;
use super::header::{DetectorParts, FittedState, Header, METADATA_KEY};
use super::limits::{MAX_BYTES, MAX_HEADER_BYTES};
use super::saved_network::SavedNetwork;

/// Writes the file of a detector, if it is one that can be read again.
pub(crate) fn save_model<N: SavedNetwork, F: FittedState<N>>(
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
    check_length(&bytes).map_err(write_error)?;
    replace_file(path, |file| file.write_all(&bytes))
        .map_err(|error| write_error(error.to_string()))
}

/// Whether the bytes of a file are as few as are read.
fn check_length(bytes: &[u8]) -> Result<(), String> {
    let header = bytes
        .first_chunk()
        .map_or(0, |&length| u64::from_le_bytes(length));
    let lengths = [
        ("a header", header, MAX_HEADER_BYTES),
        ("a file", bytes.len() as u64, MAX_BYTES),
    ];
    match lengths.iter().find(|(_, found, most)| found > most) {
        Some((what, found, most)) => Err(format!(
            "{what} of {found} bytes, expected at most {most}, as are read"
        )),
        None => Ok(()),
    }
}
