//! Histograms of flow beside their definition, and streams beside whole videos.

use memae_data::drawn::WalkwayConfig;
use memae_data::encode::{FlowConfig, MotionConfig, MotionField, MotionFrame};
use memae_data::sample::{FrameFormat, ImageShape, PixelSlice, Video};
use proptest::prelude::*;

use super::scene::{Camera, Scene};

const RATE: f64 = 10.0;

fn push_all<'a>(
    config: &MotionConfig,
    scene: &Scene,
    frames: impl IntoIterator<Item = &'a Vec<u8>>,
) -> Vec<MotionFrame> {
    let mut stream = config.stream(scene.height, scene.width, RATE).unwrap();
    let frames = frames.into_iter();
    frames
        .map(|frame| stream.push(PixelSlice::Bits8(frame)).unwrap())
        .collect()
}

fn field(motion: &MotionFrame) -> &MotionField {
    motion.field.as_ref().expect("enough frames and no cut")
}

/// The queries of the last of these frames, as they are defined, with the arc tangent of the platform.
fn definition(
    config: &MotionConfig,
    scene: &Scene,
    frames: &[Vec<u8>],
    cell: usize,
    window: usize,
) -> Vec<Vec<[f64; 8]>> {
    let (height, width) = (scene.height, scene.width);
    let least = config.min_speed * height as f64 / RATE;
    let cells: Vec<Vec<Vec<[f64; 8]>>> = frames
        .windows(2)
        .map(|pair| {
            let [earlier, later] = [&pair[0], &pair[1]].map(|frame| PixelSlice::Bits8(frame));
            let flow = config.flow.between(height, width, earlier, later).unwrap();
            let (rows, columns) = (flow.height(), flow.width());
            (0..rows.div_ceil(cell))
                .map(|cell_row| {
                    (0..columns.div_ceil(cell))
                        .map(|cell_column| {
                            let (mut sums, mut pixels) = ([0.0; 8], 0.0);
                            for row in
                                (cell_row * cell..(cell_row + 1) * cell).filter(|&row| row < rows)
                            {
                                for column in (cell_column * cell..(cell_column + 1) * cell)
                                    .filter(|&column| column < columns)
                                {
                                    let [right, down] = flow.at(row, column).map(f64::from);
                                    pixels += 1.0;
                                    let speed = right.hypot(down);
                                    if speed < least {
                                        continue;
                                    }
                                    let place = down.atan2(right).rem_euclid(std::f64::consts::TAU)
                                        / std::f64::consts::FRAC_PI_4;
                                    let (lower, share) = (place.floor(), place.fract());
                                    sums[lower as usize % 8] += speed * (1.0 - share);
                                    sums[(lower as usize + 1) % 8] += speed * share;
                                }
                            }
                            sums.map(|sum| sum / pixels * RATE / height as f64)
                        })
                        .collect()
                })
                .collect()
        })
        .collect();
    let (rows, columns) = (cells[0].len(), cells[0][0].len());
    let (high, wide) = (window.min(rows), window.min(columns));
    (0..=rows - high)
        .map(|row| {
            (0..=columns - wide)
                .map(|column| {
                    let mut mean = [0.0; 8];
                    for cells in &cells {
                        for cells in &cells[row..row + high] {
                            for cell in &cells[column..column + wide] {
                                for (mean, value) in mean.iter_mut().zip(cell) {
                                    *mean += value;
                                }
                            }
                        }
                    }
                    mean.map(|sum| sum / (cells.len() * high * wide) as f64)
                })
                .collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn queries_are_what_they_are_defined_to_be(
        seed: u64, height in 5usize..53, width in 5usize..61, cell in 1usize..6, window in 1usize..5,
        earlier in 0usize..3, kept in 1usize..5, half_size: bool, right in -2.0..2.0, down in -2.0..2.0,
    ) {
        let scene = Scene::new(height, width, seed)
            .with_disc([width as f64 / 2.0, height as f64 / 2.0], height as f64 / 3.0, [right, down]);
        let frames: Vec<Vec<u8>> = (0..=earlier + kept).map(|frame| scene.levels(frame)).collect();
        let step = if half_size { 2.0 } else { 1.0 };
        let share = step * cell as f64 / height as f64;
        prop_assume!(share * window as f64 <= 1.0);
        let config = MotionConfig::default()
            .with_flow(FlowConfig::default().with_half_size(half_size))
            .with_cell(share)
            .with_window(share * window as f64)
            .with_seconds(kept as f64 / RATE)
            .with_cut(1.0);
        let motion = push_all(&config, &scene, &frames);
        for (number, motion) in motion.iter().enumerate() {
            prop_assert_eq!(motion.field.is_some(), number >= kept);
        }
        let last = &frames[earlier..];
        let expected = definition(&config, &scene, last, cell, window);
        let found = field(&motion[frames.len() - 1]);
        prop_assert_eq!((found.rows(), found.columns()), (expected.len(), expected[0].len()));
        let layout = config.layout(height, width, RATE).unwrap();
        prop_assert_eq!((layout.rows(), layout.columns()), (expected.len(), expected[0].len()));
        for (row, expected) in expected.iter().enumerate() {
            for (column, expected) in expected.iter().enumerate() {
                for (found, expected) in found.query(row, column).iter().zip(expected) {
                    let tolerance = 1e-5 + 1e-4 * expected;
                    prop_assert!((f64::from(*found) - expected).abs() < tolerance, "{found} {expected}");
                }
            }
        }
    }

    #[test]
    fn any_size_has_queries(height in 1usize..40, width in 1usize..40, cell in 0.01f64..1.0, rate in 0.1f64..200.0) {
        let config = MotionConfig::default().with_cell(cell).with_window(1.0).with_seconds(1.0 / rate);
        let mut stream = config.stream(height, width, rate).unwrap();
        let frame = vec![40; height * width];
        stream.push(PixelSlice::Bits8(&frame)).unwrap();
        let motion = stream.push(PixelSlice::Bits8(&frame)).unwrap();
        let found = field(&motion);
        let layout = stream.layout();
        prop_assert_eq!((found.rows(), found.columns()), (layout.rows(), layout.columns()));
        prop_assert_eq!(found.queries().len(), found.rows() * found.columns());
        prop_assert!(found.values().iter().all(|&value| value == 0.0));
        // Places lie in the picture, and reach its right and lower edge.
        let last = layout.rectangle(layout.rows() - 1, layout.columns() - 1);
        prop_assert_eq!((last.top + last.height, last.left + last.width), (height, width));
        prop_assert!(last.height > 0 && last.width > 0);
    }
}

#[test]
fn a_picture_that_moves_right_has_its_speed_there() {
    for (shift, direction) in [
        ([2.0, 0.0], 0),
        ([1.5, 1.5], 1),
        ([0.0, 2.0], 2),
        ([-1.5, 1.5], 3),
        ([-2.0, 0.0], 4),
        ([-1.5, -1.5], 5),
        ([0.0, -2.0], 6),
        ([1.5, -1.5], 7),
    ] {
        let scene = Scene::new(120, 160, 2).with_camera(Camera {
            shift,
            ..Camera::default()
        });
        let frames = [0, 1].map(|frame| scene.levels(frame));
        let config = MotionConfig::default().with_seconds(1.0 / RATE);
        let motion = push_all(&config, &scene, &frames);
        let found = field(&motion[1]);
        let query = found.query(found.rows() / 2, found.columns() / 2);
        let speed = (f64::hypot(shift[0], shift[1]) * RATE / 120.0) as f32;
        for (other, &value) in query.iter().enumerate() {
            let expected = if other == direction { speed } else { 0.0 };
            assert!(
                (value - expected).abs() < 0.06 * speed,
                "{direction}: {query:?}, speed {speed}"
            );
        }
    }
}

#[test]
fn the_same_motion_in_a_larger_picture_at_another_rate_is_the_same_query() {
    // Twice as large, and half as many pixels a frame at four times the rate.
    let small = Scene::new(80, 100, 2).with_disc([45.0, 40.0], 14.0, [2.0, 0.0]);
    let mut large = Scene::new(160, 200, 2).with_disc([90.0, 80.0], 28.0, [1.0, 0.0]);
    large.ground = super::scene::Texture::new(2, 18.0);
    large.discs[0].texture = super::scene::Texture::new(1_000, 14.0);
    let fastest = |scene: &Scene, rate| {
        let mut stream = MotionConfig::default()
            .with_seconds(0.1)
            .stream(scene.height, scene.width, rate)
            .unwrap();
        let frames = 0..=stream.layout().frames();
        let motion = frames.map(|frame| {
            let levels = scene.levels(frame);
            stream.push(PixelSlice::Bits8(&levels)).unwrap()
        });
        field(&motion.last().unwrap())
            .queries()
            .map(|query| query[0])
            .fold(0.0, f32::max)
    };
    let (one, other) = (fastest(&small, 10.0), fastest(&large, 40.0));
    assert!(
        (one - 0.25).abs() < 0.02 && (other - 0.25).abs() < 0.02,
        "{one} {other}"
    );
}

#[test]
fn a_stream_gives_what_a_whole_video_does() {
    let walkway = WalkwayConfig::default()
        .with_size(48, 64)
        .with_train(1, 30)
        .generate()
        .unwrap();
    let drawn = &walkway.train[0];
    let config = MotionConfig::default();
    let video = drawn.to_video("walkway").unwrap();
    let whole = config
        .of_video(&video, &FrameFormat::default(), 25.0)
        .unwrap();
    let mut stream = config.stream(48, 64, 25.0).unwrap();
    let streamed: Vec<MotionFrame> = (0..30)
        .map(|frame| stream.push(PixelSlice::Bits8(drawn.frame(frame))).unwrap())
        .collect();
    assert_eq!(whole, streamed);
    // 0.8 s of 25 frames a second.
    assert_eq!(stream.layout().frames(), 20);
    assert!(whole[..20].iter().all(|motion| motion.field.is_none()));
    assert!(whole[20..].iter().all(|motion| motion.field.is_some()));
    // Something moves.
    assert!(field(&whole[29]).values().iter().any(|&value| value > 0.0));
}

#[test]
fn a_query_is_of_the_last_frames_alone() {
    let scene = Scene::new(60, 70, 9).with_disc([20.0, 30.0], 12.0, [1.4, 0.3]);
    let frames: Vec<Vec<u8>> = (0..16).map(|frame| scene.levels(frame)).collect();
    let config = MotionConfig::default();
    let all = push_all(&config, &scene, &frames);
    // Eight flows are of nine frames: with more before them, or other ones after them, nothing changes.
    let late = push_all(&config, &scene, &frames[4..13]);
    assert_eq!(late[8].field, all[12].field);
    assert!(late[8].field.is_some());
    assert_ne!(late[8].field, all[11].field);
    // Before that there is none: a mean over fewer is another measure.
    assert!(late[..8].iter().all(|motion| motion.field.is_none()));
}

#[test]
fn a_restart_forgets_what_was() {
    let scene = Scene::new(60, 70, 9).with_disc([20.0, 30.0], 12.0, [1.4, 0.3]);
    let frames: Vec<Vec<u8>> = (0..12).map(|frame| scene.levels(frame)).collect();
    let config = MotionConfig::default().with_seconds(3.0 / RATE);
    let mut stream = config.stream(60, 70, RATE).unwrap();
    for frame in &frames[..5] {
        stream.push(PixelSlice::Bits8(frame)).unwrap();
    }
    stream.restart();
    let again: Vec<MotionFrame> = frames[5..]
        .iter()
        .map(|frame| stream.push(PixelSlice::Bits8(frame)).unwrap())
        .collect();
    assert_eq!(again, push_all(&config, &scene, &frames[5..]));
    assert!(again[2].field.is_none() && again[3].field.is_some());
}

#[test]
fn frames_of_an_empty_scene_have_no_motion() {
    let shape = ImageShape {
        channels: 1,
        height: 48,
        width: 64,
    };
    let video = Video::in_memory("night", shape, vec![3; 5 * 48 * 64]).unwrap();
    let motion = MotionConfig::default()
        .with_seconds(1.0 / 25.0)
        .of_video(&video, &FrameFormat::default(), 25.0)
        .unwrap();
    for motion in &motion[1..] {
        assert!(field(motion).values().iter().all(|&value| value == 0.0));
        assert_eq!(
            (motion.cut, motion.unexplained, motion.camera.share),
            (false, 0.0, 0.0)
        );
    }
}

#[test]
fn a_query_says_where_it_is_if_that_counts() {
    let scene = Scene::new(60, 80, 9).with_disc([20.0, 30.0], 12.0, [1.4, 0.3]);
    let config = MotionConfig::default().with_seconds(1.0 / RATE);
    let frames = [0, 1].map(|frame| scene.levels(frame));
    let motion = push_all(&config, &scene, &frames);
    let found = field(&motion[1]);
    let layout = config.layout(60, 80, RATE).unwrap();
    assert_eq!(layout.query_len(), 8);
    assert_eq!(layout.queries(found), found.values());
    assert_eq!(layout.still_queries().values(), [0.0; 8]);

    let config = config.with_position(0.5);
    // What moves is the same.
    assert_eq!(push_all(&config, &scene, &frames), motion);
    let layout = config.layout(60, 80, RATE).unwrap();
    assert_eq!(layout.query_len(), 10);
    let queries = layout.queries(found);
    assert_eq!(queries.len(), 10 * found.queries().len());
    for (place, query) in queries.chunks(10).enumerate() {
        let (row, column) = (place / found.columns(), place % found.columns());
        assert_eq!(query[..8], found.query(row, column)[..]);
        let at = layout.rectangle(row, column);
        for (found, pixels) in query[8..].iter().zip([at.top, at.left]) {
            let expected = 0.5 * pixels as f32 / 60.0;
            assert!((found - expected).abs() < 1e-6, "{query:?}, {at}");
        }
    }
    let still = layout.still_queries();
    assert_eq!((still.len(), still.width()), (found.queries().len(), 10));
    for (still, query) in still.values().chunks(10).zip(queries.chunks(10)) {
        assert_eq!((&still[..8], &still[8..]), (&[0.0; 8][..], &query[8..]));
    }
}

#[test]
#[should_panic(expected = "motion of (")]
fn motion_of_other_places_has_no_queries_here() {
    let scene = Scene::new(60, 80, 9);
    let config = MotionConfig::default().with_seconds(1.0 / RATE);
    let motion = push_all(&config, &scene, &[scene.levels(0), scene.levels(1)]);
    let other = config.layout(60, 90, RATE).unwrap();
    other.queries(field(&motion[1]));
}

/// Nothing is used that rounds differently from one processor to the next.
#[test]
fn values_are_pinned() {
    let config = WalkwayConfig::default().with_size(48, 64);
    let walkway = config.with_train(1, 12).with_seed(7).generate().unwrap();
    let video = walkway.train[0].to_video("walkway").unwrap();
    let motion = MotionConfig::default()
        .with_seconds(11.0 / 25.0)
        .of_video(&video, &FrameFormat::default(), 25.0)
        .unwrap();
    let field = field(&motion[11]);
    let speed = |query: &[f32; 8]| query.iter().sum::<f32>();
    let fastest = field
        .queries()
        .max_by(|one, other| speed(one).total_cmp(&speed(other)));
    assert_eq!(
        fastest,
        Some(&[
            0.209_773_21,
            0.072_358_64,
            0.006_003_367_2,
            0.0,
            0.0,
            0.0,
            0.001_972_216,
            0.054_398_872
        ])
    );
    let whole = [motion[11].unexplained, motion[11].gain];
    assert_eq!(whole, [0.009_114_583, 1.000_541_1]);
}
