//! The one-class protocol for tables: some labels are normal, rows with any other label are anomalous.

use serde::{Deserialize, Serialize};

use super::error::{ProtocolError, check_share};
use super::split::split_at;
use crate::encode::{TableEncoder, TableEncoderConfig, TableEncoderError};
use crate::sample::{Categories, Table, Vectors};
use crate::short_text::listed;

/// Random stream of a seed; those before it are the one-class protocol's for images.
const STREAM_ROWS: u64 = 3;

/// Which labels of a table are those of the normal class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NormalLabels {
    /// These, and no other.
    Only(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

impl NormalLabels {
    fn named(&self) -> &[String] {
        match self {
            Self::Only(labels) | Self::AllBut(labels) => labels,
        }
    }

    fn contains(&self, label: &String) -> bool {
        match self {
            Self::Only(labels) => labels.contains(label),
            Self::AllBut(labels) => !labels.contains(label),
        }
    }
}

/// Settings of the one-class protocol for tables.
///
/// A share of all rows is drawn at random. Trained on are the rows of the normal class among them; all the rows that were
/// not drawn are tested. Source: section 4.3 of Gong et al., ICCV 2019, where half of the rows of KDDCUP99 are tested and
/// the attacks, 80 % of all rows, are the normal class ([`kddcup99`](Self::kddcup99)).
///
/// ```
/// use std::path::Path;
///
/// use memae_data::encode::TableEncoderConfig;
/// use memae_data::protocol::TableOneClassConfig;
/// use memae_data::sample::TableConfig;
///
/// let rows: String = (0..100).map(|row| format!("{row},{}\n", if row % 5 == 0 { "bad" } else { "good" })).collect();
/// let flows = format!("bytes,class\n{rows}");
/// let table = TableConfig::default()
///     .with_numeric(["bytes"])
///     .with_label("class")
///     .decode(flows.as_bytes(), Path::new("flows.csv"))?;
///
/// let split = TableOneClassConfig::only(["good"]).with_seed(1).apply(&table)?;
/// assert_eq!(split.test.len(), 50);
/// assert_eq!(split.normal() + split.anomalies(), 50);
/// assert!(split.train.iter().all(|row| row % 5 != 0));
///
/// let data = split.encode(&table, &TableEncoderConfig::default())?;
/// assert_eq!((data.train.len(), data.test.len()), (split.train.len(), 50));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TableOneClassConfig {
    /// Which labels are those of the normal class.
    pub normal: NormalLabels,
    /// Share of all rows that is drawn to train on, in (0, 1); 1/2 by default.
    #[serde(default = "half")]
    pub train_share: f64,
    /// Seed of the draw.
    #[serde(default)]
    pub seed: u64,
}

fn half() -> f64 {
    0.5
}

impl TableOneClassConfig {
    /// Half of all rows, seed 0.
    pub fn new(normal: NormalLabels) -> Self {
        Self {
            normal,
            train_share: half(),
            seed: 0,
        }
    }

    /// These labels are normal, and no other.
    pub fn only<S: Into<String>>(labels: impl IntoIterator<Item = S>) -> Self {
        let labels = labels.into_iter().map(Into::into).collect();
        Self::new(NormalLabels::Only(labels))
    }

    /// All labels but these are normal.
    pub fn all_but<S: Into<String>>(labels: impl IntoIterator<Item = S>) -> Self {
        let labels = labels.into_iter().map(Into::into).collect();
        Self::new(NormalLabels::AllBut(labels))
    }

    /// The protocol of KDDCUP99: attacks, which are 80 % of all connections, are the normal class.
    pub fn kddcup99() -> Self {
        Self::all_but(["normal."])
    }

    /// Sets the share of all rows that is drawn to train on, in (0, 1).
    pub fn with_train_share(mut self, share: f64) -> Self {
        self.train_share = share;
        self
    }

    /// Sets the seed of the draw.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Divides the rows of a table as the protocol says.
    ///
    /// Rows keep their order.
    ///
    /// # Errors
    ///
    /// The share is not in (0, 1); the table has no labels, or not one that is named here; no row that was drawn is
    /// normal; the rows that are tested are all normal, or all anomalous.
    pub fn apply(&self, table: &Table) -> Result<TableOneClass, ProtocolError> {
        check_share("training share", self.train_share)?;
        let labels = table.labels().ok_or(ProtocolError::NoLabels)?;
        self.check_named(labels)?;
        let names = labels.names().iter();
        let normal: Vec<bool> = names.map(|name| self.normal.contains(name)).collect();
        let is_normal = |row: usize| normal[labels.codes()[row] as usize];

        let rows = table.rows();
        let drawn = (rows as f64 * self.train_share).round() as usize;
        let (mut train, test) = split_at(rows, rows - drawn, self.seed, STREAM_ROWS);
        train.retain(|&row| is_normal(row));
        if train.is_empty() {
            return Err(ProtocolError::NoNormalRows { drawn });
        }
        let anomalous: Vec<bool> = test.iter().map(|&row| !is_normal(row)).collect();
        let split = TableOneClass {
            train,
            test,
            anomalous,
        };
        match split.normal() > 0 && split.anomalies() > 0 {
            true => Ok(split),
            false => Err(ProtocolError::OneKindOfRows {
                normal: split.normal(),
                anomalies: split.anomalies(),
            }),
        }
    }

    fn check_named(&self, labels: &Categories) -> Result<(), ProtocolError> {
        let absent = |name: &&String| !labels.names().contains(name);
        match self.normal.named().iter().find(absent) {
            Some(label) => Err(ProtocolError::UnknownLabel {
                label: label.clone(),
                present: listed(labels.names()),
            }),
            None => Ok(()),
        }
    }
}

/// Rows of a table divided by the one-class protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableOneClass {
    /// Rows to train on, all of the normal class, in ascending order.
    pub train: Vec<usize>,
    /// Rows to test, in ascending order.
    pub test: Vec<usize>,
    /// Whether each row to test is anomalous, `[test rows]`.
    pub anomalous: Vec<bool>,
}

impl TableOneClass {
    /// Number of normal rows to test.
    pub fn normal(&self) -> usize {
        self.anomalous.len() - self.anomalies()
    }

    /// Number of anomalous rows to test.
    pub fn anomalies(&self) -> usize {
        let anomalous = self.anomalous.iter();
        anomalous.filter(|&&anomalous| anomalous).count()
    }

    /// The rows of `table`, which was divided, as vectors; the encoder is fitted to the rows to train on and to no other.
    ///
    /// # Errors
    ///
    /// The encoder cannot be fitted, or a row cannot be encoded, such as one to test with a category that no row to train
    /// on has.
    ///
    /// # Panics
    ///
    /// `table` has fewer rows than the one that was divided.
    pub fn encode(
        &self,
        table: &Table,
        config: &TableEncoderConfig,
    ) -> Result<TableVectors, TableEncoderError> {
        let encoder = config.fit(table, &self.train)?;
        Ok(TableVectors {
            train: encoder.encode_rows(table, &self.train)?,
            test: encoder.encode_rows(table, &self.test)?,
            encoder,
        })
    }
}

/// Divided rows as vectors.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TableVectors {
    /// What made the vectors.
    pub encoder: TableEncoder,
    /// Vectors to train on, `[training rows, width]`.
    pub train: Vectors,
    /// Vectors to test, `[test rows, width]`.
    pub test: Vectors,
}
