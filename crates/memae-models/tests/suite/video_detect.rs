//! Scores of clips by rules fitted on training clips, and of frames as they arrive.

use std::ops::Range;

use burn::data::dataset::DatasetError;
use burn::tensor::{Tensor, TensorData};
use memae_data::encode::{ClipLayout, Clips, ClipsConfig, PixelRange};
use memae_data::sample::{ImageShape, Video};
use memae_models::ModelFileError;
use memae_models::detect::video::{
    ClipObservation, ClipScoreRule, FittedRule, GapPolicy, RuleError, Smoothing, StreamError,
    VideoDetector, VideoDetectorConfig, fit_rules, observe_clips, score_clips,
};
use memae_models::network::{ClipShape, Variant, VideoAutoencoder, VideoAutoencoderConfig};
use memae_models::samples::Samples;
use memae_models::train::TrainConfig;

use crate::support::{
    Crossing, Materialized, any_draws, assert_close, assert_line, device, small_video_network,
    train,
};

const NORMAL: Crossing = Crossing {
    clips: 33,
    speed: 1,
};

fn every_rule() -> Vec<ClipScoreRule> {
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
fn network() -> (VideoAutoencoderConfig, VideoAutoencoder) {
    let _draws = any_draws();
    let config = small_video_network(Variant::MemAe, 9);
    let model = config.init(&device()).materialized();
    (config, model)
}

/// Clips of which each frame is given, one clip a frame, in two sequences.
struct Frames {
    frames: Vec<Vec<f32>>,
    /// Frames of the first of two videos.
    first: usize,
}

impl Frames {
    /// `count` frames with something new in each.
    fn drawn(count: usize, first: usize) -> Self {
        let value = |i: usize| ((i * i + 7 * i) % 31) as f32 / 15.5 - 1.0;
        let pixels = Crossing::SHAPE.height * Crossing::SHAPE.width;
        let frame = |frame: usize| (0..pixels).map(|i| value(i * 3 + frame * 13)).collect();
        Self {
            frames: (0..count).map(frame).collect(),
            first,
        }
    }
}

impl Samples for Frames {
    type Shape = ClipShape;

    fn shape(&self) -> ClipShape {
        Crossing::SHAPE
    }

    fn len(&self) -> usize {
        self.sequences().iter().map(Range::len).sum()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let length = Crossing::SHAPE.frames;
        let in_first = self.first + 1 - length;
        let start = match index < in_first {
            true => index,
            false => self.first + index - in_first,
        };
        Ok(self.frames[start..start + length].concat())
    }

    fn sequences(&self) -> Vec<Range<usize>> {
        let clips = |frames: usize| frames + 1 - Crossing::SHAPE.frames;
        let first = clips(self.first);
        let all = first + clips(self.frames.len() - self.first);
        vec![0..first, first..all]
    }
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
    let settings = |smoothing, quantile| VideoDetectorConfig {
        smoothing,
        quantile,
        ..VideoDetectorConfig::default()
    };
    for (settings, expected) in [
        (
            settings(Smoothing::Mean { scores: 0 }, 0.9),
            "video detector: smoothing is 0, expected the mean of 1 to 100000 scores",
        ),
        (
            settings(Smoothing::Exponential { decay: 1.0 }, 0.9),
            "video detector: smoothing is 1, expected a decay of 0 or above and below 1",
        ),
        (
            settings(Smoothing::Off, 1.1),
            "video detector: quantile is 1.1, expected a number above 0 and at most 1",
        ),
    ] {
        assert_eq!(settings.validate().unwrap_err().to_string(), expected);
    }
}

const FRAME: ImageShape = ImageShape {
    channels: 1,
    height: Crossing::SHAPE.height,
    width: Crossing::SHAPE.width,
};

fn detector(rule: ClipScoreRule, smoothing: Smoothing) -> VideoDetector {
    let (network, model) = network();
    let config = VideoDetectorConfig {
        rule,
        smoothing,
        quantile: 0.9,
    };
    VideoDetector::fit(model, network, config, &NORMAL, &device()).unwrap()
}

#[test]
fn a_stream_gives_the_scores_of_a_batch() {
    let frames = Frames::drawn(31, 14);
    let smoothings = [
        Smoothing::Off,
        Smoothing::Mean { scores: 5 },
        Smoothing::Exponential { decay: 0.7 },
    ];
    for (index, rule) in every_rule().into_iter().enumerate() {
        let detector = detector(rule, smoothings[index % 3]);
        let batch = detector.detect(&frames, &device()).unwrap();
        let mut stream = detector
            .stream(GapPolicy::Refuse, &device())
            .with_error_maps();
        assert_eq!((stream.frame_shape(), stream.lag()), (FRAME, 1));
        let mut found = Vec::new();
        for (number, frame) in frames.frames.iter().enumerate() {
            if number == frames.first {
                stream.reset();
            }
            let score = stream.push(100 + number as u64, FRAME, frame).unwrap();
            let in_video = number % frames.first.max(1);
            let in_video = if number < frames.first {
                in_video
            } else {
                number - frames.first
            };
            assert_eq!(score.is_some(), in_video >= 3, "frame {number}");
            if let Some(score) = &score {
                assert_eq!(score.frame, 100 + number as u64 - 1);
                assert_eq!(score.error_map.as_ref().unwrap().len(), 66);
            }
            found.extend(score);
        }
        let scores: Vec<f64> = found.iter().map(|score| score.score).collect();
        let expected: Vec<f64> = batch.iter().map(|verdict| verdict.score).collect();
        let largest = expected
            .iter()
            .fold(1f64, |most, score| most.max(score.abs()));
        let name = detector.rule().rule().name();
        assert_close(&name, &scores, &expected, 1e-5 * largest);
        for (found, expected) in found.iter().zip(&batch) {
            // Not where rounding decides.
            if (expected.score - detector.threshold()).abs() > 1e-4 * largest {
                assert_eq!(found.anomalous, expected.anomalous, "{name}");
            }
        }
    }
}

#[test]
fn an_error_map_is_that_of_the_scored_frame() {
    let detector = detector(ClipScoreRule::MeanError, Smoothing::Off);
    let frames = Frames::drawn(7, 3 + 4);
    let mut stream = detector
        .stream(GapPolicy::Refuse, &device())
        .with_error_maps();
    let mut maps = Vec::new();
    for (number, frame) in frames.frames.iter().enumerate() {
        let score = stream.push(number as u64, FRAME, frame).unwrap();
        maps.extend(score.and_then(|score| score.error_map));
    }
    let mut clips = Vec::new();
    let only = Frames {
        first: 7,
        frames: frames.frames,
    };
    for start in 0..4 {
        let values = only.frames[start..start + 4].concat();
        let clip = Tensor::<1>::from_floats(values.as_slice(), &device());
        let clip = clip.reshape([1, 1, 4, 6, 11]);
        let rebuilt = detector.model.forward(clip.clone()).reconstruction;
        let errors: Vec<f64> = (clip - rebuilt).abs().into_data().iter().collect();
        clips.push(errors[2 * 66..3 * 66].to_vec());
    }
    for (map, expected) in maps.iter().zip(&clips) {
        let map: Vec<f64> = map.iter().copied().map(f64::from).collect();
        assert_close("map", &map, expected, 1e-5);
    }
    assert_eq!(maps.len(), 4);
}

#[test]
fn frames_that_do_not_fit_are_refused_and_change_nothing() {
    let detector = detector(
        ClipScoreRule::WorstPixels { share: 0.1 },
        Smoothing::Mean { scores: 3 },
    );
    let frames = Frames::drawn(12, 12).frames;
    let mut sound = detector.stream(GapPolicy::Refuse, &device());
    let mut tried = detector.stream(GapPolicy::Refuse, &device());
    for (number, frame) in frames.iter().enumerate() {
        let number = number as u64;
        let wide = ImageShape { width: 12, ..FRAME };
        let error = tried.push(number, wide, frame).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("frame {number} is 1x6x12, expected 1x6x11")
        );
        let turned = ImageShape {
            height: 11,
            width: 6,
            ..FRAME
        };
        let error = tried.push(number, turned, frame).unwrap_err();
        assert!(matches!(error, StreamError::FrameShape { .. }));
        let error = tried.push(number, FRAME, &frame[1..]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("frame {number} has 65 values, expected 66")
        );
        let mut dark = frame.clone();
        dark[5] = f32::NAN;
        let error = tried.push(number, FRAME, &dark).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("frame {number} holds NaN, expected finite numbers")
        );
        if number > 0 {
            for other in [number + 1, number - 1, 0, u64::MAX] {
                let error = tried.push(other, FRAME, frame).unwrap_err();
                let last = number - 1;
                assert_eq!(
                    error.to_string(),
                    format!("frame {other} follows frame {last}, expected frame {number}")
                );
            }
        }
        assert_eq!(
            tried.push(number, FRAME, frame).unwrap(),
            sound.push(number, FRAME, frame).unwrap()
        );
    }
}

#[test]
fn a_gap_starts_anew_where_that_is_asked_for() {
    let detector = detector(
        ClipScoreRule::MeanError,
        Smoothing::Exponential { decay: 0.9 },
    );
    let frames = Frames::drawn(20, 20).frames;
    let mut stream = detector.stream(GapPolicy::Restart, &device());
    for (number, frame) in frames[..9].iter().enumerate() {
        stream.push(number as u64, FRAME, frame).unwrap();
    }
    // Frame 9 is lost.
    let mut anew = detector.stream(GapPolicy::Refuse, &device());
    for (number, frame) in frames.iter().enumerate().skip(10) {
        let number = number as u64;
        assert_eq!(
            stream.push(number, FRAME, frame).unwrap(),
            anew.push(number, FRAME, frame).unwrap()
        );
    }
    // The same frame twice is a gap too.
    assert!(stream.push(19, FRAME, &frames[19]).unwrap().is_none());

    // Numbers may start anywhere, and end where they must.
    let mut last = detector.stream(GapPolicy::Refuse, &device());
    for (number, frame) in (u64::MAX - 4..=u64::MAX).zip(&frames) {
        last.push(number, FRAME, frame).unwrap();
    }
    let error = last.push(0, FRAME, &frames[0]).unwrap_err();
    assert!(
        matches!(error, StreamError::Gap { found: 0, .. }),
        "{error}"
    );
}

#[test]
fn a_detector_survives_its_file_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("camera.safetensors");
    let frames = Frames::drawn(15, 7);
    for rule in every_rule() {
        let detector = detector(rule, Smoothing::Mean { scores: 4 });
        detector.save(&path).unwrap();
        let loaded = VideoDetector::load(&path, &device()).unwrap();
        assert_eq!(loaded.rule(), detector.rule());
        assert_eq!(loaded.smoothing(), detector.smoothing());
        assert_eq!(loaded.threshold().to_bits(), detector.threshold().to_bits());
        assert_eq!(loaded.network, detector.network);
        assert_eq!(
            loaded.detect(&frames, &device()).unwrap(),
            detector.detect(&frames, &device()).unwrap()
        );
    }
}

#[test]
fn settings_of_another_network_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("camera.safetensors");
    let rule = ClipScoreRule::RelativeError {
        side: 4,
        share: 0.5,
    };
    detector(rule, Smoothing::Off).save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let (header_size, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let json = metadata.metadata().as_ref().unwrap()["memae"].clone();
    let changed = |from: &str, to: &str| -> ModelFileError {
        let new = json.replacen(from, to, 1);
        assert_ne!(new, json, "{from}");
        let escaped = |text: &str| serde_json::to_string(text).unwrap();
        let header = std::str::from_utf8(&bytes[8..8 + header_size]).unwrap();
        let header = header.replacen(&escaped(&json), &escaped(&new), 1);
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend_from_slice(header.as_bytes());
        file.extend_from_slice(&bytes[8 + header_size..]);
        std::fs::write(&path, file).unwrap();
        VideoDetector::load(&path, &device()).unwrap_err()
    };
    let shown = path.display().to_string();
    for (from, to, expected) in [
        (
            "\"kind\":\"video stream\"",
            "\"kind\":\"video\"",
            "found a detector of kind \"video\", expected one of kind \"video stream\"",
        ),
        (
            "\"smoothing\":\"Off\"",
            "\"smoothing\":{\"Mean\":{\"scores\":0}}",
            "found a smoothing of 0, expected the mean of 1 to 100000 scores",
        ),
        (
            "\"usual\":{\"mean\":[",
            "\"usual\":{\"mean\":[1.0,",
            "found usual errors of 7 areas and spreads of 0, expected 6 and 0, all above 0",
        ),
        (
            "\"usual\":{\"mean\":[",
            "\"usual\":{\"mean\":[-",
            "found usual errors of 6 areas and spreads of 0, expected 6 and 0, all above 0",
        ),
        (
            "\"spread\":[]",
            "\"spread\":[1.0]",
            "found usual errors of 6 areas and spreads of 1, expected 6 and 0, all above 0",
        ),
        (
            "\"side\":4",
            "\"side\":0",
            "found score rule: side is 0, expected at least 1",
        ),
        (
            "\"side\":4",
            "\"side\":5",
            "found a score rule for another network",
        ),
        (
            "\"spread\":\"",
            "\"spread\":\"-",
            "found a spread of scores that is not above 0",
        ),
        (
            "\"threshold\":\"",
            "\"threshold\":\"x",
            "expected a finite number as text",
        ),
    ] {
        let message = changed(from, to).to_string();
        assert_line(&message, &[&shown, expected]);
    }
}

/// Two videos of 9 and 13 frames, as memae-data gives their clips.
#[test]
fn a_stream_of_pixels_gives_the_scores_of_clips() {
    let pixels = |frames: usize, salt: usize| -> Vec<u8> {
        let level = |i: usize| (i * i * salt + 5 * i) % 251;
        (0..frames * 66).map(|i| level(i) as u8).collect()
    };
    let videos = [("morning", pixels(9, 3)), ("evening", pixels(13, 7))];
    for range in [PixelRange::SignedUnit, PixelRange::Unit] {
        let sources = videos
            .each_ref()
            .map(|(name, pixels)| Video::in_memory(*name, FRAME, pixels.clone()).unwrap());
        let clips = ClipsConfig::default()
            .with_layout(ClipLayout::new(4).unwrap().with_scored_frame(3).unwrap())
            .with_range(range)
            .with_keep_size()
            .open(&sources)
            .unwrap();
        assert_eq!(clips.shape(), Crossing::SHAPE);
        assert_eq!(Samples::len(&clips), 6 + 10);
        assert_eq!(clips.sequences(), [0..6, 6..16]);
        let (network, model) = network();
        let config = VideoDetectorConfig {
            rule: ClipScoreRule::WorstPixels { share: 0.1 },
            smoothing: Smoothing::Mean { scores: 3 },
            ..VideoDetectorConfig::default()
        };
        let detector = VideoDetector::fit(model, network, config, &clips, &device()).unwrap();
        assert_eq!(
            (detector.pixels(), detector.scored_frame()),
            (Some(range), 3)
        );
        let batch = detector.detect(&clips, &device()).unwrap();
        let mut stream = detector.stream(GapPolicy::Refuse, &device());
        let mut found = Vec::new();
        for (_, pixels) in &videos {
            stream.reset();
            for (number, frame) in pixels.chunks(66).enumerate() {
                let score = stream.push_pixels(number as u64, FRAME, frame).unwrap();
                // The last frame of a clip is the scored one here.
                assert!(score.iter().all(|score| score.frame == number as u64));
                found.extend(score);
            }
        }
        assert_eq!(stream.lag(), 0);
        let found: Vec<f64> = found.iter().map(|score| score.score).collect();
        let expected: Vec<f64> = batch.iter().map(|verdict| verdict.score).collect();
        assert_close("scores", &found, &expected, 1e-4);
    }
}

#[test]
fn clips_cut_in_another_way_are_refused() {
    let video = Video::in_memory("day", FRAME, vec![9u8; 20 * 66]).unwrap();
    let clips = |stride: usize, range: PixelRange| {
        ClipsConfig::default()
            .with_layout(ClipLayout::new(4).unwrap().with_stride(stride).unwrap())
            .with_range(range)
            .with_keep_size()
            .open(std::slice::from_ref(&video))
            .unwrap()
    };
    let fit = |clips: &Clips, smoothing: Smoothing| {
        let (network, model) = network();
        let config = VideoDetectorConfig {
            smoothing,
            ..VideoDetectorConfig::default()
        };
        VideoDetector::fit(model, network, config, clips, &device())
    };
    let smooth = Smoothing::Mean { scores: 2 };
    let detector = fit(&clips(1, PixelRange::Unit), smooth).unwrap();
    let message = |clips: &Clips| detector.detect(clips, &device()).unwrap_err().to_string();
    assert_eq!(
        message(&clips(1, PixelRange::SignedUnit)),
        "pixels of the clips are SignedUnit, the detector expects Unit"
    );
    let strides = "clips begin every 3 frames, expected every frame where scores are smoothed";
    assert_eq!(message(&clips(3, PixelRange::Unit)), strides);
    let refused = fit(&clips(3, PixelRange::Unit), smooth).unwrap_err();
    assert_eq!(refused.to_string(), strides);
    assert!(fit(&clips(3, PixelRange::Unit), Smoothing::Off).is_ok());

    // Nothing is known of the pixels of values that were not made of pixels.
    let mut stream = value_detector().stream(GapPolicy::Refuse, &device());
    let error = stream.push_pixels(5, FRAME, &[0; 66]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "frame 5 is of pixels, expected values as the training clips had them"
    );
}

fn value_detector() -> VideoDetector {
    detector(ClipScoreRule::MeanError, Smoothing::Off)
}

#[test]
fn a_model_of_other_settings_is_refused() {
    let (network, model) = network();
    let config = VideoDetectorConfig::default();
    let without = network.with_memory(None);
    let error = VideoDetector::fit(model, without, config, &NORMAL, &device()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model takes clips of 1x4x6x11 and has a memory, the settings say 1x4x6x11 and has no memory"
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
