//! Which columns of a table make a row anomalous.

use burn::tensor::Device;
use memae_data::sample::{VectorShape, Vectors};

use super::batches::{batch_size, check_shape};
use super::detector::Detector;
use super::error::DetectorError;
use crate::network::{SampleShape, VectorAutoencoderConfig};
use crate::score::reconstruct_samples;

/// The part of each column in the reconstruction error of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnErrors {
    columns: Vec<String>,
    errors: Vec<f64>,
}

impl ColumnErrors {
    /// Names of the columns, in the order of the errors.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows, each the squared errors of its columns, `[columns]`, ≥ 0: their sum is the reconstruction error of the row.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.errors.chunks_exact(self.columns.len())
    }

    /// The share of each column in the error of a row, `[columns]`, in `[0, 1]`; nothing of a row that is rebuilt without error.
    pub fn shares(&self) -> impl ExactSizeIterator<Item = Vec<f64>> {
        self.rows().map(|errors| {
            let sum: f64 = errors.iter().sum();
            let share = |error: &f64| if sum > 0.0 { error / sum } else { 0.0 };
            errors.iter().map(share).collect()
        })
    }
}

impl Detector<VectorAutoencoderConfig> {
    /// Which columns of its table make a row anomalous: squared errors summed over the values that each column became
    /// ([`TableEncoder::column_ranges`](memae_data::encode::TableEncoder::column_ranges)). They tell of the reconstruction
    /// error, whatever rule the scores are by.
    ///
    /// # Errors
    ///
    /// The detector has no preprocessing, and so no columns; rows of another width than those trained on; weights so large that
    /// an error is no number.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use burn::tensor::Device;
    /// use memae_data::encode::{TableEncoderConfig, TablePreprocessing};
    /// use memae_data::sample::{TableConfig, VectorShape};
    /// use memae_models::detect::{Detector, DetectorConfig};
    /// use memae_models::network::{Variant, VectorAutoencoderConfig, VectorLayerConfig};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let device = Device::flex();
    /// # let text = &b"protocol,bytes\ntcp,10\nudp,30\ntcp,20\n"[..];
    /// let reading = TableConfig::default().with_categorical(["protocol"]).with_numeric(["bytes"]);
    /// let table = reading.decode(text, Path::new("flows.csv"))?;
    /// let encoder = TableEncoderConfig::default().fit(&table, &[0, 1, 2])?;
    /// let rows = encoder.encode(&table)?;
    /// let shape = VectorShape { width: rows.width() };
    /// let layer = |width| vec![VectorLayerConfig::new(width)];
    /// let network = VectorAutoencoderConfig::new(shape, layer(2), layer(rows.width())).with_variant(Variant::MemAe, 4);
    /// let model = network.init(&device);
    /// let detector = Detector::fit(model, network, DetectorConfig::default(), &rows, &device)?
    ///     .with_preprocessing(TablePreprocessing::new(reading, encoder))?;
    ///
    /// let errors = detector.column_errors(&rows, &device)?;
    /// assert_eq!(errors.columns(), ["protocol", "bytes"]);
    /// for shares in errors.shares() {
    ///     println!("{:.0} % protocol, {:.0} % bytes", 100.0 * shares[0], 100.0 * shares[1]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn column_errors(
        &self,
        rows: &Vectors,
        device: &Device,
    ) -> Result<ColumnErrors, DetectorError> {
        let preprocessing = self.preprocessing();
        let preprocessing = preprocessing.ok_or_else(|| DetectorError::Preprocessing {
            problem: "a detector without the columns of its table, expected one that has them"
                .to_string(),
        })?;
        let shape = self.network.input;
        check_shape(rows, shape)?;
        let rebuilt = reconstruct_samples(&self.model, rows, batch_size(shape), device)?;
        let ranges: Vec<_> = preprocessing.encoder.column_ranges().collect();
        let width = rows.width();
        let mut errors = Vec::with_capacity(rows.len() * ranges.len());
        let pairs = rows
            .values()
            .chunks_exact(width)
            .zip(rebuilt.chunks_exact(width));
        for (index, (row, rebuilt)) in pairs.enumerate() {
            for (_, range) in &ranges {
                let pairs = row[range.clone()].iter().zip(&rebuilt[range.clone()]);
                let error: f64 = pairs
                    .map(|(value, rebuilt)| (f64::from(*value) - f64::from(*rebuilt)).powi(2))
                    .sum();
                if !error.is_finite() {
                    return Err(DetectorError::Score {
                        name: VectorShape::NAME,
                        index,
                        found: error,
                    });
                }
                errors.push(error);
            }
        }
        Ok(ColumnErrors {
            columns: ranges.iter().map(|(name, _)| name.to_string()).collect(),
            errors,
        })
    }
}
