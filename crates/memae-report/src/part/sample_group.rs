use super::sample::Sample;
use crate::text::Text;

/// Samples to be looked at, under one title and in the order given.
///
/// Where no sample has pictures, memory items or columns, they stand in a table; a normalised score is from 0 to 1, with
/// 0.5 at the threshold.
///
/// ```
/// use memae_report::{Sample, SampleGroup};
///
/// let worst = SampleGroup::worst([Sample::new("crack/0017.png", 0.0931, true)]);
/// let missed = SampleGroup::new("Missed", [Sample::new("fray/0003.png", 0.0305, false)])
///     .with_explanation("Anomalous images that pass for normal.");
/// ```
#[derive(Debug, Clone)]
pub struct SampleGroup {
    pub(crate) title: Text,
    pub(crate) explanation: Option<Text>,
    pub(crate) samples: Vec<Sample>,
}

impl SampleGroup {
    /// Samples under a title.
    pub fn new(title: impl AsRef<str>, samples: impl IntoIterator<Item = Sample>) -> Self {
        Self {
            title: Text::new(title),
            explanation: None,
            samples: samples.into_iter().collect(),
        }
    }

    /// Those with the highest scores, the highest first.
    pub fn worst(samples: impl IntoIterator<Item = Sample>) -> Self {
        Self::new("Worst samples", samples)
            .with_explanation("The highest scores, the highest first.")
    }

    /// Those closest to the threshold, the closest first.
    pub fn borderline(samples: impl IntoIterator<Item = Sample>) -> Self {
        Self::new("Borderline samples", samples).with_explanation(
            "The scores closest to the threshold, on either side: here a verdict is least certain.",
        )
    }

    /// What they have in common.
    pub fn with_explanation(mut self, explanation: impl AsRef<str>) -> Self {
        self.explanation = Some(Text::new(explanation));
        self
    }

    pub(crate) fn has_details(&self) -> bool {
        self.samples.iter().any(Sample::has_details)
    }

    pub(crate) fn has_normalized(&self) -> bool {
        self.samples
            .iter()
            .any(|sample| sample.normalized_text().is_some())
    }

    pub(crate) fn has_p_values(&self) -> bool {
        self.samples
            .iter()
            .any(|sample| sample.p_value_text().is_some())
    }

    pub(crate) fn has_classes(&self) -> bool {
        self.samples
            .iter()
            .any(|sample| sample.class_name().is_some())
    }
}
