//! Video files through FFmpeg's programs, which are skipped where they are absent; what happens when they fail is tried
//! with programs that do.

use std::fmt::{Debug, Display};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use memae_data::dataset::{VideoLayout, videos_in};
use memae_data::encode::{ClipLayout, ClipsConfig};
use memae_data::format::{Ffmpeg, Numbering};
use memae_data::sample::{FrameColour, FrameFormat, SampleError, Video, VideoConfig, VideoSet};
use tempfile::TempDir;

/// Held by each test: while one thread starts a program, a script that another one writes counts as busy and can't be run.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether FFmpeg's programs are there.
fn ffmpeg() -> bool {
    let there = |program: &str| Command::new(program).arg("-version").output().is_ok();
    let both = there("ffmpeg") && there("ffprobe");
    if !both {
        println!("skipped: ffmpeg and ffprobe are absent");
    }
    both
}

/// Makes a file with FFmpeg from 23 numbered frames of 24×16 pixels.
fn encode(folder: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    for frame in 0..23u32 {
        let level = |x: u32, y: u32| image::Rgb([(frame * 10) as u8, (x * 8) as u8, (y * 8) as u8]);
        let image = image::RgbImage::from_fn(24, 16, level);
        image
            .save(folder.join(format!("{frame:03}.png")))
            .expect("writable");
    }
    let path = folder.join(name);
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-framerate", "25", "-i"])
        .arg(folder.join("%03d.png"))
        .args(arguments)
        .arg(&path)
        .status()
        .expect("there");
    assert!(status.success(), "{name}");
    path
}

/// Keeps every pixel, so that frames can be compared with those that were encoded.
const LOSSLESS: &[&str] = &["-c:v", "ffv1", "-pix_fmt", "bgr0"];

fn message<T: Debug, E: Display>(folder: &TempDir, result: Result<T, E>) -> String {
    let message = result.expect_err("must fail").to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&format!("{}/", folder.path().display()), "")
}

fn open(path: impl AsRef<Path>) -> Result<Video, SampleError> {
    Video::from_file(path, Ffmpeg::default())
}

fn decode(video: &Video) -> Result<Vec<Vec<u8>>, SampleError> {
    let format = FrameFormat::default().with_colour(FrameColour::Rgb);
    video
        .frames(&format)?
        .map(|frame| Ok(frame?.pixels))
        .collect()
}

#[test]
fn files_give_the_frames_that_were_encoded() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    // A name that might be taken for an option, a protocol or a pattern.
    let path = encode(folder.path(), "-a:b %d.mkv", LOSSLESS);
    let video = open(path).expect("whole");
    assert_eq!(video.name(), "-a:b %d");
    let images = Video::from_folder(folder.path(), Numbering::Consecutive).expect("whole");
    let expected = decode(&images).expect("whole");
    assert_eq!(expected.len(), 23);
    assert_eq!(decode(&video).expect("whole"), expected);
    assert_eq!(video.frame_count().expect("whole"), 23);

    // Clips, too, in any order and with little room.
    let config = ClipsConfig::default()
        .with_layout(ClipLayout::new(5).expect("not empty"))
        .with_size(8, 12)
        .with_cache_bytes(600);
    let order = memae_data::protocol::permutation(2 * 19, 1);
    let clips = |videos: &[Video], workers| {
        let clips = config
            .open(videos)
            .expect("whole")
            .stream(order.clone(), workers);
        clips.collect::<Result<Vec<_>, _>>().expect("whole")
    };
    let expected = clips(&[images.clone(), images], 0);
    assert_eq!(clips(&[video.clone(), video], 3), expected);
}

#[test]
fn the_rate_is_that_of_the_frames_that_are_taken() {
    if !ffmpeg() {
        return;
    }
    let _alone = alone();
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, arguments) in [
        ("a.mkv", LOSSLESS),
        ("a.mp4", &["-pix_fmt", "yuv420p"]),
        ("a.avi", &["-c:v", "mjpeg"]),
    ] {
        let path = encode(folder.path(), name, arguments);
        let rate = |config: VideoConfig| {
            let rate = config.open(&path).unwrap().frame_rate().unwrap();
            rate.unwrap_or_else(|| panic!("{name}: no rate"))
        };
        let own = rate(VideoConfig::default());
        // Containers round times to milliseconds.
        assert!((own - 25.0).abs() < 0.1, "{name}: {own}");
        assert_eq!(rate(VideoConfig::default().with_rate(10.0)), 10.0);
        assert_eq!(rate(VideoConfig::default().with_rate(99.0)), own);
    }
    let images = VideoConfig::default().with_image_rate(8.0);
    let rate = |config: VideoConfig| config.open(folder.path()).unwrap().frame_rate().unwrap();
    assert_eq!(rate(VideoConfig::default()), None);
    assert_eq!(rate(images.clone()), Some(8.0));
    assert_eq!(rate(images.clone().with_rate(5.0)), Some(5.0));
    assert_eq!(rate(images.with_rate(50.0)), Some(8.0));
}

#[test]
fn no_frame_is_repeated_or_dropped_to_keep_a_rate() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    // Every third frame is taken out and the others keep their times, so that the rate varies.
    let thinned = ["-vf", "select=mod(n\\,3)", "-fps_mode", "passthrough"];
    let path = encode(folder.path(), "a.mkv", &[&thinned, LOSSLESS].concat());
    assert_eq!(open(path).expect("whole").frame_count().expect("whole"), 15);
}

#[test]
fn usual_kinds_of_files_are_read() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let files = folder.path().join("files");
    fs::create_dir(&files).expect("writable");
    for (name, codec) in [
        ("10.avi", "mpeg4"),
        ("2.mp4", "mpeg4"),
        ("1.mkv", "mjpeg"),
        ("11.mpg", "mpeg2video"),
    ] {
        let path = encode(
            folder.path(),
            name,
            &["-c:v", codec, "-q:v", "3", "-pix_fmt", "yuvj420p"]
                .iter()
                .take(if codec == "mjpeg" { 6 } else { 4 })
                .copied()
                .collect::<Vec<_>>(),
        );
        fs::rename(path, files.join(name)).expect("same folder");
    }
    let videos = videos_in(&files, &VideoConfig::default())
        .expect("whole")
        .videos;
    let names: Vec<&str> = videos.iter().map(Video::name).collect();
    assert_eq!(names, ["1", "2", "10", "11"]);
    for video in &videos {
        assert_eq!(video.frame_count().expect("whole"), 23, "{}", video.name());
    }
}

#[test]
fn files_without_moving_pictures_say_so() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let sound = folder.path().join("sound.mp4");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "sine=duration=1"])
        .arg(&sound)
        .status();
    assert!(status.expect("there").success());
    assert_eq!(
        message(&folder, open(&sound)),
        "sound.mp4: found no video stream, expected one"
    );

    let text = folder.path().join("text.avi");
    fs::write(&text, "not a video").expect("writable");
    let error = message(&folder, open(&text));
    assert!(
        error.starts_with("text.avi: ffprobe failed (exit status: 1) after 0 frames: "),
        "{error}"
    );
    let error = message(&folder, open(folder.path().join("absent.avi")));
    assert!(error.starts_with("absent.avi: cannot be read: "), "{error}");
}

#[test]
fn less_usual_kinds_of_files_are_read() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, codec) in [
        ("a.wmv", "wmv2"),
        ("a.flv", "flv1"),
        ("a.mov", "mpeg4"),
        ("a.ts", "mpeg2video"),
        ("a.nut", "mpeg4"),
        ("a.mxf", "mpeg2video"),
        ("a.mjpeg", "mjpeg"),
        ("a.m2v", "mpeg2video"),
        ("a.m4v", "mpeg4"),
        ("a.gif", "gif"),
        ("a.apng", "apng"),
        ("a.swf", "flv1"),
    ] {
        let path = encode(folder.path(), name, &["-c:v", codec, "-bf", "0"]);
        let video = open(&path).expect(name);
        assert_eq!(video.frame_count().expect(name), 23, "{name}");
    }
}

#[test]
fn what_is_transparent_lies_over_black() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let images = folder.path().join("images");
    fs::create_dir(&images).expect("writable");
    // A hidden colour, a half transparent one and an opaque one beside each other.
    let colour = |frame: u32, x: u32, y: u32| [10 + frame * 9, 20 + x * 8, 30 + y * 8];
    for frame in 0..23 {
        let level = |x: u32, y: u32| {
            let [red, green, blue] = colour(frame, x, y).map(|level| level as u8);
            image::Rgba([red, green, blue, [0, 128, 255][x as usize / 8]])
        };
        let image = image::RgbaImage::from_fn(24, 16, level);
        image
            .save(images.join(format!("{frame:03}.png")))
            .expect("writable");
    }
    let encode = |name: &str, codec: &str, format: &str| {
        let path = folder.path().join(name);
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-framerate", "25", "-i"])
            .arg(images.join("%03d.png"))
            .args(["-c:v", codec, "-pix_fmt", format])
            .arg(&path)
            .status();
        assert!(status.expect("there").success(), "{name}");
        decode(&open(&path).expect(name)).expect(name)
    };
    let expected = Video::from_folder(&images, Numbering::Consecutive).expect("whole");
    let expected = decode(&expected).expect("whole");
    assert_eq!(expected[0][..8], [0; 8]);
    assert_eq!(expected[0][8..24], [[5; 8], [10; 8]].concat());
    for (name, codec, format) in [
        ("a.mov", "png", "rgba"),
        ("b.mkv", "ffv1", "bgra"),
        ("c.apng", "apng", "rgba"),
        ("d.mov", "qtrle", "argb"),
    ] {
        assert!(encode(name, codec, format) == expected, "{name}");
    }
    // The fourth byte of an uncompressed bitmap means nothing.
    let bitmaps = encode("e.avi", "rawvideo", "bgra");
    assert_eq!(bitmaps.len(), 23);
    for (frame, pixels) in bitmaps.iter().enumerate() {
        let [red, green, blue] = colour(frame as u32, 3, 5).map(|level| level as u8);
        let at = 5 * 24 + 3;
        let found = [pixels[at], pixels[384 + at], pixels[2 * 384 + at]];
        assert_eq!(found, [red, green, blue], "frame {frame}");
    }
}

#[test]
fn measured_values_of_more_than_eight_bits_are_not_cut() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, codec, format, bits) in [
        ("a.mkv", "ffv1", "gray10le", 10),
        ("b.mkv", "ffv1", "gray12le", 12),
        ("c.mkv", "ffv1", "gray16le", 16),
        ("d.mkv", "ffv1", "gbrp16le", 16),
        ("e.mkv", "ffv1", "gbrap16le", 16),
        ("f.mkv", "ffv1", "gbrp10le", 10),
        ("g.mov", "png", "gray16be", 16),
        ("h.mov", "png", "rgb48be", 16),
        ("i.mov", "png", "rgba64be", 16),
    ] {
        let path = encode(folder.path(), name, &["-c:v", codec, "-pix_fmt", format]);
        assert_eq!(
            message(&folder, open(&path)),
            format!(
                "{name}: found pixels of {bits} bits ({format}), expected 8 bits, or a picture for display (YUV); values of \
                 more bits are read from a folder of images of 16 bits (PNG or TIFF), with a range"
            )
        );
    }
    // Pictures for display, and 8 bits of any kind.
    for (name, format) in [
        ("j.mkv", "yuv420p10le"),
        ("k.mkv", "yuv444p"),
        ("l.mkv", "gray"),
        ("m.mkv", "bgr0"),
    ] {
        let path = encode(folder.path(), name, &["-c:v", "ffv1", "-pix_fmt", format]);
        assert_eq!(
            decode(&open(&path).expect(name)).expect(name).len(),
            23,
            "{name}"
        );
    }
}

#[test]
fn lists_of_other_files_are_no_videos() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let other = encode(folder.path(), "other.ts", &["-c:v", "mpeg2video"]);
    let path = other.display();
    // The first one has no end: its reader would wait for more.
    let playlist = format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{path}\n");
    let manifest = format!(
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" \
         mediaPresentationDuration=\"PT1S\" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"><Period>\
         <AdaptationSet contentType=\"video\"><Representation id=\"0\" mimeType=\"video/mp2t\"><BaseURL>{path}</BaseURL>\
         </Representation></AdaptationSet></Period></MPD>"
    );
    for (name, content, kind) in [
        ("live.mp4", playlist.clone(), "hls"),
        ("ended.mp4", playlist + "#EXT-X-ENDLIST\n", "hls"),
        (
            "script.mkv",
            format!("ffconcat version 1.0\nfile '{path}'\n"),
            "concat",
        ),
        ("manifest.mp4", manifest, "dash"),
    ] {
        let list = folder.path().join(name);
        fs::write(&list, content).expect("writable");
        assert_eq!(
            message(&folder, open(&list)),
            format!(
                "{name}: found a file of the kind {kind}, expected a video (mp4, mkv, avi, ts, …); \
                 lists of other files and single images are not read as one"
            )
        );
    }
    assert_eq!(
        open(&other).expect("whole").frame_count().expect("whole"),
        23
    );
    // The pattern of a series of images that lies beside it.
    let pattern = folder.path().join("%03d.png");
    fs::write(&pattern, "anything").expect("writable");
    let error = message(&folder, open(&pattern));
    assert!(
        error.starts_with("%03d.png: found a file of the kind "),
        "{error}"
    );
}

#[test]
fn files_that_are_cut_off_are_errors() {
    let _alone = alone();
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, codec) in [("a.avi", "mpeg4"), ("a.mp4", "mpeg4"), ("a.mkv", "ffv1")] {
        let path = encode(folder.path(), name, &["-c:v", codec, "-bf", "0"]);
        let whole = fs::read(&path).expect("there");
        fs::write(&path, &whole[..whole.len() * 3 / 5]).expect("writable");
        let error = message(&folder, open(&path).and_then(|video| decode(&video)));
        // An mp4 file has its index at the end and gives nothing without it.
        let nothing = format!("{name}: found no video stream, expected one");
        let failed = error.starts_with(&format!("{name}: ff"));
        assert!(failed || (error == nothing && name == "a.mp4"), "{error}");
    }
}

#[test]
fn absent_programs_are_named() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("a.mp4");
    fs::write(&path, "anything").expect("writable");
    let absent = Ffmpeg {
        ffmpeg: folder.path().join("bin/ffmpeg"),
        ffprobe: folder.path().join("bin/ffprobe"),
    };
    assert_eq!(
        message(&folder, Video::from_file(&path, absent)),
        "a.mp4: ffprobe cannot be started (No such file or directory (os error 2)), \
         expected FFmpeg's program of this name on PATH to read video files"
    );
}

/// Programs that say they are FFmpeg's.
#[cfg(unix)]
mod pretenders {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn program(folder: &TempDir, name: &str, script: &str) -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("own file");
        path
    }

    /// What decoding gives where `ffmpeg` does what the script says after it was asked for help.
    fn decode_with(script: &str) -> (TempDir, Result<Vec<Vec<u8>>, SampleError>) {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.mp4");
        fs::write(&path, "anything").expect("writable");
        let ffmpeg = Ffmpeg {
            ffmpeg: program(
                &folder,
                "ffmpeg",
                &format!("[ \"$2\" = -h ] && exit\n{script}"),
            ),
            ffprobe: program(&folder, "ffprobe", "echo video"),
        };
        let frames = Video::from_file(&path, ffmpeg).and_then(|video| decode(&video));
        (folder, frames)
    }

    const FRAME: &str = "printf 'P6\\n2 1\\n255\\nabcdef'";

    #[test]
    fn frames_are_read_until_the_program_ends_well() {
        let _alone = alone();
        let (_folder, frames) = decode_with(&format!("{FRAME}; {FRAME}"));
        assert_eq!(frames.expect("whole"), [b"adbecf"; 2]);
    }

    #[test]
    fn a_program_killed_half_way_is_an_error() {
        let _alone = alone();
        let (folder, frames) = decode_with(&format!("{FRAME}; kill -9 $$"));
        assert_eq!(
            message(&folder, frames),
            "a.mp4: ffmpeg failed (signal: 9 (SIGKILL)) after 1 frames: it said nothing"
        );
        let (folder, frames) = decode_with(&format!(
            "{FRAME}; printf 'P6\\n2 1\\n255\\nabc'; kill -9 $$"
        ));
        assert_eq!(
            message(&folder, frames),
            "a.mp4: ffmpeg failed (signal: 9 (SIGKILL)) after 1 frames: it said nothing"
        );
    }

    #[test]
    fn what_a_program_says_last_is_passed_on() {
        let _alone = alone();
        // More than a pipe holds, so that nobody may leave it unread.
        let script = format!(
            "{FRAME}; i=0; while [ $i -lt 3000 ]; do echo {} >&2; i=$((i+1)); done; echo 'bad  bits' >&2; exit 69",
            "x".repeat(99)
        );
        let (folder, frames) = decode_with(&script);
        assert_eq!(
            message(&folder, frames),
            "a.mp4: ffmpeg failed (exit status: 69) after 1 frames: bad  bits"
        );
        let (folder, frames) = decode_with(&format!("{FRAME}; echo 'File ended prematurely' >&2"));
        assert_eq!(
            message(&folder, frames),
            "a.mp4: ffmpeg found errors in the file, expected none; after 1 frames it said: File ended prematurely"
        );
    }

    #[test]
    fn output_that_is_no_frame_is_an_error() {
        let _alone = alone();
        for (script, found) in [
            ("printf 'P6\\n2 1\\n255\\nabc'", "a part of a frame"),
            ("printf 'P6\\n2'", "a part of a frame"),
            ("printf 'GIF'", "the bytes [47, 49, 46]"),
        ] {
            let (folder, frames) = decode_with(&format!("{FRAME}; {script}"));
            assert_eq!(
                message(&folder, frames),
                format!("a.mp4: ffmpeg gave {found} after 1 frames, expected whole frames")
            );
        }
        let (folder, frames) = decode_with("true");
        assert_eq!(
            message(&folder, frames),
            "a.mp4: found no frames, expected at least one"
        );
        let (folder, frames) = decode_with(&format!("{FRAME}; printf 'P6\\n1 2\\n255\\nabcdef'"));
        assert_eq!(
            message(&folder, frames),
            "a.mp4: found a frame of 2x1, expected 1x2 as in the first frame"
        );
    }

    #[test]
    fn a_reader_that_stops_early_ends_the_program() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.mp4");
        fs::write(&path, "anything").expect("writable");
        let ffmpeg = Ffmpeg {
            ffmpeg: program(
                &folder,
                "ffmpeg",
                &format!("[ \"$2\" = -h ] && exit\nwhile true; do {FRAME}; done"),
            ),
            ffprobe: program(&folder, "ffprobe", "echo video"),
        };
        let video = Video::from_file(&path, ffmpeg).expect("pretends well");
        let mut frames = video
            .frames(&FrameFormat::default())
            .expect("sizes in range");
        assert!(frames.next().expect("endless").is_ok());
        // Returns although the program would go on for ever.
        drop(frames);
    }

    #[test]
    fn opening_a_set_decodes_nothing() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("temporary folder");
        for part in ["training/videos", "testing/videos"] {
            let videos = folder.path().join(part);
            fs::create_dir_all(&videos).expect("writable");
            for name in ["1.mp4", "2.mp4"] {
                fs::write(videos.join(name), "anything").expect("writable");
            }
        }
        fs::write(folder.path().join("testing/labels.csv"), "0\n1\n0\n").expect("writable");
        let ffmpeg = |script: &str| Ffmpeg {
            ffmpeg: program(&folder, "ffmpeg", script),
            ffprobe: program(&folder, "ffprobe", "echo video"),
        };
        let decodes = ffmpeg(&format!(
            "touch {}/decoded; exit 1",
            folder.path().display()
        ));
        let open = |ffmpeg: &Ffmpeg| {
            VideoSet::open_with(
                folder.path(),
                VideoLayout::Folders,
                Numbering::default(),
                ffmpeg,
            )
        };
        let set = open(&decodes).expect("nothing is decoded");
        assert_eq!((set.train.len(), set.test.len()), (2, 2));
        assert!(!folder.path().join("decoded").exists());
        assert!(set.test[0].labels().is_err());
        assert!(folder.path().join("decoded").exists());

        // Labels are told apart when they are asked for.
        let set =
            open(&ffmpeg(&format!("[ \"$2\" = -h ] && exit\n{FRAME}"))).expect("pretends well");
        let error = message(&folder, set.test[0].labels());
        assert_eq!(
            error,
            "testing/labels.csv: frame labels: found 3, expected 2, one for each frame of 2 videos"
        );
        fs::write(folder.path().join("testing/labels.csv"), "0\n1\n").expect("writable");
        let set =
            open(&ffmpeg(&format!("[ \"$2\" = -h ] && exit\n{FRAME}"))).expect("pretends well");
        assert_eq!(set.test[0].labels().expect("one each"), Some(&[false][..]));
        assert_eq!(set.test[1].labels().expect("one each"), Some(&[true][..]));
    }

    #[test]
    fn a_stray_image_among_videos_is_named() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("temporary folder");
        let ffmpeg = Ffmpeg {
            ffmpeg: program(&folder, "ffmpeg", "exit 1"),
            ffprobe: program(&folder, "ffprobe", "echo video"),
        };
        let videos = folder.path().join("videos");
        fs::create_dir(&videos).expect("writable");
        fs::write(videos.join("monday.mp4"), "anything").expect("writable");
        fs::write(videos.join("readme.txt"), "anything").expect("writable");
        let config = VideoConfig::default().with_ffmpeg(ffmpeg);
        let open = || videos_in(&videos, &config);
        let found = open().expect("a video");
        assert_eq!(found.videos.len(), 1);
        assert_eq!(
            found.passed_over.to_string(),
            "1 passed over: 1 with other endings (readme.txt)"
        );
        image::GrayImage::new(2, 2)
            .save(videos.join("thumb.png"))
            .expect("writable");
        assert_eq!(
            message(&folder, open()),
            "videos/thumb.png: found an image beside videos/monday.mp4, expected either the images of one video or videos"
        );
        // Beside folders of frames, too, but not beside a folder of something else.
        fs::remove_file(videos.join("monday.mp4")).expect("there");
        fs::create_dir(videos.join("tuesday")).expect("writable");
        assert_eq!(open().expect("one image is a video").videos.len(), 1);
        image::GrayImage::new(2, 2)
            .save(videos.join("tuesday/1.png"))
            .expect("writable");
        assert!(message(&folder, open()).contains("beside videos/tuesday, expected"));
    }
}
