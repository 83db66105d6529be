//! One digit is normal.

use burn::tensor::Device;
use memae_data::protocol::{NormalPartsConfig, OneClassConfig};
use memae_models::network::ImageAutoencoderConfig;
use memae_models::samples::Selection;
use memae_models::score::{ScoreRule, Scores};
use memae_models::train::{Interrupter, TrainConfig};

use super::splits::UnseenScores;
use crate::digits::DigitSource;
use crate::{ExperimentError, Trial};

/// Trains the network of the digit experiments on 60 % of the training images of a digit, and scores the others with the test
/// images of that digit, by the sum of three scores.
///
/// # Errors
///
/// The source can't be read; an unknown digit; a stop through the interrupter.
pub fn digits(
    source: &DigitSource,
    normal_class: u8,
    train: TrainConfig,
    device: &Device,
    interrupter: &Interrupter,
) -> Result<UnseenScores, ExperimentError> {
    let images = source.load()?;
    let split = OneClassConfig::new(normal_class).apply(&images.train, &images.test)?;
    let parts = NormalPartsConfig::default()
        .with_calibrate_share(0.3)
        .with_seed(train.seed)
        .divide_single(split.train_indices.len())?;
    let part = |indices: Vec<usize>| Selection::new(split.train.clone(), indices);
    let (train_part, unseen) = (
        part(parts.train),
        part([parts.select, parts.calibrate].concat()),
    );
    let outcome = Trial::new(
        ImageAutoencoderConfig::mnist_prototypes(),
        train,
        device.clone(),
    )
    .with_interrupter(interrupter.clone())
    .run(&train_part, &unseen)?;
    let scale = outcome.detector.scale();
    let of = |scores: &Scores| {
        scores
            .by_rule(ScoreRule::SumOfThree, &scale)
            .unwrap_or_default()
    };
    let test = outcome.detector.evaluate(&split.test, device)?;
    let normal_test = of(&test.scores).into_iter().zip(&split.anomalous);
    let normal_test = normal_test.filter(|(_, anomalous)| !**anomalous);
    let mut scores = of(&outcome.test.scores);
    scores.extend(normal_test.map(|(score, _)| score));
    Ok(UnseenScores {
        name: format!("digit {normal_class} of {}", source.name()),
        groups: (0..scores.len()).collect(),
        scores,
        training: of(&outcome.training.scores),
    })
}
