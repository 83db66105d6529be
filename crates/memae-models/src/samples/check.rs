//! What every sample is held to before a network sees it.

use burn::data::dataset::DatasetError;

use crate::network::SampleShape;

/// A sample with another number of values than its source says it has.
#[derive(Debug, thiserror::Error)]
#[error("sample {index} has {found} values, expected {expected} as its shape {shape} says")]
struct ValueCount {
    index: usize,
    found: usize,
    expected: usize,
    shape: String,
}

/// A value that is no number.
#[derive(Debug, thiserror::Error)]
#[error("sample {index} holds {found}, expected finite numbers")]
struct NotFinite {
    index: usize,
    found: f32,
}

/// The values of a sample, if there are as many as its shape says and all are finite.
pub(crate) fn checked<S: SampleShape>(
    values: Vec<f32>,
    index: usize,
    shape: S,
) -> Result<Vec<f32>, DatasetError> {
    let (found, expected) = (values.len(), shape.num_values());
    if found != expected {
        return Err(DatasetError::new(ValueCount {
            index,
            found,
            expected,
            shape: shape.to_string(),
        }));
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(&found) => Err(DatasetError::new(NotFinite { index, found })),
        None => Ok(values),
    }
}
