//! Numbers as text, for the attribute `#[serde(with)]`: JSON readers may round the last bit of a number, text keeps it.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// Writes a number as text.
pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads a finite number from text.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(D::Error::custom(format!(
            "found {text:?}, expected a finite number as text"
        ))),
    }
}

/// The same for numbers that may not be there.
pub(super) mod optional {
    use serde::{Deserializer, Serializer};

    /// Writes a number as text, if there is one; without one the attribute `skip_serializing_if` is due.
    pub(in super::super) fn serialize<S: Serializer>(
        value: &Option<f64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a finite number from text.
    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<f64>, D::Error> {
        super::deserialize(deserializer).map(Some)
    }
}
