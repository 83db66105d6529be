//! How videos are opened, for programs that open none: they keep it, so that what they write others can read.

use serde::{Deserialize, Serialize};

/// What is saved of a `VideoConfig`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct KeptOpening {
    numbering: Numbering,
    damage: DamagePolicy,
    start: f64,
    end: Option<f64>,
    rate: Option<f64>,
    image_rate: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Numbering {
    #[default]
    Consecutive,
    Natural,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DamagePolicy {
    #[default]
    Refuse,
    LeaveOut,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "files")]
    #[test]
    fn what_is_kept_is_what_opens_videos() {
        use crate::format;
        use crate::sample::VideoConfig;

        let set = VideoConfig::default()
            .with_numbering(format::Numbering::Natural)
            .with_damage(format::DamagePolicy::LeaveOut)
            .with_start(0.1 + 0.2)
            .with_end(1.0 / 3.0)
            .with_rate(5.0)
            .with_image_rate(29.97);
        for config in [VideoConfig::default(), set] {
            let saved = serde_json::to_value(&config).unwrap();
            let kept: KeptOpening = serde_json::from_value(saved.clone()).unwrap();
            assert_eq!(serde_json::to_value(&kept).unwrap(), saved);
            assert_eq!(
                kept == KeptOpening::default(),
                config == VideoConfig::default()
            );
        }
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let known = r#"{"rate":5.0,"damage":"leave-out"}"#;
        let kept: KeptOpening = serde_json::from_str(known).unwrap();
        assert_eq!(kept.rate, Some(5.0));
        for unknown in [r#"{"speed":5.0}"#, r#"{"damage":"guess"}"#, "5"] {
            assert!(
                serde_json::from_str::<KeptOpening>(unknown).is_err(),
                "{unknown}"
            );
        }
    }
}
