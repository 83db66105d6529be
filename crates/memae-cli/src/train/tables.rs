//! Rows of tables.

use burn::tensor::Device;
use memae::artefact::Suspect;
use memae::data::encode::TablePreprocessing;
use memae::data::format::shown;
use memae::data::protocol::NormalParts;
use memae::data::sample::{Table, TableConfig, Vectors};
use memae::detect::{DetectionThreshold, Detector, DetectorConfig};
use memae::network::VectorAutoencoderConfig;
use memae::samples::{Samples, Selection};
use memae::train::TrainConfig;

use super::held_out::flagged;
use super::provenance::{Facts, provenance, suspects};
use super::training::{Training, report};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::{columns_of, refused};
use crate::recipe::TableRecipe;

/// A network learns nothing of one row.
const FEWEST_TRAINED_ON: usize = 2;

pub(super) fn train(training: &Training<'_>) -> Result<Outcome, Failure> {
    let options = training.options;
    let device = training.shared.device()?;
    let [path] = &options.normal[..] else {
        return Err(Failure::Other(format!(
            "found {} tables, expected one",
            options.normal.len()
        )));
    };
    let config = columns_of(path, &options.table)?.with_max_bytes(training.memory_bytes());
    let table = config
        .read(path)
        .map_err(|error| refused(error.to_string()))?;
    for gaps in table.gaps() {
        if gaps.missing + gaps.infinite > 0 {
            training.note(format_args!(
                "column `{}`: {} missing, {} infinite",
                gaps.column.escape_debug(),
                gaps.missing,
                gaps.infinite
            ));
        }
    }
    let rows = normal_rows(&table, &options.table.normal_labels)?;
    let protocol = training.protocol();
    let single: Vec<usize> = (0..rows.len()).collect();
    let division = protocol
        .divide(&single, FEWEST_TRAINED_ON)
        .map_err(|error| Failure::Other(format!("{}: {error}", shown(path))))?;
    let lesson = Lesson {
        training,
        table: &table,
        rows: &rows,
        reading: &config,
        device: &device,
    };
    let folds = training.fold_by_fold(&division, |parts, label| {
        let Taught {
            detector, vectors, ..
        } = lesson.taught(parts, label)?;
        let held_out = Selection::new(vectors, parts.calibrate.clone());
        Ok(detector.calibration(&held_out, None, &device)?)
    })?;
    let parts = &division.kept;
    let Taught {
        detector,
        vectors,
        config,
    } = lesson.taught(parts, "training")?;
    let detector = match folds.is_empty() {
        true => {
            let held_out = Selection::new(vectors.clone(), parts.calibrate.clone());
            detector.calibrate(&held_out, None, options.rate, &device)?
        }
        false => detector.with_threshold(DetectionThreshold::of_folds(&folds, options.rate)?),
    };
    let verdicts = detector.detect(&vectors, &device)?;
    let on = Selection::new(vectors, parts.train.clone());
    let usage = detector.evaluate(&on, &device)?.usage;
    let data = format!("{} rows of {}", rows.len(), shown(path));
    let suspects = suspects(&verdicts, |row, score| {
        Suspect::new(format!("line {}", table.line(rows[row])), score)
    });
    let flagged = flagged(&verdicts, &parts.select);
    let facts = Facts {
        data,
        suspects,
        flagged,
        usage,
    };
    let provenance = provenance(training, &config, parts, facts)?;
    let detector =
        detector.with_provenance(provenance.with_normal_classes(&options.table.normal_labels));
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    Ok(Outcome::default())
}

/// What every training on the same rows has in common.
struct Lesson<'a> {
    training: &'a Training<'a>,
    table: &'a Table,
    /// Those that are normal.
    rows: &'a [usize],
    reading: &'a TableConfig,
    device: &'a Device,
}

/// What came of a training.
struct Taught {
    detector: Detector<VectorAutoencoderConfig>,
    /// All normal rows, by the encoder of the detector.
    vectors: Vectors,
    config: TrainConfig,
}

impl Lesson<'_> {
    /// An encoder and a network, of which neither knows more than the part of the rows that is trained on.
    fn taught(&self, parts: &NormalParts, label: &str) -> Result<Taught, Failure> {
        let (training, rows) = (self.training, self.rows);
        let options = training.options;
        // What the others hold must be as new to the encoder as what will be scored.
        let fitted_on: Vec<usize> = parts.train.iter().map(|&index| rows[index]).collect();
        let encoder = TableRecipe::encoder(options.table.lenient).fit(self.table, &fitted_on)?;
        let vectors = encoder.encode_rows(self.table, rows)?;
        let recipe = TableRecipe {
            epochs: options.epochs,
            items: options.items,
            rule: options.rule.map(Into::into),
            seed: options.seed,
        };
        let count = training.protocol().trained_on(parts, rows.len());
        let network = recipe.network(Samples::shape(&vectors), count);
        let config = training.divided(recipe.training(count));
        training.note(format_args!(
            "{} rows of {} columns as {} values, {} passes",
            rows.len(),
            self.table.columns().len(),
            vectors.width(),
            config.epochs
        ));
        let trainer = training.trainer(&config, self.device).with_label(label);
        let trained = trainer.fit_on(&network, &vectors, parts)?;
        let detector = Detector::fit(
            trained.model,
            network,
            DetectorConfig {
                rule: recipe.rule(),
                ..DetectorConfig::default()
            },
            &Selection::new(vectors.clone(), parts.train.clone()),
            self.device,
        )?
        .with_preprocessing(TablePreprocessing::new(self.reading.clone(), encoder))?;
        Ok(Taught {
            detector,
            vectors,
            config,
        })
    }
}

/// The rows that are normal: all of them, or those with one of the labels.
fn normal_rows(table: &Table, normal: &[String]) -> Result<Vec<usize>, Failure> {
    if normal.is_empty() {
        return Ok((0..table.rows()).collect());
    }
    let Some(labels) = table.labels() else {
        return Err(Failure::Other(
            "--normal: found no column of labels, expected one by --label".to_string(),
        ));
    };
    for name in normal {
        if !labels.names().contains(name) {
            return Err(Failure::Other(format!(
                "--normal: found no row with the label `{}`, expected one of: {}",
                name.escape_debug(),
                labels.names().join(", ").escape_debug()
            )));
        }
    }
    let rows = (0..table.rows()).filter(|&row| normal.iter().any(|name| name == labels.name(row)));
    Ok(rows.collect())
}
