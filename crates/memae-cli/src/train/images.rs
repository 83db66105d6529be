//! Pictures.

use std::collections::HashMap;
use std::path::PathBuf;

use memae::artefact::Suspect;
use memae::data::dataset::ImageFiles;
use memae::data::format::{ImageHeader, read_image_header, shown};
use memae::data::protocol::NormalParts;
use memae::detect::{Detector, DetectorConfig, PixelThresholdConfig, Verdict};
use memae::samples::{Grouped, Selection, Tiled};

use super::held_out::flagged;
use super::options::{Colour, Groups};
use super::provenance::{Facts, provenance, suspects};
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
            region: options.parts.region()?,
            tiles: options.parts.tiling(),
            grey: options.colour.map(|colour| colour == Colour::Grey),
            epochs: options.epochs,
            items: options.items,
            rule: options.rule.map(Into::into),
            seed: options.seed,
        },
    );
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let groups_of = |files: &[PathBuf]| match options.groups.unwrap_or(Groups::Single) {
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
    if read.files.len() < FEWEST {
        found.left_out.report(training.shared.quiet);
        return Err(Failure::Other(format!(
            "{}: found {} pictures, expected at least {FEWEST}, so that some can be held out",
            listed(&options.normal),
            read.files.len()
        )));
    }
    let picture_of = picture_of_each(&read);
    let tile_groups: Vec<usize> = picture_of.iter().map(|&picture| groups[picture]).collect();
    let tiled = Tiled::new(read.images.clone(), read.grids.clone());
    let samples = Grouped::new(tiled.clone(), tile_groups);
    let count = trained_on(read.images.len(), &parts);
    let network = recipe.network(read.images.shape(), count);
    let config = recipe.training(count).with_parts(Some(parts));
    let tiles = match read.grids {
        Some(_) => format!(" in {} tiles", read.images.len()),
        None => String::new(),
    };
    training.note(format_args!(
        "{} pictures{tiles} of {}, {} items, {} passes",
        read.files.len(),
        read.images.shape(),
        network.memory.as_ref().map_or(0, |memory| memory.num_items),
        config.epochs
    ));
    let trained = training.trainer(&config, &device).fit(&network, &samples)?;
    let parts = trained.parts;

    let detector = Detector::fit_with_preprocessing(
        trained.model,
        network,
        read.preprocessing.clone(),
        DetectorConfig {
            rule: recipe.rule,
            ..DetectorConfig::default()
        },
        &Selection::new(samples.clone(), parts.train.clone()),
        &device,
    )?;
    let on = Selection::new(samples.clone(), parts.train.clone());
    let usage = detector.evaluate(&on, &device)?.usage;
    let held_out = Selection::new(samples, parts.calibrate.clone());
    // The promise is of pictures, not of their tiles.
    let pictures = |tiles: &[usize]| {
        let mut pictures: Vec<usize> = tiles.iter().map(|&tile| picture_of[tile]).collect();
        pictures.dedup();
        pictures
    };
    let parts = NormalParts::new(
        pictures(&parts.train),
        pictures(&parts.select),
        pictures(&parts.calibrate),
    );
    let held_out_groups: Vec<usize> = parts.calibrate.iter().map(|&index| groups[index]).collect();
    let pixels = PixelThresholdConfig::default().with_rate(options.rate);
    let detector = detector
        .calibrate(&held_out, Some(&held_out_groups), options.rate, &device)?
        .calibrate_pixels(&held_out, Some(&held_out_groups), pixels, &device)?;
    let found_in = detector.detect_tiles(&tiled, &device)?;
    let data = format!(
        "{} pictures from {}",
        read.files.len(),
        listed(&options.normal)
    );
    let (verdicts, worst): (Vec<Verdict>, Vec<usize>) = found_in.into_iter().unzip();
    let suspects = suspects(&verdicts, |index, score| {
        let suspect = Suspect::new(shown(&read.files[index]), score);
        match &read.grids {
            Some(grids) => suspect.with_place(format!("tile {}", grids[index].place(worst[index]))),
            None => suspect,
        }
    });
    let flagged = flagged(&verdicts, &parts.select);
    let facts = Facts {
        data,
        suspects,
        flagged,
        usage,
    };
    let provenance = provenance(options, &config, &parts, facts)?;
    let detector = detector.with_provenance(provenance);
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    found.left_out.report(training.shared.quiet);
    Ok(Outcome {
        left_out: found.left_out.count() > 0,
        anomalies: false,
    })
}

/// The number of the picture that each sample is from.
fn picture_of_each(read: &ImageFiles) -> Vec<usize> {
    match &read.grids {
        Some(grids) => {
            let grids = grids.iter().enumerate();
            let of = grids.flat_map(|(picture, grid)| std::iter::repeat_n(picture, grid.len()));
            of.collect()
        }
        None => (0..read.files.len()).collect(),
    }
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
pub(crate) fn by_folder(files: &[PathBuf]) -> Vec<usize> {
    let mut numbers = HashMap::new();
    files
        .iter()
        .map(|path| {
            let next = numbers.len();
            *numbers.entry(path.parent()).or_insert(next)
        })
        .collect()
}
