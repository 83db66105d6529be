//! What is refused, and that it changes nothing.

use memae_data::encode::{Brightness, FlowConfig, MotionConfig, MotionError};
use memae_data::sample::{Frame, FrameColour, FrameFormat, ImageShape, PixelSlice, Video};

use super::scene::Scene;

fn message<T>(result: Result<T, MotionError>) -> String {
    match result {
        Ok(_) => String::from("no error"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn settings_out_of_range() {
    let flow = FlowConfig::default;
    for (config, expected) in [
        (flow().with_levels(0), "levels: found 0, expected 1 to 12"),
        (flow().with_levels(13), "levels: found 13, expected 1 to 12"),
        (
            flow().with_iterations(0),
            "iterations: found 0, expected 1 to 100",
        ),
        (
            flow().with_iterations(101),
            "iterations: found 101, expected 1 to 100",
        ),
        (
            flow().with_window(8),
            "window: found 8, expected an odd number of pixels from 1 to 63",
        ),
        (
            flow().with_window(65),
            "window: found 65, expected an odd number of pixels from 1 to 63",
        ),
        (
            flow().with_smoothing(0),
            "smoothing: found 0, expected an odd number of pixels from 1 to 63",
        ),
        (
            flow().with_sigma(-0.5),
            "sigma: found -0.5, expected 0 to 20 pixels",
        ),
        (
            flow().with_sigma(f32::NAN),
            "sigma: found NaN, expected 0 to 20 pixels",
        ),
        (
            flow().with_damping(0.0),
            "damping: found 0, expected 1e-8 to 1",
        ),
        (
            flow().with_damping(f32::NAN),
            "damping: found NaN, expected 1e-8 to 1",
        ),
        (
            flow().with_max_step(0.0),
            "max_step: found 0, expected above 0 and at most 16 pixels",
        ),
        (
            flow().with_max_step(f32::INFINITY),
            "max_step: found inf, expected above 0 and at most 16 pixels",
        ),
    ] {
        assert_eq!(message(config.validate()), expected);
        assert_eq!(message(config.estimator(20, 20)), expected);
        let motion = MotionConfig::default().with_flow(config);
        assert_eq!(message(motion.validate()), expected);
    }
    let motion = MotionConfig::default;
    for (config, expected) in [
        (
            motion().with_cell(0.0),
            "cell: found 0, expected above 0 and at most 1, a share of the frame's height",
        ),
        (
            motion().with_cell(1.1),
            "cell: found 1.1, expected above 0 and at most 1, a share of the frame's height",
        ),
        (
            motion().with_window(0.01),
            "window: found 0.01, expected a share of the frame's height from that of a cell to 1",
        ),
        (
            motion().with_seconds(0.0),
            "seconds: found 0, expected above 0 and at most 3600",
        ),
        (
            motion().with_position(-1.0),
            "position: found -1, expected 0 to 100 heights of the frame a second",
        ),
        (
            motion().with_seconds(f64::NAN),
            "seconds: found NaN, expected above 0 and at most 3600",
        ),
        (
            motion().with_min_speed(-1.0),
            "min_speed: found -1, expected 0 to 100 heights of the frame a second",
        ),
        (
            motion().with_cut(1.5),
            "cut: found 1.5, expected 0 to 1, a share of the pixels",
        ),
    ] {
        assert_eq!(message(config.validate()), expected);
        assert_eq!(message(config.stream(20, 20, 25.0)), expected);
    }
    let rate = "rate: found 0, expected above 0 and at most 10000 frames a second";
    assert_eq!(message(motion().stream(20, 20, 0.0)), rate);
    let video = Video::in_memory(
        "camera",
        ImageShape {
            channels: 1,
            height: 2,
            width: 2,
        },
        vec![0; 8],
    )
    .unwrap();
    assert_eq!(
        message(
            motion()
                .frames(&video, &FrameFormat::default(), 0.0)
                .map(drop)
        ),
        rate
    );
}

#[test]
fn sizes_without_pixels_or_beyond_memory() {
    for (height, width) in [
        (0, 5),
        (5, 0),
        (1, 65_537),
        (1 << 16, 1 << 16),
        (usize::MAX, usize::MAX),
    ] {
        let expected = format!(
            "frames of {height}x{width}: expected at least one pixel, at most 134217728, and sides of at most 65536"
        );
        assert_eq!(
            message(FlowConfig::default().estimator(height, width)),
            expected
        );
        assert_eq!(
            message(MotionConfig::default().stream(height, width, 25.0)),
            expected
        );
    }
}

#[test]
fn frames_that_are_no_frames_change_nothing() {
    let scene = Scene::new(31, 37, 4).with_disc([15.0, 15.0], 7.0, [1.0, 0.5]);
    let frames: Vec<Vec<f32>> = (0..3).map(|frame| scene.values(frame)).collect();
    let config = FlowConfig::default();
    let mut estimator = config.estimator(31, 37).unwrap();
    let refuse = |estimator: &mut memae_data::encode::FlowEstimator, frame: &[f32]| {
        message(estimator.push(PixelSlice::Float(frame)).map(drop))
    };
    for (number, frame) in frames.iter().enumerate() {
        for (wrong, shown) in [
            (f32::NAN, "NaN"),
            (f32::INFINITY, "inf"),
            (-0.25, "-0.25"),
            (1.5, "1.5"),
        ] {
            let mut damaged = frame.clone();
            damaged[2 * 37 + 5] = wrong;
            assert_eq!(
                refuse(&mut estimator, &damaged),
                format!("frame, row 2, column 5: found {shown}, expected a number from 0 to 1")
            );
        }
        assert_eq!(
            refuse(&mut estimator, &frame[1..]),
            "frame: found 1146 pixels, expected 31x37"
        );
        let flow = estimator.push(PixelSlice::Float(frame)).unwrap();
        let before = number.checked_sub(1).map(|before| {
            let [before, frame] = [&frames[before], frame].map(|frame| PixelSlice::Float(frame));
            config.between(31, 37, before, frame).unwrap()
        });
        assert_eq!(flow, before.as_ref());
    }
}

#[test]
fn frames_of_another_shape() {
    let config = MotionConfig::default().with_seconds(1.0 / 25.0);
    let mut stream = config.stream(4, 5, 25.0).unwrap();
    let frame = |channels, height, width| {
        let shape = ImageShape {
            channels,
            height,
            width,
        };
        Frame {
            shape,
            pixels: vec![7; shape.len()],
        }
    };
    assert!(stream.push_frame(&frame(1, 4, 5)).unwrap().field.is_none());
    for (wrong, shown) in [(frame(3, 4, 5), "3x4x5"), (frame(1, 5, 4), "1x5x4")] {
        let error = message(stream.push_frame(&wrong).map(drop));
        assert_eq!(
            error,
            format!("frame: found the shape {shown}, expected 1x4x5")
        );
    }
    assert!(stream.push_frame(&frame(1, 4, 5)).unwrap().field.is_some());

    let shape = ImageShape {
        channels: 3,
        height: 2,
        width: 2,
    };
    let video = Video::in_memory("camera", shape, vec![0; 24]).unwrap();
    let colour = FrameFormat::default().with_colour(FrameColour::Rgb);
    let mut frames = MotionConfig::default()
        .frames(&video, &colour, 25.0)
        .unwrap();
    let error = message(frames.next().expect("an item").map(drop));
    assert_eq!(error, "frame: found the shape 3x2x2, expected 1x2x2");
    assert!(frames.next().is_none());
}

#[test]
fn settings_survive_text() {
    let flow = FlowConfig::default()
        .with_levels(3)
        .with_brightness(Brightness::Kept)
        .with_half_size(false);
    let config = MotionConfig::default()
        .with_flow(flow)
        .with_seconds(1.5)
        .with_cut(0.7);
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<MotionConfig>(&text).unwrap(), config);
    assert_eq!(
        serde_json::from_str::<MotionConfig>("{}").unwrap(),
        MotionConfig::default()
    );
    assert!(serde_json::from_str::<MotionConfig>(r#"{"windows": 3}"#).is_err());
    assert!(serde_json::from_str::<MotionConfig>(r#"{"flow": {"level": 3}}"#).is_err());
}
