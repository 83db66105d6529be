//! What is refused, and what is left out.

use super::*;

#[test]
fn damaged_pictures_are_named_and_the_rest_goes_on() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let parts = folder.path().join("new");
    fs::create_dir_all(parts.join("deeper")).expect("writable");
    let good = digits.path().join("parts/test/good/0.png");
    let whole = fs::read(&good).expect("readable");
    fs::copy(&good, parts.join("a.png")).expect("writable");
    fs::write(parts.join("cut_off.png"), &whole[..whole.len() / 2]).expect("writable");
    fs::write(parts.join("empty.jpg"), "").expect("writable");
    fs::write(parts.join("text.png"), "no picture").expect("writable");
    fs::write(parts.join("none.pgm"), "P5 0 0 255\n").expect("writable");
    fs::write(parts.join("huge.pgm"), "P5 60000 60000 255\n").expect("writable");
    fs::write(parts.join("<b>&.png"), "no picture").expect("writable");
    fs::write(parts.join("notes.txt"), "passed over").expect("writable");
    fs::copy(&good, parts.join("deeper/z.png")).expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let detector = detector.to_str().expect("UTF-8");
    let output = memae(folder.path(), &["score", detector, "new"]);
    assert_eq!(output.status.code(), Some(2));
    let (printed, said) = (out(&output), err(&output));
    assert_eq!(printed.lines().count(), 3, "{printed}");
    assert!(said.contains("left out: 6"), "{said}");
    for name in [
        "cut_off.png",
        "empty.jpg",
        "text.png",
        "none.pgm",
        "huge.pgm",
        "<b>&.png",
    ] {
        assert_eq!(said.matches(name).count(), 1, "{name}: {said}");
    }
    let json = out(&memae(folder.path(), &["score", detector, "new", "--json"]));
    assert_eq!(
        json.lines()
            .filter(|line| line.contains("\"error\""))
            .count(),
        6
    );

    // Training bears with them as well.
    let output = memae(
        folder.path(),
        &["train", "new", "--out", "m.safetensors", "--epochs", "2"],
    );
    assert_eq!(output.status.code(), Some(1), "two pictures are too few");
    for number in 0..8 {
        fs::copy(&good, parts.join(format!("b{number}.png"))).expect("writable");
    }
    let output = memae(
        folder.path(),
        &["train", "new", "--out", "m.safetensors", "--epochs", "2"],
    );
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("left out: 6"), "{}", err(&output));
}

#[test]
fn what_cannot_be_meant_is_an_error_before_anything_is_done() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let here = |arguments: &[&str]| error(folder.path(), arguments);
    fs::create_dir(folder.path().join("empty")).expect("writable");
    let none = here(&["train", "empty", "--out", "m.safetensors"]);
    assert!(
        none.contains("empty: found neither pictures nor videos"),
        "{none}"
    );
    let missing = here(&["train", "nowhere", "--out", "m.safetensors"]);
    assert!(missing.contains("nowhere"), "{missing}");
    let parts = digits.path().join("parts");
    let parts = parts.to_str().expect("UTF-8");
    let is_folder = here(&["train", parts, "--out", "empty"]);
    assert!(is_folder.contains("found a folder"), "{is_folder}");
    let no_folder = here(&["train", parts, "--out", "no/such/m.safetensors"]);
    assert!(no_folder.contains("no/such"), "{no_folder}");
    let picture = format!("{parts}/train/good/0.png");
    let same = here(&["train", &picture, "--out", &picture]);
    assert!(same.contains("one of the files that are read"), "{same}");
    assert!(!folder.path().join("m.safetensors").exists());
    let device = here(&["score", "m.safetensors", parts, "--device", "abacus"]);
    assert!(device.contains("found `abacus`"), "{device}");
    // Wrong usage, as clap says it.
    for arguments in [
        &["train"][..],
        &["train", parts, "--out", "m", "--rate", "1.5"],
        &["nothing"],
    ] {
        let output = memae(folder.path(), arguments);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{arguments:?}: {}",
            err(&output)
        );
    }
    for arguments in [&["--help"][..], &["--version"], &["train", "--help"]] {
        assert_eq!(memae(folder.path(), arguments).status.code(), Some(0));
    }
}

#[test]
fn detectors_that_cannot_be_trusted_are_refused() {
    let (folder, path) = own_detector();
    let whole = fs::read(&path).expect("readable");
    let picture = digits().path().join("parts/test/good/0.png");
    let picture = picture.to_str().expect("UTF-8");
    let message = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("writable");
        error(folder.path(), &["score", "nines.safetensors", picture])
    };
    for length in [0, 7, 100, whole.len() - 1] {
        assert!(
            message(&whole[..length]).contains("nines.safetensors"),
            "{length}"
        );
    }
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = whole
            .windows(from.len())
            .position(|window| window == from.as_bytes());
        let at = at.unwrap_or_else(|| panic!("{from} is there"));
        [&whole[..at], to.as_bytes(), &whole[at + from.len()..]].concat()
    };
    let later = message(&replaced(r#"\"version\":2"#, r#"\"version\":9"#));
    assert!(later.contains("version 9"), "{later}");
    let threshold = message(&replaced(r#"\"value\":\"#, r#"\"vague\":\"#));
    assert!(threshold.contains("vague"), "{threshold}");
}

#[test]
fn a_detector_of_pictures_takes_no_tables() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::write(folder.path().join("rows.csv"), "a,b\n1,2\n").expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let said = memae(
        folder.path(),
        &["score", detector.to_str().expect("UTF-8"), "rows.csv"],
    );
    assert_eq!(said.status.code(), Some(1));
    assert!(err(&said).contains("rows.csv"), "{}", err(&said));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let digits = digits();
    let command = format!(
        "{} score nines.safetensors parts/test --json | head -n 2; echo ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_memae")
    );
    let output = Command::new("bash")
        .args(["-c", &command])
        .current_dir(digits.path())
        .output()
        .expect("bash starts");
    let printed = out(&output);
    assert_eq!(printed.lines().count(), 3, "{printed}");
    assert_eq!(printed.lines().last(), Some("0"), "{}", err(&output));
    assert!(!err(&output).contains("panicked"), "{}", err(&output));
}

/// A full disk behind standard output is no success.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_an_error() {
    let digits = digits();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("there");
    let output = Command::new(env!("CARGO_BIN_EXE_memae"))
        .args(["score", "nines.safetensors", "parts/test/good"])
        .current_dir(digits.path())
        .stdout(full)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(err(&output).contains("standard output"), "{}", err(&output));
}

/// Pictures of a format that is not read are left out by name; what is no picture is passed over, and said.
#[test]
fn what_is_not_read_is_said_by_all_commands() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let new = folder.path().join("new");
    fs::create_dir_all(&new).expect("writable");
    for number in 0..10 {
        let name = format!("{number}.png");
        fs::copy(
            digits.path().join("parts/test/good").join(&name),
            new.join(&name),
        )
        .expect("writable");
    }
    fs::write(new.join("phone.heic"), "").expect("writable");
    fs::write(new.join("notes.txt"), "").expect("writable");
    fs::write(new.join(".hidden.png"), "").expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let detector = detector.to_str().expect("UTF-8");
    let bad = digits.path().join("parts/test/other");
    let bad = bad.to_str().expect("UTF-8");
    let score = ["score", detector, "new"];
    let eval = ["eval", detector, "--normal", "new", "--anomalous", bad];
    let train = ["train", "new", "--out", "m.safetensors", "--epochs", "2"];
    let watch = [
        "watch",
        detector,
        "new",
        "--every",
        "0.05",
        "--until-idle",
        "0.3",
    ];
    let recalibrate = ["recalibrate", detector, "new", "--out", "n.safetensors"];
    for arguments in [&score[..], &eval, &train, &watch, &recalibrate] {
        let output = memae(folder.path(), arguments);
        let said = err(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(
            said.contains("phone.heic: not supported"),
            "{arguments:?}: {said}"
        );
        assert!(
            said.contains(
                "new: 2 passed over: 1 hidden (.hidden.png), 1 with other endings (notes.txt)"
            ),
            "{arguments:?}: {said}"
        );
        let quiet = err(&memae(folder.path(), &[arguments, &["--quiet"]].concat()));
        assert!(
            !quiet.contains("passed over") && quiet.contains("phone.heic"),
            "{quiet}"
        );
    }
    let json = out(&memae(folder.path(), &[&score[..], &["--json"]].concat()));
    assert!(json.contains(r#"{"path":"new","passed_over":2,"reasons":[{"reason":"hidden","count":1,"names":[".hidden.png"]}"#), "{json}");
    assert!(
        json.contains(r#"{"path":"new/phone.heic","error":"#),
        "{json}"
    );
    let json = out(&memae(folder.path(), &[&eval[..], &["--json"]].concat()));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["left_out_files"][0]["path"], "new/phone.heic");
    assert_eq!(json["passed_over"][0]["passed_over"], 2);

    // What is not read alone is said to be so.
    fs::create_dir(folder.path().join("phone")).expect("writable");
    fs::write(folder.path().join("phone/1.heic"), "").expect("writable");
    for arguments in [
        &["score", detector, "phone"][..],
        &["train", "phone", "--out", "m.safetensors"],
    ] {
        let said = error(folder.path(), arguments);
        assert!(said.contains("1.heic: not supported"), "{said}");
    }
    // What lies there otherwise is no reason for another exit code.
    fs::remove_file(new.join("phone.heic")).expect("there");
    assert_eq!(memae(folder.path(), &score).status.code(), Some(0));
}

/// One that was stopped at the first of these before.
#[cfg(unix)]
#[test]
fn a_data_set_with_a_picture_missing_is_trained_on_and_measured() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    for set in ["train/good", "test/good", "test/other"] {
        let (from, to) = (
            digits.path().join("parts").join(set),
            folder.path().join("set").join(set),
        );
        fs::create_dir_all(&to).expect("writable");
        for number in 0..12 {
            let name = format!("{number}.png");
            fs::copy(from.join(&name), to.join(&name)).expect("writable");
        }
        std::os::unix::fs::symlink("nowhere.png", to.join("gone.png")).expect("writable");
    }
    let train = ["train", "set", "--out", "m.safetensors", "--epochs", "2"];
    for (arguments, count) in [(&train[..], 3), (&["eval", "m.safetensors", "set"], 2)] {
        let output = memae(folder.path(), arguments);
        let said = err(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("left out: {count}")), "{said}");
        assert!(said.contains("good/gone.png"), "{said}");
    }
}

#[test]
fn options_of_another_kind_are_refused() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::write(folder.path().join("rows.csv"), "a,b\n1,2\n3,4\n").expect("writable");
    let parts = digits.path().join("parts");
    let parts = parts.to_str().expect("UTF-8");
    let refused = |arguments: &[&str]| {
        let train = ["train", "--out", "m.safetensors"];
        error(folder.path(), &[&train[..], arguments].concat())
    };
    for (arguments, expected) in [
        (
            &["rows.csv", "--size", "8x8"][..],
            "--size: found rows, expected pictures or videos",
        ),
        (
            &["rows.csv", "--colour", "grey"],
            "--colour: found rows, expected pictures",
        ),
        (
            &["rows.csv", "--groups", "single"],
            "--groups: found rows, expected pictures",
        ),
        (
            &[parts, "--lenient"],
            "--lenient: found pictures, expected rows",
        ),
        (
            &[parts, "--leave-out-damage"],
            "--leave-out-damage: found pictures, expected videos; `--kind video` takes folders of pictures for the frames of videos",
        ),
        (
            &[parts, "--kind", "video", "--rule", "sum"],
            "--rule: found videos, expected pictures or rows",
        ),
    ] {
        let said = refused(arguments);
        assert!(said.ends_with(expected), "{said}");
    }
}

#[test]
fn what_a_detector_of_another_kind_scores_is_called_by_its_name() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, bytes) in [
        ("gate.mp4", &b"no film"[..]),
        ("rows.csv", b"x,y\n1,2\n"),
        ("films/monday.MP4", b"no film"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
    fs::create_dir(folder.path().join("empty")).expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let detector = detector.to_str().expect("UTF-8");
    for (name, expected) in [
        (
            "gate.mp4",
            "gate.mp4: found videos, expected pictures, as the detector scores",
        ),
        (
            "rows.csv",
            "rows.csv: found rows, expected pictures, as the detector scores",
        ),
        (
            "films",
            "error: films: found nothing that a detector of pictures scores, expected at least one sample: films: 1 passed over",
        ),
        (
            "empty",
            "error: empty: found nothing that a detector of pictures scores, expected at least one sample",
        ),
    ] {
        let output = memae(folder.path(), &["score", detector, name]);
        let said = err(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(expected), "{said}");
        assert_eq!(said.matches("expected").count(), 1, "{said}");
    }
}

/// A picture of 12 bits in a file of 16 would be nearly black.
#[test]
fn pictures_of_more_bits_are_left_out_by_a_detector_of_eight() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let good = image::open(digits.path().join("parts/test/good/0.png")).expect("a picture");
    let deep = image::ImageBuffer::from_fn(28, 28, |x, y| {
        image::Luma([16 * u16::from(good.to_luma8().get_pixel(x, y).0[0])])
    });
    good.save(folder.path().join("0.png")).expect("writable");
    deep.save(folder.path().join("1.png")).expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let detector = detector.to_str().expect("UTF-8");
    let output = memae(folder.path(), &["score", detector, "."]);
    let said = err(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("1 scored") && said.contains("left out: 1"),
        "{said}"
    );
    assert!(said.contains("1.png: found"), "{said}");
}

#[cfg(unix)]
#[test]
fn outputs_take_the_place_of_files_alone() {
    use std::os::unix::fs::{FileTypeExt, symlink};

    let (folder, path) = own_detector();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let parts = digits().path().join("parts");
    let parts = parts.to_str().expect("UTF-8");
    for arguments in [
        &[
            "recalibrate",
            "nines.safetensors",
            "--threshold",
            "3",
            "--out",
            "pipe",
        ][..],
        &["inspect", "nines.safetensors", "--memory", "pipe"],
        &["eval", "nines.safetensors", parts, "--report", "pipe"],
        &["train", parts, "--out", "pipe"],
    ] {
        let said = error(folder.path(), arguments);
        assert!(
            said.contains("pipe: found a pipe, expected a regular file or none"),
            "{said}"
        );
    }
    let kept = fs::symlink_metadata(&pipe).expect("there").file_type();
    assert!(kept.is_fifo());

    symlink("nines.safetensors", folder.path().join("link")).expect("a link");
    run(
        folder.path(),
        &["recalibrate", "link", "--threshold", "3", "--quiet"],
    );
    let link = fs::symlink_metadata(folder.path().join("link"));
    assert!(link.expect("there").is_symlink());
    let printed = run(folder.path(), &["inspect", path.to_str().expect("UTF-8")]);
    assert!(
        printed.contains("threshold      3: given by hand"),
        "{printed}"
    );
}
