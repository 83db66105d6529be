use std::collections::BTreeMap;
use std::error::Error;

use burn::tensor::Device;
use memae::data::dataset::Kddcup99;
use memae::data::encode::{ClipLayout, ClipsConfig, TableEncoderConfig};
use memae::data::metrics::{average_precision, detection_at_share, roc_auc};
use memae::data::protocol::{
    OneClass, OneClassConfig, ProtocolError, Split, TableOneClassConfig, TableVectors,
};
use memae::data::sample::{FrameColour, LabeledImages};
use memae::detect::{ScoreRule, Scores};
use memae::experiment::video::{VideoExperiment, VideoSource};
use memae::experiment::{Trial, TrialOutcome};
use memae::network::{AutoencoderConfig, Variant, VideoAutoencoderConfig};
use memae::train::{ProgressDisplay, TrainConfig};

use crate::baseline::Rows;
use crate::cell::Work;
use crate::data::Data;
use crate::record::{Figures, Found};

/// The share of network connections that is flagged, as in the paper.
const FLAGGED_SHARE: f64 = 0.2;

/// What a baseline's score is called in tables.
pub const BASELINE_RULE: &str = "score";

/// Judges the scores of test samples.
type Judge<'a> = &'a dyn Fn(&[f64]) -> Result<Figures, Box<dyn Error>>;

/// Does what a cell says.
pub fn run(
    work: &Work,
    data: &Data,
    device: &Device,
    display: ProgressDisplay,
) -> Result<Found, Box<dyn Error>> {
    match (work, data) {
        (
            Work::Images {
                label,
                network,
                train,
                every_epoch,
            },
            Data::Images {
                train: training,
                test,
                ..
            },
        ) => {
            let split = one_class(training, test, *label, train.seed)?;
            let outcome = Trial::new((**network).clone(), (**train).clone(), device.clone())
                .with_display(display)
                .with_scores_every_epoch(*every_epoch)
                .run(&split.train, &split.test)?;
            found(&outcome, &|scores| ranking(scores, &split.anomalous))
        }
        (
            Work::ImageBaseline {
                label,
                baseline,
                seed,
                ..
            },
            Data::Images { train, test, .. },
        ) => {
            let split = one_class(train, test, *label, *seed)?;
            let width = split.train.shape().len();
            let values = |images: &LabeledImages| -> Vec<f32> {
                (0..images.len())
                    .flat_map(|index| images.scaled(index))
                    .collect()
            };
            let (train, test) = (values(&split.train), values(&split.test));
            let rows = |values| Rows { values, width };
            let scores = baseline.scores(rows(&train), rows(&test), *seed)?;
            baseline_found(ranking(&scores, &split.anomalous)?)
        }
        (
            Work::Vectors {
                network,
                encoder,
                train,
                every_epoch,
            },
            Data::Connections(data),
        ) => {
            let (vectors, anomalous) = connections(data, encoder, train.seed)?;
            let outcome = Trial::new((**network).clone(), (**train).clone(), device.clone())
                .with_display(display)
                .with_scores_every_epoch(*every_epoch)
                .run(&vectors.train, &vectors.test)?;
            found(&outcome, &|scores| flagged(scores, &anomalous))
        }
        (
            Work::VectorBaseline {
                encoder,
                baseline,
                seed,
                ..
            },
            Data::Connections(data),
        ) => {
            let (vectors, anomalous) = connections(data, encoder, *seed)?;
            let width = vectors.train.width();
            let rows = |values| Rows { values, width };
            let (train, test) = (rows(vectors.train.values()), rows(vectors.test.values()));
            let scores = baseline.scores(train, test, *seed)?;
            baseline_found(flagged(&scores, &anomalous)?)
        }
        (
            Work::Video {
                network,
                variant,
                train,
            },
            Data::Videos { source, .. },
        ) => video(network, *variant, train, source, device, display),
        _ => Err("found data of another kind than the run needs".into()),
    }
}

fn one_class(
    train: &LabeledImages,
    test: &LabeledImages,
    label: u8,
    seed: u64,
) -> Result<OneClass, ProtocolError> {
    let config = OneClassConfig::new(label);
    // Class folders of one set only have no official test images.
    let config = match test.is_empty() {
        true => config.with_split(Split::two_to_one(seed)),
        false => config,
    };
    config.apply(train, test)
}

fn connections(
    data: &Kddcup99,
    encoder: &TableEncoderConfig,
    seed: u64,
) -> Result<(TableVectors, Vec<bool>), Box<dyn Error>> {
    let split = TableOneClassConfig::kddcup99()
        .with_seed(seed)
        .apply(&data.table)?;
    let vectors = split.encode(&data.table, encoder)?;
    Ok((vectors, split.anomalous))
}

fn ranking(scores: &[f64], anomalous: &[bool]) -> Result<Figures, Box<dyn Error>> {
    Ok(Figures::from([
        ("AUC".to_string(), roc_auc(scores, anomalous)?),
        (
            "average precision".to_string(),
            average_precision(scores, anomalous)?,
        ),
    ]))
}

fn flagged(scores: &[f64], anomalous: &[bool]) -> Result<Figures, Box<dyn Error>> {
    let mut figures = ranking(scores, anomalous)?;
    let detection = detection_at_share(scores, anomalous, FLAGGED_SHARE)?;
    for (name, value) in [
        ("precision", detection.precision()),
        ("recall", detection.recall()),
        ("F1", detection.f1()),
    ] {
        figures.insert(name.to_string(), value);
    }
    Ok(figures)
}

fn baseline_found(figures: Figures) -> Result<Found, Box<dyn Error>> {
    Ok(Found {
        figures: BTreeMap::from([(BASELINE_RULE.to_string(), figures)]),
        ..Found::default()
    })
}

fn found<N: AutoencoderConfig>(
    outcome: &TrialOutcome<N>,
    judge: Judge,
) -> Result<Found, Box<dyn Error>> {
    let mut found = Found::default();
    for rule in ScoreRule::ALL {
        if let Some(scores) = outcome.scores(rule) {
            found
                .figures
                .insert(rule.name().to_string(), judge(&scores)?);
        }
    }
    if let (Some(test), Some(training)) = (&outcome.test.usage, &outcome.training.usage) {
        found.memory = Figures::from([
            ("active items".to_string(), test.mean_active_items()),
            ("entropy".to_string(), test.mean_entropy()),
            ("empty rows".to_string(), test.empty_row_share()),
            ("dead items".to_string(), training.dead_items().len() as f64),
        ]);
    }
    let scale = outcome.detector.scale();
    for epoch in &outcome.epochs {
        found
            .epochs
            .push(epoch_figures(&epoch.scores, &scale, judge)?);
    }
    Ok(found)
}

/// Every figure after an epoch by the rules of the paper and of the memory, as `rule: figure`. Sums are left out: the
/// spreads that they need were not measured then.
fn epoch_figures(
    scores: &Scores,
    scale: &memae::detect::ScoreScale,
    judge: Judge,
) -> Result<BTreeMap<String, f64>, Box<dyn Error>> {
    let mut figures = BTreeMap::new();
    for rule in [ScoreRule::Reconstruction, ScoreRule::ReadDistance] {
        let Some(scores) = scores.by_rule(rule, scale) else {
            continue;
        };
        for (name, value) in judge(&scores)? {
            figures.insert(format!("{}: {name}", rule.name()), value);
        }
    }
    Ok(figures)
}

fn video(
    network: &VideoAutoencoderConfig,
    variant: Variant,
    train: &TrainConfig,
    source: &VideoSource,
    device: &Device,
    display: ProgressDisplay,
) -> Result<Found, Box<dyn Error>> {
    let input = network.input;
    let clips = ClipsConfig::default()
        .with_layout(ClipLayout::new(input.frames)?)
        .with_size(input.height, input.width)
        .with_colour(FrameColour::Grey);
    let data = source.open(&clips)?;
    let outcome = VideoExperiment::new(network.clone(), train.clone(), device.clone())
        .with_variants(vec![variant])
        .with_display(display)
        .run(&data)?;
    let model = outcome.models.first().ok_or("found no trained network")?;
    let mut found = Found::default();
    for rule in &model.rules {
        let Some(auc) = rule.auc else { continue };
        let mut figures = Figures::from([
            ("reference".to_string(), auc.reference),
            ("raw".to_string(), auc.raw),
            ("every frame".to_string(), auc.every_frame),
        ]);
        if let Some(mean) = auc.per_video_mean {
            figures.insert("per-video mean".to_string(), mean);
        }
        found.figures.insert(rule.rule.name(), figures);
    }
    match found.figures.is_empty() {
        true => {
            Err("test videos: found no frame labels, expected those of at least one video".into())
        }
        false => Ok(found),
    }
}
