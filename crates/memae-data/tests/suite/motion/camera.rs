//! Cuts, and cameras that move.

use memae_data::drawn::WalkwayConfig;
use memae_data::encode::{MotionConfig, MotionFrame};
use memae_data::sample::PixelSlice;

use super::scene::{Camera, Random, Scene};

const RATE: f64 = 10.0;

fn crowded(seed: u64) -> Scene {
    let mut random = Random(seed);
    let mut scene = Scene::new(120, 160, seed);
    for _ in 0..8 {
        let at = [160.0 * random.unit(), 120.0 * random.unit()];
        let motion = [4.0 * random.unit() - 2.0, 4.0 * random.unit() - 2.0];
        scene = scene.with_disc(at, 6.0 + 6.0 * random.unit(), motion);
    }
    scene
}

fn motion<'a>(
    frames: impl IntoIterator<Item = &'a [u8]>,
    height: usize,
    width: usize,
) -> Vec<MotionFrame> {
    let config = MotionConfig::default().with_seconds(2.0 / RATE);
    let mut stream = config.stream(height, width, RATE).unwrap();
    frames
        .into_iter()
        .map(|frame| stream.push(PixelSlice::Bits8(frame)).unwrap())
        .collect()
}

fn of_scene(scene: &Scene, frames: usize) -> Vec<MotionFrame> {
    let frames: Vec<Vec<u8>> = (0..frames).map(|frame| scene.levels(frame)).collect();
    motion(frames.iter().map(Vec::as_slice), scene.height, scene.width)
}

#[test]
fn a_camera_that_stands_still() {
    for seed in 0..6 {
        for motion in &of_scene(&crowded(seed), 3)[1..] {
            let camera = motion.camera;
            assert!(
                !motion.cut && camera.share < 0.1,
                "{seed}: {motion:?}",
                motion = (motion.unexplained, camera)
            );
            assert!(
                camera.right.hypot(camera.down) < 0.005,
                "{seed}: {camera:?}"
            );
        }
    }
}

#[test]
fn cameras_that_pan_turn_and_zoom_behind_a_crowd() {
    let cameras = [
        Camera {
            shift: [3.0, 0.0],
            ..Camera::default()
        },
        Camera {
            shift: [-1.0, 1.5],
            ..Camera::default()
        },
        Camera {
            zoom: 0.03,
            ..Camera::default()
        },
        Camera {
            zoom: -0.03,
            ..Camera::default()
        },
        Camera {
            turn: 0.03,
            ..Camera::default()
        },
        Camera {
            shift: [2.0, 1.0],
            zoom: 0.02,
            turn: -0.02,
        },
    ];
    for (number, expected) in cameras.into_iter().enumerate() {
        for seed in 0..3 {
            let motion = of_scene(&crowded(seed).with_camera(expected), 2);
            let found = motion[1].camera;
            let heights = (RATE / 120.0) as f32;
            let shift = expected.shift.map(|pixels| pixels as f32 * heights);
            let error = (found.right - shift[0]).hypot(found.down - shift[1]);
            assert!(
                !motion[1].cut && found.share > 0.6,
                "{number}: {} {found:?}",
                motion[1].unexplained
            );
            assert!(error < 0.05, "{number}: {found:?}, expected {shift:?}");
            assert!(
                (found.zoom - 10.0 * expected.zoom as f32).abs() < 0.05,
                "{number}: {found:?}"
            );
            assert!(
                (found.turn - 10.0 * expected.turn as f32).abs() < 0.05,
                "{number}: {found:?}"
            );
        }
    }
}

#[test]
fn a_cut_is_one_event_and_begins_anew() {
    for seed in 0..6 {
        let frames: Vec<Vec<u8>> = (0..5)
            .map(|frame| crowded(seed).levels(frame))
            .chain((0..5).map(|frame| crowded(seed + 100).levels(frame)))
            .collect();
        let all = motion(frames.iter().map(Vec::as_slice), 120, 160);
        let cuts: Vec<bool> = all.iter().map(|motion| motion.cut).collect();
        let unexplained: Vec<f32> = all.iter().map(|motion| motion.unexplained).collect();
        assert_eq!(
            cuts,
            std::array::from_fn::<bool, 10, _>(|frame| frame == 5),
            "{seed}: {unexplained:?}"
        );
        assert!(all[4].field.is_some() && all[7].field.is_some());
        assert!(all[5].field.is_none() && all[6].field.is_none());
        let after = motion(frames[5..].iter().map(Vec::as_slice), 120, 160);
        assert_eq!(all[6..], after[1..]);
    }
}

#[test]
fn a_lamp_that_flickers_is_neither() {
    let scene = crowded(3);
    let frames: Vec<Vec<u8>> = (0..6)
        .map(|frame| {
            let light = [1.0, 0.8, 1.05, 0.9, 0.7, 1.0][frame];
            let values = scene.values(frame).into_iter();
            values
                .map(|value| (255.0 * light * value).round().min(255.0) as u8)
                .collect()
        })
        .collect();
    for motion in &motion(frames.iter().map(Vec::as_slice), 120, 160)[1..] {
        assert!(
            !motion.cut && motion.camera.share < 0.1,
            "{:?}",
            (motion.unexplained, motion.camera)
        );
    }
}

#[test]
fn drawn_walkways_have_cuts_only_where_they_are_joined() {
    let walkways: Vec<_> = (0..4)
        .map(|seed| {
            let config = WalkwayConfig::default()
                .with_train(0, 40)
                .with_test(1, 40)
                .with_anomalies_per_video(1);
            config.with_seed(seed).generate().unwrap()
        })
        .collect();
    let videos = || walkways.iter().map(|walkway| &walkway.test[0]);
    let frames = videos().flat_map(|video| (0..40).map(move |frame| video.frame(frame)));
    let first = videos().next().expect("four");
    let all = motion(frames, first.height(), first.width());
    let cuts: Vec<usize> = (0..160).filter(|&frame| all[frame].cut).collect();
    let unexplained = |frame: usize| all[frame].unexplained;
    assert_eq!(cuts, [40, 80, 120]);
    let within = (1..160).filter(|frame| frame % 40 != 0);
    for frame in within {
        assert!(
            !all[frame].camera.moves() && unexplained(frame) < 0.2,
            "{frame}: {:?}",
            all[frame].camera
        );
    }
}
