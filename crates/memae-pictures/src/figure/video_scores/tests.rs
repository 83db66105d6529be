use image::RgbImage;

use super::*;
use crate::chart::colour::{CURVES, Colour};

const MODELS: [VideoModel; 2] = [
    VideoModel {
        label: "AE",
        threshold: None,
    },
    VideoModel {
        label: "MemAE",
        threshold: None,
    },
];

fn save(models: &[VideoModel], videos: &[VideoPanel]) -> Result<RgbImage, PictureError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("video_scores.png");
    let saved = picture(models, videos).save(&file);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, usize::from(saved.is_ok()));
    saved.map(|()| image::open(&file).unwrap().to_rgb8())
}

fn picture<'a>(
    models: &'a [VideoModel<'a>],
    videos: &'a [VideoPanel<'a>],
) -> VideoScoresPicture<'a> {
    VideoScoresPicture {
        title: "scores",
        y_label: "anomaly score",
        models,
        videos,
    }
}

fn panel<'a>(scores: &'a [FrameScores<'a>], anomalous: &'a [bool]) -> VideoPanel<'a> {
    VideoPanel {
        title: "Test001",
        note: "AUC 0.9",
        scores,
        anomalous,
    }
}

/// The left end, the right end and the row of the x axis of a page with one panel.
fn x_axis(page: &RgbImage) -> (u32, u32, u32) {
    let ink = |&x: &u32, y: u32| page.get_pixel(x, y).0 == FAINT_INK;
    let row = (0..page.height())
        .max_by_key(|&y| (0..page.width()).filter(|x| ink(x, y)).count())
        .unwrap();
    let mut across = (0..page.width()).filter(|x| ink(x, row));
    let right = across.clone().next_back().unwrap();
    // Left of the y axis there may be a tick.
    let left = across
        .find(|x| ink(x, row - 3) && ink(x, row - 40))
        .unwrap();
    (left, right, row)
}

fn near(found: Colour, expected: Colour) -> bool {
    (0..3).all(|channel| found[channel].abs_diff(expected[channel]) <= 1)
}

#[test]
fn labelled_frames_are_shaded_and_no_others() {
    let scores: Vec<Option<f64>> = vec![Some(0.5); 100];
    let anomalous: Vec<bool> = (0..100).map(|frame| (20..45).contains(&frame)).collect();
    let scores = [FrameScores {
        first_frame: 0,
        scores: &scores,
    }];
    let page = save(&MODELS[..1], &[panel(&scores, &anomalous)]).unwrap();
    let (left, right, row) = x_axis(&page);
    let place = |frame: f64| left + (f64::from(right - left) * frame / 100.0).round() as u32;
    let shade = mix(PAPER, SHADE, SHADE_OPACITY as f32);
    let shaded = |x: u32| near(page.get_pixel(x, row - 3).0, shade);
    for x in left + 2..right - 2 {
        if (place(20.0) + 2..place(45.0) - 2).contains(&x) {
            assert!(shaded(x), "{x}");
        } else if !(place(20.0) - 2..place(45.0) + 2).contains(&x) {
            assert!(!shaded(x), "{x}");
        }
    }
    let middle = place(30.0);
    let rows = (row - CHART_HEIGHT..row)
        .filter(|&y| near(page.get_pixel(middle, y).0, shade))
        .count();
    assert!(rows > 95, "{rows}");
}

#[test]
fn curves_break_where_frames_have_no_score() {
    let mut scores: Vec<Option<f64>> = vec![Some(0.5); 80];
    for (frame, score) in scores.iter_mut().enumerate() {
        match frame {
            20..40 => *score = None,
            60 => *score = Some(f64::NAN),
            _ => {}
        }
    }
    let scores = [FrameScores {
        first_frame: 10,
        scores: &scores,
    }];
    let videos = [panel(&scores, &[false; 100])];
    let page = save(&MODELS[..1], &videos).unwrap();
    let (left, right, row) = x_axis(&page);
    let drawn = |frame: u32| {
        let x = left + (right - left) * (2 * frame + 1) / 200;
        (row - 110..row).any(|y| page.get_pixel(x, y).0 == CURVES[0])
    };
    for frame in [12, 28, 52, 68, 72, 88] {
        assert!(drawn(frame), "{frame}");
    }
    for frame in [2, 8, 32, 40, 48, 70, 91, 98] {
        assert!(!drawn(frame), "{frame}");
    }
    assert_eq!(
        picture(&MODELS[..1], &videos).note(),
        "one score a frame, frames counted from 0 · 1 score is not finite and left out"
    );
}

#[test]
fn every_model_has_its_curve_and_its_threshold() {
    let low: Vec<Option<f64>> = vec![Some(0.1); 17];
    let high: Vec<Option<f64>> = vec![Some(0.9); 17];
    let scores = [&low, &high].map(|scores| FrameScores {
        first_frame: 0,
        scores,
    });
    let videos = [panel(&scores, &[false; 17])];
    let models = [0.3, 0.7].map(|threshold| VideoModel {
        label: "MemAE",
        threshold: Some(threshold),
    });
    let page = save(&models, &videos).unwrap();
    let (left, right, row) = x_axis(&page);
    // Where the axis starts at 0 and ends at 0.94, with 10 pixels above it.
    let height = CHART_HEIGHT - 10 - 25;
    let count = |value: f64, colour: Colour| {
        let y = row - (f64::from(height) * value / 0.94).round() as u32;
        (left..right)
            .filter(|&x| {
                (y - 1..=y + 1).any(|y| {
                    let found = page.get_pixel(x, y).0;
                    (0..3).all(|at| found[at].abs_diff(colour[at]) < 60)
                })
            })
            .count() as f64
            / f64::from(right - left)
    };
    assert!(count(0.1, CURVES[0]) > 0.9);
    assert!(count(0.9, CURVES[1]) > 0.9);
    for (value, colour) in [(0.3, CURVES[0]), (0.7, CURVES[1])] {
        let dashes = count(value, colour);
        assert!((0.4..0.8).contains(&dashes), "{value}: {dashes}");
    }
    assert_eq!(count(0.5, CURVES[0]) + count(0.5, CURVES[1]), 0.0);
    let entries: Vec<String> = picture(&models, &videos)
        .entries()
        .into_iter()
        .map(|entry| entry.text)
        .collect();
    assert_eq!(
        entries,
        [
            "MemAE",
            "MemAE threshold 0.300",
            "MemAE",
            "MemAE threshold 0.700"
        ]
    );
}

#[test]
fn any_number_of_videos_makes_a_page() {
    let scores: Vec<Option<f64>> = (0..37).map(|frame| Some(f64::from(frame % 11))).collect();
    let scores = [FrameScores {
        first_frame: 2,
        scores: &scores,
    }; 2];
    let anomalous: Vec<bool> = (0..41).map(|frame| frame % 11 > 6).collect();
    for videos in [1usize, 3, 4, 5, 26, 131] {
        let videos = vec![panel(&scores, &anomalous); videos];
        let page = save(&MODELS, &videos).unwrap();
        let (columns, width) = columns(videos.len());
        assert_eq!(
            page.width(),
            columns * (width + COLUMN_GAP) - COLUMN_GAP + 2 * MARGIN
        );
        assert!(page.height() < 8000, "{}", page.height());
    }
    let videos = vec![panel(&scores, &anomalous); 131];
    assert_eq!(
        picture(&MODELS, &videos).note(),
        "one score a frame, frames counted from 0 · first 120 of 131 videos · all videos on one scale"
    );
}

#[test]
fn odd_scores_and_lengths_make_a_page() {
    let alternating: Vec<Option<f64>> = (0..1_000_000)
        .map(|frame| (frame % 2 == 0).then_some(0.5))
        .collect();
    let labels: Vec<bool> = (0..1_000_000).map(|frame| frame % 3 == 0).collect();
    for (first_frame, scores, anomalous) in [
        (0, &[None][..], &[][..]),
        (0, &[Some(f64::NAN)], &[true]),
        (0, &[Some(7.0)], &[false]),
        (0, &[Some(-1e300), Some(1e299), Some(-1e299)], &[]),
        (usize::MAX - 1, &[Some(1.0)], &[]),
        (0, &[], &[true, false]),
        (0, &alternating, &labels),
    ] {
        let scores = [FrameScores {
            first_frame,
            scores,
        }];
        let model = VideoModel {
            label: "AE",
            threshold: Some(f64::NAN),
        };
        assert!(save(&[model], &[panel(&scores, anomalous)]).is_ok());
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let message = |models: &[VideoModel], videos: &[VideoPanel]| {
        let message = save(models, videos).unwrap_err().to_string();
        message
            .split_once("video_scores.png: ")
            .unwrap()
            .1
            .to_string()
    };
    let some = [Some(0.5); 7];
    let scores = |first_frame| FrameScores {
        first_frame,
        scores: &some,
    };
    let one = [scores(5)];
    assert_eq!(
        message(&[], &[panel(&one, &[])]),
        "nothing to draw: found no models, expected at least one"
    );
    assert_eq!(
        message(&[MODELS[0]; 15], &[panel(&one, &[])]),
        "models: found 15, expected at most 14 (more cannot be told apart)"
    );
    assert_eq!(
        message(&MODELS, &[]),
        "nothing to draw: found no videos, expected at least one"
    );
    assert_eq!(
        message(&MODELS, &[panel(&one, &[])]),
        "scores of video 0 (\"Test001\"): found length 1, expected 2 (one curve per model)"
    );
    assert_eq!(
        message(
            &MODELS[..1],
            &[panel(&one, &[true; 12]), panel(&one, &[true; 11])]
        ),
        "scores of \"AE\" for video 1 (\"Test001\"): found 7 from frame 5 on, expected none beyond its 11 labelled frames"
    );
    assert_eq!(
        message(&MODELS[..1], &[panel(&[scores(usize::MAX)], &[])]),
        format!(
            "scores of \"AE\" for video 0 (\"Test001\"): found 7 from frame {} on, expected frames that can be counted",
            usize::MAX
        )
    );
    let none = [FrameScores {
        first_frame: 0,
        scores: &[],
    }];
    assert_eq!(
        message(&MODELS[..1], &[panel(&none, &[])]),
        "frames of video 0 (\"Test001\"): found none, expected at least one"
    );
}
