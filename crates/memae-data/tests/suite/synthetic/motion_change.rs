//! Videos in which things move otherwise.

use memae_data::encode::{MotionConfig, MotionFrame};
use memae_data::sample::{FrameColour, FrameFormat, ImageShape, ResizeFilter, Video};
use memae_data::synthetic::{MotionChange, MotionChangeConfig, SyntheticError};
use proptest::prelude::*;

use crate::motion::scene::{Camera, Random, Scene};

const RATE: f64 = 10.0;

const ALL: [MotionChange; 6] = [
    MotionChange::Faster { factor: 2.5 },
    MotionChange::Larger { factor: 1.7 },
    MotionChange::Mirrored,
    MotionChange::UpsideDown,
    MotionChange::QuarterTurned,
    MotionChange::Reversed,
];

fn video(height: usize, width: usize, channels: usize, pixels: Vec<u8>) -> Video {
    let shape = ImageShape {
        channels,
        height,
        width,
    };
    Video::in_memory("walk", shape, pixels).unwrap()
}

fn filmed(scene: &Scene, frames: usize) -> Video {
    let pixels = (0..frames).flat_map(|frame| scene.levels(frame));
    video(scene.height, scene.width, 1, pixels.collect())
}

fn changed(change: MotionChange, video: &Video) -> Video {
    let config = MotionChangeConfig::new(change);
    config.of_video(video, &FrameFormat::default()).unwrap()
}

/// The pixels of each frame.
fn frames(video: &Video, format: &FrameFormat) -> Vec<Vec<u8>> {
    let frames = video.frames(format).unwrap();
    frames.map(|frame| frame.unwrap().pixels).collect()
}

/// How much moves in each of the eight directions: the mean over all places and frames, in heights of the frame a second.
fn motion(video: &Video) -> [f64; 8] {
    let config = MotionConfig::default().with_seconds(1.0 / RATE);
    let motion = config.of_video(video, &FrameFormat::default(), RATE);
    let motion = motion.unwrap();
    let (mut sums, mut count) = ([0.0; 8], 0.0);
    for MotionFrame { field, cut, .. } in &motion[1..] {
        assert!(!cut);
        for query in field.as_ref().expect("no cut").queries() {
            count += 1.0;
            for (sum, value) in sums.iter_mut().zip(query) {
                *sum += f64::from(*value);
            }
        }
    }
    sums.map(|sum| sum / count)
}

fn speed(video: &Video) -> f64 {
    motion(video).iter().sum()
}

/// Discs that go right, right and down, and up, fast enough to be seen and slow enough to be seen at twice the speed.
fn discs(height: usize, width: usize) -> Scene {
    Scene::new(height, width, 7)
        .with_disc([30.0, 30.0], 14.0, [1.6, 0.1])
        .with_disc([40.0, 65.0], 13.0, [1.0, 0.9])
        .with_disc([105.0, 85.0], 12.0, [0.1, -1.3])
}

fn panned(height: usize, width: usize, shift: [f64; 2]) -> Scene {
    Scene::new(height, width, 11).with_camera(Camera {
        shift,
        ..Camera::default()
    })
}

#[track_caller]
fn assert_near(found: f64, expected: f64, share: f64) {
    assert!(
        (found - expected).abs() <= share * expected.abs(),
        "{found}, expected {expected}"
    );
}

/// `expected[direction]` is what is found in each direction, up to a share of all.
#[track_caller]
fn assert_directions(found: [f64; 8], expected: [f64; 8]) {
    let most = 0.03 * expected.iter().sum::<f64>();
    for (found, expected) in found.iter().zip(&expected) {
        assert!(
            (found - expected).abs() <= most,
            "{found}, expected {expected} within {most}"
        );
    }
}

#[test]
fn faster_takes_the_nearest_frames() {
    let numbered = video(1, 1, 1, (0..20).collect());
    let taken = |factor| -> Vec<u8> {
        let faster = changed(MotionChange::Faster { factor }, &numbered);
        frames(&faster, &FrameFormat::default()).concat()
    };
    assert_eq!(taken(2.0), [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    assert_eq!(taken(1.5), [0, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]);
    assert_eq!(taken(2.3), [0, 2, 5, 7, 9, 12, 14, 16, 18]);
    assert_eq!(taken(8.0), [0, 8, 16]);
    // The last one is taken where it is due.
    assert_eq!(taken(1.9), [0, 2, 4, 6, 8, 10, 11, 13, 15, 17, 19]);
}

#[test]
fn faster_by_two_doubles_the_speed_and_keeps_directions() {
    let normal = filmed(&discs(120, 160), 21);
    let normal_motion = motion(&normal);
    for factor in [1.5, 2.0] {
        let faster = motion(&changed(MotionChange::Faster { factor }, &normal));
        assert_near(faster.iter().sum(), factor * speed(&normal), 0.06);
        assert_directions(faster, normal_motion.map(|speed| factor * speed));
    }
}

#[test]
fn larger_by_two_doubles_the_speed_and_keeps_directions() {
    let normal = filmed(&panned(120, 160, [1.1, -0.4]), 6);
    let normal_motion = motion(&normal);
    for (factor, seed) in [(1.5, 0), (2.0, 1), (2.0, 2)] {
        let config = MotionChangeConfig::new(MotionChange::Larger { factor }).with_seed(seed);
        let larger = config.of_video(&normal, &FrameFormat::default()).unwrap();
        assert_near(speed(&larger), factor * speed(&normal), 0.08);
        assert_directions(motion(&larger), normal_motion.map(|speed| factor * speed));
    }
}

#[test]
fn directions_change_with_the_picture_and_with_time() {
    let normal = filmed(&discs(128, 128), 16);
    let directions = motion(&normal);
    // Right, right and down, and up differ, so that no change looks like another one.
    assert!(directions[0] > 1.3 * directions[6] && directions[1] > 4.0 * directions[7]);
    let turned = |eighths: usize| std::array::from_fn(|at| directions[(at + 8 - eighths) % 8]);
    let of = |change| motion(&changed(change, &normal));
    assert_directions(of(MotionChange::UpsideDown), turned(4));
    assert_directions(of(MotionChange::Reversed), turned(4));
    assert_directions(of(MotionChange::QuarterTurned), turned(2));
    let mirrored = std::array::from_fn(|at| directions[(12 - at) % 8]);
    assert_directions(of(MotionChange::Mirrored), mirrored);
}

#[test]
fn a_frame_that_is_not_square_is_enlarged_as_it_is_turned() {
    for (height, width) in [(120, 160), (160, 120)] {
        let normal = filmed(&panned(height, width, [1.2, 0.0]), 6);
        let turned = motion(&changed(MotionChange::QuarterTurned, &normal));
        let expected = 160.0 / 120.0 * speed(&normal);
        assert_near(turned[2], expected, 0.08);
        assert!(turned.iter().sum::<f64>() < 1.08 * expected);
    }
}

/// A video of noise.
fn noise() -> impl Strategy<Value = (Video, [usize; 4])> {
    let sizes = (1usize..9, 1usize..9, 2usize..6, any::<bool>(), any::<u64>());
    sizes.prop_map(|(height, width, frames, colour, seed)| {
        let channels = if colour { 3 } else { 1 };
        let mut random = Random(seed);
        let values = frames * channels * height * width;
        let pixels = (0..values).map(|_| random.next() as u8).collect();
        let sizes = [frames, channels, height, width];
        (video(height, width, channels, pixels), sizes)
    })
}

fn format(channels: usize) -> FrameFormat {
    let colours = [FrameColour::Grey, FrameColour::Rgb];
    FrameFormat::default().with_colour(colours[channels / 2])
}

proptest! {
    #[test]
    fn each_pixel_comes_from_its_place((video, [count, channels, height, width]) in noise(), seed: u64) {
        let format = format(channels);
        let normal = frames(&video, &format);
        for change in ALL {
            let config = MotionChangeConfig::new(change).with_seed(seed);
            let changed = match config.of_video(&video, &format) {
                Ok(video) => frames(&video, &format),
                Err(error) => {
                    prop_assert!(matches!(error, SyntheticError::TooFewFrames { .. }), "{error}");
                    prop_assert!(change == ALL[0] && count < 4);
                    continue;
                }
            };
            if change != ALL[0] {
                prop_assert_eq!(changed.len(), count);
            }
            for (number, frame) in changed.iter().enumerate() {
                prop_assert_eq!(frame.len(), channels * height * width);
                for (at, &found) in frame.iter().enumerate() {
                    let (row, column) = (at / width % height, at % width);
                    let (number, row, column) = match change {
                        MotionChange::Mirrored => (number, row, width - 1 - column),
                        MotionChange::UpsideDown => (number, height - 1 - row, width - 1 - column),
                        MotionChange::Reversed => (count - 1 - number, row, column),
                        MotionChange::QuarterTurned if height == width => (number, height - 1 - column, row),
                        _ => continue,
                    };
                    let expected = normal[number][(at / (width * height) * height + row) * width + column];
                    prop_assert_eq!(found, expected, "{}", change);
                }
            }
        }
    }

    #[test]
    fn a_part_lies_at_one_place_of_all_frames(
        high in 1usize..6, wide in 1usize..6, factor in 2usize..5, seed: u64,
    ) {
        let (height, width) = (factor * high, factor * wide);
        let mut random = Random(seed);
        let pixels: Vec<u8> = (0..3 * 3 * height * width).map(|_| random.next() as u8).collect();
        let video = video(height, width, 3, pixels);
        let format = format(3).with_filter(ResizeFilter::Nearest);
        let change = MotionChange::Larger { factor: factor as f64 };
        let larger = MotionChangeConfig::new(change).with_seed(seed).of_video(&video, &format).unwrap();
        let (normal, larger) = (frames(&video, &format), frames(&larger, &format));
        let mut places = (0..=height - high).flat_map(|top| (0..=width - wide).map(move |left| (top, left)));
        let found = places.any(|(top, left)| normal.iter().zip(&larger).all(|(normal, larger)| {
            larger.iter().enumerate().all(|(at, &pixel)| {
                let (row, column) = (top + at / width % height / factor, left + at % width / factor);
                pixel == normal[(at / (width * height) * height + row) * width + column]
            })
        }));
        prop_assert!(found);
    }
}

#[test]
fn still_videos_stay_still() {
    let picture = panned(61, 83, [0.0, 0.0]).levels(0);
    let still = video(61, 83, 1, picture.repeat(8));
    for change in ALL {
        for seed in 0..3 {
            let config = MotionChangeConfig::new(change).with_seed(seed);
            let frames = config.frames(&still, &FrameFormat::default()).unwrap();
            let config = MotionConfig::default().with_seconds(1.0 / RATE);
            let mut stream = config.stream(61, 83, RATE).unwrap();
            let (mut count, mut texture) = (0, 0);
            for frame in frames {
                let frame = frame.unwrap();
                texture += frame
                    .pixels
                    .windows(2)
                    .filter(|two| two[0] != two[1])
                    .count();
                let motion = stream.push_frame(&frame).unwrap();
                let field = motion.field.iter();
                count += field.clone().count();
                assert!(
                    field
                        .flat_map(|field| field.values())
                        .all(|&speed| speed == 0.0)
                );
            }
            assert!(count >= 2 && texture > 1000, "{change}: {count}, {texture}");
        }
    }
}

#[test]
fn one_seed_gives_one_place_and_others_give_others() {
    let normal = filmed(&discs(64, 96), 4);
    let format = FrameFormat::default();
    for change in ALL {
        let of = |seed| {
            let config = MotionChangeConfig::new(change).with_seed(seed);
            frames(&config.of_video(&normal, &format).unwrap(), &format)
        };
        let first = of(0);
        assert_eq!(first, of(0));
        let drawn = matches!(
            change,
            MotionChange::Larger { .. } | MotionChange::QuarterTurned
        );
        let differ = (1..4).filter(|&seed| of(seed) != first).count();
        assert_eq!(differ, if drawn { 3 } else { 0 }, "{change}");
    }
}

#[test]
fn frames_come_one_at_a_time_as_in_the_whole_video() {
    let normal = filmed(&discs(64, 96), 6);
    let format = FrameFormat::default().with_size(40, 50);
    for change in ALL {
        let config = MotionChangeConfig::new(change);
        let whole = config.of_video(&normal, &format).unwrap();
        assert_eq!(whole.name(), format!("walk ({change})"));
        let one_by_one = config.frames(&normal, &format).unwrap();
        let one_by_one: Vec<_> = one_by_one.map(|frame| frame.unwrap()).collect();
        let size = ImageShape {
            channels: 1,
            height: 40,
            width: 50,
        };
        assert!(one_by_one.iter().all(|frame| frame.shape == size));
        let whole = frames(&whole, &FrameFormat::default());
        assert!(one_by_one.iter().map(|frame| &frame.pixels).eq(&whole));
    }
}

#[test]
fn what_cannot_be_changed_is_an_error() {
    let normal = video(1, 2, 1, (0..18).collect());
    let error = |change, video: &Video| {
        let config = MotionChangeConfig::new(change);
        let error = config.of_video(video, &FrameFormat::default());
        error.unwrap_err().to_string()
    };
    for factor in [1.19, 8.01, 0.0, -2.0, f64::NAN, f64::INFINITY] {
        let changes = [
            ("faster", MotionChange::Faster { factor }),
            ("larger", MotionChange::Larger { factor }),
        ];
        for (name, change) in changes {
            let config = MotionChangeConfig::new(change);
            let expected = format!("{name}: found a factor of {factor}, expected 1.2 to 8");
            assert_eq!(config.validate().unwrap_err().to_string(), expected);
            assert_eq!(error(change, &normal), expected);
        }
    }
    for factor in [1.2, 8.0] {
        for change in [
            MotionChange::Faster { factor },
            MotionChange::Larger { factor },
        ] {
            assert_eq!(changed(change, &normal).name(), format!("walk ({change})"));
        }
    }
    let eight = video(1, 2, 1, (0..16).collect());
    assert_eq!(
        error(MotionChange::Faster { factor: 8.0 }, &eight),
        "walk (faster by 8): found 1 frame, expected at least 2"
    );
    let one = video(1, 1, 1, vec![7]);
    for change in ALL {
        assert_eq!(
            error(change, &one),
            format!("walk ({change}): found 1 frame, expected at least 2")
        );
    }
    let config = MotionChangeConfig::new(MotionChange::Mirrored);
    let no_size = FrameFormat::default().with_size(0, 3);
    let error = config.of_video(&normal, &no_size).unwrap_err();
    assert_eq!(
        error.to_string(),
        "frame size: found 0x3, expected sides of 1 to 16384 pixels"
    );
}

#[test]
fn settings_are_read_from_text() {
    let read = |text: &str| serde_json::from_str::<MotionChangeConfig>(text);
    for change in ALL {
        let config = MotionChangeConfig::new(change).with_seed(3);
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(read(&text).unwrap(), config);
    }
    let faster = read(r#"{"change": {"faster": {"factor": 2}}}"#).unwrap();
    let expected = MotionChangeConfig::new(MotionChange::Faster { factor: 2.0 });
    assert_eq!(faster, expected);
    for wrong in [
        "{}",
        r#"{"change": "slower"}"#,
        r#"{"change": "mirrored", "factor": 2}"#,
        r#"{"change": {"faster": {"factor": 2, "seed": 1}}}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[cfg(feature = "files")]
mod files {
    use std::path::Path;
    use std::process::Command;

    use memae_data::format::{DamagePolicy, Ffmpeg, Numbering};
    use memae_data::sample::VideoConfig;

    use super::*;

    /// A file of FFmpeg's moving test picture; `None` where its programs are absent.
    fn recorded(path: &Path) -> Option<()> {
        let arguments = "-v error -y -f lavfi -i testsrc=size=64x48:rate=25:duration=0.4 -c:v mpeg4 -g 5 -f mpegts";
        let status = Command::new("ffmpeg")
            .args(arguments.split(' '))
            .arg(path)
            .status();
        let made = status.is_ok_and(|status| status.success());
        if !made || Command::new("ffprobe").arg("-version").output().is_err() {
            println!("skipped: ffmpeg and ffprobe are absent");
            return None;
        }
        Some(())
    }

    fn reversed(video: &Video) -> Result<Video, SyntheticError> {
        let config = MotionChangeConfig::new(MotionChange::Reversed);
        config.of_video(video, &FrameFormat::default())
    }

    fn all(video: &Video) -> Vec<Vec<u8>> {
        frames(video, &FrameFormat::default())
    }

    #[test]
    fn folders_and_files_are_reversed() {
        let folder = tempfile::tempdir().unwrap();
        for frame in 0..5u8 {
            let levels =
                image::GrayImage::from_fn(4, 3, |x, y| image::Luma([40 * frame + (x * y) as u8]));
            levels
                .save(folder.path().join(format!("{frame}.png")))
                .unwrap();
        }
        let images = Video::from_folder(folder.path(), Numbering::Consecutive).unwrap();
        let mut expected = all(&images);
        expected.reverse();
        assert_eq!(all(&reversed(&images).unwrap()), expected);

        let path = folder.path().join("camera.ts");
        let Some(()) = recorded(&path) else { return };
        let file = Video::from_file(&path, Ffmpeg::default()).unwrap();
        let mut expected = all(&file);
        assert!(expected.len() == 10 && expected[0] != expected[9]);
        expected.reverse();
        assert_eq!(all(&reversed(&file).unwrap()), expected);
    }

    #[test]
    fn frames_that_cannot_be_decoded_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = |frame: usize| folder.path().join(format!("{frame}.pgm"));
        for frame in 0..4 {
            std::fs::write(path(frame), b"P5 2 1 255\n\x00\xff").unwrap();
        }
        std::fs::write(path(2), b"P5 2 1 255\n\x00").unwrap();
        let video = Video::from_folder(folder.path(), Numbering::Consecutive).unwrap();
        for change in ALL {
            let config = MotionChangeConfig::new(change);
            let error = config
                .of_video(&video, &FrameFormat::default())
                .unwrap_err();
            assert!(matches!(error, SyntheticError::Sample(_)), "{error:?}");
            assert!(error.to_string().contains("2.pgm"), "{error}");
            let mut frames = config.frames(&video, &FrameFormat::default()).unwrap();
            let ended = frames.by_ref().skip_while(Result::is_ok).skip(1).count();
            assert_eq!(ended, 0);
        }
    }

    #[test]
    fn motion_across_a_gap_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("camera.ts");
        let Some(()) = recorded(&path) else { return };
        let recording = std::fs::read(&path).unwrap();
        std::fs::write(&path, recording.repeat(2)).unwrap();
        let config = VideoConfig::default().with_damage(DamagePolicy::LeaveOut);
        let joined = config.open_file(&path).unwrap();
        assert_eq!(joined.gaps().unwrap()[0].after, 10);
        for change in ALL {
            let config = MotionChangeConfig::new(change);
            let error = config
                .of_video(&joined, &FrameFormat::default())
                .unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "camera ({change}): found a gap after 10 frames, expected a part of the video without one"
                )
            );
        }
    }
}
