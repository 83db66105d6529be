//! The JSON in the metadata of a detector's file: what its tensors are, and what was fitted.

use safetensors::tensor::Metadata;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::ModelFileError;
use super::provenance::Provenance;
use super::saved_network::SavedNetwork;
use crate::network::{AutoencoderConfig, ImageAutoencoderConfig};

/// Key of this JSON in the metadata of the safetensors header.
pub(super) const METADATA_KEY: &str = "memae";

/// Version of that JSON; raised when a reader of the old one would misread the new. Files of all versions up to this one are
/// read.
///
/// 1: the first. 2: with the way from raw input to samples, where the threshold comes from, and where the detector does.
const FORMAT_VERSION: u32 = 2;

/// What the header says of a network. A field that is not known here may change what the others mean, so it is refused.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(bound(serialize = "F: Serialize", deserialize = "F: DeserializeOwned"))]
pub(super) struct Header<N: SavedNetwork, F: FittedState<N>> {
    version: u32,
    /// Files of the first release are of images and don't say so.
    #[serde(default = "image_kind", skip_serializing_if = "is_image_kind")]
    kind: String,
    pub(super) network: N,
    pub(super) detector: Option<F>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub(super) preprocessing: Option<F::Preprocessing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) provenance: Option<Provenance>,
}

/// For fields whose type has no default itself.
fn none<T>() -> Option<T> {
    None
}

#[cfg(feature = "files")]
impl<N: SavedNetwork, F: FittedState<N>> Header<N, F> {
    pub(super) fn new(parts: DetectorParts<N, F>) -> Self {
        Self {
            version: FORMAT_VERSION,
            kind: F::KIND.to_string(),
            network: parts.network,
            detector: Some(parts.fitted),
            preprocessing: parts.preprocessing,
            provenance: Some(parts.provenance.written()),
        }
    }
}

/// What a detector is made of, beside its weights.
pub(crate) struct DetectorParts<N: SavedNetwork, F: FittedState<N>> {
    pub(crate) network: N,
    pub(crate) fitted: F,
    pub(crate) preprocessing: Option<F::Preprocessing>,
    pub(crate) provenance: Provenance,
}

/// What a detector saves of what it was fitted to.
pub(crate) trait FittedState<N: SavedNetwork>: Serialize + DeserializeOwned {
    /// The way from raw input to what the network takes.
    type Preprocessing: Serialize + DeserializeOwned;

    /// What files call detectors of this kind.
    const KIND: &'static str;

    /// Whether there is no such detector without its preprocessing.
    const NEEDS_PREPROCESSING: bool = false;

    /// What is wrong with a state that came from a file.
    fn problem(&self, network: &N) -> Option<String>;

    /// Why samples made in this way are not what the network takes, or not like those that it was fitted to.
    fn preprocessing_problem(
        &self,
        network: &N,
        preprocessing: &Self::Preprocessing,
    ) -> Option<String>;
}

/// What is read of a header before anything else.
#[derive(Deserialize)]
struct HeaderVersion {
    version: u32,
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

/// What the file at `path` calls detectors of its kind, as its header says; its version is one that is read.
pub(super) fn read_kind(path: &str, metadata: &Metadata) -> Result<String, ModelFileError> {
    let json = json_of(path, metadata)?;
    let json_error = |error: serde_json::Error| not_settings(path, &error);
    let HeaderVersion { version } = serde_json::from_str(json).map_err(json_error)?;
    if !(1..=FORMAT_VERSION).contains(&version) {
        return Err(ModelFileError::Version {
            path: path.to_string(),
            found: version,
            expected: FORMAT_VERSION,
        });
    }
    let HeaderKind { kind } = serde_json::from_str(json).map_err(json_error)?;
    Ok(kind)
}

/// Reads what the header of a file says, which errors call `path`.
pub(super) fn read_header<N: SavedNetwork, F: FittedState<N>>(
    path: &str,
    metadata: &Metadata,
) -> Result<Header<N, F>, ModelFileError> {
    let kind = read_kind(path, metadata)?;
    if kind != F::KIND {
        return Err(ModelFileError::OtherKind {
            path: path.to_string(),
            found: kind,
            expected: F::KIND,
        });
    }
    let json = json_of(path, metadata)?;
    match with_unknown::<Header<N, F>>(json) {
        Ok((header, None)) => Ok(header),
        Ok((_, Some(setting))) => Err(ModelFileError::Header {
            path: path.to_string(),
            found: format!("the unknown setting `{setting}`"),
        }),
        Err(error) => Err(not_settings(path, &error)),
    }
}

/// A value, and the first field at any depth that it does not have: what a later version writes there may change what the
/// others mean.
fn with_unknown<T: DeserializeOwned>(json: &str) -> serde_json::Result<(T, Option<String>)> {
    let mut unknown = None;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = serde_ignored::deserialize(&mut deserializer, |field| {
        // Values that may be absent have a step of their own, which is called `?`.
        let field = field.to_string().replace(".?", "");
        unknown.get_or_insert(field.escape_default().take(120).collect());
    })?;
    deserializer.end()?;
    Ok((value, unknown))
}

/// All that the header of a file says.
#[cfg(feature = "files")]
pub(super) fn read_settings(
    path: &str,
    metadata: &Metadata,
) -> Result<serde_json::Value, ModelFileError> {
    let json = json_of(path, metadata)?;
    serde_json::from_str(json).map_err(|error| not_settings(path, &error))
}

fn json_of<'a>(path: &str, metadata: &'a Metadata) -> Result<&'a str, ModelFileError> {
    let entries = metadata.metadata().as_ref();
    let json = entries.and_then(|entries| entries.get(METADATA_KEY));
    json.map(String::as_str)
        .ok_or_else(|| ModelFileError::Header {
            path: path.to_string(),
            found: "nothing".to_string(),
        })
}

fn not_settings(path: &str, error: &serde_json::Error) -> ModelFileError {
    ModelFileError::Header {
        path: path.to_string(),
        found: format!("other settings ({error})"),
    }
}
