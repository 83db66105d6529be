//! Clips and scores take the videos of the embedded walkway as they take those of files.

use std::iter;

use memae_data::drawn::{Walkway, WalkwayConfig};
use memae_data::encode::{ClipLayout, ClipsConfig, PixelRange};
use memae_data::sample::{ImageShape, Video};

fn walkway(config: WalkwayConfig) -> Walkway {
    config.generate().expect("settings within their ranges")
}

/// What the clips of `to_video_set` hold is what the walkway holds.
#[test]
fn clips_hold_the_pixels_of_the_walkway() {
    let config = WalkwayConfig::default()
        .with_size(37, 53)
        .with_train(2, 11)
        .with_test(3, 43);
    let walkway = walkway(config.with_anomalies_per_video(1));
    let videos = walkway.to_video_set().expect("frames in all videos");
    let names = |videos: &[Video]| -> Vec<String> {
        videos
            .iter()
            .map(|video| video.name().to_string())
            .collect()
    };
    let test: Vec<Video> = videos.test.iter().map(|test| test.video.clone()).collect();
    assert_eq!(names(&videos.train), ["train-01", "train-02"]);
    assert_eq!(names(&test), ["test-01", "test-02", "test-03"]);

    let layout = ClipLayout::new(7).expect("not empty");
    let config = ClipsConfig::default().with_layout(layout).with_keep_size();
    let values = PixelRange::SignedUnit.values();
    for (videos, drawn) in [(&videos.train, &walkway.train), (&test, &walkway.test)] {
        let clips = config.open(videos).expect("one size");
        assert_eq!(
            clips.len(),
            drawn.iter().map(|video| video.len() - 6).sum::<usize>()
        );
        assert_eq!(
            clips.frame_shape(),
            ImageShape {
                channels: 1,
                height: 37,
                width: 53
            }
        );
        for index in 0..clips.len() {
            let clip = clips.clip(index).expect("in memory");
            let pixels = &drawn[clip.video].pixels()[clip.first_frame * 37 * 53..][..7 * 37 * 53];
            assert!(
                clip.values
                    .iter()
                    .zip(pixels)
                    .all(|(&value, &pixel)| value == values[usize::from(pixel)])
            );
            assert_eq!(clip.values.len(), pixels.len());
        }
    }
}

#[test]
fn video_sets_have_the_labels_and_masks_of_the_walkway() {
    let config = WalkwayConfig::default()
        .with_size(37, 53)
        .with_train(0, 1)
        .with_test(2, 43);
    let walkway = walkway(config.with_anomalies_per_video(1));
    let videos = walkway.to_video_set().expect("frames in all videos");
    assert!(videos.train.is_empty());
    for (test, drawn) in iter::zip(&videos.test, &walkway.test) {
        assert_eq!(test.labels().expect("one a frame"), Some(drawn.labels()));
        let masks = test.masks(None).expect("one a frame").expect("known");
        assert_eq!(masks.len(), 43);
        for (frame, mask) in masks.iter().enumerate() {
            assert_eq!((mask.height(), mask.width()), (37, 53));
            assert_eq!(mask.anomalous(), drawn.mask(frame));
        }
    }
}

#[test]
fn videos_without_frames_make_no_video_set() {
    let config = WalkwayConfig::default()
        .with_anomalies_per_video(0)
        .with_size(32, 32);
    for (train, test, name) in [((2, 0), (1, 3), "train-01"), ((1, 3), (1, 0), "test-01")] {
        let walkway = walkway(
            config
                .clone()
                .with_train(train.0, train.1)
                .with_test(test.0, test.1),
        );
        let error = walkway.to_video_set().expect_err("no frames");
        assert_eq!(
            error.to_string(),
            format!("{name}: found no frames, expected at least one")
        );
    }
}
