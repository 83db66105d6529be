//! The embedded walkway is not solved by trivial scores, and its test videos are like its training videos.

use std::iter;

use memae_data::drawn::{Walkway, WalkwayConfig, WalkwayVideo};
use memae_data::metrics::{VideoProtocol, VideoScores, frame_auc};

fn walkway(config: WalkwayConfig) -> Walkway {
    config.generate().expect("settings within their ranges")
}

/// Test videos are as busy as training videos where nothing anomalous is about.
#[test]
fn normal_spans_are_like_training() {
    let config = WalkwayConfig::default()
        .with_train(30, 200)
        .with_test(30, 200)
        .with_noise(0.0);
    let walkway = walkway(config.with_anomalies_per_video(0));
    let busy = |videos: &[WalkwayVideo]| {
        let steps = videos
            .iter()
            .flat_map(|video| (1..video.len()).map(move |frame| motion(video, frame)));
        steps.sum::<f64>() / (videos.len() * 199) as f64
    };
    let (train, test) = (busy(&walkway.train), busy(&walkway.test));
    assert!((train / test - 1.0).abs() < 0.1, "{train} {test}");
}

/// Mean absolute difference to the frame before; the first frame takes that of the second.
fn motion(video: &WalkwayVideo, frame: usize) -> f64 {
    let frame = frame.max(1);
    let pairs = video.frame(frame).iter().zip(video.frame(frame - 1));
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / video.frame(frame).len() as f64
}

/// Mean of all training frames, for each pixel.
fn mean_frame(walkway: &Walkway) -> Vec<f64> {
    let size = walkway.train[0].frame(0).len();
    let frames = || {
        walkway
            .train
            .iter()
            .flat_map(|video| video.pixels().chunks(size))
    };
    let count = frames().count() as f64;
    let mut mean = vec![0.0; size];
    for frame in frames() {
        for (mean, &pixel) in mean.iter_mut().zip(frame) {
            *mean += f64::from(pixel) / count;
        }
    }
    mean
}

/// Mean squared difference to the mean training frame.
fn difference(video: &WalkwayVideo, frame: usize, mean: &[f64]) -> f64 {
    let pairs = video.frame(frame).iter().zip(mean);
    let squares = pairs.map(|(&pixel, mean)| (f64::from(pixel) - mean) * (f64::from(pixel) - mean));
    squares.sum::<f64>() / mean.len() as f64
}

/// Means over 16 frames: a score as that of a clip.
fn smoothed(scores: &[f64]) -> Vec<f64> {
    let around = |frame: usize| &scores[frame.saturating_sub(8)..(frame + 8).min(scores.len())];
    let means = (0..scores.len())
        .map(|frame| around(frame).iter().sum::<f64>() / around(frame).len() as f64);
    means.collect()
}

fn auc(videos: &[WalkwayVideo], scores: &[Vec<f64>], protocol: VideoProtocol) -> f64 {
    let videos: Vec<VideoScores> = iter::zip(videos, scores)
        .map(|(video, scores)| {
            VideoScores::new(scores.clone(), video.labels().to_vec()).expect("finite")
        })
        .collect();
    frame_auc(&videos, protocol, None)
        .expect("frames of both kinds")
        .auc
}

/// The figures in the documentation of `Walkway`: shown with `--nocapture`.
#[test]
fn trivial_scores_do_not_solve_it() {
    const SEEDS: u64 = 5;
    let mut means = [0.0; 8];
    println!(
        "difference to the frame before | smoothed | to the mean frame | smoothed (raw, reference each)"
    );
    for seed in 0..SEEDS {
        let walkway = walkway(WalkwayConfig::default().with_seed(seed));
        let mean = mean_frame(&walkway);
        let of_frames = |score: &dyn Fn(&WalkwayVideo, usize) -> f64| -> Vec<Vec<f64>> {
            let videos = walkway.test.iter();
            videos
                .map(|video| (0..video.len()).map(|frame| score(video, frame)).collect())
                .collect()
        };
        let scores = [
            of_frames(&motion),
            of_frames(&|video, frame| difference(video, frame, &mean)),
        ];
        let mut row = Vec::new();
        for scores in scores {
            let smoothed = scores.iter().map(|scores| smoothed(scores)).collect();
            for scores in [scores, smoothed] {
                row.extend(
                    [VideoProtocol::Raw, VideoProtocol::Reference]
                        .map(|protocol| auc(&walkway.test, &scores, protocol)),
                );
            }
        }
        println!("seed {seed}: {row:.4?}");
        for (mean, auc) in means.iter_mut().zip(row) {
            // Better than chance, or there would be nothing to see.
            assert!((0.75..0.96).contains(&auc), "seed {seed}: {auc}");
            *mean += auc / SEEDS as f64;
        }
        for video in &walkway.test {
            assert!(
                video
                    .anomalies()
                    .iter()
                    .all(|anomaly| anomaly.frames.len() >= 10),
                "{video:?}"
            );
            assert!(video.labels().contains(&true) && video.labels().contains(&false));
        }
    }
    println!("mean: {means:.4?}");
    assert!(means.iter().all(|&mean| mean < 0.91), "{means:?}");
}
