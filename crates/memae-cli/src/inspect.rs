//! `memae inspect`: what is in a detector's file.

use std::path::{Path, PathBuf};

use clap::Args;
use memae::MemoryModuleConfig;
use memae::artefact::{MemoryReads, file_settings};
use memae::data::encode::{MotionField, MotionPreprocessing, TableEncoder};
use memae::data::format::shown;
use memae::data::sample::Region;
use memae::detect::AnyDetector;
use memae::detect::Detector;
use memae::network::ImageAutoencoderConfig;
use memae_pictures::{ImageStack, MemoryPicture};

use crate::exit::Outcome;
use crate::failure::Failure;
use crate::output_file::check_output;
use crate::print::line;
use crate::promise::promise;
use crate::shared::Shared;

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    detector: PathBuf,
    /// Draw the memory items, each decoded alone, into this PNG file; of detectors of pictures
    #[arg(long, value_name = "FILE")]
    memory: Option<PathBuf>,
    /// All settings as JSON, as they are in the file
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    let settings = file_settings(&options.detector)?;
    let detector = AnyDetector::load(&options.detector, &device)?;
    match options.json {
        true => line(
            serde_json::to_string_pretty(&settings)
                .map_err(|error| Failure::Output(error.into()))?,
        )?,
        false => describe(&detector, &settings)?,
    }
    if let Some(picture) = &options.memory {
        check_output(picture, std::slice::from_ref(&options.detector))?;
        let AnyDetector::Image(detector) = &detector else {
            return Err(Failure::Other(format!(
                "--memory: found a detector of kind {}, expected one of pictures",
                detector.kind()
            )));
        };
        draw_memory(detector, picture)?;
    }
    Ok(Outcome::default())
}

fn describe(detector: &AnyDetector, settings: &serde_json::Value) -> Result<(), Failure> {
    let provenance = detector.provenance();
    let row = |name: &str, text: &str| line(format_args!("{name:<14} {text}"));
    row("kind", detector.kind())?;
    row("format", &format!("version {}", settings["version"]))?;
    row("network", &network(detector))?;
    row("memory", &memory(detector))?;
    if let Some(reads) = &provenance.memory {
        row("memory use", &usage(reads))?;
    }
    let threshold = detector.detection_threshold();
    row(
        "threshold",
        &format!("{}: {}", threshold.value(), promise(threshold)),
    )?;
    let preprocessing = &settings["preprocessing"];
    match preprocessing.is_null() {
        true => row("preprocessing", "not said: files can't be scored")?,
        // What the encoder of a table knows has a row of its own, of all columns.
        false => match preprocessing.get("reading") {
            Some(reading) => row("reading", &brief(reading))?,
            None => row("preprocessing", &brief(preprocessing))?,
        },
    }
    if let AnyDetector::Table(detector) = detector
        && let Some(way) = detector.preprocessing()
    {
        row("columns", &columns(&way.encoder))?;
    }
    if let AnyDetector::Image(detector) = detector
        && let Some(way) = detector.preprocessing()
    {
        if let Some(region) = &way.region {
            row("region", &looked_at(region))?;
        }
        if let Some(tiles) = &way.tiles {
            let (side, overlap, scale) = (tiles.side, tiles.overlap, tiles.scale);
            row(
                "tiles",
                &format!(
                    "{side}x{side}, overlapping by {overlap}, of pictures at a scale of {scale}"
                ),
            )?;
        }
    }
    if let Some(data) = &provenance.data {
        row("trained on", &shown(Path::new(data)))?;
    }
    if !provenance.normal_classes.is_empty() {
        row(
            "normal",
            &shown(Path::new(&provenance.normal_classes.join(", "))),
        )?;
    }
    let samples = provenance.samples.iter();
    let samples: Vec<String> = samples
        .map(|(part, count)| format!("{count} {part}"))
        .collect();
    if !samples.is_empty() {
        row("samples", &samples.join(", "))?;
    }
    for (name, value) in &provenance.figures {
        row("measured", &format!("{name} {value:.4}"))?;
    }
    if let Some(seed) = provenance.seed {
        row("seed", &seed.to_string())?;
    }
    if !provenance.version.is_empty() {
        row("written by", &format!("memae {}", provenance.version))?;
    }
    match &provenance.command {
        Some(command) => row("command", &shown(Path::new(command))),
        None => Ok(()),
    }
}

/// What of pictures a region covers.
fn looked_at(region: &Region) -> String {
    // In thousandths of the sides.
    let of = (1000, 1000);
    let share = |pixels: usize| pixels as f64 / 1000.0;
    let covered = region.covered(of).into_iter().filter(|&inside| inside);
    let covered = 100.0 * covered.count() as f64 / 1e6;
    match region.bounds(of) {
        Some(bounds) => format!(
            "{covered:.1} % of a picture, within {:.3} x {:.3} of height and width at {:.3}, {:.3}",
            share(bounds.height),
            share(bounds.width),
            share(bounds.top),
            share(bounds.left)
        ),
        None => format!("{covered:.1} % of a picture"),
    }
}

fn network(detector: &AnyDetector) -> String {
    let input = match detector {
        AnyDetector::Image(detector) => detector.network.input.to_string(),
        AnyDetector::Video(detector) => detector.network.input.to_string(),
        AnyDetector::Table(detector) => detector.network.input.to_string(),
        AnyDetector::Motion(detector) => motion(detector.preprocessing()),
        AnyDetector::Joint(detector) => {
            let parts = detector.parts();
            format!(
                "{} and {}",
                parts.appearance().network.input,
                motion(parts.motion().preprocessing())
            )
        }
        _ => String::new(),
    };
    format!("takes {input}, {} parameters", detector.num_parameters())
}

/// What motion is told by.
fn motion(way: &MotionPreprocessing) -> String {
    let place = match way.motion().position > 0.0 {
        true => ", and where",
        false => "",
    };
    format!("motion in {} directions{place}", MotionField::DIRECTIONS)
}

fn memory(detector: &AnyDetector) -> String {
    match detector {
        AnyDetector::Image(detector) => items(detector.network.memory.as_ref()),
        AnyDetector::Video(detector) => items(detector.network.memory.as_ref()),
        AnyDetector::Table(detector) => items(detector.network.memory.as_ref()),
        AnyDetector::Motion(detector) => items(detector.scorer().network.memory.as_ref()),
        AnyDetector::Joint(detector) => {
            let parts = detector.parts();
            format!(
                "of appearance {}; of motion {}",
                items(parts.appearance().network.memory.as_ref()),
                items(parts.motion().network.memory.as_ref())
            )
        }
        _ => items(None),
    }
}

fn items(memory: Option<&MemoryModuleConfig>) -> String {
    memory.map_or("none".to_string(), |memory| {
        format!(
            "{} items of {} values, temperature {}",
            memory.num_items, memory.item_dim, memory.temperature
        )
    })
}

/// The columns of a table, with how many values each becomes where it is not one.
fn columns(encoder: &TableEncoder) -> String {
    let columns = encoder.column_ranges();
    let columns: Vec<String> = columns
        .map(|(name, values)| match values.len() {
            1 => name.escape_debug().to_string(),
            count => format!("{} ({count} values)", name.escape_debug()),
        })
        .collect();
    format!("{}: {}", columns.len(), columns.join(", "))
}

/// How the samples of the training read the memory.
fn usage(reads: &MemoryReads) -> String {
    format!(
        "{:.2} items a query, {} of {} items dead, of {:.2} % of queries all weights shrunk away",
        reads.active_items,
        reads.dead_items,
        reads.read_shares.len(),
        100.0 * reads.empty_rows
    )
}

/// A value as JSON in a line, cut where it is long.
fn brief(value: &serde_json::Value) -> String {
    let text = value.to_string();
    match text.chars().count() {
        ..=400 => text,
        _ => text.chars().take(400).chain(['…']).collect(),
    }
}

fn draw_memory(detector: &Detector<ImageAutoencoderConfig>, path: &Path) -> Result<(), Failure> {
    let Some(memory) = &detector.model.memory else {
        return Err(Failure::Other(
            "--memory: found a network without memory, expected one with items".to_string(),
        ));
    };
    let decoded = detector.model.decode_items(memory.items.val()).into_data();
    let values: Vec<f32> = decoded.iter::<f32>().collect();
    let input = detector.network.input;
    let stack = ImageStack::new(input.channels, input.height, input.width, values)?;
    let count = stack.len();
    // Files of other writers may not say how often each was read.
    let reads = detector.provenance().memory.as_ref();
    let shares = reads.map(|reads| reads.read_shares.clone());
    let shares = shares.filter(|shares| shares.len() == count);
    MemoryPicture {
        items: &stack,
        read_shares: &shares.unwrap_or_else(|| vec![f64::NAN; count]),
        indices: &(0..count).collect::<Vec<_>>(),
        title: "memory items, each decoded alone",
    }
    .save(path)?;
    Ok(())
}
