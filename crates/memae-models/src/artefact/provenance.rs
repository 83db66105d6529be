use std::collections::BTreeMap;

use memae_core::MemoryUsage;
use serde::{Deserialize, Serialize};

/// Where a detector comes from: what is needed to make it again, and what was measured when it was made. For people to read; no
/// score depends on it.
///
/// ```
/// use memae_models::artefact::Provenance;
///
/// let provenance = Provenance::default()
///     .with_data("200 images of nines")
///     .with_seed(7)
///     .with_figure("AUC", 0.98);
/// assert_eq!(provenance.figures["AUC"], 0.98);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Provenance {
    /// Version of this crate that wrote the file; empty until one has.
    pub version: String,
    /// The command that made the detector, or what else did.
    pub command: Option<String>,
    /// What it was trained on, in a line.
    pub data: Option<String>,
    /// Classes that were normal, by name.
    pub normal_classes: Vec<String>,
    /// Seed of training and of the division of the data.
    pub seed: Option<u64>,
    /// Numbers of samples: trained on, selected by, calibrated by, and whatever else counts.
    pub samples: BTreeMap<String, u64>,
    /// Figures measured on samples that were not trained on.
    pub figures: BTreeMap<String, f64>,
    /// Settings of the training, as JSON.
    pub training: Option<serde_json::Value>,
    /// The samples given as normal that look least so, the worst first: training data is often not clean.
    pub suspects: Vec<Suspect>,
    /// How the samples that were trained on read the memory; `None` of a network without, and of files that do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<MemoryReads>,
}

/// How a memory was read by a set of samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MemoryReads {
    /// Queries that were counted.
    pub queries: u64,
    /// Mean number of items that a query reads, in `[0, N]`.
    pub active_items: f64,
    /// Items that no query read.
    pub dead_items: u64,
    /// Share of queries that read nothing, in `[0, 1]`.
    pub empty_rows: f64,
    /// Share of all that was read that came from each item, `[N]`, in `[0, 1]`.
    pub read_shares: Vec<f64>,
}

impl From<&MemoryUsage> for MemoryReads {
    fn from(usage: &MemoryUsage) -> Self {
        Self {
            queries: usage.queries(),
            active_items: usage.mean_active_items(),
            dead_items: usage.dead_items().len() as u64,
            empty_rows: usage.empty_row_share(),
            read_shares: usage.read_shares(),
        }
    }
}

/// A sample given as normal that does not look so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Suspect {
    /// The sample: a file, a frame of a video, a line of a table.
    pub name: String,
    /// Its anomaly score.
    pub score: f64,
    /// Where in a picture that was cut into tiles the score is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Suspect {
    /// A sample with its score.
    pub fn new(name: impl Into<String>, score: f64) -> Self {
        Self {
            name: name.into(),
            score,
            place: None,
        }
    }

    /// Sets where in a picture the score is from.
    pub fn with_place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}

impl Provenance {
    /// Sets the command.
    pub fn with_command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Sets what was trained on, in a line.
    pub fn with_data(mut self, data: impl Into<String>) -> Self {
        self.data = Some(data.into());
        self
    }

    /// Sets the names of the classes that were normal.
    pub fn with_normal_classes<S: Into<String>>(
        mut self,
        classes: impl IntoIterator<Item = S>,
    ) -> Self {
        self.normal_classes = classes.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Adds a number of samples.
    pub fn with_samples(mut self, of: impl Into<String>, count: u64) -> Self {
        self.samples.insert(of.into(), count);
        self
    }

    /// Adds a figure; what is not finite is left out, since JSON has no such numbers.
    pub fn with_figure(mut self, name: impl Into<String>, value: f64) -> Self {
        if value.is_finite() {
            self.figures.insert(name.into(), value);
        }
        self
    }

    /// Sets the samples given as normal that look least so; those whose score is not finite are left out, since JSON has no such
    /// numbers.
    pub fn with_suspects(mut self, suspects: impl IntoIterator<Item = Suspect>) -> Self {
        let suspects = suspects.into_iter();
        self.suspects = suspects
            .filter(|suspect| suspect.score.is_finite())
            .collect();
        self
    }

    /// Sets how the samples that were trained on read the memory.
    ///
    /// ```
    /// use memae_core::MemoryUsage;
    /// use memae_models::artefact::Provenance;
    ///
    /// let provenance = Provenance::default().with_memory(&MemoryUsage::new(3));
    /// assert_eq!(provenance.memory.unwrap().dead_items, 3);
    /// ```
    pub fn with_memory(mut self, usage: &MemoryUsage) -> Self {
        self.memory = Some(usage.into());
        self
    }

    /// Sets the settings of the training.
    ///
    /// # Errors
    ///
    /// Settings that JSON can't hold.
    pub fn with_training(mut self, settings: &impl Serialize) -> serde_json::Result<Self> {
        self.training = Some(serde_json::to_value(settings)?);
        Ok(self)
    }

    /// As it is written.
    #[cfg(feature = "files")]
    pub(super) fn written(&self) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_string(),
            ..self.clone()
        }
    }
}
