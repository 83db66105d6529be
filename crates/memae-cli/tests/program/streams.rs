//! Streams: standard input, and addresses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use super::*;

/// Frame `number` of a bright bar that moves to the right, in grey.
fn bar(number: usize) -> Vec<u8> {
    let level = |x: usize| {
        if (x + 64 - number % 32) % 32 < 6 {
            230
        } else {
            20
        }
    };
    (0..32 * 32).map(|at| level(at % 32)).collect()
}

/// So many frames of it in YUV4MPEG2.
fn y4m(count: usize) -> Vec<u8> {
    let mut stream = b"YUV4MPEG2 W32 H32 F10:1 Ip A1:1 Cmono\n".to_vec();
    for number in 0..count {
        stream.extend_from_slice(b"FRAME\n");
        stream.extend(bar(number));
    }
    stream
}

/// A folder with a detector of the bar, which took a training, and 40 frames of it.
pub(super) fn bars() -> &'static Path {
    static BARS: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = BARS.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        for (name, count) in [
            ("normal/0", 24),
            ("normal/1", 24),
            ("normal/2", 24),
            ("frames", 40),
        ] {
            let video = folder.path().join(name);
            fs::create_dir_all(&video).expect("writable");
            for number in 0..count {
                let image = GrayImage::from_raw(32, 32, bar(number)).expect("of its size");
                image
                    .save(video.join(format!("{number:03}.png")))
                    .expect("writable");
            }
        }
        let train = [
            "train",
            "normal",
            "--kind",
            "video",
            "--out",
            "m.safetensors",
            "--size",
            "32x32",
        ];
        run(
            folder.path(),
            &[&train[..], &["--items", "20", "--epochs", "1"]].concat(),
        );
        folder
    });
    folder.path()
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_memae"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("MEMAE_DEVICE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Runs the program with bytes on standard input.
fn pipe(arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child = start(bars(), arguments);
    let mut input = child.stdin.take().expect("piped");
    let bytes = bytes.to_vec();
    // It may end before it has read all.
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("it ends");
    let _ = writer.join();
    output
}

const WATCH: [&str; 4] = ["watch", "m.safetensors", "-", "--json"];

/// Lines of JSON without what the source is called.
fn verdicts(printed: &str) -> Vec<serde_json::Value> {
    let lines = printed.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line.as_object_mut().and_then(|line| line.remove("path"));
        line
    });
    lines.collect()
}

/// Without FFmpeg, and with the verdicts on the same frames in files, to the bit.
#[test]
fn y4m_on_standard_input_gives_the_verdicts_of_the_frames() {
    let output = Command::new(env!("CARGO_BIN_EXE_memae"))
        .args(WATCH)
        .current_dir(bars())
        .env("PATH", "")
        .stdin(Stdio::from({
            let path = bars().join("bars.y4m");
            fs::write(&path, y4m(40)).expect("writable");
            fs::File::open(path).expect("readable")
        }))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let expected = run(bars(), &["watch", "m.safetensors", "frames", "--json"]);
    assert_eq!(verdicts(&out(&output)), verdicts(&expected));
    assert_eq!(expected.lines().count(), 25);
    assert!(out(&output).starts_with("{\"path\":\"-\",\"frame\":8,"));
    assert_eq!(err(&output).lines().count(), 1, "{}", err(&output));
}

#[test]
fn verdicts_come_while_the_stream_goes_on() {
    let mut child = start(bars(), &WATCH);
    let mut input = child.stdin.take().expect("piped");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let stream = y4m(20);
    let header = stream.len() - 4 * (6 + 1024);
    input.write_all(&stream[..header]).expect("it reads");
    let first = lines.next().expect("a verdict").expect("text");
    assert!(first.contains("\"frame\":8,"), "{first}");
    input.write_all(&stream[header..]).expect("it reads");
    for frame in 9..13 {
        let line = lines.next().expect("a verdict").expect("text");
        assert!(line.contains(&format!("\"frame\":{frame},")), "{line}");
    }
    drop(input);
    assert!(lines.next().is_none());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_stream_that_is_cut_or_damaged_is_said_and_counted() {
    let whole = y4m(30);
    let cut = pipe(&WATCH, &whole[..whole.len() - 500]);
    assert_eq!(cut.status.code(), Some(2), "{}", err(&cut));
    let lines = verdicts(&out(&cut));
    assert_eq!(lines.len(), 14 + 1);
    let last = lines.last().expect("a line");
    assert_eq!(
        (&last["after"], &last["left_out"]),
        (&29.into(), &1.into()),
        "{last}"
    );
    assert!(
        last["error"]
            .as_str()
            .is_some_and(|said| said.contains("the stream is cut short within it"))
    );
    assert!(
        err(&cut).contains(" anomalous, 1 gaps, 1 frames left out"),
        "{}",
        err(&cut)
    );

    let mut damaged = whole.clone();
    let marker = whole.len() - 5 * (6 + 1024);
    damaged[marker..marker + 5].copy_from_slice(b"BLAME");
    let output = pipe(&["watch", "m.safetensors", "-", "--quiet"], &damaged);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(out(&output).lines().count(), 1 + 10);
    let said = err(&output);
    assert!(
        said.contains(
            "-: after 25 frames: 1 frames left out: frame 25, counted from 0: found \"BLAME\""
        ),
        "{said}"
    );

    for (bytes, part) in [
        (&b""[..], "standard input: found no frames"),
        (b"YUV4MPEG2 W99999 H9\nFRAME\n", "found frames of 9x99999"),
        (
            b"YUV4MPEG2 W9 H9 C444p12\n",
            "\"C444p12\", which is not supported",
        ),
        (
            &[&b"YUV4MPEG2 "[..], &[b'A'; 1 << 20]].concat(),
            "found more than 1024 bytes",
        ),
    ] {
        let output = pipe(&WATCH, bytes);
        assert_eq!(output.status.code(), Some(1));
        assert!(err(&output).contains(part), "{}", err(&output));
    }
}

#[test]
fn streams_are_for_detectors_of_videos() {
    let (folder, _) = own_detector();
    let error = error(
        folder.path(),
        &["watch", "nines.safetensors", "tcp://u:secret@host:1"],
    );
    assert!(
        error.starts_with("error: tcp://***@host:1: found a stream for a detector of pictures"),
        "{error}"
    );
}

#[test]
fn addresses_that_are_not_opened_are_errors_without_credentials() {
    let here = |arguments: &[&str]| error(bars(), arguments);
    let scheme = here(&["watch", "m.safetensors", "concat://u:secret@a"]);
    assert!(
        scheme.contains("concat://***@a: found concat, expected an address that begins with rtsp"),
        "{scheme}"
    );
    let swapped = here(&["watch", "rtsp://u:secret@host/1", "m.safetensors"]);
    assert!(
        swapped.contains("rtsp://***@host/1") && !swapped.contains("secret"),
        "{swapped}"
    );
    let option = here(&["watch", "m.safetensors", "-", "--reconnect", "1"]);
    assert!(
        option.contains("--reconnect: found -, expected the address of a stream"),
        "{option}"
    );
    let attempts = here_usage(&["watch", "m.safetensors", "tcp://h:1", "--attempts", "1"]);
    assert!(attempts.contains("--reconnect"), "{attempts}");
}

fn here_usage(arguments: &[&str]) -> String {
    let output = memae(bars(), arguments);
    assert_eq!(output.status.code(), Some(1));
    err(&output)
}

/// A film of the bar that FFmpeg makes of the frames; `None` where it is absent.
pub(super) fn film(name: &str) -> Option<Vec<u8>> {
    let path = bars().join(name);
    let made = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-y",
            "-framerate",
            "10",
            "-i",
            "frames/%03d.png",
        ])
        .args(["-c:v", "mpeg2video", "-g", "10", "-pix_fmt", "yuv420p"])
        .arg(&path)
        .current_dir(bars())
        .status();
    let Ok(made) = made else {
        println!("skipped: ffmpeg is absent");
        return None;
    };
    assert!(made.success());
    Some(fs::read(path).expect("readable"))
}

#[test]
fn a_container_on_standard_input_gives_the_verdicts_of_the_file() {
    let Some(bytes) = film("piped.ts") else {
        return;
    };
    let output = pipe(&WATCH, &bytes);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let expected = run(bars(), &["watch", "m.safetensors", "piped.ts", "--json"]);
    assert_eq!(verdicts(&out(&output)), verdicts(&expected));
    assert_eq!(expected.lines().count(), 25);
}

#[test]
fn a_stream_that_comes_back_begins_anew_and_is_counted() {
    let Some(bytes) = film("served.ts") else {
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its own").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let header = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
            let _ = stream.write_all(header.as_bytes());
            let _ = stream.write_all(&bytes);
        }
    });
    let address = format!("http://guard:secret@127.0.0.1:{port}/gate?key=secret");
    let reconnect = ["--reconnect", "0.05", "--attempts", "1", "--json"];
    let output = memae(
        bars(),
        &[&["watch", "m.safetensors", &address], &reconnect[..]].concat(),
    );
    let (printed, said) = (out(&output), err(&output));
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        !format!("{printed}{said}").contains("secret"),
        "{printed}{said}"
    );
    assert!(printed.contains(&format!(
        "{{\"path\":\"http://***@127.0.0.1:{port}/gate?***\",\"frame\":8,"
    )));
    // The same verdicts twice: no clip spans the break.
    let expected = verdicts(&run(
        bars(),
        &["watch", "m.safetensors", "served.ts", "--json"],
    ));
    let lines = verdicts(&printed);
    assert_eq!(lines.len(), 2 * (25 + 1));
    assert_eq!(lines[..25], expected);
    let breaks = [25, 51].map(|at| (&lines[at]["after"], &lines[at]["error"]));
    let ended = serde_json::Value::from("the stream ended");
    assert_eq!(breaks, [(&40.into(), &ended), (&80.into(), &ended)]);
    for (again, first) in lines[26..51].iter().zip(&expected) {
        assert_eq!(again["score"], first["score"]);
        assert_eq!(
            again["frame"].as_u64(),
            first["frame"].as_u64().map(|frame| frame + 40)
        );
    }
    assert!(
        said.contains("2 gaps (2 of unknown length), 0 frames left out"),
        "{said}"
    );
}

/// Ctrl-C ends it while it waits for a stream that says nothing, and the programs that decode end, too.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_it_and_its_programs() {
    if film("waits.ts").is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its own").port();
    let address = format!("tcp://127.0.0.1:{port}");
    let mut child = start(
        bars(),
        &["watch", "m.safetensors", &address, "--timeout", "1000"],
    );
    // The program that decodes is there now.
    let (mut stream, _) = listener.accept().expect("it connects");
    let id = child.id().to_string();
    let sent = Command::new("kill")
        .args(["-INT", &id])
        .status()
        .expect("kill starts");
    assert!(sent.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    // Its end is what closes the connection.
    let left = stream.read(&mut [0; 16]);
    assert!(matches!(left, Ok(0) | Err(_)), "{left:?}");
}
