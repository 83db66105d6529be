//! A trained network with its settings in one safetensors file that other programs can open.

use std::io::Write;
use std::path::Path;

use crate::replace_file::replace_file;
use burn::module::Module;
use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot, PyTorchToBurnAdapter, SafetensorsStore};
use burn::tensor::Device;
use memae_data::sample::ImageShape;
use safetensors::{Dtype, SafeTensors};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::detect::{Fitted, ScoreRule, ScoreScale};
use crate::network::{AutoencoderConfig, ImageAutoencoderConfig, NetworkConfigError};

/// Key of our JSON in the metadata of the safetensors header.
const METADATA_KEY: &str = "memae";
/// Version of that JSON; raised when a reader of the old one would misread the new.
const FORMAT_VERSION: u32 = 1;

/// Why a model file was not written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// The system refused.
    #[error("{path}: can't be read: {source}")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file could not be written.
    #[error("{path}: can't be written: {reason}")]
    Write {
        /// The file.
        path: String,
        /// What went wrong.
        reason: String,
    },
    /// Not a safetensors file, or a damaged one.
    #[error("{path}: not a whole safetensors file: {reason}")]
    Format {
        /// The file.
        path: String,
        /// What the reader said.
        reason: String,
    },
    /// A safetensors file with other settings than expected, or with none.
    #[error(
        "{path}: header metadata `memae`: found {found}, expected the settings of a saved detector"
    )]
    Header {
        /// The file.
        path: String,
        /// What was found.
        found: String,
    },
    /// Settings that make no network.
    #[error("{path}: header metadata `memae`: {source}")]
    Network {
        /// The file.
        path: String,
        /// What is wrong with them.
        source: NetworkConfigError,
    },
    /// Tensors that are not those of the network in the header.
    #[error("{path}: tensors don't fit the network in the header: {reason}")]
    Tensors {
        /// The file.
        path: String,
        /// Names of missing, extra or wrongly shaped tensors.
        reason: String,
    },
    /// A network for samples of another kind.
    #[error("{path}: found a detector of kind {found:?}, expected one of kind {expected:?}")]
    OtherKind {
        /// The file.
        path: String,
        /// Kind found, as the file has it.
        found: String,
        /// Kind expected.
        expected: &'static str,
    },
    /// A network for images of another shape than the caller has.
    #[error("{path}: found a network for {found} images, expected one for {expected}")]
    OtherInput {
        /// The file.
        path: String,
        /// Input of the network in the file.
        found: ImageShape,
        /// Input expected.
        expected: ImageShape,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct Header<N, F> {
    version: u32,
    /// Files of the first release are of images and don't say so.
    #[serde(default = "image_kind", skip_serializing_if = "is_image_kind")]
    kind: String,
    network: N,
    detector: Option<F>,
}

/// What a detector saves of what it was fitted to.
pub(crate) trait FittedState<N>: Serialize + DeserializeOwned {
    /// What files call detectors of this kind.
    const KIND: &'static str;

    /// What is wrong with a state that came from a file.
    fn problem(&self, network: &N) -> Option<String>;
}

/// What is read of a header before its network is known.
#[derive(Deserialize)]
struct HeaderKind {
    #[serde(default = "image_kind")]
    kind: String,
}

fn image_kind() -> String {
    ImageAutoencoderConfig::KIND.to_string()
}

fn is_image_kind(kind: &str) -> bool {
    kind == ImageAutoencoderConfig::KIND
}

/// [`Fitted`] in the header.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedFitted {
    rule: ScoreRule,
    #[serde(with = "crate::number_as_text")]
    threshold: f64,
    #[serde(with = "crate::number_as_text")]
    reconstruction_spread: f64,
    #[serde(with = "crate::number_as_text")]
    read_distance_spread: f64,
    /// Files of the first release have none; no rule of theirs needs it.
    #[serde(with = "crate::number_as_text", default = "crate::detect::no_spread")]
    encoding_distance_spread: f64,
}

impl<N: AutoencoderConfig> FittedState<N> for SavedFitted {
    const KIND: &'static str = N::KIND;

    fn problem(&self, _network: &N) -> Option<String> {
        // Scores are divided by it.
        let least = self
            .reconstruction_spread
            .min(self.read_distance_spread)
            .min(self.encoding_distance_spread);
        (least <= 0.0).then(|| "a spread of scores that is not above 0".to_string())
    }
}

impl SavedFitted {
    pub(crate) fn new(fitted: &Fitted) -> Self {
        Self {
            rule: fitted.rule,
            threshold: fitted.threshold,
            reconstruction_spread: fitted.scale.reconstruction,
            read_distance_spread: fitted.scale.read_distance,
            encoding_distance_spread: fitted.scale.encoding_distance,
        }
    }

    pub(crate) fn fitted(&self) -> Fitted {
        Fitted {
            rule: self.rule,
            scale: ScoreScale {
                reconstruction: self.reconstruction_spread,
                read_distance: self.read_distance_spread,
                encoding_distance: self.encoding_distance_spread,
            },
            threshold: self.threshold,
        }
    }
}

/// A network read from a file.
pub(crate) struct Loaded<N: AutoencoderConfig, F> {
    pub(crate) model: N::Network,
    pub(crate) network: N,
    pub(crate) fitted: F,
}

pub(crate) fn save_model<N: AutoencoderConfig, F: FittedState<N>>(
    path: &Path,
    model: &N::Network,
    network: &N,
    fitted: F,
) -> Result<(), ModelFileError> {
    let write_error = |reason: String| ModelFileError::Write {
        path: path.display().to_string(),
        reason,
    };
    let header = Header {
        version: FORMAT_VERSION,
        kind: F::KIND.to_string(),
        network: network.clone(),
        detector: Some(fitted),
    };
    let header = serde_json::to_string(&header).map_err(|error| write_error(error.to_string()))?;
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

pub(crate) fn load_model<N: AutoencoderConfig, F: FittedState<N>>(
    path: &Path,
    device: &Device,
) -> Result<Loaded<N, F>, ModelFileError> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| ModelFileError::Read {
        path: shown.clone(),
        source,
    })?;
    let header: Header<N, F> = read_header(&shown, &bytes)?;
    check_values(&shown, &bytes)?;
    let network_error = |source| ModelFileError::Network {
        path: shown.clone(),
        source,
    };
    header.network.validate().map_err(network_error)?;
    let header_error = |found: String| ModelFileError::Header {
        path: shown.clone(),
        found,
    };
    let fitted = header
        .detector
        .ok_or_else(|| header_error("a network without score rule and threshold".to_string()))?;
    if let Some(problem) = fitted.problem(&header.network) {
        return Err(header_error(problem));
    }
    // A header may claim any size: nothing is allocated for values that the file does not hold.
    let (found, expected) = (bytes.len(), header.network.num_parameters());
    if expected > found {
        return Err(ModelFileError::Tensors {
            path: shown,
            reason: format!("the network has {expected} parameters, the file only {found} bytes"),
        });
    }
    let mut model = header.network.try_init(device).map_err(network_error)?;
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_from_adapter(PyTorchToBurnAdapter)
        .validate(true);
    let tensors_error = |reason: String| ModelFileError::Tensors {
        path: shown.clone(),
        reason,
    };
    let result = model
        .load_from(&mut store)
        .map_err(|error| tensors_error(one_line(&error.to_string())))?;
    if !result.unused.is_empty() {
        return Err(tensors_error(format!(
            "{} belong to no layer",
            result.unused.join(", ")
        )));
    }
    Ok(Loaded {
        model: model.valid(),
        network: header.network,
        fitted,
    })
}

fn read_header<N: AutoencoderConfig, F: FittedState<N>>(
    path: &str,
    bytes: &[u8],
) -> Result<Header<N, F>, ModelFileError> {
    let format_error = |reason: String| ModelFileError::Format {
        path: path.to_string(),
        reason,
    };
    // Checks that the tensors named in the header fill the file to its last byte.
    SafeTensors::deserialize(bytes).map_err(|error| format_error(error.to_string()))?;
    let (_, metadata) =
        SafeTensors::read_metadata(bytes).map_err(|error| format_error(error.to_string()))?;
    let json = metadata
        .metadata()
        .as_ref()
        .and_then(|entries| entries.get(METADATA_KEY))
        .ok_or_else(|| ModelFileError::Header {
            path: path.to_string(),
            found: "nothing".to_string(),
        })?;
    let json_error = |error: serde_json::Error| ModelFileError::Header {
        path: path.to_string(),
        found: format!("other settings ({error})"),
    };
    let HeaderKind { kind } = serde_json::from_str(json).map_err(json_error)?;
    if kind != F::KIND {
        return Err(ModelFileError::OtherKind {
            path: path.to_string(),
            found: kind,
            expected: F::KIND,
        });
    }
    let header: Header<N, F> = serde_json::from_str(json).map_err(json_error)?;
    match header.version {
        FORMAT_VERSION => Ok(header),
        version => Err(ModelFileError::Header {
            path: path.to_string(),
            found: format!("version {version}"),
        }),
    }
}

/// Checks what a network computes with: numbers, in the type that it computes in.
fn check_values(path: &str, bytes: &[u8]) -> Result<(), ModelFileError> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| ModelFileError::Format {
        path: path.to_string(),
        reason: error.to_string(),
    })?;
    let tensors_error = |reason: String| ModelFileError::Tensors {
        path: path.to_string(),
        reason,
    };
    for (name, tensor) in tensors.iter() {
        if tensor.dtype() != Dtype::F32 {
            return Err(tensors_error(format!(
                "{name} is of type {}, expected F32",
                tensor.dtype()
            )));
        }
        let mut values = tensor
            .data()
            .chunks_exact(4)
            .map(|bytes| bytes.try_into().map_or(f32::NAN, f32::from_le_bytes));
        let variance = name.ends_with("running_var");
        let bad = values.find(|value| !value.is_finite() || (variance && *value < 0.0));
        if let Some(value) = bad {
            return Err(tensors_error(format!(
                "{name} holds {value}, expected {}",
                match variance {
                    true => "finite numbers, 0 or above",
                    false => "finite numbers",
                }
            )));
        }
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
