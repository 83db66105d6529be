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
    // y is what is off; x and kind are as ever.
    let report = [&eval[..6], &["--report", "rows.html"]].concat();
    run(folder.path(), &report);
    let page = fs::read_to_string(folder.path().join("rows.html")).expect("a page");
    let (_, columns) = page
        .split_once("Columns that contribute most")
        .expect("columns");
    let place = |name: &str| columns.find(name).expect("a column");
    assert!(place(">y<") < place(">kind<"), "{columns}");
    assert!(columns.contains("active items"), "no health of the memory");

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
    assert!(
        printed.contains("\ncolumns        3: x, y, kind (2 values)\n"),
        "{printed}"
    );
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

/// Rows of which no two fields are alike, with a category among the numbers: the first would be lost as names.
#[test]
fn a_row_of_numbers_and_categories_is_no_row_of_names() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut text = String::new();
    for row in 0..60 {
        let protocol = ["tcp", "udp", "icmp"][row % 3];
        writeln!(text, "{row}.5,{}.7,{protocol},0,0", 2 * row).expect("in memory");
    }
    let bare = text
        .lines()
        .map(|line| line.trim_end_matches(",0,0").to_string() + "\n");
    fs::write(folder.path().join("bare.csv"), bare.collect::<String>()).expect("writable");
    fs::write(folder.path().join("repeats.csv"), &text).expect("writable");
    let gaps = text.replacen("0.5,0.7,", "0.5,,", 1);
    fs::write(folder.path().join("gaps.csv"), gaps).expect("writable");
    let train = |file: &str, options: &[&str]| {
        let train = ["train", file, "--out", "m.safetensors", "--epochs", "2"];
        memae(folder.path(), &[&train[..], options].concat())
    };
    for (file, options) in [
        ("bare.csv", &[][..]),
        ("repeats.csv", &["--lenient"]),
        ("gaps.csv", &["--lenient"]),
    ] {
        let said = train(file, options);
        assert_eq!(said.status.code(), Some(1), "{file}");
        assert!(
            err(&said).contains("found the number `0.5`"),
            "{}",
            err(&said)
        );
        assert!(
            err(&said).contains("--no-header") && err(&said).contains("--header"),
            "{}",
            err(&said)
        );
        assert_eq!(
            train(file, &[options, &["--no-header"]].concat())
                .status
                .code(),
            Some(0),
            "{file}"
        );
        let printed = run(folder.path(), &["inspect", "m.safetensors"]);
        assert!(printed.contains(&format!("60 rows of {file}")), "{printed}");
    }
    // Names may be numbers, if it is said; and who names a column by a word has seen that there are names.
    assert_eq!(train("bare.csv", &["--header"]).status.code(), Some(0));
    let printed = run(folder.path(), &["inspect", "m.safetensors"]);
    assert!(printed.contains("59 rows of bare.csv"), "{printed}");
}

/// Who runs the program knows its options, and nothing of the library.
#[test]
fn messages_name_options() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let write =
        |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).expect("writable");
    let rows: String = (0..30).map(|row| format!("{row},{}\n", 2 * row)).collect();
    let rows = format!("x,y\n{rows}");
    let and = |last: &[u8]| [rows.as_bytes(), last].concat();
    write("twice.csv", b"x,x\n1,2\n");
    write("latin.csv", &and(b"1,caf\xe9\n"));
    write("open.csv", &and(b"1,\"2\n"));
    write("gap.csv", &and(b"1,\n"));
    write("infinite.csv", &and(b"1,inf\n"));
    let wide: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    write("wide.csv", &[&b"\xff\xfe"[..], &wide].concat());
    let train = |file: &str, options: &[&str]| {
        let train = ["train", file, "--out", "m.safetensors", "--epochs", "2"];
        memae(folder.path(), &[&train[..], options].concat())
    };
    for (file, option) in [
        ("twice.csv", "--lenient"),
        ("latin.csv", "--encoding"),
        ("open.csv", "--lenient"),
        ("gap.csv", "--lenient"),
        ("infinite.csv", "--lenient"),
        ("wide.csv", "--encoding utf-16"),
    ] {
        let said = err(&train(file, &[]));
        assert!(
            said.contains(option) && !said.contains("with_"),
            "{file}: {said}"
        );
    }
    // One text among numbers is no category, unless it is said to be.
    let latin = ["--encoding", "windows-1252"];
    let said = err(&train("latin.csv", &latin));
    assert!(
        said.contains("column `y`: found texts that are no numbers in 1 of the first 31 rows")
            && said.contains("as `café`")
            && said.contains("`--lenient` with `--missing-text`"),
        "{said}"
    );
    let trained = train("latin.csv", &[&latin[..], &["--categorical", "y"]].concat());
    assert_eq!(trained.status.code(), Some(0), "{}", err(&trained));
    let trained = train("wide.csv", &["--encoding", "utf-16"]);
    assert_eq!(trained.status.code(), Some(0), "{}", err(&trained));
    // A detector reads as it was trained to: there is nothing to set.
    write("plain.csv", rows.as_bytes());
    assert_eq!(train("plain.csv", &[]).status.code(), Some(0));
    for file in ["gap.csv", "infinite.csv", "open.csv"] {
        let said = err(&memae(folder.path(), &["score", "m.safetensors", file]));
        assert!(
            said.contains(file) && !said.contains("with_") && !said.contains("--"),
            "{said}"
        );
    }
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

/// Each of their texts would be a category of its own, and nearly all of those of new rows unknown.
#[test]
fn numbers_with_commas_and_texts_that_differ_are_no_categories() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let write = |name: &str, first: &str, row: &dyn Fn(usize) -> String| {
        let rows = (0..200).map(row);
        let text = std::iter::once(first.to_string()).chain(rows);
        let text = text.collect::<Vec<_>>().join("\n") + "\n";
        fs::write(folder.path().join(name), text).expect("writable");
    };
    write("commas.csv", "a;b;c", &|row| {
        format!("{};0,{row:03};{}", row % 7, ["tcp", "udp"][row % 2])
    });
    write("times.csv", "t,b", &|row| {
        format!("2024-01-01 10:{:02}:{:02},{}", row / 60, row % 60, row % 9)
    });
    let train = |file: &str, options: &[&str]| {
        let train = ["train", file, "--out", "m.safetensors", "--epochs", "1"];
        memae(folder.path(), &[&train[..], options].concat())
    };
    let commas = err(&train("commas.csv", &[]));
    assert_eq!(
        commas,
        "error: commas.csv: column `b`: found numbers with a comma, as `0,000`, expected a decimal point; `--decimal-comma` takes \
         decimal commas, `--categorical` takes the column as categories\n"
    );
    let times = err(&train("times.csv", &[]));
    assert_eq!(
        times,
        "error: times.csv: column `t`: found 200 different texts in the first 200 rows, as `2024-01-01 10:00:00`, expected numbers, or \
         categories that repeat; `--ignore` leaves the column out, `--categorical` takes each text as a category\n"
    );
    for (file, options, columns) in [
        (
            "commas.csv",
            &["--decimal-comma"][..],
            "200 rows of 3 columns as 4 values",
        ),
        (
            "commas.csv",
            &["--ignore", "b"],
            "200 rows of 2 columns as 3 values",
        ),
        (
            "commas.csv",
            &["--categorical", "b"],
            "200 rows of 3 columns",
        ),
        (
            "times.csv",
            &["--ignore", "t"],
            "200 rows of 1 columns as 1 values",
        ),
        (
            "times.csv",
            &["--categorical", "t"],
            "200 rows of 2 columns",
        ),
        (
            "times.csv",
            &["--label", "t"],
            "200 rows of 1 columns as 1 values",
        ),
    ] {
        let output = train(file, options);
        assert_eq!(output.status.code(), Some(0), "{file}: {}", err(&output));
        assert!(
            err(&output).contains(columns),
            "{file} {options:?}: {}",
            err(&output)
        );
    }
}

/// It ends.
#[test]
fn a_table_of_many_columns_is_trained_on_and_scored() {
    const COLUMNS: usize = 30_000;
    let folder = tempfile::tempdir().expect("temporary folder");
    let line = |field: &dyn Fn(usize) -> String| {
        (0..COLUMNS).map(field).collect::<Vec<_>>().join(",") + "\n"
    };
    let mut text = line(&|column| format!("c{column}"));
    for row in 0..12 {
        text += &line(&|column| ((row * column) % 10).to_string());
    }
    fs::write(folder.path().join("wide.csv"), text).expect("writable");
    let train = [
        "train",
        "wide.csv",
        "--out",
        "m.safetensors",
        "--epochs",
        "1",
    ];
    run(folder.path(), &train);
    let scored = run(
        folder.path(),
        &["score", "m.safetensors", "wide.csv", "--json"],
    );
    assert_eq!(scored.lines().count(), 12);
    // A message has no room for the names of all columns.
    let unknown = error(
        folder.path(),
        &[&train[..], &["--categorical", "d"]].concat(),
    );
    assert!(unknown.len() < 500, "{} bytes", unknown.len());
}

#[test]
fn rows_are_not_both_normal_and_anomalous() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("writable");
    write("x.csv", &rows(60, 0.0));
    write("y.csv", &rows(30, -25.0));
    let train = [
        "train",
        "x.csv",
        "--out",
        "m.safetensors",
        "--label",
        "verdict",
    ];
    run(folder.path(), &[&train[..], &["--epochs", "1"]].concat());
    let eval = |normal: &[&str], anomalous: &[&str]| {
        let report = ["--report", "r.html"];
        let paths = [&["--normal"], normal, &["--anomalous"], anomalous].concat();
        memae(
            folder.path(),
            &[&["eval", "m.safetensors"], &paths[..], &report].concat(),
        )
    };
    for same in ["x.csv", "./x.csv"] {
        let said = eval(&["x.csv"], &[same]);
        assert_eq!(said.status.code(), Some(1));
        assert_eq!(
            err(&said),
            format!(
                "error: {same}: found among the normal and among the anomalous samples, expected it in one of them\n"
            )
        );
    }
    let said = eval(&["x.csv", "x.csv"], &["y.csv"]);
    assert_eq!(
        err(&said),
        "1 file was found twice and counts once\n",
        "{}",
        out(&said)
    );
    assert_eq!(out(&said), out(&eval(&["x.csv"], &["y.csv"])));
    // The rows of a copy are as near to the threshold as the worst of them.
    fs::copy(folder.path().join("x.csv"), folder.path().join("copy.csv")).expect("writable");
    let said = eval(&["x.csv"], &["copy.csv"]);
    assert_eq!(said.status.code(), Some(0), "{}", err(&said));
}

#[test]
fn messages_name_the_file_once_and_no_option_that_does_not_help() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("writable");
    let train = |file: &str, options: &[&str]| {
        let train = ["train", file, "--out", "m.safetensors", "--epochs", "1"];
        memae(folder.path(), &[&train[..], options].concat())
    };
    write("one.csv", "a,b\n1,2\n");
    write("gaps.csv", &("a,b\n".to_string() + &"1,NaN\n".repeat(5)));
    for (file, options, expected) in [
        (
            "one.csv",
            &[][..],
            "one.csv: normal samples: found 1 in 1 groups, expected at least 3 groups, one for each of training, selection and \
             calibration",
        ),
        (
            "gaps.csv",
            &["--lenient"],
            "gaps.csv: `b`: found no finite number in the rows fitted on, expected at least one; `--ignore` leaves the column out",
        ),
    ] {
        let said = err(&train(file, options));
        let last = said.lines().last();
        assert_eq!(last, Some(&*format!("error: {expected}")), "{said}");
    }
    for (file, text) in [
        ("empty.csv", ""),
        ("blank.csv", "\n\n"),
        ("names.csv", "a,b\n"),
    ] {
        write(file, text);
        assert_eq!(
            err(&train(file, &[])),
            format!("error: {file}: rows: found none, expected at least one\n")
        );
    }
    write(
        "rows.csv",
        &("a,b\n".to_string() + &"1,2\n3,5\n".repeat(10)),
    );
    write("other.csv", "b,a\n1,2\n");
    assert_eq!(train("rows.csv", &[]).status.code(), Some(0));
    let said = err(&memae(
        folder.path(),
        &["score", "m.safetensors", "other.csv"],
    ));
    assert!(
        said.contains(
            ", 1 left out: other.csv: column 1: found `b` (numeric), expected `a` (numeric) as fitted\n"
        ),
        "{said}"
    );
}

/// What the file of a detector says of itself.
fn settings(folder: &Path, name: &str) -> serde_json::Value {
    memae::artefact::file_settings(folder.join(name)).expect("a detector")
}

#[test]
fn what_is_learned_of_rows_is_chosen_by_swapped_columns() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path();
    fs::write(path.join("normal.csv"), rows(300, 0.0)).expect("writable");
    fs::write(path.join("off.csv"), rows(40, -25.0)).expect("writable");
    let train = |name: &str, more: &[&str]| {
        let train = ["train", "normal.csv", "--out", name, "--label", "verdict"];
        let said = memae(path, &[&train, more].concat());
        assert_eq!(said.status.code(), Some(0), "{}", err(&said));
        err(&said)
    };
    let is_memory = |name: &str| {
        let layers = settings(path, name)["network"]["encoder"].clone();
        layers.as_array().expect("layers").is_empty()
    };

    let said = train("chosen.safetensors", &[]);
    let chosen = settings(path, "chosen.safetensors");
    let figure = |name: &str| {
        let figure = &chosen["provenance"]["figures"][name];
        let text = figure
            .as_str()
            .map(str::to_string)
            .unwrap_or_else(|| figure.to_string());
        text.parse::<f64>().expect("a number")
    };
    let of_memory = figure("AUC of swapped columns by the memory");
    let of_network = figure("AUC of swapped columns by the network");
    assert!(
        of_memory > 0.8 && of_network > 0.5,
        "{of_memory}, {of_network}"
    );
    let clearly_better = 1.0 - of_network < 0.9 * (1.0 - of_memory);
    assert_eq!(is_memory("chosen.safetensors"), !clearly_better);
    assert!(
        said.contains(&format!(
            "AUC of {of_memory:.3} by the memory, {of_network:.3} by the network"
        )),
        "{said}"
    );

    let said = train(
        "memory.safetensors",
        &["--method", "memory", "--items", "50"],
    );
    assert!(is_memory("memory.safetensors"));
    // The threshold's rows are no part of it.
    assert!(said.contains("50 items of 240 rows"), "{said}");
    let memory = settings(path, "memory.safetensors");
    assert_eq!(memory["network"]["memory"]["num_items"], 50);
    assert_eq!(
        memory["provenance"]["training"]["sample_memory"]["max_items"],
        50
    );
    let said = train("folds.safetensors", &["--method", "memory", "--folds", "3"]);
    assert!(said.contains("fold 3 of 3"), "{said}");
    for name in ["memory.safetensors", "folds.safetensors"] {
        let printed = run(path, &["score", name, "off.csv", "--json"]);
        assert_eq!(
            printed.matches("\"anomalous\":true").count(),
            40,
            "{name}: {printed}"
        );
        run(path, &["inspect", name]);
    }

    train(
        "network.safetensors",
        &["--method", "network", "--epochs", "2"],
    );
    assert!(!is_memory("network.safetensors"));
    train("ruled.safetensors", &["--rule", "sum"]);
    assert!(!is_memory("ruled.safetensors"));
    let refused = |more: &[&str]| {
        let train = ["train", "normal.csv", "--out", "x.safetensors"];
        error(path, &[&train, more].concat())
    };
    let message = refused(&["--method", "memory", "--epochs", "3"]);
    assert!(
        message.contains("--epochs: found `--method memory`"),
        "{message}"
    );
}

#[test]
fn no_row_vouches_for_itself() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path();
    // Lines 302 to 304 are none of the others' kind.
    let strange = ["0.5,90,a,ok", "90,0.5,b,ok", "-50,-40,a,ok"];
    let text = rows(300, 0.0) + &strange.join("\n") + "\n";
    fs::write(path.join("mixed.csv"), text).expect("writable");
    let train = [
        "train",
        "mixed.csv",
        "--out",
        "m.safetensors",
        "--label",
        "verdict",
    ];
    run(path, &[&train[..], &["--method", "memory"]].concat());
    let printed = run(path, &["suspects", "m.safetensors"]);
    for line in 302..=304 {
        assert!(printed.contains(&format!("line {line}")), "{printed}");
    }
    let place = |line: usize| printed.find(&format!("line {line}")).expect("a suspect");
    let first = printed.find("line ").expect("a suspect");
    assert!((302..=304).any(|line| place(line) == first), "{printed}");
}
