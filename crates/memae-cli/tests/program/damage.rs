//! Video files of which frames can't be decoded: all commands say how many, and where.

use super::streams::{bars, film};
use super::*;

/// A film of the bar that begins between two key frames, beside whole ones to train on; `None` without FFmpeg.
fn cameras() -> Option<&'static Path> {
    static CAMERAS: OnceLock<Option<tempfile::TempDir>> = OnceLock::new();
    let folder = CAMERAS.get_or_init(|| {
        let whole = film("whole.ts")?;
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("normal")).expect("writable");
        for number in 0..3 {
            fs::write(path(&format!("normal/{number}.ts")), &whole).expect("writable");
        }
        // Packets of the transport stream: those that say what is in it, and the later ones.
        let packets = whole.chunks_exact(188);
        let count = packets.len();
        let cut = packets
            .enumerate()
            .filter(|(at, _)| *at < 3 || *at > count / 3);
        let cut: Vec<u8> = cut.flat_map(|(_, packet)| packet).copied().collect();
        fs::write(path("camera.ts"), &cut).expect("writable");
        fs::write(path("normal/camera.ts"), &cut).expect("writable");
        Some(folder)
    });
    folder.as_ref().map(tempfile::TempDir::path)
}

/// Of each command that reads the damaged film: how it left, and what it said of that.
fn says_so(folder: &Path, arguments: &[&str]) -> String {
    let output = memae(folder, arguments);
    let said = err(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    let is_gap = |line: &&str| {
        line.contains("camera.ts: after 0 frames: ")
            && line.ends_with(" frames left out: frames that can't be decoded")
    };
    assert!(
        said.lines().any(|line| is_gap(&line)),
        "{arguments:?}: {said}"
    );
    out(&output)
}

#[test]
fn every_command_says_what_of_a_video_is_left_out() {
    let Some(folder) = cameras() else { return };
    assert!(bars().is_dir());
    for (detector, more) in [
        (
            "clips",
            &["--size", "32x32", "--items", "20", "--epochs", "1"][..],
        ),
        ("motion", &["--method", "memory"]),
        (
            "both",
            &[
                "--method", "both", "--size", "32x32", "--items", "20", "--epochs", "1",
            ],
        ),
    ] {
        let train = ["train", "normal", "--leave-out-damage", "--out", detector];
        says_so(folder, &[&train[..], more].concat());

        let printed = says_so(folder, &["score", detector, "camera.ts", "--json"]);
        let lines = printed.lines().map(serde_json::from_str);
        let lines: Vec<serde_json::Value> = lines.collect::<Result<_, _>>().expect("JSON");
        let gaps: Vec<_> = lines.iter().filter(|line| line["after"] == 0).collect();
        assert!(
            matches!(gaps[..], [gap] if gap["left_out"].as_u64().is_some_and(|frames| frames > 0)),
            "{printed}"
        );
        assert!(lines.iter().any(|line| line["score"].is_number()));

        let eval = [
            "eval",
            detector,
            "--normal",
            "normal/0.ts",
            "--anomalous",
            "camera.ts",
            "--json",
        ];
        let figures: serde_json::Value =
            serde_json::from_str(&says_so(folder, &eval)).expect("JSON");
        assert_eq!(figures["left_out"], 1, "{figures}");

        let recalibrate = ["recalibrate", detector, "normal", "--out", "again"];
        says_so(folder, &recalibrate);
        says_so(folder, &["compare", detector, "again", "camera.ts"]);
        says_so(folder, &["watch", detector, "camera.ts"]);
    }
}

/// Frames were decoded before FFmpeg gave up, or complained of what it decoded.
#[test]
fn strict_training_names_the_option() {
    let Some(folder) = cameras() else { return };
    let said = error(folder, &["train", "camera.ts", "--out", "strict"]);
    assert!(
        said.contains("`--leave-out-damage` leaves such frames out"),
        "{said}"
    );
}
