//! The whole way from a video to motion, and queries drawn from it.

use std::fs;
use std::path::Path;

use memae_data::drawn::WalkwayConfig;
use memae_data::encode::{MotionConfig, MotionDraw, MotionError, MotionFrame, MotionPreprocessing};
use memae_data::sample::{FrameColour, FrameFormat, PixelSlice, Video, VideoConfig};

use super::scene::{Camera, Scene};

const RATE: f64 = 10.0;

fn way(opening: &VideoConfig) -> MotionPreprocessing {
    MotionPreprocessing::new(opening, (48, 72), RATE, &MotionConfig::default()).unwrap()
}

fn walkway(frames: usize) -> Video {
    let walkway = WalkwayConfig::default()
        .with_size(60, 90)
        .with_train(1, frames);
    let walkway = walkway.generate().unwrap();
    walkway.train[0].to_video("walkway").unwrap()
}

/// The frames of a video as images in a folder.
fn save(video: &Video, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (number, frame) in video.frames(&FrameFormat::default()).unwrap().enumerate() {
        let frame = frame.unwrap();
        let (width, height) = (frame.shape.width as u32, frame.shape.height as u32);
        let image = image::GrayImage::from_raw(width, height, frame.pixels).unwrap();
        image.save(folder.join(format!("{number:03}.png"))).unwrap();
    }
}

fn all(way: &MotionPreprocessing, video: &Video) -> Vec<MotionFrame> {
    let frames = way.frames(video).unwrap();
    frames.collect::<Result<_, _>>().unwrap()
}

#[test]
fn frames_are_brought_to_the_size_and_the_rate_that_are_said() {
    let folder = tempfile::tempdir().unwrap();
    save(&walkway(24), folder.path());
    let opening = VideoConfig::default().with_image_rate(20.0);
    let way = way(&opening);
    let video = way.opening().open(folder.path()).unwrap();
    assert_eq!(video.frame_rate().unwrap(), Some(RATE));
    let motion = all(&way, &video);
    assert_eq!(motion.len(), 12);
    let layout = way.layout().unwrap();
    let field = motion[9].field.as_ref().unwrap();
    assert_eq!(
        (field.rows(), field.columns()),
        (layout.rows(), layout.columns())
    );

    // Every second frame, by hand.
    let format = FrameFormat::default().with_size(48, 72);
    let frames = walkway(24).frames(&format).unwrap().step_by(2);
    let mut stream = way.stream().unwrap();
    let by_hand: Vec<MotionFrame> = frames
        .map(|frame| stream.push_frame(&frame.unwrap()).unwrap())
        .collect();
    assert_eq!(motion, by_hand);
}

#[test]
fn folders_that_say_nothing_of_time_come_at_the_rate() {
    let folder = tempfile::tempdir().unwrap();
    save(&walkway(6), folder.path());
    let unknown = VideoConfig::default().open(folder.path()).unwrap();
    assert_eq!(unknown.frame_rate().unwrap(), None);
    let way = way(&VideoConfig::default());
    assert_eq!(all(&way, &unknown).len(), 6);
    let known = way.opening().open(folder.path()).unwrap();
    assert_eq!(all(&way, &known), all(&way, &unknown));
}

#[test]
fn another_rate_is_an_error_with_both() {
    let folder = tempfile::tempdir().unwrap();
    save(&walkway(6), folder.path());
    let way = way(&VideoConfig::default());
    let at = |rate| {
        let video = VideoConfig::default().with_image_rate(rate);
        way.frames(&video.open(folder.path()).unwrap()).map(drop)
    };
    for rate in [9.1, 10.0, 10.9] {
        assert!(at(rate).is_ok(), "{rate}");
    }
    for rate in [5.0, 8.9, 11.1, 25.0] {
        let error = at(rate).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{}: found {rate:.2} frames a second, expected about 10.00",
                folder.path().display()
            )
        );
    }
}

#[test]
fn what_belongs_to_one_video_is_not_kept() {
    let opening = VideoConfig::default().with_start(3.0).with_end(9.0);
    let way = way(&opening);
    assert_eq!((way.opening().start, way.opening().end), (0.0, None));
    let text = serde_json::to_string(&way).unwrap();
    assert_eq!(
        serde_json::from_str::<MotionPreprocessing>(&text).unwrap(),
        way
    );
    let unknown = text.replacen('{', r#"{"speed": 1, "#, 1);
    assert!(serde_json::from_str::<MotionPreprocessing>(&unknown).is_err());
}

#[test]
fn ways_that_cannot_be_gone_are_errors() {
    let message = |size, rate, config: &MotionConfig| {
        let way = MotionPreprocessing::new(&VideoConfig::default(), size, rate, config);
        way.unwrap_err().to_string()
    };
    let config = MotionConfig::default();
    assert!(message((0, 9), RATE, &config).starts_with("frames of 0x9: expected"));
    assert!(message((9, 9), 0.0, &config).starts_with("rate: found 0, expected"));
    assert!(message((9, 9), f64::NAN, &config).starts_with("rate: found NaN, expected"));
    let wrong = config.with_seconds(-1.0);
    assert!(message((9, 9), RATE, &wrong).starts_with("seconds: found -1, expected"));

    // As a file may have them.
    let read = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut value = serde_json::to_value(way(&VideoConfig::default())).unwrap();
        change(&mut value["format"]);
        let way: MotionPreprocessing = serde_json::from_value(value).unwrap();
        let error = way.layout().unwrap_err();
        assert_eq!(way.validate().unwrap_err().to_string(), error.to_string());
        assert_eq!(way.stream().unwrap_err().to_string(), error.to_string());
        error
    };
    let rgb = serde_json::to_value(FrameColour::Rgb).unwrap();
    let error = read(&|format| format["colour"] = rgb.clone());
    assert!(
        error
            .to_string()
            .starts_with("channels: found 3, expected 1"),
        "{error}"
    );
    let error = read(&|format| format["size"] = serde_json::Value::Null);
    assert!(matches!(error, MotionError::NoSize), "{error}");
}

#[test]
fn what_is_known_ends_where_a_restart_is_asked_for() {
    let video = walkway(21);
    let way = way(&VideoConfig::default());
    assert_eq!(way.layout().unwrap().frames(), 8);
    let mut frames = way.frames(&video).unwrap();
    frames.restart();
    for number in 0..21 {
        if number == 11 {
            frames.restart();
        }
        let motion = frames.next().unwrap().unwrap();
        let is_known = [8..11, 19..21].iter().any(|known| known.contains(&number));
        assert_eq!(motion.field.is_some(), is_known, "{number}");
    }
    assert!(frames.next().is_none());
}

#[test]
fn queries_are_drawn_from_all_alike() {
    let way = way(&VideoConfig::default());
    let motion = all(&way, &walkway(12));
    let fields: Vec<_> = motion
        .iter()
        .filter_map(|frame| frame.field.as_ref())
        .collect();
    let of_frame = fields[0].queries().len();
    let drawn = |most, seed| {
        let mut drawn = MotionDraw::new(&way.layout().unwrap(), most, seed);
        fields.iter().for_each(|field| drawn.push(field));
        assert_eq!(drawn.seen(), (fields.len() * of_frame) as u64);
        drawn.vectors()
    };
    // All of them, in order, where there are no more.
    let whole = drawn(usize::MAX, 0);
    let values: Vec<f32> = fields
        .iter()
        .flat_map(|field| field.values())
        .copied()
        .collect();
    assert_eq!(whole.values(), values);

    let some = drawn(50, 3);
    assert_eq!(some.len(), 50);
    assert_eq!(drawn(50, 3), some);
    assert_ne!(drawn(50, 4), some);
    assert!((0..50).all(|row| (0..whole.len()).any(|other| whole.row(other) == some.row(row))));
    assert_eq!(drawn(0, 0).len(), 0);
}

/// Where everything moves, no two queries are alike.
#[test]
fn each_frame_has_its_share_of_what_is_drawn() {
    let camera = Camera {
        shift: [1.5, 0.4],
        turn: 0.004,
        zoom: 0.003,
    };
    let scene = Scene::new(48, 72, 5).with_camera(camera);
    let config = MotionConfig::default();
    let mut stream = config.stream(48, 72, RATE).unwrap();
    let frames = (0..19).map(|frame| scene.levels(frame));
    let motion: Vec<MotionFrame> = frames
        .map(|frame| stream.push(PixelSlice::Bits8(&frame)).unwrap())
        .collect();
    let fields: Vec<_> = motion
        .iter()
        .filter_map(|frame| frame.field.as_ref())
        .collect();
    assert_eq!(fields.len(), 11);
    let mut counts = [0; 11];
    for seed in 0..1100 {
        let mut drawn = MotionDraw::new(stream.layout(), 1, seed);
        fields.iter().for_each(|field| drawn.push(field));
        let drawn = drawn.vectors();
        let of = fields
            .iter()
            .position(|field| field.queries().any(|query| query == drawn.row(0)));
        counts[of.unwrap()] += 1;
    }
    // 100 of each are expected, with a standard deviation of 9.5.
    assert!(
        counts.iter().all(|count| (62..=138).contains(count)),
        "{counts:?}"
    );
}
