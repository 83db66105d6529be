//! Detectors of motion: their memory, their scores, streams and files.

use burn::tensor::Tensor;
use memae_core::addressing::{Shrinkage, Similarity};
use memae_data::encode::{MotionConfig, MotionFrame, MotionLayout, MotionPreprocessing};
use memae_data::sample::{
    FrameFormat, ImageShape, PixelSlice, VectorShape, Vectors, Video, VideoConfig,
};
use memae_models::artefact::{ModelFileError, Provenance, file_settings};
use memae_models::detect::{
    AnyDetector, DetectionThreshold, MotionDetector, MotionDetectorError, MotionScorer, Place,
    ThresholdOrigin,
};
use memae_models::network::{Variant, VectorAutoencoderConfig, VectorLayerConfig};
use memae_models::train::{MotionMemoryConfig, TrainError};

use crate::support::{any_draws, assert_line, device, devices};

const HEIGHT: usize = 48;
const WIDTH: usize = 72;
const RATE: f64 = 10.0;

/// A square with texture that moves so many pixels to the right and downwards from frame to frame, over a ground that stands still.
fn square(frames: usize, [right, down]: [i32; 2], first: [i32; 2]) -> Video {
    let level = |frame: i32, row: i32, column: i32| {
        let at = [
            column - first[0] - frame * right,
            row - first[1] - frame * down,
        ];
        match at.iter().all(|at| (0..14).contains(at)) {
            true => 130 + (at[0] * 37 + at[1] * 53) % 110,
            false => 40 + (row * 7 + column * 11) % 23,
        }
    };
    let pixels = (0..frames as i32).flat_map(|frame| {
        let rows = 0..HEIGHT as i32;
        rows.flat_map(move |row| {
            (0..WIDTH as i32).map(move |column| level(frame, row, column) as u8)
        })
    });
    let shape = ImageShape {
        channels: 1,
        height: HEIGHT,
        width: WIDTH,
    };
    Video::in_memory("square", shape, pixels.collect::<Vec<u8>>()).unwrap()
}

fn way() -> MotionPreprocessing {
    let config = MotionConfig::default();
    MotionPreprocessing::new(&VideoConfig::default(), (HEIGHT, WIDTH), RATE, &config).unwrap()
}

fn layout() -> MotionLayout {
    way().layout().unwrap()
}

/// Queries of these speeds to the right, and right and down.
fn of_two_directions(speeds: &[f32]) -> Vectors {
    let queries = speeds.chunks_exact(2).flat_map(|speeds| {
        let mut query = [0.0; 8];
        query[..2].copy_from_slice(speeds);
        query
    });
    Vectors::new(8, queries.collect()).unwrap()
}

fn normal() -> Vec<Video> {
    [4, 12, 20, 28]
        .map(|row| square(22, [2, 0], [2, row]))
        .to_vec()
}

fn detector() -> MotionDetector {
    let (normal, device) = (normal(), device());
    let config = MotionMemoryConfig::default().with_items(6);
    let (model, network) = config.fit_videos(&way(), &normal[..2], &device).unwrap();
    let scorer = MotionScorer::new(model, network, way()).unwrap();
    MotionDetector::fit(scorer, &normal[..2], &device).unwrap()
}

fn scores(detector: &MotionDetector, video: &Video) -> Vec<Option<f64>> {
    let verdicts = detector.detect(video, &device()).unwrap().into_iter();
    verdicts
        .map(|verdict| verdict.score.map(|score| score.verdict.score))
        .collect()
}

fn motion(video: &Video) -> Vec<MotionFrame> {
    let frames = way().frames(video).unwrap();
    frames.collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_memory_is_of_what_moves_and_of_nothing() {
    // Eight that stand still, three that go right slowly, and three that go down.
    let mut values = vec![0.0; 16];
    for step in 0..3 {
        values.extend([0.2 + 0.01 * step as f32, 0.0]);
        values.extend([0.0, 0.5 + 0.01 * step as f32]);
    }
    let queries = of_two_directions(&values);
    for (name, device) in devices() {
        let config = MotionMemoryConfig::default().with_items(2);
        let (model, network) = config.fit(&layout(), &queries, &device).unwrap();
        let memory = network.memory.as_ref().unwrap();
        assert_eq!(memory.similarity, Similarity::Euclidean);
        assert_eq!(memory.shrinkage, Shrinkage::TopK(1));
        let items = model.memory.unwrap().items.val().into_data();
        let items: Vec<f32> = items.try_to_vec().unwrap();
        let mut items: Vec<[f32; 2]> = items.chunks(8).map(|item| [item[0], item[1]]).collect();
        assert_eq!(items.pop(), Some([0.0, 0.0]), "{name}");
        items.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let expected = [[0.0, 0.51], [0.21, 0.0]];
        for (item, expected) in items.iter().flatten().zip(expected.as_flattened()) {
            assert!((item - expected).abs() < 1e-6, "{name}: {items:?}");
        }
    }
}

/// Of many queries only those are clustered that move more than half of all.
#[test]
fn what_moves_less_than_the_median_makes_no_item() {
    let speeds = [0.1, 0.1, 0.1, 0.1, 0.4, 0.4, 0.4].map(|speed| [speed, 0.0]);
    let queries = of_two_directions(speeds.as_flattened());
    let config = MotionMemoryConfig::default();
    let (model, network) = config.fit(&layout(), &queries, &device()).unwrap();
    // Three move more than the median: no more items than these, and that of zeros.
    assert_eq!(network.memory.unwrap().num_items, 4);
    let items = model.memory.unwrap().items.val().into_data();
    let items: Vec<f32> = items.try_to_vec().unwrap();
    let speeds: Vec<f32> = items.chunks(8).map(|item| item[0]).collect();
    assert_eq!(speeds, [0.4, 0.4, 0.4, 0.0]);
    assert!(items.chunks(8).all(|item| item[1..] == [0.0; 7]));
}

#[test]
fn nothing_that_moves_is_an_error() {
    let device = device();
    let config = MotionMemoryConfig::default();
    for queries in [vec![0.0; 24], Vec::new()] {
        let count = queries.len() / 8;
        let error = config.fit(&layout(), &Vectors::new(8, queries).unwrap(), &device);
        assert_eq!(
            error.unwrap_err().to_string(),
            format!(
                "found no motion in {count} queries, expected normal videos in which something moves"
            )
        );
    }
    let still = square(10, [0, 0], [9, 9]);
    let error = config.fit_videos(&way(), &[still], &device).unwrap_err();
    assert!(
        matches!(error, TrainError::NoMotion { queries: 1.. }),
        "{error}"
    );
    let error =
        config
            .with_items(0)
            .fit(&layout(), &Vectors::new(8, vec![1.0; 8]).unwrap(), &device);
    assert_eq!(
        error.unwrap_err().to_string(),
        "memory: num_items is 0, expected at least 1"
    );
}

#[test]
fn a_score_is_the_largest_distance_to_the_nearest_item() {
    let video = square(12, [3, 1], [4, 10]);
    for (name, device) in devices() {
        let (model, network) = MotionMemoryConfig::default()
            .with_items(3)
            .fit_videos(&way(), &normal(), &device)
            .unwrap();
        let items = model.memory.as_ref().unwrap().items.val().into_data();
        let items: Vec<f32> = items.try_to_vec().unwrap();
        let threshold = DetectionThreshold::given(0.1, None).unwrap();
        let scorer = MotionScorer::new(model, network, way()).unwrap();
        let detector = MotionDetector::new(scorer, threshold);
        let verdicts = detector.detect(&video, &device).unwrap();
        assert_eq!(verdicts.len(), 12);
        assert!(
            verdicts[..8]
                .iter()
                .all(|verdict| verdict.score.is_none() && !verdict.cut)
        );
        for (verdict, motion) in verdicts.iter().zip(motion(&video)).skip(8) {
            let field = motion.field.unwrap();
            let distance = |query: &[f32; 8]| {
                let to = |item: &[f32]| -> f64 {
                    let squares = query
                        .iter()
                        .zip(item)
                        .map(|(a, b)| f64::from(a - b).powi(2));
                    squares.sum::<f64>().sqrt()
                };
                items.chunks(8).map(to).fold(f64::INFINITY, f64::min)
            };
            let expected: Vec<f64> = field.queries().map(distance).collect();
            let score = verdict.score.as_ref().unwrap();
            assert_eq!(score.distances.len(), expected.len());
            for (found, expected) in score.distances.iter().zip(&expected) {
                let error = (f64::from(*found) - expected).abs();
                assert!(error < 1e-5, "{name}: {found} {expected}");
            }
            let highest = expected.iter().copied().fold(0.0, f64::max);
            assert!((score.verdict.score - highest).abs() < 1e-5, "{name}");
            assert_eq!(score.verdict.anomalous, score.verdict.score > 0.1);
            let worst = expected
                .iter()
                .position(|distance| *distance == highest)
                .unwrap();
            let layout = layout();
            let (row, column) = (worst / layout.columns(), worst % layout.columns());
            assert_eq!(score.place, layout.rectangle(row, column), "{name}");
        }
    }
}

#[test]
fn a_pixel_has_the_mean_of_the_places_that_look_at_it() {
    let detector = detector();
    let verdicts = detector
        .detect(&square(10, [3, 1], [4, 10]), &device())
        .unwrap();
    let score = verdicts[9].score.as_ref().unwrap();
    let layout = layout();
    let map = score.pixel_map(&layout);
    assert_eq!(map.len(), HEIGHT * WIDTH);
    for (pixel, found) in map.iter().enumerate() {
        let (row, column) = (pixel / WIDTH, pixel % WIDTH);
        let places = score.distances.iter().enumerate().filter(|(place, _)| {
            let at = layout.rectangle(place / layout.columns(), place % layout.columns());
            (at.top..at.top + at.height).contains(&row)
                && (at.left..at.left + at.width).contains(&column)
        });
        let distances: Vec<f32> = places.map(|(_, distance)| *distance).collect();
        let expected = distances.iter().sum::<f32>() / distances.len() as f32;
        assert!(
            (found - expected).abs() < 1e-6,
            "{row}, {column}: {found} {expected}"
        );
    }
}

#[test]
fn what_is_faster_or_goes_elsewhere_scores_higher() {
    let (detector, device) = (detector(), device());
    let held_out = normal().split_off(2);
    let detector = detector.calibrate(&held_out, 0.5, &device).unwrap();
    let origin = detector.detection_threshold().origin();
    let ThresholdOrigin::HeldOut { calibration, .. } = origin else {
        panic!("{origin:?}");
    };
    assert_eq!(
        (calibration.num_groups(), calibration.num_scores()),
        (2, 28)
    );
    let highest = |video: &Video| {
        let scores = scores(&detector, video).into_iter().flatten();
        scores.fold(0.0, f64::max)
    };
    let usual = highest(&square(20, [2, 0], [2, 17]));
    for (what, video) in [
        ("faster", square(12, [5, 0], [2, 17])),
        ("the other way", square(20, [-2, 0], [50, 17])),
        ("downwards", square(14, [0, 2], [30, 2])),
    ] {
        let found = highest(&video);
        assert!(found > 1.5 * usual, "{what}: {found}, usually {usual}");
    }
}

/// The same motion at a place where nothing ever moved is as far from normal as it is fast.
#[test]
fn a_place_counts_if_it_is_to() {
    let device = device();
    let far_below = square(22, [2, 0], [2, 34]);
    let norm = |query: &[f32; 8]| query.iter().map(|value| value * value).sum::<f32>().sqrt();
    let fields = motion(&far_below)
        .into_iter()
        .filter_map(|motion| motion.field);
    let fastest = fields
        .flat_map(|field| field.queries().map(norm).collect::<Vec<_>>())
        .fold(0.0, f32::max);
    let highest = |position: f64| {
        let config = MotionConfig::default().with_position(position);
        let way = way().with_motion(config).unwrap();
        let config = MotionMemoryConfig::default().with_items(30);
        let normal = &normal()[..1];
        let (model, network) = config.fit_videos(&way, normal, &device).unwrap();
        let memory = network.memory.as_ref().unwrap();
        let still = way.layout().unwrap().still_queries().len();
        assert_eq!(memory.num_items, 30 + still);
        let scorer = MotionScorer::new(model, network, way).unwrap();
        let scores = scorer.video_scores(&far_below, &device).unwrap();
        scores.into_iter().flatten().fold(0.0, f64::max)
    };
    let (without, with) = (highest(0.0), highest(2.0));
    assert!((with - f64::from(fastest)).abs() < 1e-5, "{with} {fastest}");
    assert!(without < 0.8 * with, "{without} {with}");
}

#[test]
fn a_stream_gives_the_scores_of_a_video_to_the_bit() {
    let (detector, device) = (detector(), device());
    let video = square(14, [3, 1], [4, 4]);
    let expected = detector.detect(&video, &device).unwrap();
    let mut stream = detector.stream(&device).unwrap();
    let frames: Vec<_> = video
        .frames(&FrameFormat::default())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (frame, expected) in frames.iter().zip(&expected) {
        assert_eq!(stream.push_frame(frame).unwrap(), *expected);
    }
    // Numbers go on, what was known does not.
    stream.restart();
    let again = stream.push(PixelSlice::Bits8(&frames[0].pixels)).unwrap();
    assert_eq!((again.frame, again.score), (14, None));
    let short = stream.push(PixelSlice::Bits8(&[1, 2, 3])).unwrap_err();
    assert_eq!(short.to_string(), "frame: found 3 pixels, expected 48x72");
    for (frame, expected) in frames.iter().zip(&expected).skip(1) {
        let next = stream.push(PixelSlice::Bits8(&frame.pixels)).unwrap();
        assert_eq!(next.frame, 14 + expected.frame);
        assert_eq!(next.score, expected.score);
    }
}

/// A jump of everything is one event.
#[test]
fn a_cut_has_no_score() {
    let detector = detector();
    let shape = ImageShape {
        channels: 1,
        height: HEIGHT,
        width: WIDTH,
    };
    let mut pixels = Vec::new();
    for is_other in [false, true] {
        let video = square(10, [2, 0], [2, 4]);
        for frame in video.frames(&FrameFormat::default()).unwrap() {
            let levels = frame.unwrap().pixels.into_iter().enumerate();
            pixels.extend(levels.map(|(at, level)| match is_other {
                true => ((at * at / 7 + at * 31) % 256) as u8,
                false => level,
            }));
        }
    }
    let video = Video::in_memory("cut", shape, pixels).unwrap();
    let verdicts = detector.detect(&video, &device()).unwrap();
    let cuts: Vec<u64> = verdicts
        .iter()
        .filter(|verdict| verdict.cut)
        .map(|verdict| verdict.frame)
        .collect();
    assert_eq!(cuts, [10]);
    let scored: Vec<u64> = verdicts
        .iter()
        .filter(|verdict| verdict.score.is_some())
        .map(|verdict| verdict.frame)
        .collect();
    assert_eq!(scored, [8, 9, 18, 19]);
}

#[test]
fn a_detector_survives_its_file_to_the_bit() {
    let _draws = any_draws();
    let (detector, device) = (detector(), device());
    let detector = detector
        .calibrate(&normal()[2..], 0.4, &device)
        .unwrap()
        .with_provenance(Provenance::default().with_data("squares"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("motion.safetensors");
    detector.save(&path).unwrap();
    assert_eq!(file_settings(&path).unwrap()["kind"], "motion");
    let video = square(12, [3, 1], [4, 10]);
    let expected = scores(&detector, &video);
    let loaded = MotionDetector::load(&path, &device).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let of_bytes = MotionDetector::from_bytes(bytes, "bytes", &device).unwrap();
    for detector in [&loaded, &of_bytes] {
        assert_eq!(scores(detector, &video), expected);
        assert_eq!(detector.preprocessing(), &way());
        assert_eq!(detector.provenance().data.as_deref(), Some("squares"));
        assert_eq!(detector.detection_threshold().value(), detector.threshold());
    }
    let AnyDetector::Motion(any) = AnyDetector::load(&path, &device).unwrap() else {
        panic!("no detector of motion");
    };
    assert_eq!(any.threshold(), detector.threshold());
    let again = folder.path().join("again.safetensors");
    AnyDetector::Motion(any).save(&again).unwrap();
    let again = MotionDetector::load(&again, &device).unwrap();
    assert_eq!(scores(&again, &video), expected);
}

#[test]
fn a_file_is_scored_as_the_video_in_it() {
    let _draws = any_draws();
    let (detector, device) = (detector(), device());
    let folder = tempfile::tempdir().unwrap();
    let video = square(11, [3, 1], [4, 10]);
    for (number, frame) in video.frames(&FrameFormat::default()).unwrap().enumerate() {
        let image = [&b"P5 72 48 255\n"[..], &frame.unwrap().pixels].concat();
        std::fs::write(folder.path().join(format!("{number}.pgm")), image).unwrap();
    }
    let expected: Vec<f64> = scores(&detector, &video).into_iter().flatten().collect();
    let any = AnyDetector::Motion(Box::new(detector));
    assert_eq!((any.kind(), any.num_parameters()), ("video", 7 * 8));
    let found = any.detect_file(folder.path(), &device).unwrap();
    let places: Vec<Place> = found.iter().map(|found| found.place).collect();
    assert_eq!(places, (8..11).map(Place::Frame).collect::<Vec<_>>());
    let found: Vec<f64> = found.iter().map(|found| found.verdict.score).collect();
    assert_eq!(found, expected);

    let missing = any
        .detect_file(folder.path().join("none.avi"), &device)
        .unwrap_err();
    assert_line(&missing.to_string(), &["none.avi"]);
}

/// What a file says is checked before it is used.
#[test]
fn damaged_settings_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("motion.safetensors");
    detector().save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let message = |change: &dyn Fn(&mut serde_json::Value)| {
        let (_, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
        let metadata = metadata.metadata().clone().unwrap();
        let mut settings: serde_json::Value = serde_json::from_str(&metadata["memae"]).unwrap();
        change(&mut settings);
        let metadata =
            std::collections::HashMap::from([("memae".to_string(), settings.to_string())]);
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let written = safetensors::serialize(tensors.iter(), Some(metadata)).unwrap();
        let error = MotionDetector::from_bytes(written, "motion", &device()).unwrap_err();
        assert_line(&error.to_string(), &["motion"]);
        error.to_string()
    };
    for (setting, found) in [
        ("rate", "rate: found -1, expected"),
        ("format", "size: found none"),
        ("motion", "window: found 3, expected"),
    ] {
        let message = message(&|settings| {
            let way = &mut settings["preprocessing"];
            match setting {
                "rate" => way["rate"] = (-1.0).into(),
                "format" => way["format"]["size"] = serde_json::Value::Null,
                _ => way["motion"]["window"] = 3.0.into(),
            }
        });
        assert!(message.contains(found), "{setting}: {message}");
    }
    let without = message(&|settings| {
        settings.as_object_mut().unwrap().remove("preprocessing");
    });
    assert!(
        without.contains("does not say how files become samples"),
        "{without}"
    );
    let unknown = message(&|settings| settings["detector"]["speed"] = 1.into());
    assert!(unknown.contains("speed"), "{unknown}");
    let other = message(&|settings| settings["kind"] = "vector".into());
    assert!(other.contains("vector"), "{other}");
}

#[test]
fn parts_that_do_not_fit_are_errors() {
    let _draws = any_draws();
    let device = device();
    let network = |width| {
        let input = VectorShape { width };
        let layer = |width| vec![VectorLayerConfig::new(width)];
        VectorAutoencoderConfig::new(input, layer(4), layer(width)).with_variant(Variant::MemAe, 5)
    };
    let threshold = || DetectionThreshold::given(1.0, None).unwrap();
    let made = |of: VectorAutoencoderConfig, said: VectorAutoencoderConfig| {
        let scorer = MotionScorer::new(of.init(&device), said, way());
        scorer.map(|scorer| MotionDetector::new(scorer, threshold()))
    };
    // A trained network does as well as a memory alone.
    let detector = made(network(8), network(8)).unwrap();
    assert_eq!(
        scores(&detector, &square(9, [2, 0], [2, 2]))
            .iter()
            .flatten()
            .count(),
        1
    );
    let error = made(network(7), network(7)).unwrap_err();
    assert_line(&error.to_string(), &["vectors of 8, expected 7"]);
    let error = made(network(7), network(8)).unwrap_err();
    assert_line(&error.to_string(), &["[7]", "[8]"]);
    assert!(matches!(error, MotionDetectorError::Mismatch { .. }));

    // Weights so large that a score is no number.
    let (mut model, network) = MotionMemoryConfig::default()
        .fit_videos(&way(), &normal(), &device)
        .unwrap();
    let items = network.memory.as_ref().unwrap().num_items;
    let memory = model.memory.take().unwrap();
    model.memory = Some(memory.with_items(Tensor::full([items, 8], f32::MAX, &device)));
    let scorer = MotionScorer::new(model, network, way()).unwrap();
    let detector = MotionDetector::new(scorer, threshold());
    let error = detector
        .detect(&square(9, [2, 0], [2, 2]), &device)
        .unwrap_err();
    assert!(
        matches!(error, MotionDetectorError::Score { frame: 8, .. }),
        "{error}"
    );
}

#[test]
fn normal_videos_without_motion_to_score_are_errors() {
    let detector = detector();
    let short = || square(8, [0, 0], [2, 2]);
    let error = detector
        .clone()
        .calibrate(&[short()], 0.1, &device())
        .unwrap_err();
    assert!(
        matches!(error, MotionDetectorError::Calibration(_)),
        "{error}"
    );
    let scorer = detector.scorer().clone();
    let error = MotionDetector::fit(scorer, &[short()], &device()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "found no video in which 9 frames follow each other without a cut, expected at least one, as motion is a mean over so many"
    );
}

#[test]
fn a_detector_of_motion_is_none_of_clips() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("motion.safetensors");
    detector().save(&path).unwrap();
    let error = memae_models::detect::VideoDetector::load(&path, &device()).unwrap_err();
    assert!(
        matches!(&error, ModelFileError::OtherKind { found, .. } if found == "motion"),
        "{error}"
    );
}
