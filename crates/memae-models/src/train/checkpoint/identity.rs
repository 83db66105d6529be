use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fingerprint::Fingerprint;
use crate::network::AutoencoderConfig;
use crate::train::config::TrainConfig;

/// What two runs must have in common for the one to go on where the other stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::train) struct RunIdentity {
    /// Version of this crate, whose results to the last bit may not be those of another.
    version: String,
    network: Value,
    training: Value,
    samples: Fingerprint,
}

/// The first thing in which two runs differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) what: String,
    pub(super) found: String,
    pub(super) expected: String,
}

impl RunIdentity {
    pub(in crate::train) fn new<N: AutoencoderConfig>(
        network: &N,
        training: &TrainConfig,
        samples: Fingerprint,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_string(),
            network: serde_json::to_value(network)?,
            training: serde_json::to_value(training)?,
            samples,
        })
    }

    /// In what a run that was found differs from this one.
    pub(super) fn difference(&self, found: &Self) -> Option<Difference> {
        let parts = |identity: &Self| {
            let samples = serde_json::to_value(&identity.samples).unwrap_or_default();
            let version = Value::from(identity.version.as_str());
            // Samples come last: other settings divide them in another way.
            [
                ("version", version),
                ("network", identity.network.clone()),
                ("training", identity.training.clone()),
                ("samples", samples),
            ]
        };
        let pairs = parts(found).into_iter().zip(parts(self));
        pairs
            .filter_map(|((what, found), (_, expected))| difference(what, &found, &expected))
            .next()
    }
}

fn difference(what: &str, found: &Value, expected: &Value) -> Option<Difference> {
    let inner = |name: &str| match what {
        "" => name.to_string(),
        what => format!("{what}.{name}"),
    };
    match (found, expected) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys());
            names
                .filter_map(|name| {
                    let [one, other] =
                        [one, other].map(|map| map.get(name).unwrap_or(&Value::Null));
                    difference(&inner(name), one, other)
                })
                .next()
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            pairs
                .filter_map(|(place, (one, other))| {
                    difference(&inner(&place.to_string()), one, other)
                })
                .next()
        }
        _ if found == expected => None,
        _ => Some(Difference {
            what: what.to_string(),
            found: found.to_string(),
            expected: expected.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(one: Value, other: Value) -> Option<String> {
        let Difference {
            what,
            found,
            expected,
        } = difference("", &one, &other)?;
        Some(format!("{what}: {found}, {expected}"))
    }

    #[test]
    fn the_first_difference_is_named() {
        let own = json!({"network": {"layers": [{"width": 8}, {"width": 3}]}, "seed": 1});
        assert_eq!(found(own.clone(), own.clone()), None);
        let mut other = own.clone();
        other["network"]["layers"][1]["width"] = json!(4);
        assert_eq!(
            found(own.clone(), other).unwrap(),
            "network.layers.1.width: 3, 4"
        );
        let mut longer = own.clone();
        longer["rate"] = json!(0.5);
        assert_eq!(
            found(own.clone(), longer.clone()).unwrap(),
            "rate: null, 0.5"
        );
        assert_eq!(found(longer, own.clone()).unwrap(), "rate: 0.5, null");
        let mut fewer = own.clone();
        fewer["network"]["layers"] = json!([{"width": 8}]);
        assert_eq!(
            found(fewer, own).unwrap(),
            r#"network.layers: [{"width":8}], [{"width":8},{"width":3}]"#
        );
    }
}
