//! The embedded road is the same everywhere, its labels are exact, and settings out of range are errors.

use std::collections::HashSet;
use std::iter;

use memae_data::drawn::{DrawnVideo, Road, RoadConfig, RoadError, RoadKind, RoadVideo};
use memae_data::encode::{ClipLayout, ClipsConfig, PixelRange};
use memae_data::sample::Video;
use proptest::prelude::*;

fn road(config: RoadConfig) -> Road {
    config.generate().expect("settings within their ranges")
}

/// FNV-1a over pixels, masks and labels.
fn checksum(videos: &[RoadVideo]) -> u64 {
    let bytes = videos.iter().flat_map(|video| {
        let marks = video.masks().iter().chain(video.labels());
        let marks = marks.map(|&mark| u8::from(mark));
        video.pixels().iter().copied().chain(marks)
    });
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The bytes are a promise across platforms and releases.
#[test]
fn seed_0_is_pinned() {
    let config = RoadConfig::default().with_train(2, 30).with_test(4, 160);
    let pinned = road(config);
    assert_eq!(checksum(&pinned.train), 7_039_411_473_628_471_755);
    assert_eq!(checksum(&pinned.test), 4_391_523_078_207_788);
    // Other sizes take other paths through the drawing.
    let wide = RoadConfig::default()
        .with_size(53, 157)
        .with_train(1, 7)
        .with_test(1, 320)
        .with_anomalies_per_video(2)
        .with_kinds([RoadKind::Fall, RoadKind::Stop])
        .with_noise(0.0)
        .with_seed(u64::MAX);
    assert_eq!(checksum(&road(wide).test), 11_218_754_908_497_352_790);
}

#[test]
fn defaults_are_as_documented() {
    let road = road(RoadConfig::default());
    assert_eq!(RoadConfig::FRAMES_PER_SECOND, 10.0);
    assert_eq!((road.train.len(), road.test.len()), (10, 12));
    for (videos, frames) in [(&road.train, 200), (&road.test, 240)] {
        for video in videos {
            assert_eq!(
                (video.len(), video.height(), video.width()),
                (frames, 64, 96)
            );
            assert!(!video.is_empty());
            assert_eq!(video.pixels().len(), frames * 64 * 96);
            assert_eq!(video.masks().len(), frames * 64 * 96);
            assert_eq!(video.labels().len(), frames);
        }
    }
    for kind in RoadKind::ALL {
        let all = road.test.iter().flat_map(RoadVideo::anomalies);
        assert_eq!(
            all.filter(|anomaly| anomaly.kind == kind).count(),
            3,
            "{kind}"
        );
    }
    // Between a fifth and a half of the frames are anomalous.
    let labels: Vec<bool> = road
        .test
        .iter()
        .flat_map(DrawnVideo::labels)
        .copied()
        .collect();
    let anomalous = labels.iter().filter(|&&label| label).count();
    assert!(
        (5 * anomalous > labels.len()) && (2 * anomalous < labels.len()),
        "{anomalous}"
    );
}

#[test]
fn training_videos_are_normal() {
    for seed in 0..3 {
        let road = road(RoadConfig::default().with_test(0, 160).with_seed(seed));
        assert!(road.test.is_empty());
        for video in &road.train {
            assert!(video.anomalies().is_empty());
            let mut marks = video.labels().iter().chain(video.masks());
            assert!(marks.all(|&mark| !mark));
        }
    }
}

#[test]
fn without_anomalies_test_videos_are_normal_too() {
    let config = RoadConfig::default().with_train(1, 50).with_test(1, 50);
    let road = road(config.with_anomalies_per_video(0).with_kinds([]));
    assert!(road.test[0].anomalies().is_empty());
    assert!(road.test[0].labels().iter().all(|&label| !label));
    assert_ne!(road.test[0].pixels(), road.train[0].pixels());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn labels_masks_and_spans_agree(
        seed: u64,
        (height, width) in (48..80usize).prop_flat_map(|height| (Just(height), (height * 5).div_ceil(4)..=3 * height)),
        (frames, anomalies) in (160..500usize).prop_flat_map(|frames| (Just(frames), 1..=frames / 160)),
    ) {
        let config = RoadConfig::default()
            .with_size(height, width)
            .with_train(0, 0)
            .with_test(2, frames)
            .with_anomalies_per_video(anomalies)
            .with_seed(seed);
        for video in road(config).test {
            prop_assert_eq!(video.anomalies().len(), anomalies);
            for frame in 0..frames {
                let shown = video.mask(frame).iter().filter(|&&pixel| pixel).count();
                prop_assert_eq!(video.labels()[frame], shown > 0);
                prop_assert!(shown == 0 || shown >= (height * width).div_ceil(500));
                let within = video.anomalies().iter().any(|anomaly| anomaly.frames.contains(&frame));
                prop_assert!(within || shown == 0);
            }
            for anomaly in video.anomalies() {
                let frames = &anomaly.frames;
                prop_assert!(frames.start < frames.end, "{:?}", anomaly);
                prop_assert!(video.labels()[frames.start] && video.labels()[frames.end - 1]);
            }
            prop_assert!(video.labels().contains(&true) && video.labels().contains(&false));
            // One after the other.
            prop_assert!(video.anomalies().windows(2).all(|pair| pair[0].frames.end <= pair[1].frames.start));
        }
    }
}

/// Column and row of the middle of a mask.
fn middle(video: &RoadVideo, frame: usize) -> (f64, f64) {
    let mask = video.mask(frame);
    let at: Vec<usize> = (0..mask.len()).filter(|&pixel| mask[pixel]).collect();
    let mean = |axis: &dyn Fn(usize) -> usize| {
        at.iter().map(|&pixel| axis(pixel) as f64).sum::<f64>() / at.len() as f64
    };
    (
        mean(&|pixel| pixel % video.width()),
        mean(&|pixel| pixel / video.width()),
    )
}

/// Labelled frames of the only anomaly of each of a few videos of one kind.
fn of_kind(kind: RoadKind) -> Vec<(RoadVideo, Vec<usize>)> {
    let config = RoadConfig::default()
        .with_train(0, 0)
        .with_test(8, 240)
        .with_kinds([kind]);
    let videos = road(config).test.into_iter();
    videos
        .map(|video| {
            assert_eq!(video.anomalies()[0].kind, kind);
            let frames = (0..video.len())
                .filter(|&frame| video.labels()[frame])
                .collect();
            (video, frames)
        })
        .collect()
}

/// Frames for which a mask stays where it is: less than a third of a pixel from one to the next.
fn still(video: &RoadVideo, frames: &[usize]) -> usize {
    let pairs = frames.windows(2).filter(|pair| pair[1] == pair[0] + 1);
    let steps = pairs.map(|pair| {
        let ((x, y), (u, v)) = (middle(video, pair[0]), middle(video, pair[1]));
        (x - u).abs() + (y - v).abs()
    });
    steps.filter(|&step| step < 0.34).count()
}

/// Each kind goes its way: along the road as fast as traffic, not at all, across it, and down with a rest.
#[test]
fn kinds_move_as_documented() {
    for (video, frames) in of_kind(RoadKind::WrongWay) {
        let half = frames.len() / 2;
        let (a, b) = (
            middle(&video, frames[half - 2]),
            middle(&video, frames[half + 2]),
        );
        let step = (b.0 - a.0) / (frames[half + 2] - frames[half - 2]) as f64;
        assert!((2.5..9.0).contains(&step.abs()), "{step}");
        // Vehicles in the nearest lane go to the right, and in the others, higher in the picture, to the left.
        let row = a.1 / video.height() as f64;
        if row > 0.62 {
            assert!(step < 0.0, "{row} {step}");
        }
        if row < 0.47 {
            assert!(step > 0.0, "{row} {step}");
        }
    }
    for (video, frames) in of_kind(RoadKind::Stop) {
        assert!(frames.len() >= 40, "{}", frames.len());
        assert!(still(&video, &frames) >= 20, "{video:?}");
    }
    for (video, frames) in of_kind(RoadKind::Crossing) {
        let (first, last) = (
            middle(&video, frames[0]),
            middle(&video, frames[frames.len() - 1]),
        );
        assert!(
            (first.1 - last.1).abs() > 0.7 * 64.0 && (first.0 - last.0).abs() < 16.0,
            "{first:?} {last:?}"
        );
    }
    for (video, frames) in of_kind(RoadKind::Fall) {
        assert!(
            frames.len() >= 45 && still(&video, &frames) >= 15,
            "{video:?}"
        );
        let (first, last) = (
            middle(&video, frames[0]),
            middle(&video, frames[frames.len() - 1]),
        );
        assert!(last.1 < first.1, "blown away: {first:?} {last:?}");
    }
}

#[test]
fn only_kinds_that_are_asked_for_come_and_all_of_these() {
    let config = RoadConfig::default().with_train(0, 0).with_test(6, 160);
    for kinds in [
        vec![RoadKind::Stop],
        vec![RoadKind::Fall, RoadKind::WrongWay, RoadKind::Crossing],
    ] {
        let road = road(config.clone().with_kinds(kinds.clone()));
        let found = road
            .test
            .iter()
            .flat_map(RoadVideo::anomalies)
            .map(|anomaly| anomaly.kind);
        let found: Vec<RoadKind> = found.collect();
        for round in found.chunks(kinds.len()) {
            let round: HashSet<_> = round.iter().collect();
            assert_eq!(round, kinds.iter().collect());
        }
    }
    // In whatever order.
    let kinds = [RoadKind::Fall, RoadKind::Stop];
    let forth = road(config.clone().with_kinds(kinds));
    let back = road(config.with_kinds(kinds.into_iter().rev()));
    assert_eq!(forth, back);
}

#[test]
fn more_or_longer_videos_leave_the_first_as_they_were() {
    let config = RoadConfig::default().with_seed(5);
    let few = road(config.clone().with_train(1, 20).with_test(2, 160));
    let many = road(config.with_train(3, 60).with_test(4, 160));
    assert_eq!(few.test[..], many.test[..2]);
    assert_eq!(
        few.train[0].pixels(),
        &many.train[0].pixels()[..20 * 64 * 96]
    );
}

#[test]
fn no_two_frames_are_equal() {
    let config = RoadConfig::default().with_train(3, 40).with_test(2, 160);
    let (a, b) = (road(config.clone()), road(config.with_seed(1)));
    let mut frames = HashSet::new();
    for video in a.train.iter().chain(&a.test).chain(&b.train).chain(&b.test) {
        for frame in 0..video.len() {
            assert!(frames.insert(video.frame(frame).to_vec()));
        }
    }
    assert_eq!(frames.len(), 2 * (3 * 40 + 2 * 160));
}

#[test]
fn settings_out_of_range_are_errors() {
    let message = |config: RoadConfig| config.generate().expect_err("out of range").to_string();
    let config = RoadConfig::default();
    for (height, width) in [(47, 64), (0, 96), (820, 1024), (usize::MAX, usize::MAX)] {
        assert_eq!(
            message(config.clone().with_size(height, width)),
            format!("frames of {height}x{width}: expected a height from 48 to 819")
        );
    }
    for width in [0, 79, 193, usize::MAX] {
        assert_eq!(
            message(config.clone().with_size(64, width)),
            format!("frames of 64x{width}: expected a width from 80 to 192 for this height")
        );
    }
    for noise in [-0.5, 64.5, f64::NAN, f64::INFINITY] {
        assert_eq!(
            message(config.clone().with_noise(noise)),
            format!("noise of {noise} grey levels: expected 0 to 64")
        );
    }
    assert_eq!(
        message(config.clone().with_test(3, 479).with_anomalies_per_video(3)),
        "3 anomalies in a test video of 479 frames: expected at most 2, one for every 160 frames"
    );
    assert_eq!(
        message(config.clone().with_kinds([])),
        "1 anomalies in a test video of no kind: expected one kind or more"
    );
    assert_eq!(
        message(
            config
                .clone()
                .with_kinds([RoadKind::Fall, RoadKind::Stop, RoadKind::Fall])
        ),
        "the kind fall is given twice: expected each kind at most once"
    );
    let large = config
        .with_size(512, 1024)
        .with_train(5, 200)
        .with_test(1, 240);
    assert_eq!(
        message(large),
        "1240 frames of 512x1024 with their masks: expected at most 1024 frames of this size, which take 1024 MiB"
    );
}

#[test]
fn sizes_beyond_memory_are_errors() {
    let config = RoadConfig::default().with_anomalies_per_video(0);
    for (videos, frames) in [
        (usize::MAX, usize::MAX),
        (1, usize::MAX),
        (usize::MAX, 1),
        (usize::MAX, 0),
        (1 << 33, 1 << 33),
    ] {
        for config in [
            config.clone().with_train(videos, frames),
            config.clone().with_test(videos, frames),
        ] {
            let error = config.generate().expect_err("too many");
            assert!(matches!(error, RoadError::Memory { .. }), "{error}");
            assert!(!error.to_string().contains('\n'));
        }
    }
}

#[test]
fn extreme_shapes_are_drawn() {
    for (height, width) in [(48, 60), (48, 144), (341, 1023), (819, 1024)] {
        let config = RoadConfig::default()
            .with_size(height, width)
            .with_train(1, 2)
            .with_test(0, 0)
            .with_anomalies_per_video(0);
        let road = road(config.with_noise(64.0));
        assert_eq!(road.train[0].frame(1).len(), height * width);
    }
}

#[test]
fn settings_survive_serialisation() {
    let config = RoadConfig::default()
        .with_seed(7)
        .with_noise(1.5)
        .with_kinds([RoadKind::WrongWay]);
    let text = serde_json::to_string(&config).expect("plain data");
    assert!(text.contains("[\"wrong_way\"]"), "{text}");
    assert_eq!(
        serde_json::from_str::<RoadConfig>(&text).expect("own text"),
        config
    );
    assert_eq!(
        serde_json::from_str::<RoadConfig>("{}").expect("defaults"),
        RoadConfig::default()
    );
    assert!(serde_json::from_str::<RoadConfig>("{\"lanes\": 3}").is_err());
    for kind in RoadKind::ALL {
        assert_eq!(
            serde_json::to_string(&kind).expect("plain data"),
            format!("\"{kind}\"")
        );
    }
}

#[test]
fn debug_output_leaves_out_pixels() {
    let config = RoadConfig::default().with_train(1, 5).with_test(0, 160);
    assert_eq!(
        format!("{:?}", road(config).train[0]),
        "RoadVideo { len: 5, height: 64, width: 96, anomalies: [], .. }"
    );
}

/// What the clips of `to_video_set` hold is what the road holds, with its labels and masks.
#[test]
fn video_sets_hold_the_road() {
    let config = RoadConfig::default()
        .with_size(50, 75)
        .with_train(2, 11)
        .with_test(2, 160);
    let road = road(config);
    let videos = road.to_video_set().expect("frames in all videos");
    let names = |videos: &[Video]| -> Vec<String> {
        videos
            .iter()
            .map(|video| video.name().to_string())
            .collect()
    };
    assert_eq!(names(&videos.train), ["train-01", "train-02"]);

    let clips = ClipsConfig::default()
        .with_layout(ClipLayout::new(7).expect("not empty"))
        .with_keep_size()
        .open(&videos.train)
        .expect("one size");
    assert_eq!(clips.len(), 2 * 5);
    let values = PixelRange::SignedUnit.values();
    for index in 0..clips.len() {
        let clip = clips.clip(index).expect("in memory");
        let pixels = &road.train[clip.video].pixels()[clip.first_frame * 50 * 75..][..7 * 50 * 75];
        assert_eq!(clip.values.len(), pixels.len());
        let mut pairs = clip.values.iter().zip(pixels);
        assert!(pairs.all(|(&value, &pixel)| value == values[usize::from(pixel)]));
    }
    for (test, drawn) in iter::zip(&videos.test, &road.test) {
        assert_eq!(test.labels().expect("one a frame"), Some(drawn.labels()));
        let masks = test.masks(None).expect("one a frame").expect("known");
        assert_eq!(masks.len(), 160);
        for (frame, mask) in masks.iter().enumerate() {
            assert_eq!((mask.height(), mask.width()), (50, 75));
            assert_eq!(mask.anomalous(), drawn.mask(frame));
        }
    }
    let empty = RoadConfig::default().with_train(1, 0).with_test(0, 160);
    let error = empty.generate().expect("nothing to draw").to_video_set();
    assert_eq!(
        error.expect_err("no frames").to_string(),
        "train-01: found no frames, expected at least one"
    );
}

#[test]
#[should_panic(expected = "frame 3 of 3 frames")]
fn frame_out_of_range_says_so() {
    let config = RoadConfig::default().with_train(1, 3).with_test(0, 160);
    road(config).train[0].frame(3);
}
