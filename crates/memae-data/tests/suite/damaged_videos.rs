//! Video files as cameras, phones and screen recorders leave them: times that repeat, beginnings between key frames, joined
//! recordings, missing and damaged bytes. Skipped where FFmpeg's programs are absent.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use memae_data::encode::{ClipLayout, ClipsConfig};
use memae_data::format::{DamagePolicy, Ffmpeg, Gap};
use memae_data::sample::{FrameColour, FrameFormat, SampleError, Video, VideoConfig};
use tempfile::TempDir;

/// Bytes of a packet of a transport stream.
const PACKET: usize = 188;

/// Whether FFmpeg's programs are there, with an encoder for the files that cameras write.
fn ffmpeg() -> bool {
    let encoders = Command::new("ffmpeg")
        .args(["-hide_banner", "-encoders"])
        .output();
    let there = Command::new("ffprobe").arg("-version").output().is_ok()
        && encoders
            .is_ok_and(|encoders| String::from_utf8_lossy(&encoders.stdout).contains("libx264"));
    if !there {
        println!("skipped: ffmpeg with libx264 and ffprobe are absent");
    }
    there
}

fn run(arguments: &[&str], path: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y"])
        .args(arguments)
        .arg(path)
        .status()
        .expect("there");
    assert!(status.success(), "{}", path.display());
}

/// A file of FFmpeg's moving test picture.
fn make(folder: &TempDir, name: &str, seconds: &str, arguments: &[&str]) -> PathBuf {
    let path = folder.path().join(name);
    let source = format!("testsrc=size=64x48:rate=25:duration={seconds}");
    run(
        &[&["-f", "lavfi", "-i", &source], arguments].concat(),
        &path,
    );
    path
}

/// What cameras write: a key frame every 50 frames, with all that is needed to begin there.
const CAMERA: &[&str] = &[
    "-c:v",
    "libx264",
    "-g",
    "50",
    "-x264-params",
    "repeat-headers=1",
    "-f",
    "mpegts",
];

fn frames(video: &Video) -> Result<Vec<Vec<u8>>, SampleError> {
    let format = FrameFormat::default().with_colour(FrameColour::Rgb);
    video
        .frames(&format)?
        .map(|frame| Ok(frame?.pixels))
        .collect()
}

fn strict(path: &Path) -> Result<Vec<Vec<u8>>, SampleError> {
    frames(&Video::from_file(path, Ffmpeg::default())?)
}

/// Pixels of each frame, and the gaps: frames before and frames left out.
type Left = (Vec<Vec<u8>>, Vec<(usize, usize)>);

fn lenient(path: &Path) -> Result<Left, SampleError> {
    let config = VideoConfig::default().with_damage(DamagePolicy::LeaveOut);
    let video = config.open_file(path)?;
    let frames = frames(&video)?;
    let gaps = video
        .gaps()?
        .iter()
        .map(|gap: &Gap| (gap.after, gap.left_out));
    Ok((frames, gaps.collect()))
}

fn message(folder: &TempDir, error: &SampleError) -> String {
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&format!("{}/", folder.path().display()), "")
}

/// The file without some of its bytes.
fn without(path: &Path, from: usize, bytes: usize) -> PathBuf {
    let mut content = fs::read(path).expect("there");
    content.drain(from..from + bytes);
    let damaged = path.with_file_name(format!("damaged-{}", name(path)));
    fs::write(&damaged, content).expect("writable");
    damaged
}

fn name(path: &Path) -> String {
    let name = path.file_name().expect("a file");
    name.to_string_lossy().into_owned()
}

#[test]
fn times_that_repeat_or_jitter_give_every_frame() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let base = make(&folder, "base.mkv", "2", &["-c:v", "ffv1"]);
    let expected = strict(&base).expect("whole");
    assert_eq!(expected.len(), 50);
    for (name, times) in [
        ("pairs.mkv", "floor(N/2)*80"),
        ("all.mkv", "0"),
        // One frame in two seconds, but for some that come together.
        ("slow.mkv", "floor(N/3)*2000"),
        ("fast.mkv", "N"),
        // Ten frames of one time, then a pause.
        ("stuck.mkv", "floor(N/10)*5000"),
    ] {
        let path = folder.path().join(name);
        let filter = format!("setts=pts={times}:dts={times}");
        run(
            &[
                "-i",
                base.to_str().expect("text"),
                "-c",
                "copy",
                "-bsf:v",
                &filter,
            ],
            &path,
        );
        assert_eq!(strict(&path).expect("whole"), expected, "{name}");
        assert_eq!(
            lenient(&path).expect("whole"),
            (expected.clone(), vec![]),
            "{name}"
        );
        let cut = without(&path, 20_000, 8_000);
        assert!(strict(&cut).is_err(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn times_that_repeat_are_read_by_older_programs() {
    use std::os::unix::fs::PermissionsExt;
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let base = make(&folder, "base.mkv", "2", &["-c:v", "ffv1"]);
    // A program that does not know of newer options.
    let older = folder.path().join("ffmpeg");
    let script = "#!/bin/sh\ncase \"$*\" in *fps_mode*|*setts*) exit 9;; *-h*) exit;; esac\nexec ffmpeg \"$@\"\n";
    fs::write(&older, script).expect("writable");
    fs::set_permissions(&older, fs::Permissions::from_mode(0o755)).expect("own file");
    let older = Ffmpeg {
        ffmpeg: older,
        ..Ffmpeg::default()
    };
    let expected = strict(&base).expect("whole");
    for times in ["floor(N/2)*80", "floor(N/3)*2000"] {
        let path = folder.path().join("repeated.mkv");
        let filter = format!("setts=pts={times}:dts={times}");
        run(
            &[
                "-i",
                base.to_str().expect("text"),
                "-c",
                "copy",
                "-bsf:v",
                &filter,
            ],
            &path,
        );
        let video = Video::from_file(&path, older.clone()).expect("whole");
        assert_eq!(frames(&video).expect("whole"), expected, "{times}");
    }
    // Older ones can't pick packets of a file.
    let full = make(&folder, "full.ts", "2", CAMERA);
    let cut = without(&full, 3 * PACKET, 20 * PACKET);
    let config = VideoConfig::default()
        .with_damage(DamagePolicy::LeaveOut)
        .with_ffmpeg(older);
    let error = config.open_file(&cut).and_then(|video| frames(&video));
    assert_eq!(
        message(&folder, &error.expect_err("too old")),
        "damaged-full.ts: ffmpeg is older than 5.0, expected FFmpeg 5.0 or later where damaged parts are to be left out, and for streams"
    );
}

#[test]
fn recordings_that_begin_between_key_frames_are_refused_or_begin_with_one() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let full = make(&folder, "full.ts", "6", CAMERA);
    let expected = strict(&full).expect("whole");
    let packets = fs::read(&full).expect("there").len() / PACKET;
    let camera = without(&full, 3 * PACKET, (packets / 4 - 3) * PACKET);

    let error = message(&folder, &strict(&camera).expect_err("damaged"));
    assert!(
        error.starts_with("damaged-full.ts: ffmpeg found errors in the file, expected none; after 100 frames it said: "),
        "{error}"
    );
    let (found, gaps) = lenient(&camera).expect("100 good frames");
    assert!(found == expected[50..], "{} frames", found.len());
    let &[(0, left_out)] = &gaps[..] else {
        panic!("{gaps:?}");
    };
    // Those of the first 50 that are still there.
    assert!((1..50).contains(&left_out), "{left_out}");
}

#[test]
fn a_clip_never_spans_two_recordings() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    for (file, arguments) in [
        ("full.ts", CAMERA),
        (
            "full.mpg",
            &["-c:v", "mpeg2video", "-g", "12", "-bf", "2"][..],
        ),
    ] {
        let full = make(&folder, file, "6", arguments);
        let expected = strict(&full).expect("whole");
        assert_eq!(expected.len(), 150);
        let joined = folder.path().join(format!("joined-{file}"));
        fs::write(&joined, fs::read(&full).expect("there").repeat(2)).expect("writable");

        let error = message(&folder, &strict(&joined).expect_err("two recordings"));
        assert!(
            error.starts_with(&format!(
                "joined-{file}: the times of the frames go back by 5.9"
            )) && error.contains(" s after 150 packets, expected one recording; "),
            "{error}"
        );
        let (found, gaps) = lenient(&joined).expect("all good frames");
        assert!(
            found == [&expected[..], &expected].concat(),
            "{file}: {} frames",
            found.len()
        );
        assert_eq!(gaps, [(150, 0)], "{file}");

        let config = VideoConfig::default().with_damage(DamagePolicy::LeaveOut);
        let video = config.open_file(&joined).expect("there");
        let layout = ClipLayout::new(16).expect("not empty");
        let clips = ClipsConfig::default().with_size(8, 8).with_layout(layout);
        let clips = clips.open(&[video]).expect("whole");
        assert_eq!((clips.len(), clips.frames_in(0)), (2 * 135, 300));
        assert_eq!(
            clips.sequences_of(0).collect::<Vec<_>>(),
            [0..135, 135..270]
        );
        assert_eq!(clips.gaps_of(0).len(), 1);
        for clip in 0..clips.len() {
            let first = clips.first_frame(clip);
            assert_eq!(first, if clip < 135 { clip } else { clip + 15 });
            assert_eq!(clips.scored_by(clip), first + 8);
            assert_eq!(clips.clip(clip).expect("whole").first_frame, first);
        }
    }
}

#[test]
fn recordings_joined_where_no_seam_is_given_are_refused() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    for (file, codec, found) in [
        ("a.mp4", "libx264", "a second box ftyp"),
        ("front.mp4", "libx264", "a second box ftyp"),
        ("a.mov", "libx264", "a second box ftyp"),
        ("a.m4v", "libx264", "a second box ftyp"),
        ("a.avi", "mpeg4", "a second chunk RIFF … AVI"),
        ("a.flv", "libx264", "a second header FLV"),
        ("a.gif", "gif", "a second header GIF"),
        ("a.wmv", "wmv2", "a second header of ASF"),
    ] {
        let front = ["-movflags", "+faststart"];
        let front = if file == "front.mp4" { &front[..] } else { &[] };
        let one = make(&folder, file, "2", &[&["-c:v", codec], front].concat());
        let (found_frames, gaps) = lenient(&one).expect("whole");
        assert_eq!((found_frames.len(), gaps.len()), (50, 0), "{file}");
        let bytes = fs::read(&one).expect("there");
        let joined = folder.path().join(format!("joined-{file}"));
        fs::write(&joined, bytes.repeat(2)).expect("writable");
        let expected = format!(
            "joined-{file}: found {found} at byte {}, where another recording begins, expected one recording; files of \
             this kind that were joined are to be separated first",
            bytes.len()
        );
        let error = strict(&joined).expect_err("two recordings");
        assert_eq!(message(&folder, &error), expected);
        let error = lenient(&joined).expect_err("two recordings");
        assert_eq!(message(&folder, &error), expected);
    }
    // In fragments the times tell, and so the seam is known.
    let fragments = ["-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"];
    let one = make(&folder, "fragments.mp4", "2", &fragments);
    let joined = folder.path().join("joined-fragments.mp4");
    fs::write(&joined, fs::read(&one).expect("there").repeat(2)).expect("writable");
    let error = message(&folder, &strict(&joined).expect_err("two recordings"));
    assert!(
        error.contains("the times of the frames go back by"),
        "{error}"
    );
    let (frames, gaps) = lenient(&joined).expect("good frames");
    assert_eq!((frames.len(), gaps), (100, vec![(50, 0)]));
}

#[test]
fn a_jump_forward_in_time_is_a_seam_where_another_recording_can_begin() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let with_times = |name: &str, times: &str, key: &str, more: &[&str]| {
        let times = format!("setpts='({times})/25/TB'");
        let arguments = [
            "-vf",
            &times,
            "-vsync",
            "passthrough",
            "-force_key_frames",
            key,
        ];
        let encoder = ["-c:v", "libx264", "-g", "500", "-sc_threshold", "0"];
        make(
            &folder,
            name,
            "4",
            &[&arguments, &encoder[..], more].concat(),
        )
    };
    // Ten seconds are missing after 50 frames.
    let hole = "N+250*gte(N,50)";
    let at_50 = "expr:eq(n,50)";
    for (name, times, key, more, gaps) in [
        ("hole.mp4", hole, at_50, &[][..], &[(50, 0)][..]),
        ("hole.mkv", hole, at_50, &[], &[(50, 0)]),
        ("no-b.mp4", hole, at_50, &["-bf", "0"], &[(50, 0)]),
        (
            "two.mp4",
            "N+100*gte(N,50)+75*gte(N,60)",
            "expr:eq(n,50)+eq(n,60)",
            &[],
            &[(50, 0), (60, 0)],
        ),
        // What follows can't be decoded by itself.
        ("pause.mp4", hole, "expr:eq(n,40)", &[], &[]),
        // A phone, whose rate varies, and a frame that is shown for most of a second.
        ("phone.mp4", "N+2*floor(N/7)+20*gte(N,50)", at_50, &[], &[]),
        ("even.mp4", "N", at_50, &[], &[]),
    ] {
        let path = with_times(name, times, key, more);
        let expected = strict(&path).expect("whole");
        assert_eq!(expected.len(), 100, "{name}");
        let (found, found_gaps) = lenient(&path).expect("whole");
        assert!(found == expected, "{name}");
        assert_eq!(found_gaps, gaps, "{name}");
    }

    // Times are those of the file: nothing is taken of the seconds that are missing.
    let path = folder.path().join("hole.mp4");
    let all = strict(&path).expect("whole");
    let config = VideoConfig::default()
        .with_damage(DamagePolicy::LeaveOut)
        .with_start(1.0)
        .with_end(13.0)
        .with_rate(5.0);
    let video = config.open_file(&path).expect("opens");
    let found = frames(&video).expect("whole");
    let expected: Vec<&Vec<u8>> = (25..75).step_by(5).map(|at| &all[at]).collect();
    assert!(found.iter().eq(expected), "{}", found.len());
    let gap = Gap::clone(&video.gaps().expect("decoded")[0]);
    assert_eq!((gap.after, gap.left_out), (5, 0));
}

#[test]
fn parts_of_a_file_are_turned_as_the_file_says() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let times = "setpts='(N+250*gte(N,50))/25/TB'";
    let arguments = ["-vf", times, "-vsync", "passthrough", "-c:v", "libx264"];
    let keys = ["-force_key_frames", "expr:eq(n,50)"];
    let path = make(&folder, "hole.mp4", "4", &[&arguments[..], &keys].concat());
    for angle in ["90", "180", "270"] {
        let turned = folder.path().join(format!("{angle}.mp4"));
        let input = path.to_str().expect("a name of letters");
        let rotate = format!("rotate={angle}");
        run(
            &["-i", input, "-metadata:s:v:0", &rotate, "-c", "copy"],
            &turned,
        );
        let expected = strict(&turned).expect("whole");
        assert!(expected != strict(&path).expect("whole"), "{angle}");
        let (found, gaps) = lenient(&turned).expect("whole");
        assert!(found == expected, "{angle}");
        assert_eq!(gaps, [(50, 0)], "{angle}");
    }
}

/// A program that writes down what it is asked, and fails where `fails` says.
#[cfg(unix)]
fn told(folder: &TempDir, name: &str, fails: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.path().join(name);
    let said = folder.path().join("said");
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> '{}'\ncase \"$*\" in {fails}) echo no such thing >&2; exit 3;; esac\nexec {name} \"$@\"\n",
        said.display()
    );
    fs::write(&path, script).expect("writable");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("own file");
    path
}

/// For each part as much is read as it needs, and a program that can't say how frames are turned says so.
#[cfg(unix)]
#[test]
fn parts_of_a_file_are_read_up_to_their_end() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let full = make(&folder, "full.ts", "2", CAMERA);
    let joined = folder.path().join("joined.ts");
    fs::write(&joined, fs::read(&full).expect("there").repeat(3)).expect("writable");
    let open = |fails: &str| {
        let programs = Ffmpeg {
            ffmpeg: told(&folder, "ffmpeg", "never"),
            ffprobe: told(&folder, "ffprobe", fails),
        };
        let config = VideoConfig::default()
            .with_damage(DamagePolicy::LeaveOut)
            .with_ffmpeg(programs);
        let video = config.open_file(&joined);
        video.and_then(|video| frames(&video))
    };
    assert_eq!(open("never").expect("whole").len(), 150);
    let said = fs::read_to_string(folder.path().join("said")).expect("written");
    let feeds: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("noise="))
        .collect();
    assert!(feeds.len() >= 6, "{said}");
    for feed in feeds {
        assert!(feed.contains("-frames:v 50 "), "{feed}");
    }
    assert!(
        said.lines()
            .filter(|line| line.contains("file:"))
            .all(|line| line.contains("-format_whitelist")),
        "{said}"
    );
    let error = message(
        &folder,
        &open("*displaymatrix*").expect_err("turned or not"),
    );
    assert!(
        error.starts_with("joined.ts: ffprobe failed") && error.ends_with("no such thing"),
        "{error}"
    );
}

#[test]
fn no_frame_of_a_damaged_file_is_guessed() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let x264 = ["-c:v", "libx264", "-g", "25"];
    let front = ["-movflags", "+faststart"];
    for (file, arguments) in [
        ("a.ts", CAMERA),
        ("a.mp4", &[&x264[..], &front].concat()[..]),
        (
            "open.mp4",
            &[&x264[..], &front, &["-x264-params", "open-gop=1"]].concat()[..],
        ),
        ("a.mkv", &x264[..]),
        ("b.avi", &["-c:v", "mpeg4", "-g", "25", "-bf", "2"][..]),
        ("b.mpg", &["-c:v", "mpeg2video", "-g", "12", "-bf", "2"][..]),
    ] {
        let path = make(&folder, file, "6", arguments);
        let truth = strict(&path).expect("whole");
        let bytes = fs::read(&path).expect("there").len();
        let (found, gaps) = lenient(&path).expect("whole");
        assert!(found == truth && gaps.is_empty(), "{file}: {gaps:?}");

        let damaged = without(&path, bytes / 2, bytes / 20);
        assert!(strict(&damaged).is_err(), "{file}");
        let (found, gaps) = lenient(&damaged).unwrap_or_else(|error| panic!("{file}: {error}"));
        // Each is one that was recorded, in its order.
        let mut from = 0;
        for (number, frame) in found.iter().enumerate() {
            let at = truth[from..].iter().position(|known| known == frame);
            let at = at.unwrap_or_else(|| panic!("{file}: frame {number} was never recorded"));
            // Where frames are missing is a gap.
            assert!(
                at == 0 || gaps.iter().any(|gap| gap.0 == number),
                "{file}: {at} missing before {number}, {gaps:?}"
            );
            from += at + 1;
        }
        assert!((20..150).contains(&found.len()), "{file}: {}", found.len());
        assert!(!gaps.is_empty(), "{file}");
    }
}

#[test]
fn nothing_that_can_be_decoded_is_an_error() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let full = make(&folder, "full.ts", "2", CAMERA);
    let tail = fs::read(&full).expect("there").len() * 2 / 3 / PACKET * PACKET;
    let cut = without(&full, 3 * PACKET, tail);
    let error = message(&folder, &lenient(&cut).expect_err("no key frame"));
    assert!(
        error.starts_with("damaged-full.ts: found no frames"),
        "{error}"
    );
}

#[test]
fn start_end_and_rate_take_a_part_of_a_video() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let full = make(&folder, "full.ts", "6", CAMERA);
    let truth = strict(&full).expect("whole");
    let images = folder.path().join("images");
    fs::create_dir(&images).expect("writable");
    run(
        &["-i", full.to_str().expect("text")],
        &images.join("%03d.png"),
    );
    let camera = without(&full, 3 * PACKET, 40 * PACKET);
    let (whole, gaps) = lenient(&camera).expect("good frames");
    assert_eq!((whole.len(), gaps.len()), (100, 1));

    let every = |first: usize, end: usize, step: usize| {
        (first..end)
            .step_by(step)
            .map(|at| truth[at].clone())
            .collect::<Vec<_>>()
    };
    let config = VideoConfig::default;
    for (config, expected) in [
        (config().with_start(2.0), every(50, 150, 1)),
        (config().with_end(0.4), every(0, 10, 1)),
        (config().with_start(1.0).with_end(1.2), every(25, 30, 1)),
        (config().with_rate(5.0), every(0, 150, 5)),
        (config().with_rate(25.0).with_end(2.0), every(0, 50, 1)),
        // More than there are: none twice.
        (config().with_rate(100.0), every(0, 150, 1)),
        (
            config().with_start(1.0).with_end(3.0).with_rate(12.5),
            every(25, 75, 2),
        ),
    ] {
        let video = config.open_file(&full).expect("whole");
        assert!(frames(&video).expect("whole") == expected, "{config:?}");
        assert_eq!(video.frame_count().expect("whole"), expected.len());
        let config = config.with_image_rate(25.0);
        let video = config.open(&images).expect("whole");
        assert!(frames(&video).expect("whole") == expected, "{config:?}");
    }
    let error = config()
        .with_start(9.0)
        .open_file(&full)
        .and_then(|video| frames(&video));
    assert_eq!(
        message(&folder, &error.expect_err("too late")),
        "full.ts: found no frames from 9 s on, expected at least one"
    );
    let error = config()
        .with_start(2.0)
        .open(&images)
        .expect_err("no times");
    assert!(
        error.to_string().contains("image_rate: found none"),
        "{error}"
    );

    // The same of a damaged file, whose time begins with its first packet.
    let part = config().with_damage(DamagePolicy::LeaveOut).with_rate(5.0);
    let found = frames(&part.open_file(&camera).expect("there")).expect("good frames");
    assert!((19..=21).contains(&found.len()), "{}", found.len());
    assert!(found.iter().all(|frame| whole.contains(frame)));
}

#[test]
fn a_rate_takes_frames_of_one_time_up_to_its_number() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let base = make(&folder, "base.mkv", "2", &["-c:v", "ffv1"]);
    let truth = strict(&base).expect("whole");
    for (times, rate, expected) in [
        // Pairs at 25 frames a second.
        ("floor(N/2)*80", 1000.0, 50),
        ("floor(N/2)*80", 25.0, 50),
        ("floor(N/2)*80", 12.5, 25),
        ("floor(N/2)*80", 5.0, 10),
        // Three frames in two seconds.
        ("floor(N/3)*2000", 1000.0, 50),
        ("floor(N/3)*2000", 1.0, 33),
        ("floor(N/3)*2000", 0.5, 17),
        ("N*40", 1000.0, 50),
        ("N*40", 5.0, 10),
    ] {
        let path = folder.path().join("times.mkv");
        let filter = format!("setts=pts={times}:dts={times}");
        let base = base.to_str().expect("text");
        run(&["-i", base, "-c", "copy", "-bsf:v", &filter], &path);
        for damage in [DamagePolicy::Refuse, DamagePolicy::LeaveOut] {
            let config = VideoConfig::default().with_damage(damage).with_rate(rate);
            let found = frames(&config.open_file(&path).expect("there")).expect("whole");
            assert_eq!(found.len(), expected, "{times} at {rate}");
            assert!(found.iter().all(|frame| truth.contains(frame)));
        }
    }
}

#[test]
fn decoded_frames_have_a_limit_on_disk_and_leave_nothing_behind() {
    if !ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let spool = folder.path().join("spool");
    fs::create_dir(&spool).expect("writable");
    let path = make(&folder, "full.ts", "2", CAMERA);
    let video = Video::from_file(&path, Ffmpeg::default()).expect("whole");
    let config = ClipsConfig::default()
        .with_size(10, 10)
        .with_spool_folder(&spool);
    let error = config
        .clone()
        .with_spool_bytes(4999)
        .open(std::slice::from_ref(&video));
    let error = error.expect_err("50 frames of 100 bytes").to_string();
    assert_eq!(
        error.replace(&format!("{}/", folder.path().display()), ""),
        "full.ts: 50 frames of 100 bytes are more than the 4999 bytes that spool_bytes allows in spool, expected a higher \
         limit, smaller frames, or fewer"
    );
    let clips = config.with_spool_bytes(5000).open(&[video]).expect("fits");
    assert_eq!(clips.spooled_bytes(), 5000);
    clips.clip(3).expect("whole");
    assert_eq!(fs::read_dir(&spool).expect("there").count(), 0);

    let absent = ClipsConfig::default().with_spool_folder(folder.path().join("absent"));
    let video = Video::from_file(&path, Ffmpeg::default()).expect("whole");
    let error = absent.open(&[video]).expect_err("no folder").to_string();
    assert!(
        error.contains("absent: decoded frames cannot be written here: "),
        "{error}"
    );
}
