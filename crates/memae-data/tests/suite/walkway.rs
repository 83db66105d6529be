//! The embedded walkway is the same everywhere, its labels are exact, and settings out of range are errors.

use std::collections::HashSet;

use memae_data::drawn::{Walkway, WalkwayConfig, WalkwayError, WalkwayKind, WalkwayVideo};
use proptest::prelude::*;

fn walkway(config: WalkwayConfig) -> Walkway {
    config.generate().expect("settings within their ranges")
}

/// FNV-1a over pixels, masks and labels.
fn checksum(videos: &[WalkwayVideo]) -> u64 {
    let bytes = videos.iter().flat_map(|video| {
        let marks = video.masks().iter().chain(video.labels());
        video
            .pixels()
            .iter()
            .copied()
            .chain(marks.map(|&mark| u8::from(mark)))
    });
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The bytes are a promise across platforms and releases.
#[test]
fn seed_0_is_pinned() {
    let walkway = walkway(
        WalkwayConfig::default()
            .with_train(2, 30)
            .with_test(5, 60)
            .with_anomalies_per_video(1),
    );
    assert_eq!(checksum(&walkway.train), 9_988_454_757_350_040_819);
    assert_eq!(checksum(&walkway.test), 495_845_038_421_373_434);
    // Other sizes take other paths through the drawing.
    let wide = WalkwayConfig::default()
        .with_size(37, 101)
        .with_train(1, 7)
        .with_test(1, 40);
    let wide = wide
        .with_anomalies_per_video(1)
        .with_noise(0.0)
        .with_seed(u64::MAX);
    assert_eq!(
        checksum(&wide.generate().expect("settings within their ranges").test),
        14_397_333_357_921_323_518
    );
}

#[test]
fn defaults_are_as_documented() {
    let walkway = walkway(WalkwayConfig::default());
    assert_eq!((walkway.train.len(), walkway.test.len()), (10, 10));
    for (videos, frames) in [(&walkway.train, 200), (&walkway.test, 240)] {
        for video in videos {
            assert_eq!(
                (video.len(), video.height(), video.width()),
                (frames, 64, 64)
            );
            assert!(!video.is_empty());
            assert_eq!(video.pixels().len(), frames * 64 * 64);
            assert_eq!(video.masks().len(), frames * 64 * 64);
            assert_eq!(video.labels().len(), frames);
        }
    }
    for kind in WalkwayKind::ALL {
        let all = walkway.test.iter().flat_map(WalkwayVideo::anomalies);
        assert_eq!(
            all.filter(|anomaly| anomaly.kind == kind).count(),
            2,
            "{kind}"
        );
    }
}

#[test]
fn frames_and_masks_are_parts_of_the_whole() {
    let config = WalkwayConfig::default()
        .with_size(37, 53)
        .with_train(0, 1)
        .with_test(1, 43);
    let walkway = walkway(config.with_anomalies_per_video(1));
    let video = &walkway.test[0];
    let size = 37 * 53;
    assert_eq!(video.frame(41), &video.pixels()[41 * size..42 * size]);
    assert_eq!(video.mask(41), &video.masks()[41 * size..42 * size]);
}

#[test]
#[should_panic(expected = "frame 3 of 3 frames")]
fn frame_out_of_range_says_so() {
    let walkway = walkway(
        WalkwayConfig::default()
            .with_train(1, 3)
            .with_test(0, 0)
            .with_anomalies_per_video(0),
    );
    walkway.train[0].frame(3);
}

#[test]
fn training_videos_are_normal() {
    for seed in 0..3 {
        let walkway = walkway(WalkwayConfig::default().with_test(0, 80).with_seed(seed));
        assert!(walkway.test.is_empty());
        for video in &walkway.train {
            assert!(video.anomalies().is_empty());
            assert!(
                video
                    .labels()
                    .iter()
                    .chain(video.masks())
                    .all(|&mark| !mark)
            );
        }
    }
}

#[test]
fn without_anomalies_test_videos_are_normal_too() {
    let config = WalkwayConfig::default().with_train(1, 50).with_test(1, 50);
    let walkway = walkway(config.with_anomalies_per_video(0));
    assert!(walkway.test[0].anomalies().is_empty());
    assert!(walkway.test[0].labels().iter().all(|&label| !label));
    assert_ne!(walkway.test[0].pixels(), walkway.train[0].pixels());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn labels_masks_and_spans_agree(
        seed: u64,
        height in 32..80usize,
        width in 32..120usize,
        (frames, anomalies) in (40..200usize).prop_flat_map(|frames| (Just(frames), 0..=frames / 40)),
    ) {
        let config = WalkwayConfig::default()
            .with_size(height, width)
            .with_train(0, 0)
            .with_test(2, frames)
            .with_anomalies_per_video(anomalies)
            .with_seed(seed);
        for video in walkway(config).test {
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
        }
    }
}

/// What an anomaly hides or adds is what its mask says: the same video without it differs in the mask, and hardly
/// elsewhere.
#[test]
fn masks_are_where_the_anomaly_is() {
    let config = WalkwayConfig::default()
        .with_train(0, 0)
        .with_test(5, 80)
        .with_noise(0.0);
    let with = walkway(config.clone().with_anomalies_per_video(1)).test;
    let without = walkway(config.with_anomalies_per_video(0)).test;
    for (with, without) in with.iter().zip(&without) {
        let kind = with.anomalies()[0].kind;
        let (mut inside, mut differing, mut outside, mut elsewhere) = (0, 0, 0, 0);
        for frame in (0..80).filter(|&frame| with.labels()[frame]) {
            let pairs = with.frame(frame).iter().zip(without.frame(frame));
            for ((a, b), &mask) in pairs.zip(with.mask(frame)) {
                let differs = usize::from(a.abs_diff(*b) > 3);
                if mask {
                    (inside, differing) = (inside + 1, differing + differs);
                } else {
                    (outside, elsewhere) = (outside + 1, elsewhere + differs);
                }
            }
        }
        assert!(
            differing * 100 > inside * 85,
            "{kind}: {differing} of {inside}"
        );
        // The rim of the anomaly and its shadow.
        assert!(
            elsewhere * 100 < outside * 6,
            "{kind}: {elsewhere} of {outside}"
        );
    }
}

/// Mean area of an anomaly's mask while it is wholly in the picture, for each kind, beside that of a walker.
#[test]
fn kinds_differ_in_size_and_speed() {
    let walkway = walkway(
        WalkwayConfig::default()
            .with_size(64, 160)
            .with_train(0, 0)
            .with_test(50, 60)
            .with_anomalies_per_video(1),
    );
    let measure = |kind: WalkwayKind| {
        let (mut area, mut step, mut count) = (0.0, 0.0, 0.0);
        for video in walkway
            .test
            .iter()
            .filter(|video| video.anomalies()[0].kind == kind)
        {
            let middle = |frame: usize| {
                let mask = video.mask(frame);
                let at: Vec<usize> = (0..mask.len()).filter(|&pixel| mask[pixel]).collect();
                let mean = |axis: fn(usize) -> usize| {
                    at.iter().map(|&pixel| axis(pixel) as f64).sum::<f64>() / at.len() as f64
                };
                (
                    at.len() as f64,
                    mean(|pixel| pixel % 160),
                    mean(|pixel| pixel / 160),
                )
            };
            let frames = video.anomalies()[0].frames.clone();
            let from = frames.start + frames.len() / 2;
            let to = from + 4;
            if to < frames.end && video.labels()[from..=to].iter().all(|&label| label) {
                let (a, b) = (middle(from), middle(to));
                area += a.0;
                step += ((a.1 - b.1).powi(2) + (a.2 - b.2).powi(2)).sqrt() / 4.0;
                count += 1.0;
            }
        }
        assert!(count >= 5.0, "{kind}: {count}");
        (area / count, step / count)
    };
    let [cyclist, skater, cart, van, crossing] = WalkwayKind::ALL.map(measure);
    // Pixels, and pixels in a frame.
    for fast in [cyclist, skater] {
        assert!(
            (15.0..110.0).contains(&fast.0) && (1.6..4.0).contains(&fast.1),
            "{fast:?}"
        );
    }
    assert!(
        cart.0 > 1.6 * skater.0 && van.0 > 1.3 * cart.0,
        "{skater:?} {cart:?} {van:?}"
    );
    for slow in [cart, van] {
        assert!((0.5..1.8).contains(&slow.1), "{slow:?}");
    }
    assert!((20.0..110.0).contains(&crossing.0), "{crossing:?}");
}

#[test]
fn more_or_longer_videos_leave_the_first_as_they_were() {
    let config = WalkwayConfig::default()
        .with_anomalies_per_video(1)
        .with_seed(5);
    let few = walkway(config.clone().with_train(1, 20).with_test(2, 40));
    let many = walkway(config.with_train(3, 60).with_test(4, 40));
    assert_eq!(few.test[..], many.test[..2]);
    let size = 20 * 64 * 64;
    assert_eq!(few.train[0].pixels(), &many.train[0].pixels()[..size]);
}

#[test]
fn no_two_frames_are_equal() {
    let config = WalkwayConfig::default()
        .with_train(3, 40)
        .with_test(3, 40)
        .with_anomalies_per_video(1);
    let (a, b) = (walkway(config.clone()), walkway(config.with_seed(1)));
    let mut frames = HashSet::new();
    for video in a.train.iter().chain(&a.test).chain(&b.train).chain(&b.test) {
        for frame in 0..video.len() {
            assert!(frames.insert(video.frame(frame).to_vec()));
        }
    }
    assert_eq!(frames.len(), 12 * 40);
}

/// Five anomalies in a row, from the first on, are of five kinds.
#[test]
fn kinds_take_turns() {
    let config = WalkwayConfig::default()
        .with_size(32, 32)
        .with_train(0, 0)
        .with_test(5, 120);
    let walkway = walkway(config.with_anomalies_per_video(3));
    let kinds: Vec<WalkwayKind> = walkway
        .test
        .iter()
        .flat_map(WalkwayVideo::anomalies)
        .map(|anomaly| anomaly.kind)
        .collect();
    assert_eq!(kinds.len(), 15);
    for round in kinds.chunks(5) {
        assert_eq!(round.iter().collect::<HashSet<_>>().len(), 5, "{round:?}");
    }
}

#[test]
fn settings_out_of_range_are_errors() {
    let message = |config: WalkwayConfig| config.generate().expect_err("out of range").to_string();
    let config = WalkwayConfig::default();
    for (height, width) in [(31, 64), (64, 0), (1025, 64), (64, usize::MAX)] {
        assert_eq!(
            message(config.clone().with_size(height, width)),
            format!("frames of {height}x{width}: expected a height and a width from 32 to 1024")
        );
    }
    for noise in [-0.5, 64.5, f64::NAN, f64::INFINITY] {
        assert_eq!(
            message(config.clone().with_noise(noise)),
            format!("noise of {noise} grey levels: expected 0 to 64")
        );
    }
    assert_eq!(
        message(config.clone().with_test(3, 119).with_anomalies_per_video(3)),
        "3 anomalies in a test video of 119 frames: expected at most 2, one for every 40 frames"
    );
    assert_eq!(
        message(config.clone().with_anomalies_per_video(usize::MAX)),
        format!(
            "{} anomalies in a test video of 240 frames: expected at most 6, one for every 40 frames",
            usize::MAX
        )
    );
    assert_eq!(
        message(
            config
                .with_size(1024, 512)
                .with_train(5, 200)
                .with_test(1, 80)
        ),
        "1080 frames of 1024x512 with their masks: expected at most 1024 frames of this size, which take 1024 MiB"
    );
}

#[test]
fn sizes_beyond_memory_are_errors() {
    let config = WalkwayConfig::default().with_anomalies_per_video(0);
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
            assert!(matches!(error, WalkwayError::Memory { .. }), "{error}");
            assert!(!error.to_string().contains('\n'));
        }
    }
}

#[test]
fn videos_without_frames_are_empty() {
    let walkway = walkway(
        WalkwayConfig::default()
            .with_train(2, 0)
            .with_test(1, 0)
            .with_anomalies_per_video(0),
    );
    assert!(walkway.train[1].is_empty() && walkway.test[0].is_empty());
}

#[test]
fn extreme_shapes_are_drawn() {
    for (height, width) in [(32, 1024), (1024, 32)] {
        let config = WalkwayConfig::default()
            .with_size(height, width)
            .with_train(1, 3)
            .with_test(1, 80);
        let walkway = walkway(config.with_anomalies_per_video(2).with_noise(64.0));
        assert_eq!(walkway.test[0].frame(0).len(), height * width);
    }
}

#[test]
fn settings_survive_serialisation() {
    let config = WalkwayConfig::default().with_seed(7).with_noise(1.5);
    let text = serde_json::to_string(&config).expect("plain data");
    assert_eq!(
        serde_json::from_str::<WalkwayConfig>(&text).expect("own text"),
        config
    );
    assert_eq!(
        serde_json::from_str::<WalkwayConfig>("{}").expect("defaults"),
        WalkwayConfig::default()
    );
    for kind in WalkwayKind::ALL {
        assert_eq!(
            serde_json::to_string(&kind).expect("plain data"),
            format!("\"{kind}\"")
        );
    }
}

#[test]
fn debug_output_leaves_out_pixels() {
    let config = WalkwayConfig::default().with_train(1, 5).with_test(0, 80);
    let text = format!("{:?}", walkway(config).train[0]);
    assert_eq!(
        text,
        "WalkwayVideo { len: 5, height: 64, width: 64, anomalies: [], .. }"
    );
}
