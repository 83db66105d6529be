//! Detectors of clips and of frames as they arrive.

use std::ops::Range;

use burn::data::dataset::DatasetError;
use burn::tensor::Tensor;
use memae_data::encode::{ClipLayout, Clips, ClipsConfig, PixelRange};
use memae_data::sample::ClipShape;
use memae_data::sample::ImageShape;
use memae_data::sample::Video;
use memae_models::artefact::ModelFileError;
use memae_models::detect::{GapPolicy, StreamError, VideoDetector, VideoDetectorConfig};
use memae_models::samples::Samples;
use memae_models::score::{ClipScoreRule, Smoothing};

use crate::clip_rules::{NORMAL, every_rule, network};
use crate::support::{Crossing, assert_close, assert_line, device};

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

#[test]
fn settings_out_of_range_are_errors() {
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
        let bytes = std::fs::read(&path).unwrap();
        let read = VideoDetector::from_bytes(bytes, "a page", &device()).unwrap();
        assert_eq!(
            read.detect(&frames, &device()).unwrap(),
            loaded.detect(&frames, &device()).unwrap()
        );
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
            "\"value\":\"",
            "\"value\":\"x",
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
