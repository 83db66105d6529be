//! Pictures.

use std::collections::HashMap;
use std::path::PathBuf;

use burn::tensor::Device;
use memae::artefact::Suspect;
use memae::data::format::{ImageHeader, read_image_header, shown};
use memae::data::protocol::{Calibration, NormalParts};
use memae::data::sample::Images;
use memae::detect::{
    DetectionThreshold, Detector, DetectorConfig, PixelThreshold, PixelThresholdConfig, Verdict,
};
use memae::samples::{Grouped, Selection, Tiled};
use memae::train::TrainConfig;

use super::division::Protocol;
use super::held_out::flagged;
use super::options::{Colour, Groups};
use super::pictures::Pictures;
use super::provenance::{Facts, provenance, scores_of, suspects};
use super::training::{Training, listed, report};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::normal_pictures;
use crate::recipe::{ImageRecipe, ImageSettings};

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
    let groups_of = |files: &[PathBuf]| match options.groups.unwrap_or(Groups::Single) {
        Groups::Single => (0..files.len()).collect(),
        Groups::Folder => by_folder(files),
    };
    let protocol = training.protocol();
    let (pictures, division) =
        Pictures::read(training, &found.files, &recipe, protocol, groups_of)?;
    let read = &pictures.read;
    for image in &read.left_out {
        found.left_out.add(image.reason.as_str());
    }
    if read.clipped > 0 {
        training.note(format_args!(
            "{} pixels lie outside the range",
            read.clipped
        ));
    }
    let division = division.inspect_err(|_| found.left_out.report(training.shared.quiet))?;
    let lesson = Lesson {
        training,
        recipe: &recipe,
        protocol,
        device: &device,
    };
    let pixels = PixelThresholdConfig::default().with_rate(options.rate);
    let folds = training.fold_by_fold(&division, |parts, label| {
        let pictures = pictures.of_fold(&recipe, training.memory_bytes(), parts)?;
        let (detector, _) = lesson.taught(&pictures, parts, label)?;
        let (held_out, groups) = held_out(&pictures, parts);
        Ok((
            detector.calibration(&held_out, Some(&groups), &device)?,
            detector.pixel_calibration(&held_out, Some(&groups), pixels.sigma, &device)?,
        ))
    })?;
    let parts = &division.kept;
    let (detector, config) = lesson.taught(&pictures, parts, "training")?;
    let samples = pictures.samples();
    let of_samples = pictures.of_samples(parts);
    let on = Selection::new(samples.clone(), of_samples.train);
    let usage = detector.evaluate(&on, &device)?.usage;
    training.note_memory(usage.as_ref());
    let (folds, of_pixels): (Vec<Calibration>, Vec<Calibration>) = folds.into_iter().unzip();
    let detector = match folds.is_empty() {
        true => {
            let (held_out, groups) = held_out(&pictures, parts);
            detector
                .calibrate(&held_out, Some(&groups), options.rate, &device)?
                .calibrate_pixels(&held_out, Some(&groups), pixels, &device)?
        }
        false => {
            let threshold = DetectionThreshold::of_folds(&folds, options.rate)?;
            let of_pixels = DetectionThreshold::of_folds(&of_pixels, pixels.rate)?;
            detector
                .with_threshold(threshold)
                .with_pixel_threshold(PixelThreshold::new(pixels.sigma, of_pixels)?)
        }
    };
    let found_in = detector.detect_tiles(&samples, &device)?;
    let data = format!(
        "{} pictures from {}",
        read.files.len(),
        listed(&options.normal)
    );
    let (verdicts, worst): (Vec<Verdict>, Vec<usize>) = found_in.into_iter().unzip();
    let suspects = suspects(&scores_of(&verdicts), |index, score| {
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
    let provenance = provenance(training, &config, parts, facts)?;
    let detector = detector.with_provenance(provenance);
    detector.save(&options.out)?;
    report(training, detector.detection_threshold(), flagged)?;
    found.left_out.report(training.shared.quiet);
    Ok(Outcome {
        left_out: found.left_out.count() > 0,
        anomalies: false,
    })
}

/// What every training on the same pictures has in common.
struct Lesson<'a> {
    training: &'a Training<'a>,
    recipe: &'a ImageRecipe,
    protocol: Protocol,
    device: &'a Device,
}

impl Lesson<'_> {
    /// A detector of a network that was trained on a part of the pictures, with the settings of the training.
    fn taught(
        &self,
        pictures: &Pictures,
        parts: &NormalParts,
        label: &str,
    ) -> Result<(Detector, TrainConfig), Failure> {
        let read = &pictures.read;
        let samples = pictures.samples();
        let of_samples = pictures.of_samples(parts);
        let count = self.protocol.trained_on(&of_samples, read.images.len());
        let network = self.recipe.network(read.images.shape(), count);
        let config = self.training.divided(self.recipe.training(count));
        let tiles = match read.grids {
            Some(_) => format!(" in {} tiles", read.images.len()),
            None => String::new(),
        };
        self.training.note(format_args!(
            "{} pictures{tiles} of {}, {} items, {} passes",
            read.files.len(),
            read.images.shape(),
            network.memory.as_ref().map_or(0, |memory| memory.num_items),
            config.epochs
        ));
        let trainer = self.training.trainer(&config, self.device);
        let trainer = trainer.with_label(label);
        let trained = trainer.fit_on(&network, &samples, &of_samples)?;
        let detector = Detector::fit_with_preprocessing(
            trained.model,
            network,
            read.preprocessing.clone(),
            DetectorConfig {
                rule: self.recipe.rule,
                ..DetectorConfig::default()
            },
            &Selection::new(samples, of_samples.train),
            self.device,
        )?;
        Ok((detector, config))
    }
}

/// The samples of pictures that calibrate, and the group of each picture: the promise is of pictures, not of their tiles.
fn held_out(
    pictures: &Pictures,
    parts: &NormalParts,
) -> (Selection<Grouped<Tiled<Images>>>, Vec<usize>) {
    let samples = pictures.of_samples(parts).calibrate;
    (
        Selection::new(pictures.samples(), samples),
        pictures.groups_of(&parts.calibrate),
    )
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
