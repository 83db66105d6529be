//! Files of models: no more is read than what the header of one accounts for.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use burn::tensor::Device;
use memae_data::format::shown;
use memae_data::format::{FileError, open_file};
use safetensors::tensor::Metadata;

use super::error::ModelFileError;
use super::header::{FittedState, Header, read_header, read_kind, read_settings};
use super::limits::{MAX_BYTES, MAX_HEADER_BYTES};
use super::read::{Loaded, read_model};
use super::saved_network::SavedNetwork;

/// The most bytes of tensors for each parameter: four, and four more for the statistics of normalisation, which are no
/// parameters, but fewer.
const BYTES_PER_PARAMETER: usize = 8;

/// A file of which the header was read.
struct Opened {
    file: File,
    /// The header as it is in the file.
    bytes: Vec<u8>,
    metadata: Metadata,
    /// How errors call the file.
    shown: String,
}

impl Opened {
    fn open(path: &Path) -> Result<Self, ModelFileError> {
        let mut file = open_file(path)?;
        let claimed = file.metadata().map_err(reading(path))?.len();
        if claimed > MAX_BYTES {
            return Err(ModelFileError::File(FileError::FileSize {
                path: path.to_path_buf(),
                found: claimed,
                max_bytes: MAX_BYTES,
            }));
        }
        let shown = shown(path);
        let format_error = |reason: String| ModelFileError::Format {
            path: shown.clone(),
            reason,
        };
        let mut bytes = Vec::new();
        let header = read_head(&mut file, &mut bytes).map_err(reading(path))?;
        let header = header.map_err(format_error)?;
        let metadata: Metadata =
            serde_json::from_slice(header).map_err(|error| format_error(error.to_string()))?;
        // A file may grow while it is read.
        let found = (claimed as usize).saturating_sub(bytes.len());
        let expected = metadata.data_len();
        match found == expected {
            true => Ok(Self {
                file,
                bytes,
                metadata,
                shown,
            }),
            false => Err(format_error(format!(
                "its tensors take {expected} bytes, found {found}"
            ))),
        }
    }
}

/// What the file at `path` calls detectors of its kind.
pub(crate) fn kind_of_file(path: &Path) -> Result<String, ModelFileError> {
    let opened = Opened::open(path)?;
    read_kind(&opened.shown, &opened.metadata)
}

/// Everything that a detector's file says of itself, as JSON: what stands beside its tensors. For programs that show or compare
/// files.
///
/// # Errors
///
/// The file can't be read, is damaged, of a later version, or holds no detector. Whether the settings fit each other and the
/// tensors is not looked at.
///
/// ```
/// # use burn::tensor::Device;
/// # use memae_data::drawn::DigitsConfig;
/// # use memae_models::detect::{Detector, DetectorConfig};
/// # use memae_models::network::{ImageAutoencoderConfig, Variant};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("nines.safetensors");
/// # let device = Device::flex();
/// # let digits = DigitsConfig::default().with_train_per_class(5).with_test_per_class(1).generate();
/// # let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
/// # let model = network.init(&device);
/// # Detector::fit(model, network, DetectorConfig::default(), &digits.train, &device)?.save(&path)?;
/// let settings = memae_models::artefact::file_settings(&path)?;
/// assert_eq!(settings["version"], 2);
/// assert_eq!(settings["network"]["memory"]["num_items"], 100);
/// # Ok(())
/// # }
/// ```
pub fn file_settings(path: impl AsRef<Path>) -> Result<serde_json::Value, ModelFileError> {
    let opened = Opened::open(path.as_ref())?;
    read_kind(&opened.shown, &opened.metadata)?;
    read_settings(&opened.shown, &opened.metadata)
}

/// Reads the file at `path`.
pub(crate) fn load_model<N: SavedNetwork, F: FittedState<N>>(
    path: &Path,
    device: &Device,
) -> Result<Loaded<N, F>, ModelFileError> {
    let mut opened = Opened::open(path)?;
    let header: Header<N, F> = read_header(&opened.shown, &opened.metadata)?;
    let parameters = header.network.num_parameters();
    let most = parameters.saturating_mul(BYTES_PER_PARAMETER);
    let expected = opened.metadata.data_len();
    if expected > most {
        return Err(ModelFileError::Tensors {
            path: opened.shown,
            reason: format!(
                "the network has {parameters} parameters, the tensors take {expected} bytes, expected at most {most}"
            ),
        });
    }
    opened.bytes.reserve_exact(expected);
    let mut rest = opened.file.take(expected as u64);
    rest.read_to_end(&mut opened.bytes).map_err(reading(path))?;
    read_model(opened.bytes, &opened.shown, device)
}

fn reading(path: &Path) -> impl Fn(io::Error) -> FileError {
    move |error| FileError::Read {
        path: path.to_path_buf(),
        error,
    }
}

/// Reads the length of the header and the header itself, which is given back, or what is wrong with it.
fn read_head<'a>(file: &mut File, bytes: &'a mut Vec<u8>) -> io::Result<Result<&'a [u8], String>> {
    const LENGTH: usize = size_of::<u64>();
    file.take(LENGTH as u64).read_to_end(bytes)?;
    let Some(&length) = bytes.first_chunk() else {
        return Ok(Err(format!("{} bytes", bytes.len())));
    };
    let length = u64::from_le_bytes(length);
    if length > MAX_HEADER_BYTES {
        return Ok(Err(format!(
            "a header of {length} bytes, expected at most {MAX_HEADER_BYTES}"
        )));
    }
    file.take(length).read_to_end(bytes)?;
    let header = &bytes[LENGTH..];
    Ok(match header.len() as u64 == length {
        true => Ok(header),
        false => Err(format!("{} of {length} bytes of its header", header.len())),
    })
}
