//! Pictures.

use std::collections::HashMap;
use std::path::PathBuf;

use memae::data::dataset::ImageFiles;
use memae::data::format::{ImageHeader, read_image_header, shown};
use memae::detect::{Detector, DetectorConfig, PixelThresholdConfig};
use memae::samples::{Grouped, Selection};

use super::held_out::flagged;
use super::options::{Colour, Groups};
use super::provenance::{provenance, suspects};
use super::training::{Training, listed, report, trained_on};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::normal_pictures;
use crate::recipe::{ImageRecipe, ImageSettings};

/// Fewer than this leave too few to make memory items of.
const FEWEST: usize = 6;
/// Pictures whose headers the sizes are told by.
const LOOKED_AT: usize = 256;

pub(super) fn train(training: &Training<'_>) -> Result<Outcome, Failure> {
    let options = training.options;
    let device = training.shared.device()?;
    let mut found = normal_pictures(&options.normal)?;
    for line in &found.passed_over {
        training.note(line);
    }
    let headers = headers(&found.files)?;
    let recipe = ImageRecipe::choose(
        &headers,
        ImageSettings {
            size: options.size,
            grey: options.colour.map(|colour| colour == Colour::Grey),
            epochs: options.epochs,
            items: options.items,
            rule: options.rule.map(Into::into),
            seed: options.seed,
        },
    );
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let groups_of = |files: &[PathBuf]| match options.groups {
        Groups::Single => (0..files.len()).collect(),
        Groups::Folder => by_folder(files),
    };
    let parts = training.parts();
    let read = ImageFiles::read_measured_on(
        &found.files,
        &recipe.preprocessing,
        training.memory_bytes(),
        workers,
        // Too few are an error further on.
        |files| match parts.divide(&groups_of(files)) {
            Ok(parts) => parts.train,
            Err(_) => (0..files.len()).collect(),
        },
    )?;
    for image in &read.left_out {
        found.left_out.add(image.reason.as_str());
    }
    if read.clipped > 0 {
        training.note(format_args!(
            "{} pixels lie outside the range",
            read.clipped
        ));
    }
    let groups: Vec<usize> = groups_of(&read.files);
    let samples = Grouped::new(read.images.clone(), groups.clone());
    if read.files.len() < FEWEST {
        found.left_out.report();
        return Err(Failure::Other(format!(
            "{}: found {} pictures, expected at least {FEWEST}, so that some can be held out",
            listed(&options.normal),
            read.files.len()
        )));
    }
    let count = trained_on(read.images.len(), &parts);
    let network = recipe.network(read.images.shape(), count);
    let config = recipe.training(count).with_parts(Some(parts));
    training.note(format_args!(
        "{} pictures of {}, {} items, {} passes",
        read.images.len(),
        read.images.shape(),
        network.memory.as_ref().map_or(0, |memory| memory.num_items),
        config.epochs
    ));
    let trained = training.trainer(&config, &device).fit(&network, &samples)?;
    let parts = trained.parts;

    let detector = Detector::fit(
        trained.model,
        network,
        DetectorConfig {
            rule: recipe.rule,
            ..DetectorConfig::default()
        },
        &Selection::new(samples.clone(), parts.train.clone()),
        &device,
    )?
    .with_preprocessing(read.preprocessing.clone())?;
    let held_out = Selection::new(samples, parts.calibrate.clone());
    let held_out_groups: Vec<usize> = parts.calibrate.iter().map(|&index| groups[index]).collect();
    let pixels = PixelThresholdConfig::default().with_rate(options.rate);
    let detector = detector
        .calibrate(&held_out, Some(&held_out_groups), options.rate, &device)?
        .calibrate_pixels(&held_out, Some(&held_out_groups), pixels, &device)?;
    let verdicts = detector.detect(&read.images, &device)?;
    let data = format!(
        "{} pictures from {}",
        read.files.len(),
        listed(&options.normal)
    );
    let suspects = suspects(&verdicts, |index| shown(&read.files[index]));
    let provenance = provenance(options, data, &config, &parts, suspects)?;
    let detector = detector.with_provenance(provenance);
    detector.save(&options.out)?;
    report(
        training,
        detector.detection_threshold(),
        flagged(&verdicts, &parts.select),
    )?;
    found.left_out.report();
    Ok(Outcome {
        left_out: found.left_out.count() > 0,
        anomalies: false,
    })
}

/// Headers of pictures from all over the list; at least one.
fn headers(files: &[PathBuf]) -> Result<Vec<ImageHeader>, Failure> {
    let step = files.len().div_ceil(LOOKED_AT).max(1);
    let looked_at = files.iter().step_by(step).map(read_image_header);
    let headers: Vec<ImageHeader> = looked_at.filter_map(Result::ok).collect();
    if !headers.is_empty() {
        return Ok(headers);
    }
    // None of these: any will do.
    let mut first = None;
    for path in files {
        match read_image_header(path) {
            Ok(header) => return Ok(vec![header]),
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    Err(first.map_or_else(
        || Failure::Other("found no pictures, expected normal ones".to_string()),
        Failure::File,
    ))
}

/// The number of each file's folder.
fn by_folder(files: &[PathBuf]) -> Vec<usize> {
    let mut numbers = HashMap::new();
    files
        .iter()
        .map(|path| {
            let next = numbers.len();
            *numbers.entry(path.parent()).or_insert(next)
        })
        .collect()
}
