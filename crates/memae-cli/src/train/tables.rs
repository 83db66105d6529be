//! Rows of tables.

use memae::artefact::Suspect;
use memae::data::format::shown;
use memae::data::sample::Table;
use memae::detect::{DetectionThreshold, Verdict};
use memae::samples::Selection;

use super::held_out::flagged;
use super::method::Method;
use super::provenance::{Facts, provenance, scores_of, suspects};
use super::table_lesson::{Lesson, Taught, scores_by_others};
use super::training::{Training, report};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::{columns_of, refused};

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
    let parts = &division.kept;
    let mut taught = lesson.taught(parts, "training", options.method())?;
    let method = taught.settings.method();
    let folds = training.fold_by_fold(&division, |parts, label| {
        let taught = lesson.taught(parts, label, method)?;
        let held_out = Selection::new(taught.vectors, parts.calibrate.clone());
        Ok(taught.detector.calibration(&held_out, None, &device)?)
    })?;
    taught.detector = match folds.is_empty() {
        true => {
            let held_out = Selection::new(taught.vectors.clone(), parts.calibrate.clone());
            let rate = options.rate;
            taught.detector.calibrate(&held_out, None, rate, &device)?
        }
        false => {
            let threshold = DetectionThreshold::of_folds(&folds, options.rate)?;
            taught.detector.with_threshold(threshold)
        }
    };
    if method == Method::Network {
        training.note_memory(taught.usage.as_ref());
    }
    let data = format!("{} rows of {}", rows.len(), shown(path));
    let verdicts = taught.detector.detect(&taught.vectors, &device)?;
    let scores = scores_by_others(&taught, scores_of(&verdicts), &device)?;
    let suspects = suspects(&scores, |row, score| {
        Suspect::new(format!("line {}", table.line(rows[row])), score)
    });
    let threshold = taught.detector.detection_threshold();
    let verdicts: Vec<Verdict> = scores
        .iter()
        .map(|&score| threshold.verdict(score))
        .collect();
    let flagged = flagged(&verdicts, &parts.select);
    let Taught {
        detector,
        usage,
        settings,
        figures,
        ..
    } = taught;
    let facts = Facts {
        data,
        suspects,
        flagged,
        usage,
    };
    let mut provenance = provenance(training, &settings, parts, facts)?;
    for (name, figure) in figures {
        provenance = provenance.with_figure(name, figure);
    }
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
