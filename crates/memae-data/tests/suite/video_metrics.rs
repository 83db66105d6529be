//! Video metrics against numpy and scikit-learn (`fixtures/video.json`, written by `fixtures/video.py`), and what must
//! hold for all scores.

use memae_data::encode::ClipLayout;
use memae_data::metrics::{
    MetricError, PixelScores, ScoreRange, VideoMetricError, VideoProtocol, VideoScores,
    average_precision, detection_at_best_f1, frame_auc, roc_auc, split_labels,
};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    frames: Vec<FrameCase>,
    pixels: Vec<PixelCase>,
}

#[derive(Deserialize)]
struct FrameCase {
    name: String,
    length: usize,
    scored_frame: usize,
    stride: usize,
    videos: Vec<VideoCase>,
    reference: f64,
    raw: f64,
    per_video_mean: f64,
    left_out: usize,
}

#[derive(Deserialize)]
struct VideoCase {
    scores: Vec<f64>,
    anomalous: Vec<bool>,
    frame_means: Vec<f64>,
}

#[derive(Deserialize)]
struct PixelCase {
    name: String,
    height: usize,
    width: usize,
    maps: Vec<Vec<f32>>,
    masks: Vec<Vec<bool>>,
    regions: usize,
    auc: f64,
    aupro: Vec<(f64, f64)>,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("../fixtures/video.json")).expect("written by the script")
}

fn assert_close(name: &str, found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-12,
        "{name}: found {found}, expected {expected}"
    );
}

#[test]
fn frame_metrics_agree_with_scikit_learn() {
    let cases = cases().frames;
    assert_eq!(cases.len(), 6);
    for case in cases {
        let layout = ClipLayout::new(case.length)
            .and_then(|layout| layout.with_stride(case.stride))
            .and_then(|layout| layout.with_scored_frame(case.scored_frame))
            .expect("a layout");
        let videos: Vec<VideoScores> = case
            .videos
            .iter()
            .map(|video| {
                let scored = layout.scored_frames(video.anomalous.len());
                VideoScores::from_clips(&video.scores, &video.anomalous, scored)
            })
            .collect::<Result<_, _>>()
            .expect("as many scores as clips");
        let auc = |protocol| frame_auc(&videos, protocol, None).expect("both kinds");

        let name = |what: &str| format!("{}: {what}", case.name);
        let reference = auc(VideoProtocol::Reference);
        assert_close(&name("reference"), reference.auc, case.reference);
        assert_eq!((reference.videos, reference.left_out), (videos.len(), 0));
        assert_close(&name("raw"), auc(VideoProtocol::Raw).auc, case.raw);
        let mean = auc(VideoProtocol::PerVideoMean);
        assert_close(&name("per-video-mean"), mean.auc, case.per_video_mean);
        assert_eq!(mean.left_out, case.left_out, "{}", case.name);

        for video in &case.videos {
            let clips = layout.clips(video.anomalous.len());
            let every = VideoScores::from_clip_means(&video.scores, &video.anomalous, clips)
                .expect("as many scores as clips");
            assert_eq!(every.anomalous(), video.anomalous);
            for (&found, &expected) in every.scores().iter().zip(&video.frame_means) {
                assert_close(&name("frame mean"), found, expected);
            }
        }
    }
}

#[test]
fn pixel_metrics_agree_with_a_search_over_all_thresholds() {
    let cases = cases().pixels;
    assert_eq!(cases.len(), 2);
    for case in cases {
        let mut pixels = PixelScores::new();
        for (map, mask) in case.maps.iter().zip(&case.masks) {
            let size = (case.height, case.width);
            pixels.push(map, mask, size).expect("sizes agree");
        }
        assert_eq!(pixels.regions(), case.regions, "{}", case.name);
        let ranking = pixels.rank().expect("both kinds");
        assert_close(&format!("{}: AUC", case.name), ranking.auc(), case.auc);
        for (limit, expected) in case.aupro {
            let name = format!("{}: AUPRO up to {limit}", case.name);
            assert_close(&name, ranking.aupro(limit).expect("a rate"), expected);
        }
    }
}

/// Scores with ties.
fn moderate() -> impl Strategy<Value = f64> {
    prop_oneof![(-3i8..3).prop_map(f64::from), -4.0..4.0]
}

/// Scores so far apart that their difference is infinite.
fn extreme() -> impl Strategy<Value = f64> {
    prop_oneof![moderate(), Just(f64::MAX), Just(f64::MIN)]
}

/// Videos of 1 to 20 frames, at least one frame of each kind in the first.
fn videos(score: impl Strategy<Value = f64>) -> impl Strategy<Value = Vec<VideoScores>> {
    let video = proptest::collection::vec((score, any::<bool>()), 1..20);
    proptest::collection::vec(video, 1..6).prop_map(|mut videos| {
        videos[0].push((1.0, true));
        videos[0].push((2.0, false));
        videos
            .into_iter()
            .map(|video| {
                let (scores, anomalous) = video.into_iter().unzip();
                VideoScores::new(scores, anomalous).expect("finite")
            })
            .collect()
    })
}

/// Scores and labels of all frames, each scored by the index of its video and its own score.
fn pooled(videos: &[VideoScores], score: impl Fn(usize, f64) -> f64) -> Vec<(f64, bool)> {
    let frames = videos.iter().enumerate().flat_map(|(index, video)| {
        let scores = video
            .scores()
            .iter()
            .map(|&own| score(index, own))
            .collect::<Vec<_>>();
        scores.into_iter().zip(video.anomalous().to_vec())
    });
    frames.collect()
}

/// Scores brought to [0, 1] by a range for each video, of halves, as the width of a range may be infinite.
fn normalised(ranges: &[(f64, f64)]) -> impl Fn(usize, f64) -> f64 {
    |video, score| {
        let (lowest, highest) = ranges[video];
        match highest > lowest {
            true => (score / 2.0 - lowest / 2.0) / (highest / 2.0 - lowest / 2.0),
            false => score - lowest,
        }
    }
}

/// The share of pairs of an anomalous and a normal frame in which the anomalous one scores more, ties by half; NaN
/// without pairs.
fn pairs_won(frames: &[(f64, bool)]) -> f64 {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (anomalous, _) in frames.iter().filter(|frame| frame.1) {
        for (normal, _) in frames.iter().filter(|frame| !frame.1) {
            pairs += 1.0;
            won += f64::from(u8::from(anomalous > normal))
                + 0.5 * f64::from(u8::from(anomalous == normal));
        }
    }
    won / pairs
}

/// The region of each anomalous pixel, and how many there are: pixels that touch, by a corner too, take the lower number
/// until nothing changes.
fn flooded(mask: &[bool], height: usize, width: usize) -> (Vec<Option<usize>>, usize) {
    let mut regions: Vec<Option<usize>> = mask
        .iter()
        .enumerate()
        .map(|(pixel, &anomalous)| anomalous.then_some(pixel))
        .collect();
    for _ in 0..mask.len() {
        for pixel in 0..mask.len() {
            for other in 0..mask.len() {
                let apart = (pixel / width)
                    .abs_diff(other / width)
                    .max((pixel % width).abs_diff(other % width));
                if let (true, Some(own), Some(next)) = (apart == 1, regions[pixel], regions[other])
                {
                    regions[pixel] = Some(own.min(next));
                }
            }
        }
    }
    assert_eq!(mask.len(), height * width);
    let mut numbers: Vec<usize> = regions.iter().copied().flatten().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let number = |region: Option<usize>| {
        region.map(|own| numbers.iter().position(|&other| other == own).unwrap())
    };
    (regions.into_iter().map(number).collect(), numbers.len())
}

proptest! {
    /// By the definitions: pairs of frames counted one by one.
    #[test]
    fn every_protocol_counts_the_pairs_won(
        videos in videos(extreme()), bounds in proptest::collection::vec((-5i8..5, 1u8..5), 6),
    ) {
        let ranges: Vec<(f64, f64)> = bounds
            .iter()
            .take(videos.len())
            .map(|&(lowest, width)| (f64::from(lowest), f64::from(lowest) + f64::from(width)))
            .collect();
        let own: Vec<(f64, f64)> = videos
            .iter()
            .map(|video| {
                let mut ascending = video.scores().to_vec();
                ascending.sort_by(f64::total_cmp);
                (ascending[0], ascending[ascending.len() - 1])
            })
            .collect();
        let training: Vec<ScoreRange> = ranges
            .iter()
            .map(|&(lowest, highest)| ScoreRange::of(&[highest, lowest]).unwrap())
            .collect();
        for protocol in VideoProtocol::ALL {
            let found = frame_auc(&videos, protocol, Some(&training)).unwrap();
            let (auc, counted) = match protocol {
                VideoProtocol::Raw => (pairs_won(&pooled(&videos, |_, score| score)), videos.len()),
                VideoProtocol::Reference => (pairs_won(&pooled(&videos, normalised(&own))), videos.len()),
                VideoProtocol::Train => (pairs_won(&pooled(&videos, normalised(&ranges))), videos.len()),
                _ => {
                    let each: Vec<f64> = videos
                        .iter()
                        .map(|video| pairs_won(&pooled(std::slice::from_ref(video), |_, score| score)))
                        .filter(|auc| !auc.is_nan())
                        .collect();
                    (each.iter().sum::<f64>() / each.len() as f64, each.len())
                }
            };
            prop_assert!((found.auc - auc).abs() < 1e-12, "{protocol}: {} {auc}", found.auc);
            prop_assert_eq!((found.videos, found.left_out), (counted, videos.len() - counted));
        }
    }

    /// AUPRO by its definition: what each threshold flags, region by region.
    #[test]
    fn aupro_is_the_area_below_the_limit(
        frames in proptest::collection::vec(proptest::collection::vec((-2i8..3, any::<bool>()), 15), 1..4),
        limit in prop_oneof![Just(0.3), Just(1.0), 0.05..1.0f64],
    ) {
        let mut pixels = PixelScores::new();
        let (mut scores, mut region_of, mut regions) = (Vec::new(), Vec::new(), 0);
        for frame in frames {
            let (map, mask): (Vec<f32>, Vec<bool>) =
                frame.into_iter().map(|(score, label)| (f32::from(score), label)).unzip();
            pixels.push(&map, &mask, (3, 5)).unwrap();
            scores.extend(map);
            let (own, count) = flooded(&mask, 3, 5);
            region_of.extend(own.into_iter().map(|region| region.map(|region| region + regions)));
            regions += count;
        }
        let normals = region_of.iter().filter(|region| region.is_none()).count();
        prop_assume!(regions > 0 && normals > 0);
        let share = |threshold: f32, region: Option<usize>| {
            let own = || scores.iter().zip(&region_of).filter(|(_, own)| **own == region);
            own().filter(|(score, _)| **score >= threshold).count() as f64 / own().count() as f64
        };
        let mut curve = vec![(0.0, 0.0)];
        for threshold in [2.0, 1.0, 0.0, -1.0, -2.0] {
            let overlaps = (0..regions).map(|region| share(threshold, Some(region)));
            curve.push((share(threshold, None), overlaps.sum::<f64>() / regions as f64));
        }
        let mut area = 0.0;
        for pair in curve.windows(2) {
            let [(left, low), (right, high)] = [pair[0], pair[1]];
            let end = right.min(limit);
            if end > left {
                let at_end = low + (high - low) * (end - left) / (right - left);
                area += (end - left) * (low + at_end) / 2.0;
            }
        }
        let ranking = pixels.rank().unwrap();
        let found = ranking.aupro(limit).unwrap();
        prop_assert!((found - area / limit).abs() < 1e-9, "{found} {}", area / limit);
    }

    #[test]
    fn a_single_video_is_judged_alike_by_all(videos in videos(moderate())) {
        let video = &videos[..1];
        let range = [ScoreRange::of(&[-1.5, 2.5]).unwrap()];
        assert_eq!((range[0].lowest(), range[0].highest()), (-1.5, 2.5));
        let auc = |protocol| frame_auc(video, protocol, Some(&range)).unwrap().auc;
        let raw = roc_auc(video[0].scores(), video[0].anomalous()).unwrap();
        for protocol in VideoProtocol::ALL {
            prop_assert!((auc(protocol) - raw).abs() < 1e-12, "{protocol}");
        }
    }

    #[test]
    fn one_training_range_ranks_as_raw(videos in videos(moderate())) {
        let ranges = vec![ScoreRange::of(&[-1.0, 3.0]).unwrap(); videos.len()];
        let train = frame_auc(&videos, VideoProtocol::Train, Some(&ranges)).unwrap();
        let raw = frame_auc(&videos, VideoProtocol::Raw, None).unwrap();
        prop_assert_eq!(train, raw);
    }

    #[test]
    fn normalised_scores_lie_between_zero_and_one(videos in videos(extreme())) {
        for video in &videos {
            let range = ScoreRange::of(video.scores()).unwrap();
            let normalised: Vec<f64> =
                video.scores().iter().map(|&score| range.normalise(score)).collect();
            prop_assert!(normalised.iter().all(|score| (0.0..=1.0).contains(score)), "{normalised:?}");
            prop_assert!(normalised.contains(&0.0));
        }
    }

    #[test]
    fn pixel_auc_is_that_of_the_flat_pixels(
        frames in proptest::collection::vec(proptest::collection::vec((-2i8..3, any::<bool>()), 15), 1..5),
    ) {
        let mut pixels = PixelScores::new();
        let (mut scores, mut labels) = (Vec::new(), Vec::new());
        for frame in frames {
            let (map, mask): (Vec<f32>, Vec<bool>) =
                frame.into_iter().map(|(score, label)| (f32::from(score) * 0.1, label)).unzip();
            scores.extend(map.iter().map(|&score| f64::from(score)));
            labels.extend_from_slice(&mask);
            pixels.push(&map, &mask, (3, 5)).unwrap();
        }
        match roc_auc(&scores, &labels) {
            Ok(auc) => {
                let ranking = pixels.rank().unwrap();
                prop_assert_eq!(ranking.auc(), auc);
                let flat = average_precision(&scores, &labels).unwrap();
                prop_assert!((ranking.average_precision() - flat).abs() < 1e-12);
                let flat = detection_at_best_f1(&scores, &labels).unwrap();
                let (f1, lowest) = ranking.best_f1();
                prop_assert_eq!(f1, flat.f1());
                let flagged = scores.iter().filter(|&&score| score >= f64::from(lowest)).count();
                prop_assert_eq!(flagged, flat.true_positives + flat.false_positives);
            }
            Err(error) => prop_assert_eq!(pixels.rank().unwrap_err(), error.into()),
        }
    }

    #[test]
    fn a_mean_of_equal_scores_is_that_score(
        length in 1usize..9, stride in 1usize..5, more in 0usize..30, score in -4.0..4.0,
    ) {
        let layout = ClipLayout::new(length).unwrap().with_stride(stride).unwrap();
        let frames = length + more;
        let scores = vec![score; layout.clips_in(frames)];
        let labels = vec![false; frames];
        let video = VideoScores::from_clip_means(&scores, &labels, layout.clips(frames)).unwrap();
        prop_assert_eq!(video.scores().len(), frames);
        prop_assert!(video.scores().iter().all(|mean| (mean - score).abs() < 1e-12));
    }
}

/// One anomalous pixel of two by itself is as good as both of them with two normal ones.
#[test]
fn of_pixel_thresholds_with_the_best_f1_the_highest_is_taken() {
    let mut pixels = PixelScores::new();
    let mask = [true, false, false, true, false];
    pixels
        .push(&[5.0, 4.0, 3.0, 2.0, 1.0], &mask, (1, 5))
        .unwrap();
    assert_eq!(pixels.rank().unwrap().best_f1(), (2.0 / 3.0, 5.0));
}

#[test]
fn a_constant_or_all_normal_video_divides_nothing_by_zero() {
    let constant = VideoScores::new(vec![3.0; 4], vec![false, true, false, false]).unwrap();
    let normal = VideoScores::new(vec![0.5, 0.7], vec![false; 2]).unwrap();
    let both = [constant, normal.clone()];
    let auc = |videos: &[VideoScores], protocol| frame_auc(videos, protocol, None);

    let reference = auc(&both, VideoProtocol::Reference).unwrap();
    assert_eq!(reference.auc, 2.0 / 5.0); // ties with 4 of 5 normal frames, loses to the other
    let mean = auc(&both, VideoProtocol::PerVideoMean).unwrap();
    assert_eq!(
        (mean.auc, mean.videos, mean.frames, mean.left_out),
        (0.5, 1, 4, 1)
    );
    assert_eq!(
        auc(&[normal], VideoProtocol::PerVideoMean),
        Err(VideoMetricError::NoMixedVideo { videos: 1 })
    );
}

#[test]
fn scenes_are_normalised_by_their_own_training_scores() {
    let videos = [
        VideoScores::new(vec![1.0, 2.0, 4.0], vec![false, false, true]).unwrap(),
        VideoScores::new(vec![10.0, 30.0, 50.0], vec![false, false, true]).unwrap(),
    ];
    let ranges = [[1.0, 2.0], [10.0, 30.0]].map(|scores| ScoreRange::of(&scores).unwrap());
    let auc = |ranges| frame_auc(&videos, VideoProtocol::Train, Some(ranges)).map(|auc| auc.auc);
    assert_eq!(auc(&ranges), Ok(1.0));
    assert_eq!(auc(&[ranges[0]; 2]), Ok(0.75));
}

#[test]
fn protocols_are_known_by_their_names() {
    for protocol in VideoProtocol::ALL {
        assert_eq!(protocol.to_string().parse(), Ok(protocol));
        let text = serde_json::to_string(&protocol).unwrap();
        assert_eq!(text, format!("\"{protocol}\""));
    }
    let error = "median".parse::<VideoProtocol>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "protocol: found `median`, expected one of: reference, raw, train, per-video-mean"
    );
}

#[test]
fn what_has_no_value_is_an_error() {
    let message = |error: VideoMetricError| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    };
    let layout = ClipLayout::reference();
    let clips = |scores: &[f64], frames| {
        let labels = vec![false; frames];
        let means =
            VideoScores::from_clip_means(scores, &labels, layout.clips(frames)).unwrap_err();
        let error =
            VideoScores::from_clips(scores, &labels, layout.scored_frames(frames)).unwrap_err();
        assert_eq!(message(means), message(error.clone()));
        message(error)
    };
    assert_eq!(
        clips(&[1.0; 5], 21),
        "scores: found 5, expected 6, one for each clip of 21 frames"
    );
    assert_eq!(
        clips(&[1.0], 15),
        "scores: found 1, expected 0, one for each clip of 15 frames"
    );
    assert_eq!(clips(&[], 15), "scores: found none, expected at least one");
    assert_eq!(
        clips(&[1.0, f64::INFINITY], 17),
        "score 1: found inf, expected a finite number"
    );
    let beyond = VideoScores::from_clips(&[1.0, 2.0], &[false; 3], [2, 3]).unwrap_err();
    assert_eq!(
        message(beyond),
        "clip 1: found frames 3 up to 4, expected frames within 0 to 3 that follow those of the clip before"
    );
    for clips in [[0..2, 1..4], [1..3, 0..3], [0..3, 1..2], [0..2, 2..2]] {
        let error = VideoScores::from_clip_means(&[1.0, 2.0], &[false; 3], clips.clone());
        assert!(
            matches!(error, Err(VideoMetricError::ClipFrames { clip: 1, .. })),
            "{clips:?}: {error:?}"
        );
    }
    assert_eq!(
        message(VideoScores::new(vec![1.0, f64::NAN], vec![true; 2]).unwrap_err()),
        "score 1: found NaN, expected a finite number"
    );
    assert_eq!(
        message(VideoScores::new(vec![1.0], vec![true; 2]).unwrap_err()),
        "labels: found 2, expected 1, one for each frame"
    );
    assert_eq!(
        message(split_labels(&[true; 7], &[3, 5]).unwrap_err()),
        "labels: found 7, expected 8, one for each frame of 2 videos"
    );
    assert_eq!(
        message(ScoreRange::of(&[]).unwrap_err()),
        "scores: found none, expected at least one"
    );

    let video = [VideoScores::new(vec![1.0], vec![true]).unwrap()];
    let auc = |videos: &[VideoScores], protocol, ranges: Option<&[ScoreRange]>| {
        message(frame_auc(videos, protocol, ranges).unwrap_err())
    };
    assert_eq!(
        auc(&[], VideoProtocol::Raw, None),
        "videos: found none, expected at least one"
    );
    assert_eq!(
        auc(&video, VideoProtocol::Raw, None),
        "labels: found 1 anomalous samples only, expected normal ones too"
    );
    assert_eq!(
        auc(&video, VideoProtocol::Train, None),
        "training scores: found none, expected some to normalise the test scores with"
    );
    assert_eq!(
        auc(&video, VideoProtocol::Train, Some(&[])),
        "ranges of training scores: found 0, expected 1, one for each video"
    );
    assert_eq!(
        auc(&video, VideoProtocol::PerVideoMean, None),
        "labels: each of 1 videos is all normal or all anomalous, expected one with frames of both kinds"
    );

    let mask = [true, false, false, false, false, false];
    let mut pixels = PixelScores::new();
    assert_eq!(
        message(pixels.push(&[0.0; 5], &mask, (2, 3)).unwrap_err()),
        "error map: found 5 values, expected 2x3 as in the mask"
    );
    for size in [(2, 2), (0, 0), (usize::MAX, 2)] {
        assert_eq!(
            message(pixels.push(&[0.0; 6], &mask, size).unwrap_err()),
            format!("mask: found 6 values, expected {}x{}", size.0, size.1)
        );
    }
    assert_eq!(
        message(
            pixels
                .push(&[0.0, f32::NAN, 0.0, 0.0, 0.0, 0.0], &mask, (2, 3))
                .unwrap_err()
        ),
        "score 1: found NaN, expected a number"
    );
    assert_eq!(
        pixels.counts(),
        (0, 0),
        "a refused frame leaves nothing behind"
    );
    let refused = |pixels: &PixelScores| pixels.clone().rank().unwrap_err();
    assert_eq!(refused(&pixels), MetricError::Empty.into());
    let one_kind = |anomalous: bool| {
        let mut pixels = PixelScores::new();
        pixels.push(&[0.5; 6], &[anomalous; 6], (2, 3)).unwrap();
        refused(&pixels)
    };
    assert_eq!(
        one_kind(false),
        MetricError::NoAnomalies { samples: 6 }.into()
    );
    assert_eq!(one_kind(true), MetricError::NoNormals { samples: 6 }.into());
    pixels.push(&[0.0; 6], &mask, (2, 3)).unwrap();
    let ranking = pixels.rank().unwrap();
    for limit in [0.0, -0.1, 1.1, f64::NAN] {
        assert_eq!(
            message(ranking.aupro(limit).unwrap_err()),
            format!(
                "false positive rate limit: found {limit}, expected a number above 0 and up to 1"
            )
        );
    }
}
