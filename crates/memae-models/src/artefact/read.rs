use burn::module::Module;
use burn::store::{ModuleSnapshot, PyTorchToBurnAdapter, SafetensorsStore};
use burn::tensor::Device;
use safetensors::{Dtype, SafeTensorError, SafeTensors};

use super::error::ModelFileError;
use super::header::{DetectorParts, FittedState, Header, read_header};
use super::saved_network::SavedNetwork;

/// The most names and errors that a message lists.
const MAX_LISTED: usize = 20;

/// A network read from a file.
pub(crate) struct Loaded<N: SavedNetwork, F: FittedState<N>> {
    pub(crate) model: N::Network,
    pub(crate) parts: DetectorParts<N, F>,
}

/// Reads the bytes of a file, which errors call `path`.
pub(crate) fn read_model<N: SavedNetwork, F: FittedState<N>>(
    bytes: Vec<u8>,
    path: &str,
    device: &Device,
) -> Result<Loaded<N, F>, ModelFileError> {
    let format_error = |error: SafeTensorError| ModelFileError::Format {
        path: path.to_string(),
        reason: error.to_string(),
    };
    // Checks that the tensors named in the header fill the file to its last byte.
    let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(format_error)?;
    let header: Header<N, F> = read_header(path, &metadata)?;
    check_values(path, &bytes)?;
    let network_error = |source| ModelFileError::Network {
        path: path.to_string(),
        source,
    };
    header.network.validate().map_err(network_error)?;
    let header_error = |found: String| ModelFileError::Header {
        path: path.to_string(),
        found,
    };
    let fitted = header
        .detector
        .ok_or_else(|| header_error("a network without score rule and threshold".to_string()))?;
    let preprocessing = header.preprocessing.as_ref();
    let of_preprocessing = || {
        let Some(preprocessing) = preprocessing else {
            let is_missing = F::NEEDS_PREPROCESSING;
            return is_missing
                .then(|| "a detector that does not say how files become samples".to_string());
        };
        fitted.preprocessing_problem(&header.network, preprocessing)
    };
    if let Some(problem) = fitted.problem(&header.network).or_else(of_preprocessing) {
        return Err(header_error(problem));
    }
    // A header may claim any size: nothing is allocated for values that the file does not hold.
    let (found, expected) = (bytes.len(), header.network.num_parameters());
    if expected > found {
        return Err(ModelFileError::Tensors {
            path: path.to_string(),
            reason: format!("the network has {expected} parameters, the file only {found} bytes"),
        });
    }
    let mut model = header.network.try_init(device).map_err(network_error)?;
    // What does not fit is said below, in one line.
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_from_adapter(PyTorchToBurnAdapter)
        .validate(false)
        .allow_partial(true);
    let tensors_error = |reason: String| ModelFileError::Tensors {
        path: path.to_string(),
        reason,
    };
    let result = model
        .load_from(&mut store)
        .map_err(|error| tensors_error(one_line(&error.to_string())))?;
    let missing: Vec<String> = result.missing.into_iter().map(|(name, _)| name).collect();
    let errors = result
        .errors
        .iter()
        .map(|error| one_line(&error.to_string()));
    let mut problems: Vec<String> = errors.take(MAX_LISTED).collect();
    if !missing.is_empty() {
        problems.push(format!("missing {}", listed(&missing)));
    }
    if !result.unused.is_empty() {
        problems.push(format!("{} belong to no layer", listed(&result.unused)));
    }
    if !problems.is_empty() {
        return Err(tensors_error(problems.join("; ")));
    }
    Ok(Loaded {
        model: model.valid(),
        parts: DetectorParts {
            network: header.network,
            fitted,
            preprocessing: header.preprocessing,
            provenance: header.provenance.unwrap_or_default(),
        },
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

/// Names in one line, whatever they hold.
fn listed(names: &[String]) -> String {
    let listed = names[..names.len().min(MAX_LISTED)].join(", ");
    let listed = listed.escape_debug();
    match names.len().saturating_sub(MAX_LISTED) {
        0 => listed.to_string(),
        more => format!("{listed} and {more} more"),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
