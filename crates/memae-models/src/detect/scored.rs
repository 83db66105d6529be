//! Scores of samples, and of the pictures that samples are tiles of.

use burn::tensor::Device;
use memae_data::sample::TileGrid;

use super::batches::{batch_size, check_shape};
use super::error::DetectorError;
use crate::network::{AutoencoderConfig, Preprocessing};
use crate::samples::Samples;
use crate::score::{Evaluation, ScoreRule, ScoreScale, Scores, evaluate_with};

/// Scores samples that have the shape of the network's input, with what a rule needs; those of a picture at once, so that its score
/// does not depend on what stands beside it.
pub(super) fn scored<N: AutoencoderConfig>(
    model: &N::Network,
    network: &N,
    preprocessing: Option<&N::Preprocessing>,
    samples: &impl Samples<Shape = N::Shape>,
    device: &Device,
    rule: ScoreRule,
) -> Result<Evaluation, DetectorError> {
    let shape = network.input();
    check_shape(samples, shape)?;
    let (size, distance) = (batch_size(shape), rule.needs_encoding_distance());
    let inside = |picture: Option<&TileGrid>| preprocessing?.positions_inside(shape, picture);
    let evaluate = |range, inside: Option<Vec<bool>>| {
        evaluate_with(
            model,
            samples,
            range,
            size,
            device,
            distance,
            inside.as_deref(),
        )
    };
    let Some(pictures) = samples.pictures() else {
        if preprocessing.is_some_and(Preprocessing::cuts_tiles) {
            return Err(DetectorError::NotTiled);
        }
        return Ok(evaluate(0..samples.len(), inside(None))?);
    };
    let mut all = evaluate(0..0, None)?;
    let mut start = 0;
    for picture in &pictures {
        let tiles = start..start + picture.len();
        start = tiles.end;
        all.append(evaluate(tiles, inside(Some(picture)))?);
    }
    Ok(all)
}

/// Scores by a rule; one that is no number would pass for normal, so it is an error.
pub(super) fn finite_scores(
    scores: &Scores,
    rule: ScoreRule,
    scale: &ScoreScale,
    name: &'static str,
) -> Result<Vec<f64>, DetectorError> {
    let scores = scores.by_rule(rule, scale).ok_or(
        match rule.needs_memory() && scores.read_distance.is_none() {
            true => DetectorError::NoMemory { rule },
            false => DetectorError::NotMeasured { rule },
        },
    )?;
    match scores.iter().position(|score| !score.is_finite()) {
        Some(index) => Err(DetectorError::Score {
            name,
            index,
            found: scores[index],
        }),
        None => Ok(scores),
    }
}

/// The score of each picture, the highest of its tiles', and the number of the first tile that has it. Without pictures each
/// sample is the one tile of its own.
pub(super) fn of_pictures(scores: Vec<f64>, pictures: Option<&[TileGrid]>) -> Vec<(f64, usize)> {
    let Some(pictures) = pictures else {
        return scores.into_iter().map(|score| (score, 0)).collect();
    };
    let mut scores = scores.into_iter();
    let highest = |picture: &TileGrid| {
        let tiles = scores.by_ref().take(picture.len());
        tiles
            .zip(0..)
            .fold((f64::NEG_INFINITY, 0), |highest, next| {
                if next.0 > highest.0 { next } else { highest }
            })
    };
    pictures.iter().map(highest).collect()
}
