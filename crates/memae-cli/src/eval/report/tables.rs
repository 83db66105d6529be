//! Rows of tables: which columns make them anomalous, and how they use the memory.

use std::collections::HashMap;

use burn::tensor::Device;
use memae::data::sample::Vectors;
use memae::detect::{Detector, Place};
use memae::network::VectorAutoencoderConfig;
use memae_report::{Columns, Contribution, MemoryHealth};

use super::health::memory_health;
use crate::eval::labelled::Labelled;
use crate::failure::Failure;

/// Rows that the use of the memory is counted on.
const COUNTED: usize = 2000;
/// Columns that are shown of one row, and of all together.
const SHOWN_OF_ROW: usize = 4;
const SHOWN: usize = 12;

/// The shares of the columns in the errors of some rows, in the order of the rows.
pub(super) struct ColumnShares {
    names: Vec<String>,
    rows: Vec<Vec<f64>>,
}

impl ColumnShares {
    pub(super) fn measure(
        detector: &Detector<VectorAutoencoderConfig>,
        labelled: &Labelled,
        indices: &[usize],
        device: &Device,
    ) -> Result<Option<Self>, Failure> {
        let Some(rows) = encoded(detector, labelled, indices)? else {
            return Ok(None);
        };
        let errors = detector.column_errors(&rows, device)?;
        Ok(Some(Self {
            names: errors.columns().to_vec(),
            rows: errors.shares().collect(),
        }))
    }

    /// The columns that contribute most to the row at a position.
    pub(super) fn of_row(&self, position: usize) -> Vec<Contribution> {
        self.largest(&self.rows[position], SHOWN_OF_ROW)
    }

    /// The columns that contribute most to the first rows together.
    pub(super) fn of_first(&self, count: usize) -> Columns {
        let rows = &self.rows[..count.min(self.rows.len())];
        let mean = |column: usize| {
            rows.iter().map(|shares| shares[column]).sum::<f64>() / rows.len().max(1) as f64
        };
        let means: Vec<f64> = (0..self.names.len()).map(mean).collect();
        Columns::new(self.largest(&means, SHOWN)).with_explanation(format!(
            "Mean share in the reconstruction errors of the {} rows with the highest scores.",
            rows.len()
        ))
    }

    fn largest(&self, shares: &[f64], count: usize) -> Vec<Contribution> {
        let mut order: Vec<usize> = (0..shares.len()).filter(|&i| shares[i] > 0.0).collect();
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
        let largest = order.into_iter().take(count);
        largest
            .map(|column| Contribution::new(&self.names[column], shares[column]))
            .collect()
    }
}

/// How the memory is used by the rows that were scored; `None` of a network without.
pub(super) fn memory(
    detector: &Detector<VectorAutoencoderConfig>,
    labelled: &Labelled,
    device: &Device,
) -> Result<Option<MemoryHealth>, Failure> {
    let step = labelled.samples.len().div_ceil(COUNTED).max(1);
    let indices: Vec<usize> = (0..labelled.samples.len()).step_by(step).collect();
    let Some(rows) = encoded(detector, labelled, &indices)? else {
        return Ok(None);
    };
    let usage = detector.evaluate(&rows, device)?.usage;
    Ok(usage.map(|usage| memory_health(&usage)))
}

/// Rows as the network takes them, in the order of `indices`; each file is read once.
fn encoded(
    detector: &Detector<VectorAutoencoderConfig>,
    labelled: &Labelled,
    indices: &[usize],
) -> Result<Option<Vectors>, Failure> {
    let Some(preprocessing) = detector.preprocessing() else {
        return Ok(None);
    };
    let width = preprocessing.encoder.width();
    let mut values = vec![0.0; indices.len() * width];
    let mut positions: Vec<usize> = (0..indices.len()).collect();
    // Samples lie file by file.
    positions.sort_by_key(|&position| indices[position]);
    let sample = |position: usize| &labelled.samples[indices[position]];
    for of_file in positions.chunk_by(|&a, &b| sample(a).path == sample(b).path) {
        let table = preprocessing.reading.read(&sample(of_file[0]).path)?;
        // A row may be wanted twice: among the worst, and near the threshold.
        let lines: HashMap<u64, usize> = (0..table.rows())
            .map(|row| (table.line(row), row))
            .collect();
        let rows: Option<Vec<usize>> = of_file
            .iter()
            .map(|&position| match sample(position).place {
                Place::Line(line) => lines.get(&line).copied(),
                _ => None,
            })
            .collect();
        let Some(rows) = rows else {
            return Err(Failure::Other(format!(
                "{}: found other rows than a moment ago, expected a file that nobody writes to",
                memae::data::format::shown(&sample(of_file[0]).path)
            )));
        };
        let vectors = preprocessing.encoder.encode_rows(&table, &rows)?;
        for (&position, row) in of_file.iter().zip(vectors.values().chunks_exact(width)) {
            values[position * width..(position + 1) * width].copy_from_slice(row);
        }
    }
    Ok(Some(Vectors::new(width, values)?))
}
