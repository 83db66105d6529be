//! Clips of folders of images and of frames in memory: values, order, and everything that can be wrong.

use std::fmt::{Debug, Display};
use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use burn_dataset::Dataset;
use memae_data::dataset::{SourceError, videos_in};
use memae_data::encode::{ClipItem, ClipLayout, Clips, ClipsConfig, PixelRange};
use memae_data::format::Numbering;
use memae_data::sample::{FrameColour, FrameFormat, ImageShape, ResizeFilter, Video, VideoConfig};
use proptest::prelude::*;
use tempfile::TempDir;

/// A frame of 7×5 pixels that no other frame equals.
fn picture(video: u32, frame: u32) -> image::GrayImage {
    image::GrayImage::from_fn(5, 7, |x, y| {
        image::Luma([(video * 89 + frame * 31 + y * 5 + x) as u8])
    })
}

/// Folders of numbered PNG files, with as many frames as asked for.
fn folders(frames: &[u32]) -> TempDir {
    let root = tempfile::tempdir().expect("temporary folder");
    for (video, &count) in frames.iter().enumerate() {
        let folder = root.path().join(format!("{}", video + 9));
        fs::create_dir(&folder).expect("writable");
        for frame in 0..count {
            let path = folder.join(format!("{}.png", frame + 8));
            picture(video as u32, frame).save(path).expect("writable");
        }
        // What systems and people leave behind.
        fs::write(folder.join("._8.png"), "not an image").expect("writable");
        fs::write(folder.join("notes.txt"), "not an image").expect("writable");
    }
    root
}

fn videos(root: &Path) -> Result<Vec<Video>, SourceError> {
    videos_in(root, &VideoConfig::default()).map(|found| found.videos)
}

fn config(length: usize) -> ClipsConfig {
    let layout = ClipLayout::new(length).expect("not empty");
    ClipsConfig::default().with_layout(layout).with_keep_size()
}

fn message<T: Debug, E: Display>(root: &TempDir, result: Result<T, E>) -> String {
    let message = result.expect_err("damaged").to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&format!("{}{MAIN_SEPARATOR}", root.path().display()), "")
}

#[test]
fn clips_hold_the_frames_of_one_video_in_the_order_of_their_numbers() {
    // Numbers 8, 9, 10, …: as text, 10 comes before 8. Folders 9 and 10 likewise.
    let root = folders(&[6, 5]);
    let videos = videos(root.path()).expect("whole");
    assert_eq!(
        videos.iter().map(Video::name).collect::<Vec<_>>(),
        ["9", "10"]
    );
    let clips = config(3)
        .with_range(PixelRange::Unit)
        .open(&videos)
        .expect("whole");
    assert_eq!(
        (clips.len(), clips.clips_of(0), clips.clips_of(1)),
        (7, 0..4, 4..7)
    );
    assert_eq!(clips.frame_shape().to_string(), "1x7x5");
    for index in 0..clips.len() {
        let clip = Dataset::get(&clips, index).expect("whole");
        let (video, first) = if index < 4 {
            (0, index)
        } else {
            (1, index - 4)
        };
        assert_eq!((clip.video, clip.first_frame), (video, first));
        let expected: Vec<f32> = (first..first + 3)
            .flat_map(|frame| picture(video as u32, frame as u32).into_raw())
            .map(|pixel| f32::from(pixel) / 255.0)
            .collect();
        assert_eq!(clip.values, expected);
    }
}

#[test]
fn colour_clips_have_channels_before_time() {
    let shape = ImageShape {
        channels: 3,
        height: 1,
        width: 2,
    };
    let video = Video::in_memory("v", shape, (0..18).collect::<Vec<u8>>()).expect("whole");
    let config = config(2)
        .with_colour(FrameColour::Rgb)
        .with_range(PixelRange::Unit);
    let clips = config.open(&[video]).expect("whole");
    let clip = clips.clip(1).expect("whole");
    let pixels: Vec<f32> = clip
        .values
        .iter()
        .map(|value| (value * 255.0).round())
        .collect();
    assert_eq!(
        pixels,
        [
            6.0, 7.0, 12.0, 13.0, 8.0, 9.0, 14.0, 15.0, 10.0, 11.0, 16.0, 17.0
        ]
    );
}

#[test]
fn pixels_are_scaled_as_the_setting_says() {
    let shape = ImageShape {
        channels: 1,
        height: 1,
        width: 3,
    };
    let video = Video::in_memory("v", shape, vec![0, 51, 255]).expect("whole");
    let values = |range| {
        let clips = config(1)
            .with_range(range)
            .open(std::slice::from_ref(&video));
        clips.expect("whole").clip(0).expect("whole").values
    };
    assert_eq!(values(PixelRange::Unit), [0.0, 0.2, 1.0]);
    assert_eq!(values(PixelRange::SignedUnit), [-1.0, -0.6, 1.0]);
}

#[test]
fn frames_of_a_video_are_those_of_its_clips() {
    let root = folders(&[6]);
    let video = videos(root.path()).expect("whole").remove(0);
    let format = FrameFormat::default()
        .with_size(4, 11)
        .with_filter(ResizeFilter::Triangle);
    let streamed: Vec<_> = video
        .frames(&format)
        .expect("sizes in range")
        .collect::<Result<_, _>>()
        .expect("whole");
    assert_eq!(streamed.len(), 6);
    let config = config(6)
        .with_size(4, 11)
        .with_filter(ResizeFilter::Triangle);
    let clips = config.open(&[video]).expect("whole");
    for (index, frame) in streamed.iter().enumerate() {
        assert_eq!(frame.shape.to_string(), "1x4x11");
        assert_eq!(clips.frame(0, index).expect("whole")[..], frame.pixels);
    }
}

/// What a stream gives until it ends.
fn collect(clips: &Clips, indices: &[usize], workers: usize) -> Vec<ClipItem> {
    clips
        .stream(indices.to_vec(), workers)
        .collect::<Result<_, _>>()
        .expect("whole")
}

#[test]
fn workers_and_room_change_neither_order_nor_values() {
    let root = folders(&[11, 7, 13]);
    let videos = videos(root.path()).expect("whole");
    let open = |bytes| {
        config(5)
            .with_cache_bytes(bytes)
            .open(&videos)
            .expect("whole")
    };
    let reference = open(u64::MAX);
    let indices: Vec<usize> = memae_data::protocol::permutation(reference.len(), 3);
    let expected = collect(&reference, &indices, 0);
    for bytes in [0, 35, 6 * 35, 1 << 20] {
        for workers in [0, 1, 2, 3, 7, 100] {
            assert_eq!(
                collect(&open(bytes), &indices, workers),
                expected,
                "{bytes} bytes, {workers} workers"
            );
        }
    }
    assert_eq!(collect(&reference, &[], 3), []);
    // A stream that is not read to its end stops its workers.
    let mut stream = reference.stream((0..reference.len()).collect(), 2);
    assert!(stream.next().is_some());
    drop(stream);
}

#[test]
fn clips_in_order_decode_each_frame_once_if_a_clip_fits() {
    let root = folders(&[9]);
    let videos = videos(root.path()).expect("whole");
    let clips = config(4)
        .with_cache_bytes(4 * 35)
        .open(&videos)
        .expect("whole");
    let first = clips.clip(0).expect("whole");
    // Frames that were decoded are not read again, so that they may be gone.
    for frame in 8..12 {
        fs::remove_file(root.path().join(format!("9/{frame}.png"))).expect("there");
    }
    assert_eq!(clips.clip(0).expect("in memory"), first);
    assert_eq!(clips.clip(1).expect("one more frame").first_frame, 1);
    // Frame 0 has made room for frame 4.
    assert!(clips.clip(0).is_err());
}

#[test]
fn a_missing_frame_is_an_error_at_once() {
    let root = folders(&[6]);
    fs::remove_file(root.path().join("9/10.png")).expect("there");
    assert_eq!(
        message(&root, videos(root.path())),
        "9: number 10 is missing: found 11.png after 9.png, expected consecutive numbers"
    );
    let video = Video::from_folder(root.path().join("9"), Numbering::Natural).expect("as they are");
    assert_eq!(video.frame_count().expect("listed"), 5);
}

#[test]
fn damaged_frames_are_named() {
    let root = folders(&[6]);
    let path = root.path().join("9/11.png");
    let whole = fs::read(&path).expect("there");
    let read = || {
        let videos = videos(root.path()).expect("names are whole");
        let clips = config(3).open(&videos).expect("the first frame is whole");
        assert!(clips.clip(0).is_ok());
        let by_clip = message(&root, clips.clip(1));
        let frames = videos[0]
            .frames(&FrameFormat::default())
            .expect("sizes in range");
        let frames: Vec<_> = frames.collect();
        assert_eq!(frames.len(), 4, "nothing comes after an error");
        assert_eq!(
            message(&root, frames.into_iter().collect::<Result<Vec<_>, _>>()),
            by_clip
        );
        let streamed: Vec<_> = clips.stream(vec![0, 1, 2, 3], 2).collect();
        assert_eq!(streamed.len(), 2, "nothing comes after an error");
        by_clip
    };
    fs::write(&path, "<html>").expect("writable");
    assert_eq!(
        read(),
        "9/11.png: found no image, expected JPEG, PNG, BMP, TIFF, WebP, GIF or PNM"
    );
    fs::write(&path, &whole[..whole.len() / 2]).expect("writable");
    let cut = read();
    assert!(
        cut.starts_with("9/11.png: found a damaged or cut off image ("),
        "{cut}"
    );
    image::GrayImage::new(5, 8).save(&path).expect("writable");
    assert_eq!(
        read(),
        "9/11.png: found a frame of 8x5, expected 7x5 as in the first frame"
    );
    fs::remove_file(&path).expect("there");
    fs::create_dir(&path).expect("writable");
    assert_eq!(read(), "9/11.png: found a folder, expected a regular file");
}

#[test]
fn folders_that_are_no_videos_say_so() {
    let root = tempfile::tempdir().expect("temporary folder");
    let shown = root.path().display().to_string();
    let error = videos(root.path()).expect_err("empty").to_string();
    assert_eq!(
        error,
        format!("{shown}: found no videos, expected folders of images or video files")
    );
    fs::create_dir(root.path().join("01")).expect("writable");
    assert_eq!(
        message(&root, videos(root.path())),
        "01: found no frames, expected images that end in .jpg, .jpeg, .jfif, .jpe, .png, .bmp, .tif, .tiff, \
         .webp, .gif, .pgm, .ppm, .pbm, .pnm, .pam"
    );
    let absent = videos(&root.path().join("absent"))
        .expect_err("absent")
        .to_string();
    assert!(absent.contains("absent: cannot be read: "), "{absent}");
    let images = folders(&[3]);
    let one = videos(&images.path().join("9")).expect("whole");
    assert_eq!((one.len(), one[0].name()), (1, "9"));
}

#[test]
fn videos_that_make_no_clips_say_so() {
    let root = folders(&[6, 4]);
    let two = videos(root.path()).expect("whole");
    let shown = root.path().join("10");
    assert_eq!(
        config(5).open(&two).expect_err("short").to_string(),
        format!(
            "{}: found 4 frames, expected at least 5, the length of a clip",
            shown.display()
        )
    );
    assert_eq!(
        config(5).open(&[]).expect_err("none").to_string(),
        "videos: found none, expected at least one"
    );
    let shape = ImageShape {
        channels: 1,
        height: 7,
        width: 6,
    };
    let other = Video::in_memory("other", shape, vec![0; 4 * 42]).expect("whole");
    let mixed = [two[0].clone(), other];
    assert_eq!(
        config(3)
            .open(&mixed)
            .expect_err("sizes differ")
            .to_string(),
        "other: found frames of 7x6, expected 7x5 as in 9, or a size to bring all frames to"
    );
    assert!(config(3).with_size(4, 4).open(&mixed).is_ok());
    for (height, width) in [(0, 5), (5, 16_385)] {
        let error = config(3)
            .with_size(height, width)
            .open(&mixed)
            .expect_err("out of range");
        assert_eq!(
            error.to_string(),
            format!("frame size: found {height}x{width}, expected sides of 1 to 16384 pixels")
        );
        assert!(
            two[0]
                .frames(&FrameFormat::default().with_size(height, width))
                .is_err()
        );
    }
    assert_eq!(
        Video::in_memory("v", shape, vec![0; 43])
            .expect_err("a part")
            .to_string(),
        "v: found 43 pixel values, expected a whole number of frames of 1x7x6"
    );
    assert_eq!(
        Video::in_memory("v", shape, vec![])
            .expect_err("nothing")
            .to_string(),
        "v: found no frames, expected at least one"
    );
    let two_channels = ImageShape {
        channels: 2,
        ..shape
    };
    assert_eq!(
        Video::in_memory("v", two_channels, vec![0; 84])
            .expect_err("no colour")
            .to_string(),
        "v: found 2 channels, expected 1 (grey) or 3 (red, green, blue)"
    );
    let flat = ImageShape { height: 0, ..shape };
    assert!(Video::in_memory("v", flat, vec![]).is_err());
}

#[test]
fn settings_survive_serialisation() {
    let config = config(5)
        .with_colour(FrameColour::Rgb)
        .with_size(11, 13)
        .with_cache_bytes(17);
    let text = serde_json::to_string(&config).expect("plain data");
    assert_eq!(
        serde_json::from_str::<ClipsConfig>(&text).expect("own text"),
        config
    );
    assert_eq!(
        serde_json::from_str::<ClipsConfig>("{}").expect("defaults"),
        ClipsConfig::default()
    );
}

#[test]
#[should_panic(expected = "clip 4 of 4 clips")]
fn a_clip_that_is_not_there_says_so() {
    let root = folders(&[6]);
    let clips = config(3)
        .open(&videos(root.path()).expect("whole"))
        .expect("whole");
    let _ = Dataset::get(&clips, 4);
}

proptest! {
    #[test]
    fn clips_are_windows_over_frames(
        counts in proptest::collection::vec(7usize..30, 1..5), length in 1usize..8, stride in 1usize..5,
        room in 0u64..40,
    ) {
        let shape = ImageShape { channels: 1, height: 1, width: 1 };
        let videos: Vec<Video> = counts
            .iter()
            .enumerate()
            .map(|(video, &count)| {
                let pixels: Vec<u8> = (0..count).map(|frame| (video * 50 + frame) as u8).collect();
                Video::in_memory(format!("{video}"), shape, pixels).unwrap()
            })
            .collect();
        let layout = ClipLayout::new(length).unwrap().with_stride(stride).unwrap();
        let config = ClipsConfig::default().with_layout(layout).with_keep_size().with_cache_bytes(room);
        let clips = config.with_range(PixelRange::Unit).open(&videos).unwrap();
        let mut expected = Vec::new();
        for (video, &count) in counts.iter().enumerate() {
            for first in (0..=count - length).step_by(stride) {
                let levels = (first..first + length).map(|frame| (video * 50 + frame) as f32 / 255.0);
                expected.push(ClipItem { values: levels.collect(), video, first_frame: first });
            }
        }
        prop_assert_eq!(clips.len(), expected.len());
        let found: Vec<ClipItem> = Dataset::iter(&clips).map(|clip| clip.unwrap()).collect();
        prop_assert_eq!(found, expected);
    }
}
