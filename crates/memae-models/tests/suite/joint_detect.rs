//! Detectors of appearance and motion together: their scores, streams and files.

use memae_core::QueryUnit;
use memae_data::encode::{
    ClipLayout, ClipsConfig, JointPreprocessing, MotionConfig, MotionPreprocessing,
    VideoPreprocessing,
};
use memae_data::sample::{ClipShape, Frame, ImageShape, Video, VideoConfig};
use memae_models::artefact::{ModelFileError, Provenance, file_settings};
use memae_models::detect::{
    AnyDetector, DetectionThreshold, JointDetector, JointDetectorError, JointParts, JointRule,
    MotionScorer, PartScores, Place, VideoDetector, VideoDetectorConfig,
};
use memae_models::network::{Variant, VideoAutoencoderConfig, VideoLayerConfig};
use memae_models::train::MotionMemoryConfig;

use crate::support::{assert_line, device, devices};

const HEIGHT: usize = 48;
const WIDTH: usize = 72;
const RATE: f64 = 10.0;
/// Clips of four frames, of which the third is scored.
const LAG: u64 = 1;

/// Where a square with texture is, and how much brighter it is than usual.
#[derive(Clone, Copy)]
struct Square {
    first: [i32; 2],
    speed: i32,
    brighter: i32,
}

const USUAL: Square = Square {
    first: [2, 12],
    speed: 2,
    brighter: 0,
};

fn pixels(square: Square, frame: i32) -> Vec<u8> {
    let level = |row: i32, column: i32| {
        let at = [
            column - square.first[0] - frame * square.speed,
            row - square.first[1],
        ];
        match at.iter().all(|at| (0..14).contains(at)) {
            true => 100 + square.brighter + (at[0] * 37 + at[1] * 53) % 40,
            false => 40 + (row * 7 + column * 11) % 23,
        }
    };
    let rows = 0..HEIGHT as i32;
    let pixels = rows.flat_map(|row| (0..WIDTH as i32).map(move |column| level(row, column) as u8));
    pixels.collect()
}

const SHAPE: ImageShape = ImageShape {
    channels: 1,
    height: HEIGHT,
    width: WIDTH,
};

fn video(square: Square, frames: i32) -> Video {
    let frames: Vec<u8> = (0..frames)
        .flat_map(|frame| pixels(square, frame))
        .collect();
    Video::in_memory("square", SHAPE, frames).unwrap()
}

fn normal() -> Vec<Video> {
    let at = [4, 10, 16, 22, 28, 33];
    let square = |row| Square {
        first: [2, row],
        ..USUAL
    };
    at.map(|row| video(square(row), 26)).to_vec()
}

fn motion_way() -> MotionPreprocessing {
    let config = MotionConfig::default();
    MotionPreprocessing::new(&VideoConfig::default(), (HEIGHT, WIDTH), RATE, &config).unwrap()
}

fn clips() -> ClipsConfig {
    ClipsConfig::default()
        .with_layout(ClipLayout::new(4).unwrap())
        .with_size(24, 36)
}

fn network() -> VideoAutoencoderConfig {
    let shape = ClipShape {
        channels: 1,
        frames: 4,
        height: 24,
        width: 36,
    };
    let layer = |channels| vec![VideoLayerConfig::new([3; 3], [2; 3], channels)];
    VideoAutoencoderConfig::new(shape, layer(4), layer(1)).with_variant(
        Variant::MemAe,
        10,
        QueryUnit::Position,
    )
}

fn appearance(preprocessing: Option<VideoPreprocessing>) -> VideoDetector {
    let (device, train) = (device(), normal());
    let samples = clips().open(&train[..2]).unwrap();
    let network = network();
    let model = network.init(&device);
    let config = VideoDetectorConfig::default();
    let detector = VideoDetector::fit(model, network, config, &samples, &device).unwrap();
    match preprocessing {
        Some(preprocessing) => detector.with_preprocessing(preprocessing).unwrap(),
        None => detector,
    }
}

fn motion() -> MotionScorer {
    let config = MotionMemoryConfig::default().with_items(6);
    let (model, network) = config
        .fit_videos(&motion_way(), &normal()[..2], &device())
        .unwrap();
    MotionScorer::new(model, network, motion_way()).unwrap()
}

fn parts() -> JointParts {
    let way = JointPreprocessing::new(&clips(), motion_way()).unwrap();
    JointParts::new(appearance(Some(way.appearance().clone())), motion()).unwrap()
}

fn detector(rule: JointRule) -> JointDetector {
    let (normal, device) = (normal(), device());
    JointDetector::fit(parts(), rule, &normal[2..4], &device)
        .unwrap()
        .calibrate(&normal[4..], 0.4, &device)
        .unwrap()
}

#[test]
fn parts_say_what_each_says_alone() {
    let (parts, device) = (parts(), device());
    let video = video(USUAL, 20);
    let found = parts.video_scores(&video, &device).unwrap();
    let alone = parts.motion().video_scores(&video, &device).unwrap();
    let samples = clips().open(std::slice::from_ref(&video)).unwrap();
    let of_clips = parts.appearance().detect(&samples, &device).unwrap();
    // From the first frame whose motion is known to the last that a clip scores.
    let frames: Vec<u64> = found.iter().map(|scores| scores.frame).collect();
    assert_eq!(frames, (8..20 - LAG).collect::<Vec<_>>());
    assert_eq!(parts.reach().unwrap(), 9 + LAG as usize);
    for scores in &found {
        let frame = scores.frame as usize;
        assert_eq!(Some(scores.motion.score), alone[frame]);
        let clip = (0..samples.len()).find(|&clip| samples.scored_by(clip) == frame);
        assert_eq!(scores.appearance, of_clips[clip.unwrap()].score);
        assert_eq!(scores.both(), [scores.appearance, scores.motion.score]);
    }
}

#[test]
fn scores_are_joined_by_how_rare_they_are() {
    let device = device();
    let odd = Square {
        speed: 5,
        brighter: 60,
        ..USUAL
    };
    for rule in [JointRule::Maximum, JointRule::Sum] {
        let detector = detector(rule);
        let video = video(odd, 13);
        let scores = detector.parts().video_scores(&video, &device).unwrap();
        let verdicts = detector.detect(&video, &device).unwrap();
        assert_eq!(verdicts.len(), 13);
        let known: Vec<_> = verdicts.iter().filter_map(|v| v.score.as_ref()).collect();
        assert_eq!(known.len(), scores.len());
        for (score, parts) in known.iter().zip(&scores) {
            let scale = detector.scale();
            let expected = [
                scale.appearance.rarity(parts.appearance),
                scale.motion.rarity(parts.motion.score),
            ];
            assert_eq!([score.appearance, score.motion], expected);
            let joined = match rule {
                JointRule::Maximum => expected[0].max(expected[1]),
                _ => expected[0] + expected[1],
            };
            assert_eq!(score.verdict.score, joined);
            assert_eq!(
                score.verdict.anomalous,
                joined > detector.threshold(),
                "{rule}"
            );
            assert_eq!(score.place, parts.motion.place);
        }
    }
}

/// What each part is for: one sees what is bright and moves as usual, the other what looks as usual and is fast.
#[test]
fn either_part_alone_is_enough_for_the_maximum() {
    let (detector, device) = (detector(JointRule::Maximum), device());
    let highest = |square: Square| {
        let verdicts = detector.detect(&video(square, 13), &device).unwrap();
        let scores = verdicts.iter().filter_map(|verdict| verdict.score.as_ref());
        scores.fold([0.0f64; 3], |[both, looks, moves], score| {
            [
                both.max(score.verdict.score),
                looks.max(score.appearance),
                moves.max(score.motion),
            ]
        })
    };
    let [usual, ..] = highest(USUAL);
    let [bright, looks, _] = highest(Square {
        brighter: 100,
        ..USUAL
    });
    let [fast, _, moves] = highest(Square { speed: 5, ..USUAL });
    assert_eq!((bright, fast), (looks, moves));
    assert!(
        bright > usual + 2.0 && fast > usual + 2.0,
        "{usual} {bright} {fast}"
    );
}

#[test]
fn a_stream_gives_what_a_file_does() {
    let (detector, device) = (detector(JointRule::Maximum), device());
    let mut stream = detector.stream(&device).unwrap();
    let frame = |number| Frame {
        shape: SHAPE,
        pixels: pixels(USUAL, number),
    };
    let first: Vec<_> = (0..15)
        .map(|number| stream.push(&frame(number)).unwrap())
        .collect();
    assert_eq!(first, detector.detect(&video(USUAL, 15), &device).unwrap());
    // After a gap everything begins anew, but the numbers of frames.
    stream.restart();
    let again: Vec<_> = (0..15)
        .map(|number| stream.push(&frame(number)).unwrap())
        .collect();
    for (first, mut again) in first.into_iter().zip(again) {
        again.frame -= 15;
        if let Some(score) = &mut again.score {
            score.frame -= 15;
        }
        assert_eq!(again, first);
    }
    let wrong = Frame {
        shape: ImageShape { width: 0, ..SHAPE },
        pixels: Vec::new(),
    };
    let error = stream.push(&wrong).unwrap_err().to_string();
    assert_line(&error, &["frame 30: "]);
}

#[test]
fn files_hold_the_whole_detector() {
    let device = device();
    let detector = detector(JointRule::Sum)
        .with_provenance(Provenance::default().with_data("squares").with_seed(5));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("both.safetensors");
    detector.save(&path).unwrap();
    let settings = file_settings(&path).unwrap();
    assert_eq!(settings["kind"], "appearance and motion");
    assert_eq!(settings["detector"]["scale"]["rule"], "sum");
    let tensors = std::fs::read(&path).unwrap();
    for name in ["appearance.encoder.0.conv.weight", "motion.memory.items"] {
        let name = format!("\"{name}\"");
        let found = tensors.windows(name.len()).any(|at| at == name.as_bytes());
        assert!(found, "{name}");
    }
    let video = video(Square { speed: 3, ..USUAL }, 14);
    let expected = detector.detect(&video, &device).unwrap();
    let bytes = JointDetector::from_bytes(tensors, "both", &device).unwrap();
    for loaded in [JointDetector::load(&path, &device).unwrap(), bytes] {
        assert_eq!(loaded.detect(&video, &device).unwrap(), expected);
        assert_eq!(loaded.provenance().data.as_deref(), Some("squares"));
        assert_eq!(loaded.detection_threshold(), detector.detection_threshold());
    }
    let AnyDetector::Joint(any) = AnyDetector::load(&path, &device).unwrap() else {
        panic!("expected a joint detector");
    };
    let any = AnyDetector::Joint(any);
    assert_eq!(any.kind(), "video");
    let of_parts = [
        detector.parts().appearance().network.num_parameters(),
        detector.parts().motion().network.num_parameters(),
    ];
    assert_eq!(any.num_parameters(), of_parts.iter().sum::<usize>());
    let error = VideoDetector::load(&path, &device).unwrap_err();
    assert!(
        matches!(&error, ModelFileError::OtherKind { .. }),
        "{error}"
    );
}

#[test]
fn what_is_tampered_with_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("both.safetensors");
    detector(JointRule::Maximum).save(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let stored = u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&whole[8..8 + stored]).unwrap();
    let with = |from: &str, to: &str| {
        assert!(header.contains(from), "{from} in {header}");
        let mut header = header.replacen(from, to, 1);
        while !header.len().is_multiple_of(8) {
            header.push(' ');
        }
        let length = (header.len() as u64).to_le_bytes();
        [&length[..], header.as_bytes(), &whole[8 + stored..]].concat()
    };
    for (from, to, expected) in [
        (
            r#"\"mean_excess\":\""#,
            r#"\"mean_excess\":\"-"#,
            "a scale of rarity",
        ),
        (
            r#"\"rule\":\"maximum\""#,
            r#"\"rule\":\"mean\""#,
            "other settings",
        ),
        (
            r#"\"scored_frame\":2"#,
            r#"\"scored_frame\":9"#,
            "scored frame 9",
        ),
        (
            r#"\"rate\":10.0"#,
            r#"\"rate\":11.0"#,
            "opened for clips in another way",
        ),
        (
            r#"\"position\":0.0"#,
            r#"\"position\":1.0"#,
            "vectors of 10, expected 8",
        ),
    ] {
        let error = JointDetector::from_bytes(with(from, to), "both", &device()).unwrap_err();
        let error = error.to_string();
        assert_line(&error, &[expected]);
    }
}

#[test]
fn a_detector_takes_files() {
    let (detector, device) = (detector(JointRule::Maximum), device());
    let folder = tempfile::tempdir().unwrap();
    for number in 0..13 {
        let head = format!("P5 {WIDTH} {HEIGHT} 255\n");
        let path = folder.path().join(format!("{number:02}.pgm"));
        std::fs::write(path, [head.as_bytes(), &pixels(USUAL, number)].concat()).unwrap();
    }
    let expected = detector.detect(&video(USUAL, 13), &device).unwrap();
    let expected: Vec<_> = expected
        .into_iter()
        .filter_map(|found| found.score)
        .collect();
    let any = AnyDetector::Joint(Box::new(detector));
    let found = any.detect_file(folder.path(), &device).unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found.place, Place::Frame(expected.frame as usize));
        assert_eq!(found.verdict, expected.verdict);
    }
    let error = any.detect_file(folder.path().join("none"), &device);
    assert!(error.unwrap_err().to_string().contains("none"));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let error = JointParts::new(appearance(None), motion()).unwrap_err();
    assert!(matches!(error, JointDetectorError::NoPreprocessing));
    let other = VideoPreprocessing::new(&VideoConfig::default(), &clips());
    let error = JointParts::new(appearance(Some(other)), motion()).unwrap_err();
    let error = error.to_string();
    assert_line(&error, &["opened for clips in another way"]);

    let fit = |videos: &[Video]| {
        let fitted = JointDetector::fit(parts(), JointRule::Maximum, videos, &device());
        fitted.unwrap_err().to_string()
    };
    assert!(fit(&[]).contains("take 10 frames"));
    assert!(fit(&[video(USUAL, 9)]).contains("take 10 frames"));
    // A picture that does not change.
    let still = Square { speed: 0, ..USUAL };
    let error = fit(&[video(still, 14)]);
    assert!(
        error.starts_with("appearance: found normal frames that all score"),
        "{error}"
    );
}

#[test]
fn devices_agree() {
    let expected = detector(JointRule::Sum);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("both.safetensors");
    expected.save(&path).unwrap();
    let video = video(Square { speed: 3, ..USUAL }, 12);
    let expected = expected.parts().video_scores(&video, &device()).unwrap();
    for (name, device) in devices() {
        let detector = JointDetector::load(&path, &device).unwrap();
        let found = detector.parts().video_scores(&video, &device).unwrap();
        assert_eq!(found.len(), expected.len(), "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            let pairs = PartScores::both(found).into_iter().zip(expected.both());
            for (found, expected) in pairs {
                let tolerance = 1e-4 * expected.abs().max(1.0);
                assert!(
                    (found - expected).abs() < tolerance,
                    "{name}: {found} {expected}"
                );
            }
        }
    }
    let threshold = DetectionThreshold::given(1.0, None).unwrap();
    let given = detector(JointRule::Sum).with_threshold(threshold);
    assert_eq!(given.threshold(), 1.0);
}
