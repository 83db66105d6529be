//! Thresholds in files.

use std::fmt;

use memae_data::protocol::{Calibration, CalibrationError};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::threshold::{DetectionThreshold, ThresholdOrigin};
use crate::artefact::number_as_text;

/// [`DetectionThreshold`] in JSON.
#[derive(Serialize)]
#[serde(untagged)]
enum SavedThreshold {
    /// What files of version 1 hold, a number as text.
    Value(String),
    /// What files hold since.
    Whole(Whole),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(with = "number_as_text")]
    value: f64,
    /// As text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typical: Option<String>,
    origin: Origin,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Origin {
    Training(Quantile),
    HeldOut(HeldOut),
    Folds(Folds),
    BestF1(Labelled),
    Given,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Quantile {
    #[serde(with = "number_as_text")]
    quantile: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeldOut {
    #[serde(with = "number_as_text")]
    rate: f64,
    calibration: Calibration,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Folds {
    folds: usize,
    #[serde(with = "number_as_text")]
    rate: f64,
    calibration: Calibration,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    #[serde(with = "number_as_text")]
    f1: f64,
    samples: usize,
}

/// Told apart by what they are, so that errors say what is wrong with that.
impl<'de> Deserialize<'de> for SavedThreshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = SavedThreshold;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a threshold: a number as text, or one with its origin")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<SavedThreshold, E> {
                Ok(SavedThreshold::Value(text.to_string()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SavedThreshold, A::Error> {
                let whole = Whole::deserialize(MapAccessDeserializer::new(map));
                whole.map(SavedThreshold::Whole)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl Serialize for DetectionThreshold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SavedThreshold::from(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DetectionThreshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = SavedThreshold::deserialize(deserializer)?;
        Self::try_from(saved).map_err(D::Error::custom)
    }
}

impl From<DetectionThreshold> for SavedThreshold {
    fn from(threshold: DetectionThreshold) -> Self {
        let origin = match threshold.origin {
            ThresholdOrigin::Unknown => return Self::Value(threshold.value.to_string()),
            ThresholdOrigin::Training { quantile } => Origin::Training(Quantile { quantile }),
            ThresholdOrigin::HeldOut {
                calibration,
                calibrated,
            } => Origin::HeldOut(HeldOut {
                rate: calibrated.asked,
                calibration: condensed(calibration, calibrated.asked),
            }),
            ThresholdOrigin::Folds {
                folds,
                calibration,
                calibrated,
            } => Origin::Folds(Folds {
                folds,
                rate: calibrated.asked,
                calibration: condensed(calibration, calibrated.asked),
            }),
            ThresholdOrigin::BestF1 { f1, samples } => Origin::BestF1(Labelled { f1, samples }),
            ThresholdOrigin::Given => Origin::Given,
        };
        Self::Whole(Whole {
            value: threshold.value,
            typical: threshold.typical.map(|typical| typical.to_string()),
            origin,
        })
    }
}

impl TryFrom<SavedThreshold> for DetectionThreshold {
    type Error = String;

    fn try_from(saved: SavedThreshold) -> Result<Self, String> {
        let saved = match saved {
            SavedThreshold::Value(text) => {
                return Ok(Self {
                    value: number(&text)?,
                    typical: None,
                    origin: ThresholdOrigin::Unknown,
                });
            }
            SavedThreshold::Whole(saved) => saved,
        };
        let origin = match saved.origin {
            Origin::HeldOut(HeldOut { rate, calibration }) => {
                return of_its_scores(Self::held_out(calibration, rate), saved.value);
            }
            Origin::Folds(Folds {
                folds,
                rate,
                calibration,
            }) => {
                let threshold = Self::of_pooled_folds(calibration, folds, rate);
                return of_its_scores(threshold, saved.value);
            }
            Origin::Training(Quantile { quantile }) => ThresholdOrigin::Training { quantile },
            Origin::BestF1(Labelled { f1, samples }) => ThresholdOrigin::BestF1 { f1, samples },
            Origin::Given => ThresholdOrigin::Given,
        };
        Ok(Self {
            value: saved.value,
            typical: saved.typical.as_deref().map(number).transpose()?,
            origin,
        })
    }
}

/// A calibration in few scores, for a rate that a threshold was chosen by.
fn condensed(calibration: Calibration, rate: f64) -> Calibration {
    calibration.condensed(rate).unwrap_or(calibration)
}

/// The threshold that saved scores give, if it is the one that was saved.
fn of_its_scores(
    threshold: Result<DetectionThreshold, CalibrationError>,
    saved: f64,
) -> Result<DetectionThreshold, String> {
    let threshold = threshold.map_err(|error| error.to_string())?;
    match threshold.value == saved {
        true => Ok(threshold),
        false => Err(format!(
            "found a threshold of {saved}, expected that of its held-out scores, {}",
            threshold.value
        )),
    }
}

fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("found {text:?}, expected a finite number as text")),
    }
}
