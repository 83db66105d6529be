use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use burn::train::logger::MetricLogger;
use burn::train::metric::store::{EpochSummary, MetricsUpdate, Split};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use serde::{Deserialize, Serialize};

/// Part of a training run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Phase {
    /// Without memory.
    WarmUp,
    /// The network as configured.
    Main,
}

/// Means over one epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EpochFigures {
    /// Part of the run.
    pub phase: Phase,
    /// Epoch, from 1, counted through all phases.
    pub epoch: usize,
    /// Mean of each figure over the training batches, by its name.
    pub train: BTreeMap<String, f64>,
    /// Mean of each figure over the held-out images, by its name.
    pub validation: BTreeMap<String, f64>,
}

/// The figures of a training run, epoch by epoch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrainHistory {
    /// In the order they were run.
    pub epochs: Vec<EpochFigures>,
}

impl TrainHistory {
    /// A table of comma-separated values, an epoch a line: its number, its phase, and the mean of each figure over the training batches
    /// and over the samples held out. A figure that was not measured in an epoch has no value there.
    ///
    /// ```
    /// use memae_models::train::TrainHistory;
    ///
    /// let history = serde_json::from_str::<TrainHistory>(
    ///     r#"{"epochs": [{"phase": "Main", "epoch": 1, "train": {"Loss": 9.5}, "validation": {"Loss": 9.75}}]}"#,
    /// )?;
    /// assert_eq!(history.to_csv(), "epoch,phase,Loss (train),Loss (held out)\n1,main,9.5,9.75\n");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn to_csv(&self) -> String {
        let names = |of: fn(&EpochFigures) -> &Means| -> BTreeSet<&String> {
            self.epochs
                .iter()
                .flat_map(|epoch| of(epoch).keys())
                .collect()
        };
        let (train, held_out) = (
            names(|epoch| &epoch.train),
            names(|epoch| &epoch.validation),
        );
        let mut header = vec!["epoch".to_string(), "phase".to_string()];
        header.extend(train.iter().map(|name| format!("{name} (train)")));
        header.extend(held_out.iter().map(|name| format!("{name} (held out)")));
        let line = |epoch: &EpochFigures| {
            let phase = match epoch.phase {
                Phase::WarmUp => "warm-up",
                Phase::Main => "main",
            };
            let value = |means: &Means, name: &String| {
                means.get(name).map_or(String::new(), f64::to_string)
            };
            let mut line = vec![epoch.epoch.to_string(), phase.to_string()];
            line.extend(train.iter().map(|name| value(&epoch.train, name)));
            line.extend(held_out.iter().map(|name| value(&epoch.validation, name)));
            line.join(",")
        };
        let lines = self.epochs.iter().map(line);
        std::iter::once(header.join(","))
            .chain(lines)
            .map(|line| line + "\n")
            .collect()
    }
}

type Means = BTreeMap<String, f64>;

/// Weighted sum of the values of a batch, and the sum of the weights.
#[derive(Default)]
struct Sum {
    weighted: f64,
    weight: f64,
}

type SplitSums = BTreeMap<(usize, bool, String), Sum>;

impl Sum {
    fn mean(&self) -> f64 {
        self.weighted / self.weight.max(1.0)
    }
}

/// Collects the means of numeric metrics; what burn-train logs to files goes to memory too.
#[derive(Clone, Default)]
pub(in crate::train) struct HistoryLogger {
    names: HashMap<MetricId, String>,
    sums: Arc<Mutex<SplitSums>>,
}

impl HistoryLogger {
    /// One that knows the epochs that are done already.
    pub(in crate::train) fn after(done: &[EpochFigures]) -> Self {
        let logger = Self::default();
        let mut sums = SplitSums::new();
        for (figures, epoch) in done.iter().zip(1..) {
            for (is_train, means) in [(true, &figures.train), (false, &figures.validation)] {
                for (name, &mean) in means {
                    let sum = Sum {
                        weighted: mean,
                        weight: 1.0,
                    };
                    sums.insert((epoch, is_train, name.clone()), sum);
                }
            }
        }
        *logger
            .sums
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner()) = sums;
        logger
    }

    /// What was logged so far, as epochs `first_epoch`, `first_epoch + 1`, …
    pub(in crate::train) fn epochs(&self, phase: Phase, first_epoch: usize) -> Vec<EpochFigures> {
        let sums = self
            .sums
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut epochs: BTreeMap<usize, EpochFigures> = BTreeMap::new();
        for ((epoch, is_train, name), sum) in sums.iter() {
            let figures = epochs.entry(*epoch).or_insert_with(|| EpochFigures {
                phase,
                epoch: first_epoch + epoch - 1,
                train: BTreeMap::new(),
                validation: BTreeMap::new(),
            });
            let split = match is_train {
                true => &mut figures.train,
                false => &mut figures.validation,
            };
            split.insert(name.clone(), sum.mean());
        }
        epochs.into_values().collect()
    }
}

impl MetricLogger for HistoryLogger {
    fn log(&mut self, update: MetricsUpdate, epoch: usize, split: &Split) {
        let is_train = matches!(split, Split::Train);
        let mut sums = self
            .sums
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        for numeric in update.entries_numeric {
            // An epoch's final value repeats what its batches said.
            let (value, count) = match numeric.numeric_entry {
                Some(NumericEntry::Value(value)) => (value, 1),
                Some(NumericEntry::Aggregated {
                    aggregated_value,
                    count,
                }) => (aggregated_value, count),
                Some(NumericEntry::Final(_)) | None => continue,
            };
            let Some(name) = self.names.get(&numeric.entry.metric_id) else {
                continue;
            };
            let sum = sums.entry((epoch, is_train, name.clone())).or_default();
            sum.weighted += value * count as f64;
            sum.weight += count as f64;
        }
    }

    fn read_numeric(
        &mut self,
        name: &str,
        epoch: usize,
        split: &Split,
    ) -> Result<Vec<NumericEntry>, String> {
        let is_train = matches!(split, Split::Train);
        let sums = self
            .sums
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        // Single values are not kept; of a figure that was not measured there are none.
        let sum = sums.get(&(epoch, is_train, name.to_string()));
        Ok(sum
            .map(|sum| NumericEntry::Final(sum.mean()))
            .into_iter()
            .collect())
    }

    fn log_metric_definition(&mut self, definition: MetricDefinition) {
        self.names
            .insert(definition.metric_id, definition.name.to_string());
    }

    fn log_epoch_summary(&mut self, _summary: EpochSummary) {}
}
