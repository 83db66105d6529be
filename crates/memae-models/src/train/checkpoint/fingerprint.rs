use burn::data::dataset::DatasetError;
use crc32fast::Hasher;
use memae_data::protocol::NormalParts;
use serde::{Deserialize, Serialize};

use crate::samples::{Samples, Selection};

/// Samples whose values are looked at; each may be a clip that has to be decoded.
const SAMPLES: usize = 16;

/// What samples are known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::train) struct Fingerprint {
    /// Shape of a sample, as it is written.
    shape: String,
    /// Samples that are trained on.
    train: usize,
    /// Samples that the loss is watched on.
    watched: usize,
    /// Of their indices, and of the values of some.
    values_crc32: u32,
}

impl Fingerprint {
    pub(in crate::train) fn of<S: Samples>(
        train: &Selection<S>,
        parts: &NormalParts,
    ) -> Result<Self, DatasetError> {
        let mut hasher = Hasher::new();
        for &index in parts.train.iter().chain(&parts.select) {
            hasher.update(&(index as u64).to_le_bytes());
        }
        let count = train.len();
        let some = (0..SAMPLES.min(count)).map(|place| place * count / SAMPLES.min(count));
        for values in train.read(some.collect()) {
            for value in values? {
                hasher.update(&value.to_le_bytes());
            }
        }
        Ok(Self {
            shape: train.shape().to_string(),
            train: count,
            watched: parts.select.len(),
            values_crc32: hasher.finalize(),
        })
    }
}

#[cfg(test)]
mod tests {
    use memae_data::sample::Vectors;

    use super::*;

    fn fingerprint(values: &[f32], train: &[usize], select: &[usize]) -> Fingerprint {
        let vectors = Vectors::new(1, values.to_vec()).unwrap();
        let parts = NormalParts::new(train.to_vec(), select.to_vec(), Vec::new());
        Fingerprint::of(&Selection::new(vectors, train), &parts).unwrap()
    }

    #[test]
    fn other_samples_and_other_parts_have_another() {
        let values: Vec<f32> = (0..40).map(|i| i as f32).collect();
        let all: Vec<usize> = (0..39).collect();
        let own = fingerprint(&values, &all, &[39]);
        assert_eq!(own, fingerprint(&values, &all, &[39]));
        assert_ne!(own, fingerprint(&values, &all[1..], &[39]));
        assert_ne!(own, fingerprint(&values, &all, &[]));
        assert_ne!(own, fingerprint(&values, &all, &[38]));
        let moved: Vec<f32> = values.iter().map(|value| value + 1.0).collect();
        assert_ne!(own, fingerprint(&moved, &all, &[39]));
        assert_eq!(fingerprint(&values, &[3], &[]).train, 1);
    }
}
