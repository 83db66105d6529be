//! The JSON in the metadata of a detector's file: what its tensors are, and what was fitted.

use safetensors::tensor::Metadata;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::ModelFileError;
use crate::network::{AutoencoderConfig, ImageAutoencoderConfig};

/// Key of this JSON in the metadata of the safetensors header.
pub(super) const METADATA_KEY: &str = "memae";

/// Version of that JSON; raised when a reader of the old one would misread the new.
const FORMAT_VERSION: u32 = 1;

/// What the header says of a network.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header<N, F> {
    version: u32,
    /// Files of the first release are of images and don't say so.
    #[serde(default = "image_kind", skip_serializing_if = "is_image_kind")]
    kind: String,
    pub(super) network: N,
    pub(super) detector: Option<F>,
}

#[cfg(feature = "files")]
impl<N, F: FittedState<N>> Header<N, F> {
    pub(super) fn new(network: N, fitted: F) -> Self {
        Self {
            version: FORMAT_VERSION,
            kind: F::KIND.to_string(),
            network,
            detector: Some(fitted),
        }
    }
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

/// Reads what the header of a file says, which errors call `path`.
pub(super) fn read_header<N: AutoencoderConfig, F: FittedState<N>>(
    path: &str,
    metadata: &Metadata,
) -> Result<Header<N, F>, ModelFileError> {
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
    let (header, unknown) = with_unknown::<Header<N, F>>(json).map_err(json_error)?;
    let found = match (header.version, unknown) {
        (FORMAT_VERSION, None) => return Ok(header),
        (FORMAT_VERSION, Some(setting)) => format!("the unknown setting `{setting}`"),
        (version, _) => format!("version {version}"),
    };
    Err(ModelFileError::Header {
        path: path.to_string(),
        found,
    })
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
