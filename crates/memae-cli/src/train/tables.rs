//! Rows of tables.

use memae::artefact::Suspect;
use memae::data::encode::TablePreprocessing;
use memae::data::format::shown;
use memae::data::sample::Table;
use memae::detect::{Detector, DetectorConfig};
use memae::samples::{Samples, Selection};

use super::held_out::flagged;
use super::provenance::{Facts, provenance, suspects};
use super::training::{Training, report, trained_on};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::{columns_of, refused};
use crate::recipe::TableRecipe;

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
    let parts = training.parts();
    // What the others hold must be as new to the encoder as what will be scored.
    let divided = parts.divide_single(rows.len());
    let divided = divided.map_err(|error| Failure::Other(format!("{}: {error}", shown(path))))?;
    let fitted_on: Vec<usize> = divided.train.iter().map(|&index| rows[index]).collect();
    let encoder = TableRecipe::encoder(options.table.lenient).fit(&table, &fitted_on)?;
    let vectors = encoder.encode_rows(&table, &rows)?;

    let recipe = TableRecipe {
        epochs: options.epochs,
        items: options.items,
        rule: options.rule.map(Into::into),
        seed: options.seed,
    };
    let count = trained_on(rows.len(), &parts);
    let network = recipe.network(Samples::shape(&vectors), count);
    let training_config = recipe.training(count).with_parts(Some(parts));
    training.note(format_args!(
        "{} rows of {} columns as {} values, {} passes",
        rows.len(),
        table.columns().len(),
        vectors.width(),
        training_config.epochs
    ));
    let trained = training
        .trainer(&training_config, &device)
        .fit(&network, &vectors)?;
    let parts = trained.parts;
    let detector = Detector::fit(
        trained.model,
        network,
        DetectorConfig {
            rule: recipe.rule(),
            ..DetectorConfig::default()
        },
        &Selection::new(vectors.clone(), parts.train.clone()),
        &device,
    )?
    .with_preprocessing(TablePreprocessing::new(config, encoder))?;
    let held_out = Selection::new(vectors.clone(), parts.calibrate.clone());
    let detector = detector.calibrate(&held_out, None, options.rate, &device)?;
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
    let provenance = provenance(options, &training_config, &parts, facts)?;
    let detector =
        detector.with_provenance(provenance.with_normal_classes(&options.table.normal_labels));
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    Ok(Outcome::default())
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
