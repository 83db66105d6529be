//! Streams: what is handed over byte by byte, and what lies at an address.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use memae_data::format::{DamagePolicy, Ffmpeg, StreamAddress};
use memae_data::sample::{
    Arrival, Break, Frame, FrameColour, FrameFormat, LiveConfig, LiveVideo, VideoConfig,
};

fn has_ffmpeg() -> bool {
    let found = Command::new("ffmpeg").arg("-version").output().is_ok();
    if !found {
        println!("skipped: ffmpeg is absent");
    }
    found
}

/// A film that FFmpeg writes, of 60 frames with a key frame each second.
fn film(folder: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let source = "testsrc=size=64x48:rate=10:duration=6";
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", source])
        .args(["-g", "10", "-pix_fmt", "yuv420p"])
        .args(arguments)
        .arg(&path)
        .status()
        .expect("it starts");
    assert!(status.success(), "{name}");
    path
}

const TS: &[&str] = &["-c:v", "mpeg2video", "-bf", "0"];

fn rgb() -> FrameFormat {
    FrameFormat::default().with_colour(FrameColour::Rgb)
}

fn frames_of_file(path: &Path, config: &VideoConfig) -> Vec<Frame> {
    let video = config.open_file(path).expect("a video");
    let frames = video.frames(&rgb()).expect("frames");
    frames.collect::<Result<_, _>>().expect("not damaged")
}

/// All that comes of a stream: frames, breaks, and the error at the end.
#[derive(Debug, Default)]
struct Came {
    frames: Vec<Frame>,
    breaks: Vec<Break>,
    unreachable: Vec<String>,
    error: Option<String>,
}

fn all(mut video: LiveVideo) -> Came {
    let mut came = Came::default();
    loop {
        match video.next(Duration::from_millis(50)) {
            Ok(Arrival::Frame(frame)) => came.frames.push(frame),
            Ok(Arrival::Break(found)) => {
                assert_eq!(found.after, came.frames.len());
                came.breaks.push(found);
            }
            Ok(Arrival::Unreachable { reason, .. }) => came.unreachable.push(reason),
            Ok(Arrival::Ended) => return came,
            Ok(_) => {}
            Err(error) => {
                came.error = Some(error.to_string());
                return came;
            }
        }
    }
}

fn read(bytes: impl Into<Vec<u8>>, config: &LiveConfig) -> Came {
    let reader = io::Cursor::new(bytes.into());
    all(config
        .open_reader("stdin", reader, &rgb())
        .expect("settings"))
}

#[test]
fn what_is_piped_gives_the_frames_of_the_file_to_the_bit() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let kinds: [(&str, &[&str]); 5] = [
        ("a.ts", TS),
        ("b.mkv", &["-c:v", "mpeg4", "-bf", "2"]),
        ("c.avi", &["-c:v", "mjpeg"]),
        ("d.mp4", &["-c:v", "mpeg4", "-movflags", "+faststart"]),
        // Its pixels may be transparent, and it is told by the program alone.
        ("e.gif", &["-pix_fmt", "rgb8"]),
    ];
    for (name, arguments) in kinds {
        let path = film(folder.path(), name, arguments);
        let bytes = std::fs::read(&path).expect("readable");
        for rate in [None, Some(4.0)] {
            let mut opening = VideoConfig::default();
            opening.rate = rate;
            let expected = frames_of_file(&path, &opening);
            let came = read(bytes.clone(), &LiveConfig::default().with_opening(opening));
            assert_eq!((came.error, came.breaks), (None, vec![]), "{name}");
            assert_eq!(
                came.frames.len(),
                if rate.is_some() { 24 } else { 60 },
                "{name}"
            );
            assert!(came.frames == expected, "{name}: {rate:?}");
        }
    }
}

/// A reader that has more to give only when the test says so.
struct Fed {
    bytes: Receiver<Vec<u8>>,
    left: io::Cursor<Vec<u8>>,
}

fn fed() -> (Sender<Vec<u8>>, Fed) {
    let (sender, bytes) = channel();
    let left = io::Cursor::default();
    (sender, Fed { bytes, left })
}

impl Read for Fed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.left.read(buffer)? {
                0 => match self.bytes.recv() {
                    Ok(bytes) => self.left = io::Cursor::new(bytes),
                    Err(_) => return Ok(0),
                },
                count => return Ok(count),
            }
        }
    }
}

/// Frames that come without an end of the stream in sight.
fn next_frames(video: &mut LiveVideo, count: usize) -> usize {
    let mut frames = 0;
    for _ in 0..1200 {
        match video.next(Duration::from_millis(50)) {
            Ok(Arrival::Frame(_)) => frames += 1,
            Ok(Arrival::Nothing) => {}
            other => panic!("{other:?}"),
        }
        if frames == count {
            break;
        }
    }
    frames
}

#[test]
fn frames_come_before_the_stream_ends() {
    let (sender, reader) = fed();
    let mut video = LiveConfig::default()
        .open_reader("stdin", reader, &FrameFormat::default())
        .expect("settings");
    sender
        .send(b"YUV4MPEG2 W2 H1 F25:1 Cmono\nFRAME\nab".to_vec())
        .expect("it reads");
    assert_eq!(next_frames(&mut video, 1), 1);
    sender
        .send(b"FRAME\ncdFRAME\nef".to_vec())
        .expect("it reads");
    assert_eq!(next_frames(&mut video, 2), 2);
    drop(sender);
    let came = all(video);
    assert_eq!((came.frames.len(), came.error), (0, None));

    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    // Its header says what is in it, so that the program waits for no more streams, as it does of transport streams.
    let bytes = film(
        folder.path(),
        "a.mkv",
        &["-c:v", "mjpeg", "-cluster_time_limit", "100"],
    );
    let bytes = std::fs::read(bytes).expect("readable");
    let (sender, reader) = fed();
    let mut video = LiveConfig::default()
        .open_reader("stdin", reader, &rgb())
        .expect("settings");
    let half = bytes.len() / 2;
    sender.send(bytes[..half].to_vec()).expect("it reads");
    assert_eq!(next_frames(&mut video, 20), 20);
    sender.send(bytes[half..].to_vec()).expect("it reads");
    assert_eq!(next_frames(&mut video, 38), 38);
    drop(sender);
    let came = all(video);
    assert_eq!(
        (came.frames.len(), came.breaks, came.error),
        (2, vec![], None)
    );
}

#[test]
fn damaged_parts_are_left_out_and_no_frame_is_guessed() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = film(folder.path(), "a.ts", TS);
    let whole = frames_of_file(&path, &VideoConfig::default());
    let bytes = std::fs::read(&path).expect("readable");
    let mut damaged = bytes.clone();
    let third = damaged.len() / 3;
    for (at, byte) in damaged[third..third + 600].iter_mut().enumerate() {
        *byte = (at * 7) as u8;
    }
    // Much more follows than pipes hold.
    let more = bytes.repeat(8);
    let came = read([&damaged[..], &more].concat(), &LiveConfig::default());
    assert_eq!(came.error, None);
    assert!(!came.breaks.is_empty() && came.breaks.iter().all(|found| found.left_out.is_none()));
    assert!(
        (10..25).contains(&came.breaks[0].after),
        "{:?}",
        came.breaks
    );
    assert!(came.frames.len() > 60);
    assert!(came.frames.iter().all(|frame| whole.contains(frame)));

    // Joined in the middle: from the next key frame on.
    let joined = read(&bytes[bytes.len() / 2..], &LiveConfig::default());
    assert_eq!((joined.error, joined.breaks), (None, vec![]));
    assert!(joined.frames.len() >= 15);
    assert!(joined.frames == whole[60 - joined.frames.len()..]);

    // What leaves files as they are or not is of no matter.
    let opening = VideoConfig::default().with_damage(DamagePolicy::LeaveOut);
    let config = LiveConfig::default().with_opening(opening);
    assert_eq!(read(bytes, &config).frames.len(), 60);
}

#[test]
fn what_is_no_video_is_an_error() {
    let error = |bytes: &[u8]| {
        read(bytes, &LiveConfig::default())
            .error
            .unwrap_or_default()
    };
    assert_eq!(error(b""), "stdin: found no frames, expected at least one");
    let none = error(b"YUV4MPEG2 W2 H2 F25:1\n");
    assert_eq!(none, "stdin: found no frames, expected at least one");
    let deep = error(b"YUV4MPEG2 W2 H2 F25:1 C420p10\n");
    assert!(
        deep.contains("found \"C420p10\", which is not supported"),
        "{deep}"
    );
    let huge = error(b"YUV4MPEG2 W99999 H99999 F25:1\nFRAME\n");
    assert!(huge.contains("found frames of 99999x99999"), "{huge}");
    let rated = LiveConfig::default().with_opening(VideoConfig::default().with_rate(5.0));
    let no_rate = read(&b"YUV4MPEG2 W2 H2\nFRAME\n"[..], &rated).error;
    assert!(no_rate.is_some_and(|error| error.contains("parameter F: found no frame rate")));

    let absent = Ffmpeg {
        ffmpeg: "/nowhere/ffmpeg".into(),
        ffprobe: "/nowhere/ffprobe".into(),
    };
    let config = LiveConfig::default().with_opening(VideoConfig::default().with_ffmpeg(absent));
    let said = read(&b"something else"[..], &config)
        .error
        .unwrap_or_default();
    assert!(
        said.starts_with("stdin: ffmpeg cannot be started"),
        "{said}"
    );
    // Y4M needs none.
    let y4m = &b"YUV4MPEG2 W2 H1 Cmono\nFRAME\nab"[..];
    assert_eq!(read(y4m, &config).frames.len(), 1);

    if !has_ffmpeg() {
        return;
    }
    let list = error(b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n");
    assert!(list.contains("found a file of the kind hls"), "{list}");
    let garbage = error(&[7; 5000]);
    assert!(garbage.starts_with("stdin: ffmpeg failed"), "{garbage}");
    let folder = tempfile::tempdir().expect("temporary folder");
    let deep = film(
        folder.path(),
        "a.mkv",
        &["-c:v", "ffv1", "-pix_fmt", "gray16le"],
    );
    let deep = error(&std::fs::read(deep).expect("readable"));
    assert!(
        deep.contains("found pixels of 16 bits (gray16le)"),
        "{deep}"
    );
}

/// A server of so many connections; each gets the bytes that belong to it, and then the end.
fn serve(answers: Vec<Vec<u8>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its own").port();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            answer_one(&mut stream, &answer);
        }
    });
    port
}

fn answer_one(stream: &mut TcpStream, answer: &[u8]) {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request);
    // Without a length FFmpeg takes the end for a break.
    let length = answer.len();
    let header = format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n");
    let _ = stream.write_all(header.as_bytes());
    let _ = stream.write_all(answer);
}

fn address(port: u16) -> StreamAddress {
    let address = format!("http://guard:secret@127.0.0.1:{port}/gate?token=secret");
    address.parse().expect("an address")
}

#[test]
fn a_stream_that_breaks_off_goes_on_when_it_comes_back() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = film(folder.path(), "a.ts", TS);
    let whole = frames_of_file(&path, &VideoConfig::default());
    let bytes = std::fs::read(&path).expect("readable");
    let config = LiveConfig::default()
        .with_reconnect(Duration::from_millis(20))
        .with_attempts(2);
    // One attempt finds nothing, and later the server is gone.
    let answers = vec![bytes.clone(), Vec::new(), bytes.clone()];
    let video = config
        .open_address(&address(serve(answers)), &rgb())
        .expect("settings");
    let shown = video.path().display().to_string();
    assert!(
        shown.starts_with("http://***@127.0.0.1:") && shown.ends_with("/gate?***"),
        "{shown}"
    );
    let came = all(video);
    assert_eq!(came.error, None);
    assert_eq!(came.frames.len(), 120);
    assert!(came.frames[..60] == whole && came.frames[60..] == whole);
    let after: Vec<usize> = came.breaks.iter().map(|found| found.after).collect();
    assert_eq!(after, [60, 120]);
    assert_eq!(came.breaks[0].reason, "the stream ended");
    assert_eq!(came.unreachable.len(), 2, "{:?}", came.unreachable);
    let said = came.unreachable.concat();
    assert!(
        said.contains("http://***@127.0.0.1") && !said.contains("secret"),
        "{said}"
    );

    // Without it the end is the end.
    let port = serve(vec![bytes]);
    let came = all(LiveConfig::default()
        .open_address(&address(port), &rgb())
        .expect("settings"));
    assert_eq!(
        (came.frames.len(), came.breaks, came.error),
        (60, vec![], None)
    );
}

#[test]
fn what_cannot_be_reached_is_an_error_without_credentials() {
    if !has_ffmpeg() {
        return;
    }
    // Nobody listens there any more.
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its own")
        .port();
    let open = |config: &LiveConfig, port| {
        all(config
            .open_address(&address(port), &rgb())
            .expect("settings"))
    };
    let config = LiveConfig::default();
    for (config, tried) in [
        (config.clone(), 0),
        (
            config
                .with_reconnect(Duration::from_millis(10))
                .with_attempts(3),
            2,
        ),
    ] {
        let came = open(&config, port);
        let error = came.error.unwrap_or_default();
        assert!(error.starts_with("http://***@127.0.0.1:"), "{error}");
        assert!(
            error.contains("refused") && !error.contains("secret"),
            "{error}"
        );
        assert_eq!(came.unreachable.len(), tried);
    }
    // One that accepts and says nothing.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its own").port();
    let came = open(
        &LiveConfig::default().with_timeout(Duration::from_millis(300)),
        port,
    );
    let error = came.error.unwrap_or_default();
    assert!(error.contains("no frame came for 0 s"), "{error}");
    // A list of other streams is refused at once, however often one may try.
    let list =
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:1/a.ts\n".to_vec();
    let config = LiveConfig::default().with_reconnect(Duration::from_millis(10));
    let came = open(&config, serve(vec![list]));
    assert!(
        came.error
            .is_some_and(|error| error.contains("found a file of the kind hls"))
    );
}

/// Frames of our own reader against those of FFmpeg's programs, which read the same file.
#[test]
fn y4m_gives_what_ffmpeg_gives() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folder");
    // Where the scaler takes its own way for planes of fewer rows (an odd height) or columns (4:1:1), it blends colours.
    let blended = 8;
    let plain = if cfg!(target_arch = "x86_64") { 0 } else { 3 };
    for (kind, range, size, most) in [
        ("yuv420p", "tv", "64x48", plain),
        ("yuv420p", "pc", "64x48", plain),
        ("yuv420p", "tv", "63x48", plain),
        ("yuv422p", "tv", "64x48", plain),
        ("yuv422p", "pc", "37x22", plain),
        ("yuv444p", "tv", "37x23", 1),
        ("yuv444p", "pc", "64x48", 1),
        ("yuv420p", "tv", "64x47", blended),
        ("yuv411p", "tv", "64x48", blended),
        ("gray", "pc", "37x23", 0),
    ] {
        let path = folder.path().join(format!("{kind}-{range}-{size}.y4m"));
        // Colours that pass into one another, as far as a blend is compared; else noise.
        let source = match (most, kind) {
            (8, _) => {
                format!("gradients=size={size}:rate=10:seed=3:c0=teal:c1=olive,trim=end_frame=3")
            }
            // It lets levels far below black run over into white where there is a colour for each pixel.
            (_, "yuv444p") => format!(
                "nullsrc=size={size}:rate=10,format={kind},geq=lum='mod(X*37+Y*91+N*17,140)+60':cb='mod(X*53+Y*29,80)+88':cr='mod(X*11+Y*67,80)+88',trim=end_frame=3"
            ),
            _ => format!(
                "nullsrc=size={size}:rate=10,format={kind},geq=lum='mod(X*37+Y*91+N*17,256)':cb='mod(X*53+Y*29,256)':cr='mod(X*11+Y*67,256)',trim=end_frame=3"
            ),
        };
        let made = Command::new("ffmpeg")
            .args([
                "-v", "error", "-y", "-f", "lavfi", "-i", &source, "-pix_fmt", kind,
            ])
            .args(["-color_range", range, "-strict", "-1", "-f", "yuv4mpegpipe"])
            .arg(&path)
            .status();
        assert!(made.expect("it starts").success(), "{kind}");
        let expected = frames_of_file(&path, &VideoConfig::default());
        let stream = std::fs::File::open(&path).expect("readable");
        let frames = VideoConfig::default()
            .read_y4m("stdin", stream, &rgb())
            .expect("a header");
        let frames: Vec<Frame> = frames.collect::<Result<_, _>>().expect("whole");
        assert_eq!(frames.len(), 3);
        for (own, other) in frames.iter().zip(&expected) {
            assert_eq!(own.shape, other.shape);
            let pairs = own.pixels.iter().zip(&other.pixels);
            let off = pairs.map(|(own, other)| own.abs_diff(*other)).max();
            assert!(off <= Some(most), "{kind} {range} {size}: {off:?}");
        }
        // And by their times.
        let part = VideoConfig::default().with_rate(4.0).with_start(0.1);
        let stream = std::fs::File::open(&path).expect("readable");
        let frames = part.read_y4m("stdin", stream, &rgb()).expect("a header");
        let frames = frames.collect::<Result<Vec<_>, _>>().expect("whole");
        assert_eq!(frames.len(), frames_of_file(&path, &part).len(), "{kind}");
    }
}

#[test]
fn start_end_and_rate_go_by_the_rate_of_a_y4m_stream() {
    let mut stream = b"YUV4MPEG2 W1 H1 F10:1 Cmono\n".to_vec();
    for level in 0..20 {
        stream.extend_from_slice(b"FRAME\n");
        stream.push(level);
    }
    let levels = |config: VideoConfig| {
        let frames = config
            .read_y4m("stdin", &stream[..], &FrameFormat::default())
            .expect("a header");
        frames
            .map(|frame| frame.expect("whole").pixels[0])
            .collect::<Vec<u8>>()
    };
    let config = VideoConfig::default;
    assert_eq!(levels(config().with_start(0.3).with_end(0.6)), [3, 4, 5]);
    assert_eq!(levels(config().with_rate(3.0).with_end(1.0)), [0, 4, 7]);
    assert_eq!(levels(config().with_rate(50.0)).len(), 20);
    // What comes behind the end is not read.
    stream.truncate(stream.len() - 3);
    assert_eq!(
        config()
            .with_end(0.6)
            .read_y4m("stdin", &stream[..], &FrameFormat::default())
            .expect("a header")
            .count(),
        6
    );
}
