//! Rows of tables.

use std::fmt::Write;

use burn::tensor::Device;
use memae::data::protocol::NormalPartsConfig;
use memae::detect::AnyDetector;

use super::*;

/// Rows in which y is twice x, of two kinds; `off` is added to y.
fn rows(count: usize, off: f64) -> String {
    let mut text = "x,y,kind,verdict\n".to_string();
    for row in 0..count {
        let x = (row * 37 % 101) as f64 / 10.0;
        let kind = ["a", "b"][row % 2];
        let label = if off == 0.0 { "ok" } else { "bad" };
        writeln!(text, "{x},{},{kind},{label}", 2.0 * x + off).expect("in memory");
    }
    text
}

#[test]
fn rows_are_trained_on_and_scored() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("writable");
    write("normal.csv", &rows(300, 0.0));
    write("new.csv", &rows(40, 0.0));
    write("off.csv", &rows(40, -25.0));
    let train = [
        "train",
        "normal.csv",
        "--out",
        "rows.safetensors",
        "--label",
        "verdict",
        "--rate",
        "0.05",
    ];
    let printed = run(folder.path(), &train);
    assert!(printed.contains("flags at most 5.00 %"), "{printed}");
    let eval = [
        "eval",
        "rows.safetensors",
        "--normal",
        "new.csv",
        "--anomalous",
        "off.csv",
        "--json",
    ];
    let printed = run(folder.path(), &eval);
    let figures: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert!(
        figures["auc"].as_f64().is_some_and(|auc| auc > 0.95),
        "{figures}"
    );
    let scored = run(
        folder.path(),
        &["score", "rows.safetensors", "off.csv", "--json"],
    );
    let first: serde_json::Value =
        serde_json::from_str(scored.lines().next().expect("a row")).expect("JSON");
    assert_eq!(first["line"], 2);

    // New rows have no verdict yet, and may have more columns.
    let text = fs::read_to_string(folder.path().join("off.csv")).expect("written");
    let changed = |change: &dyn Fn(&str) -> String| {
        let lines: Vec<String> = text.lines().map(change).collect();
        lines.join("\n") + "\n"
    };
    let scores = |name: &str| {
        run(
            folder.path(),
            &["score", "rows.safetensors", name, "--json"],
        )
    };
    let without = changed(&|line| line.rsplit_once(',').expect("columns").0.to_string());
    write("bare.csv", &without);
    write("more.csv", &changed(&|line| format!("note,{line}")));
    let expected = scores("off.csv");
    for name in ["bare.csv", "more.csv"] {
        assert_eq!(scores(name).replace(name, "off.csv"), expected, "{name}");
    }

    // Another column is another table.
    write("other.csv", "x,z\n1,2\n");
    let said = memae(folder.path(), &["score", "rows.safetensors", "other.csv"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(err(&said).contains("other.csv"), "{}", err(&said));
}

#[test]
fn normal_rows_are_told_by_their_label() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mixed = rows(200, 0.0) + rows(50, -25.0).split_once('\n').expect("a header").1;
    fs::write(folder.path().join("mixed.csv"), mixed).expect("writable");
    let train = |normal: &str| {
        memae(
            folder.path(),
            &[
                "train",
                "mixed.csv",
                "--out",
                "m.safetensors",
                "--label",
                "verdict",
                "--normal",
                normal,
                "--epochs",
                "2",
            ],
        )
    };
    assert_eq!(train("ok").status.code(), Some(0));
    let printed = run(folder.path(), &["inspect", "m.safetensors"]);
    assert!(printed.contains("200 rows of mixed.csv"), "{printed}");
    let said = train("fine");
    assert_eq!(said.status.code(), Some(1));
    assert!(
        err(&said).contains("expected one of: ok, bad"),
        "{}",
        err(&said)
    );
}

#[test]
fn tables_as_people_have_them_are_borne_with_when_asked() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut text = b"x; y;x;speed\n".to_vec();
    for row in 0..60 {
        let speed = ["NaN", "Infinity", "3", ""][row % 4];
        text.extend(format!("{row};{};1;{speed}\n", row * 2).bytes());
    }
    fs::write(folder.path().join("flows.csv"), &text).expect("writable");
    let strict = error(
        folder.path(),
        &["train", "flows.csv", "--out", "m.safetensors"],
    );
    assert!(
        strict.contains("flows.csv") && strict.contains("--lenient"),
        "{strict}"
    );
    let output = memae(
        folder.path(),
        &[
            "train",
            "flows.csv",
            "--out",
            "m.safetensors",
            "--lenient",
            "--epochs",
            "2",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        err(&output).contains("column `speed`: 30 missing, 15 infinite"),
        "{}",
        err(&output)
    );
    run(folder.path(), &["score", "m.safetensors", "flows.csv"]);
}

/// The first row would be lost as names.
#[test]
fn tables_without_names_are_told_so() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let text = rows(60, 0.0)
        .split_once('\n')
        .expect("a header")
        .1
        .to_string();
    fs::write(folder.path().join("bare.csv"), text).expect("writable");
    let train = [
        "train",
        "bare.csv",
        "--out",
        "m.safetensors",
        "--epochs",
        "2",
    ];
    let refused = error(folder.path(), &train);
    assert!(refused.contains("--no-header"), "{refused}");
    run(
        folder.path(),
        &[&train[..], &["--no-header", "--label", "4"]].concat(),
    );
    let printed = run(folder.path(), &["inspect", "m.safetensors"]);
    assert!(printed.contains("60 rows of bare.csv"), "{printed}");
}

/// What the threshold is chosen by is as new to the encoder as rows that are scored later.
#[test]
fn the_encoder_knows_what_is_trained_on_and_nothing_else() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let parts = NormalPartsConfig::default()
        .divide_single(60)
        .expect("parts");
    let mut text = "x,kind\n".to_string();
    for row in 0..60 {
        let is_held_out = !parts.train.contains(&row);
        let (x, kind) = match parts.calibrate.contains(&row) {
            true if row % 2 == 0 => (1e6, "rare"),
            _ if is_held_out => (5.0, "b"),
            _ => ((row % 10) as f64, ["a", "b"][row % 2]),
        };
        writeln!(text, "{x},{kind}").expect("in memory");
    }
    assert!(text.contains("rare"));
    fs::write(folder.path().join("rows.csv"), text).expect("writable");
    let train = [
        "train",
        "rows.csv",
        "--out",
        "m.safetensors",
        "--epochs",
        "1",
    ];
    run(folder.path(), &train);
    let detector = AnyDetector::load(folder.path().join("m.safetensors"), &Device::flex());
    let Ok(AnyDetector::Table(detector)) = detector else {
        panic!("a detector of tables");
    };
    let way = detector.preprocessing().expect("of tables");
    assert_eq!(way.encoder.output_names(), ["x", "kind=a", "kind=b"]);
    let table = way
        .reading
        .read(folder.path().join("rows.csv"))
        .expect("whole");
    let rows = way.encoder.encode(&table).expect("unknown kinds are zeros");
    let rare = parts
        .calibrate
        .iter()
        .find(|row| **row % 2 == 0)
        .expect("some");
    assert_eq!(rows.row(*rare)[1..], [0.0, 0.0]);
    assert!(rows.row(*rare)[0] > 2.0, "{:?}", rows.row(*rare));
}
