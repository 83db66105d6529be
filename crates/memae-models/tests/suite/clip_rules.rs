//! Scores of clips by rules fitted on training clips.

use burn::tensor::{Tensor, TensorData};
use memae_data::sample::ClipShape;
use memae_models::network::{Variant, VideoAutoencoder, VideoAutoencoderConfig};
use memae_models::samples::Samples;
use memae_models::score::{
    ClipObservation, ClipScoreRule, FittedRule, RuleError, fit_rules, observe_clips, score_clips,
};
use memae_models::train::TrainConfig;

use crate::support::{
    Crossing, Materialized, any_draws, assert_close, device, small_video_network, train,
};

pub const NORMAL: Crossing = Crossing {
    clips: 33,
    speed: 1,
};

pub fn every_rule() -> Vec<ClipScoreRule> {
    let single = vec![
        ClipScoreRule::MeanError,
        ClipScoreRule::SquaredError,
        ClipScoreRule::WorstPixels { share: 0.07 },
        ClipScoreRule::RelativeError {
            side: 1,
            share: 1.0,
        },
        ClipScoreRule::RelativeError {
            side: 4,
            share: 0.3,
        },
        ClipScoreRule::WorstPatch {
            side: 3,
            power: 8.0,
        },
        ClipScoreRule::PatchDeviation {
            side: 4,
            share: 0.4,
        },
        ClipScoreRule::ReadDistance,
        ClipScoreRule::AddressingEntropy,
    ];
    let sum = ClipScoreRule::Sum(single.clone());
    single.into_iter().chain([sum]).collect()
}

/// A network with drawn weights, for inference.
pub fn network() -> (VideoAutoencoderConfig, VideoAutoencoder) {
    let _draws = any_draws();
    let config = small_video_network(Variant::MemAe, 9);
    let model = config.init(&device()).materialized();
    (config, model)
}

fn observations(model: &VideoAutoencoder, clips: &Crossing) -> Vec<ClipObservation> {
    let mut found = Vec::new();
    observe_clips(model, clips, 4, &device(), |clip| found.push(clip)).unwrap();
    found
}

#[test]
fn observations_are_their_formulas() {
    let (_, model) = network();
    let found = observations(&model, &NORMAL);
    assert_eq!(found.len(), 33);
    let ClipShape {
        channels,
        frames,
        height,
        width,
    } = Crossing::SHAPE;
    for index in [0, 17, 32] {
        let values = NORMAL.values(index).unwrap();
        let dims = [1, channels, frames, height, width];
        let clip = Tensor::<5>::from_data(TensorData::new(values.clone(), dims), &device());
        let output = model.forward(clip);
        let rebuilt: Vec<f32> = output.reconstruction.into_data().iter().collect();
        let expected: Vec<f64> = values
            .iter()
            .zip(rebuilt)
            .map(|(x, y)| f64::from((x - y).abs()))
            .collect();
        let errors: Vec<f64> = found[index].errors.iter().copied().map(f64::from).collect();
        assert_close("errors", &errors, &expected, 1e-5);

        let memory = output.memory.unwrap();
        let rows = |tensor: Tensor<2>| -> Vec<f64> { tensor.into_data().iter().collect() };
        let [queries, item_dim] = memory.queries.dims();
        let (asked, read) = (rows(memory.queries), rows(memory.read));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let distance = asked
            .chunks(item_dim)
            .zip(read.chunks(item_dim))
            .map(|(z, r)| 1.0 - dot(z, r) / (dot(z, z) * dot(r, r)).sqrt())
            .sum::<f64>()
            / queries as f64;
        let entropy: Vec<f64> = memory.entropy.into_data().iter().collect();
        let entropy = entropy.iter().sum::<f64>() / queries as f64;
        let clip = &found[index];
        assert_close(
            "distance",
            &[clip.read_distance.unwrap()],
            &[distance],
            1e-5,
        );
        assert_close("entropy", &[clip.entropy.unwrap()], &[entropy], 1e-5);
    }
}

/// The score of the published code, mean over pixels of the norm over channels, and that of the paper.
#[test]
fn mean_and_squared_errors_are_those_published() {
    let (_, model) = network();
    let rules = [ClipScoreRule::MeanError, ClipScoreRule::SquaredError];
    let rules = fit_rules(&model, &rules, &NORMAL, 5, &device()).unwrap();
    for clip in observations(&model, &NORMAL) {
        let errors = clip.errors.iter().copied().map(f64::from);
        let pixels = clip.errors.len() as f64;
        let mean = errors.clone().sum::<f64>() / pixels;
        let square = errors.map(|error| error * error).sum::<f64>() / pixels;
        assert_close("mean", &[rules[0].rule.score(&clip)], &[mean], 1e-12);
        assert_close("square", &[rules[1].rule.score(&clip)], &[square], 1e-12);
    }
}

fn moments(scores: &[f64]) -> (f64, f64) {
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let squares = scores
        .iter()
        .map(|score| (score - mean).powi(2))
        .sum::<f64>();
    (mean, (squares / count).sqrt())
}

#[test]
fn scores_of_training_clips_are_normalised() {
    let (_, model) = network();
    let fits = fit_rules(&model, &every_rule(), &NORMAL, 7, &device()).unwrap();
    let rules: Vec<FittedRule> = fits.iter().map(|fit| fit.rule.clone()).collect();
    let again = score_clips(&model, &rules, &NORMAL, 7, &device()).unwrap();
    for (fit, again) in fits.iter().zip(again) {
        let name = fit.rule.rule().name();
        let (mean, spread) = moments(&fit.training_scores);
        assert_close(&name, &[mean, spread], &[0.0, 1.0], 1e-6);
        assert_close(&name, &again, &fit.training_scores, 1e-9);
    }
}

#[test]
fn a_sum_is_the_sum_of_its_normalised_parts() {
    let (_, model) = network();
    let rules = every_rule();
    let fits = fit_rules(&model, &rules, &NORMAL, 7, &device()).unwrap();
    let (sum, parts) = fits.split_last().unwrap();
    for clip in observations(&model, &NORMAL) {
        let expected: f64 = parts
            .iter()
            .map(|fit| fit.rule.normalized_score(&clip))
            .sum();
        assert_close("sum", &[sum.rule.score(&clip)], &[expected], 1e-9);
    }
}

#[test]
fn relative_errors_divide_by_what_is_usual() {
    let (_, model) = network();
    let rule = |side| ClipScoreRule::RelativeError { side, share: 1.0 };
    let fits = fit_rules(&model, &[rule(1), rule(5)], &NORMAL, 7, &device()).unwrap();
    let clips = observations(&model, &NORMAL);
    for fit in &fits {
        // Each cell is 1 on average, where its usual error is not too small to divide by.
        let scores: Vec<f64> = clips.iter().map(|clip| fit.rule.score(clip)).collect();
        let (mean, _) = moments(&scores);
        assert!((0.8..=1.0 + 1e-6).contains(&mean), "{mean}");
        // Twice the error is twice as unusual.
        let mut doubled = clips[3].clone();
        doubled.errors.iter_mut().for_each(|error| *error *= 2.0);
        let (single, double) = (fit.rule.score(&clips[3]), fit.rule.score(&doubled));
        assert_close("score", &[double], &[2.0 * single], 1e-6);
    }
}

#[test]
fn deviations_are_those_of_overlapping_patches() {
    let (_, model) = network();
    // One patch as large as a frame, and four that overlap.
    let rule = |side| ClipScoreRule::PatchDeviation { side, share: 1.0 };
    let ClipShape { height, width, .. } = NORMAL.shape();
    let side = height.max(width);
    let fits = fit_rules(&model, &[rule(side), rule(3)], &NORMAL, 7, &device()).unwrap();
    let clips = observations(&model, &NORMAL);

    let means: Vec<f64> = clips
        .iter()
        .map(|clip| {
            clip.errors.iter().map(|e| f64::from(*e)).sum::<f64>() / clip.errors.len() as f64
        })
        .collect();
    let (mean, spread) = moments(&means);
    let expected: Vec<f64> = means.iter().map(|m| (m - mean) / (1.1 * spread)).collect();
    let scores: Vec<f64> = clips.iter().map(|clip| fits[0].rule.score(clip)).collect();
    assert_close("one patch", &scores, &expected, 1e-3);

    // Every patch is 0 on average over the training clips; so is their mean.
    let scores: Vec<f64> = clips.iter().map(|clip| fits[1].rule.score(clip)).collect();
    let (mean, spread) = moments(&scores);
    assert!(mean.abs() < 1e-4 && spread > 0.01, "{mean} {spread}");
}

/// A network that rebuilds its training clips perfectly, as far as the rules can see.
#[test]
fn clips_that_are_all_alike_divide_by_nothing() {
    let (_, model) = network();
    let alike = Crossing { clips: 1, speed: 1 };
    for fit in fit_rules(&model, &every_rule(), &alike, 7, &device()).unwrap() {
        assert_eq!(fit.training_scores, [0.0], "{}", fit.rule.rule().name());
        for mut clip in observations(&model, &NORMAL) {
            assert!(fit.rule.normalized_score(&clip).is_finite());
            clip.errors.fill(0.0);
            assert!(fit.rule.normalized_score(&clip).is_finite());
        }
    }
}

#[test]
fn every_rule_tells_a_trained_network_s_anomalies() {
    let _draws = any_draws();
    let network = small_video_network(Variant::MemAe, 20);
    let config = TrainConfig::video()
        .with_learning_rate(3e-3)
        .with_epochs(25)
        .with_batch_size(4);
    let model = train(&network, config, &NORMAL).model;
    let fast = Crossing { speed: 4, ..NORMAL };
    let fits = fit_rules(&model, &every_rule(), &NORMAL, 7, &device()).unwrap();
    let rules: Vec<FittedRule> = fits.into_iter().map(|fit| fit.rule).collect();
    let scores = score_clips(&model, &rules, &fast, 7, &device()).unwrap();
    for (rule, scores) in rules.iter().zip(scores) {
        let (mean, _) = moments(&scores);
        let errors = !matches!(
            rule.rule(),
            ClipScoreRule::ReadDistance | ClipScoreRule::AddressingEntropy
        );
        // What the memory says is not the same for every training.
        assert!(
            !errors || mean > 2.0,
            "{}: {mean} spreads above training",
            rule.rule().name()
        );
    }
}

#[test]
fn rules_out_of_range_are_errors() {
    let (_, model) = network();
    let relative = |side, share| ClipScoreRule::RelativeError { side, share };
    let patch = |side, power| ClipScoreRule::WorstPatch { side, power };
    let worst = |share| ClipScoreRule::WorstPixels { share };
    for (rule, expected) in [
        (
            worst(0.0),
            "score rule: share is 0, expected a number above 0 and at most 1",
        ),
        (
            worst(f64::NAN),
            "score rule: share is NaN, expected a number above 0 and at most 1",
        ),
        (
            relative(1, 1.5),
            "score rule: share is 1.5, expected a number above 0 and at most 1",
        ),
        (
            relative(0, 1.0),
            "score rule: side is 0, expected at least 1",
        ),
        (patch(0, 1.0), "score rule: side is 0, expected at least 1"),
        (
            patch(4, 0.5),
            "score rule: power is 0.5, expected a finite number, 1 or above",
        ),
        (
            ClipScoreRule::Sum(vec![]),
            "score rule: sum is 0, expected at least 1 rule",
        ),
        (
            ClipScoreRule::Sum(vec![ClipScoreRule::Sum(vec![worst(0.1)])]),
            "score rule: sum is 1, expected 0 sums within it",
        ),
        (
            ClipScoreRule::Sum(vec![worst(0.1), worst(2.0)]),
            "score rule: share is 2, expected a number above 0 and at most 1",
        ),
    ] {
        let error = fit_rules(&model, &[rule], &NORMAL, 7, &device()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let none = Crossing { clips: 0, speed: 1 };
    let error = fit_rules(&model, &[worst(0.1)], &none, 7, &device()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "score rule: no training clips given, expected at least 1"
    );
    let plain = small_video_network(Variant::Ae, 1).init(&device());
    let rule = ClipScoreRule::Sum(vec![worst(0.1), ClipScoreRule::ReadDistance]);
    let error = fit_rules(&plain, &[rule], &NORMAL, 7, &device()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "score rule: the read distance needs a memory; the network has none"
    );
}

#[test]
fn a_network_that_gives_no_numbers_scores_nothing() {
    let (_, mut model) = network();
    let memory = model.memory.as_mut().unwrap();
    memory.items = memory.items.clone().map(|items| items * f32::INFINITY);
    for rule in every_rule() {
        let error = fit_rules(&model, &[rule], &NORMAL, 7, &device()).unwrap_err();
        assert!(matches!(error, RuleError::Score { .. }), "{error}");
    }
}
