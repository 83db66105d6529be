//! A trained network with its settings in one safetensors file that other programs can open.

use std::io::Write;
use std::path::Path;

use burn::module::Module;
use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot, PyTorchToBurnAdapter, SafetensorsStore};
use burn::tensor::Device;
use memae_data::{ImageShape, replace_file};
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::detect::{Fitted, ScoreRule, ScoreScale};
use crate::network::{ImageAutoencoder, ImageAutoencoderConfig, NetworkConfigError};

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
    /// A safetensors file without our settings, or with others than expected.
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
struct Header {
    version: u32,
    network: ImageAutoencoderConfig,
    detector: Option<SavedFitted>,
}

/// [`Fitted`] in the header. serde_json reads numbers to within a unit in the last place; as text
/// they survive to the bit.
#[derive(Debug, Serialize, Deserialize)]
struct SavedFitted {
    rule: ScoreRule,
    #[serde(with = "number_as_text")]
    threshold: f64,
    #[serde(with = "number_as_text")]
    reconstruction_spread: f64,
    #[serde(with = "number_as_text")]
    read_distance_spread: f64,
}

impl SavedFitted {
    fn new(fitted: &Fitted) -> Self {
        Self {
            rule: fitted.rule,
            threshold: fitted.threshold,
            reconstruction_spread: fitted.scale.reconstruction,
            read_distance_spread: fitted.scale.read_distance,
        }
    }

    fn fitted(&self) -> Fitted {
        Fitted {
            rule: self.rule,
            scale: ScoreScale {
                reconstruction: self.reconstruction_spread,
                read_distance: self.read_distance_spread,
            },
            threshold: self.threshold,
        }
    }
}

mod number_as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(D::Error::custom(format!(
                "found {text:?}, expected a finite number as text"
            ))),
        }
    }
}

/// A network read from a file.
pub(crate) struct Loaded {
    pub(crate) model: ImageAutoencoder,
    pub(crate) network: ImageAutoencoderConfig,
    pub(crate) fitted: Option<Fitted>,
}

pub(crate) fn save_model(
    path: &Path,
    model: &ImageAutoencoder,
    network: &ImageAutoencoderConfig,
    fitted: Option<&Fitted>,
) -> Result<(), ModelFileError> {
    let write_error = |reason: String| ModelFileError::Write {
        path: path.display().to_string(),
        reason,
    };
    let header = Header {
        version: FORMAT_VERSION,
        network: network.clone(),
        detector: fitted.map(SavedFitted::new),
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

pub(crate) fn load_model(path: &Path, device: &Device) -> Result<Loaded, ModelFileError> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| ModelFileError::Read {
        path: shown.clone(),
        source,
    })?;
    let header = read_header(&shown, &bytes)?;
    check_values(&shown, &bytes)?;
    let network_error = |source| ModelFileError::Network {
        path: shown.clone(),
        source,
    };
    header.network.validate().map_err(network_error)?;
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
        fitted: header.detector.as_ref().map(SavedFitted::fitted),
    })
}

fn read_header(path: &str, bytes: &[u8]) -> Result<Header, ModelFileError> {
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
    let header: Header = serde_json::from_str(json).map_err(|error| ModelFileError::Header {
        path: path.to_string(),
        found: format!("other settings ({error})"),
    })?;
    let found = match &header.detector {
        _ if header.version != FORMAT_VERSION => format!("version {}", header.version),
        // Scores are divided by it.
        Some(saved) if saved.reconstruction_spread.min(saved.read_distance_spread) <= 0.0 => {
            "a spread of scores that is not above 0".to_string()
        }
        _ => return Ok(header),
    };
    Err(ModelFileError::Header {
        path: path.to_string(),
        found,
    })
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
