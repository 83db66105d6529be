//! Tables from CSV files: every form, and everything that can be wrong with them.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use memae_data::sample::{ColumnKind, ColumnValues, Header, Table, TableConfig};
use proptest::prelude::*;

/// What a file of these bytes is read as; an error without the folder's name, which changes from run to run.
fn read(config: &TableConfig, bytes: impl AsRef<[u8]>) -> Result<Table, String> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("table.csv");
    fs::write(&path, bytes).expect("writable");
    config.read(&path).map_err(|error| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        let folder = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
        message.replace(&folder, "")
    })
}

fn message(config: &TableConfig, bytes: impl AsRef<[u8]>) -> String {
    read(config, bytes).expect_err("no table")
}

/// Columns `kind` and `size`, and labels in `class`.
fn config() -> TableConfig {
    TableConfig::default()
        .with_categorical(["kind"])
        .with_numeric(["size"])
        .with_label("class")
}

fn numbers(table: &Table, column: &str) -> Vec<f64> {
    match &table.column(column).expect("read").values {
        ColumnValues::Numeric(numbers) => numbers.finite().expect("no gaps").to_vec(),
        ColumnValues::Categorical(_) => panic!("{column} is numeric"),
    }
}

fn categories(table: &Table, column: &str) -> Vec<String> {
    match &table.column(column).expect("read").values {
        ColumnValues::Categorical(categories) => (0..table.rows())
            .map(|row| categories.name(row).to_string())
            .collect(),
        ColumnValues::Numeric(_) => panic!("{column} is categorical"),
    }
}

#[test]
fn tables_of_every_form_are_the_same() {
    for text in [
        "kind,size,class\na,1,x\nb,-2.5,y\na,3e2,x\n",
        "kind,size,class\r\na,1,x\r\nb,-2.5,y\r\na,3e2,x",
        "\u{feff}kind,size,class\na,1,x\nb,-2.5,y\na,3e2,x\n",
        "\n kind , size,class \n\na,1,x\n\nb, -2.5 ,y\na,+300,x\n\n\n",
        "\"kind\",\"size\",\"class\"\n\"a\",\"1\",\"x\"\n\"b\",\"-2.5\",\"y\"\na,300.,x\n",
        "unused,class,kind,size\nü,x,a,1\n\"p,q\",y,b,-2.5\n\"\"\"\",x,a,300\n",
    ] {
        let table = read(&config(), text).expect(text);
        assert_eq!(table.rows(), 3);
        assert_eq!(categories(&table, "kind"), ["a", "b", "a"]);
        assert_eq!(numbers(&table, "size"), [1.0, -2.5, 300.0]);
        let labels = table.labels().expect("asked for");
        assert_eq!(labels.names(), ["x", "y"]);
        assert_eq!(labels.codes(), [0, 1, 0]);
        assert_eq!(labels.counts(), [2, 1]);
    }
}

#[test]
fn compressed_tables_are_read_and_must_be_whole() {
    let text = "kind,size,class\na,1,x\nb,2,y\n";
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("in memory");
    let bytes = encoder.finish().expect("in memory");
    let table = read(&config(), &bytes).expect("whole");
    assert_eq!(numbers(&table, "size"), [1.0, 2.0]);
    for end in 0..bytes.len() {
        message(&config(), &bytes[..end]);
    }
    assert_eq!(
        message(&config(), &bytes[..bytes.len() - 1]),
        "table.csv: line 4: found the end of the compressed data too early: the file is cut short"
    );
    let mut damaged = bytes;
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    assert_eq!(
        message(&config(), damaged),
        "table.csv: line 4: corrupt gzip stream does not have a matching checksum"
    );
}

#[test]
fn columns_are_found_by_number_and_named_without_a_header() {
    let config = TableConfig::default()
        .with_header(Header::Absent)
        .with_delimiter(';')
        .with_label(3)
        .with_others(ColumnKind::Numeric)
        .with_ignored([1]);
    let table = read(&config, "p;1;x;2\nq;3;y;4\n").expect("whole");
    let names: Vec<(&str, usize)> = table
        .columns()
        .iter()
        .map(|column| (column.name.as_str(), column.number))
        .collect();
    assert_eq!(names, [("column 2", 2), ("column 4", 4)]);
    assert_eq!(numbers(&table, "column 4"), [2.0, 4.0]);
    assert_eq!(
        message(&config, "p;1;x;2\nq;3;y;z\n"),
        "table.csv: line 2, column 4: found `z`, expected a number"
    );

    let names = ["id", "size", "class", "age"].map(String::from).to_vec();
    let named = config.with_header(Header::Names(names));
    let table = read(&named, "p;1;x;2\nq;3;y;4\n").expect("whole");
    assert_eq!(numbers(&table, "age"), [2.0, 4.0]);
    assert_eq!(
        message(&named, "p;1;x\n"),
        "table.csv: line 1: found 3 columns, expected 4"
    );
}

#[test]
fn rows_know_their_lines() {
    let table = read(&config(), "kind,size,class\n\na,1,x\n\r\n\nb,2,y\n").expect("whole");
    assert_eq!((table.line(0), table.line(1)), (3, 6));
    assert_eq!(
        message(&config(), "kind,size,class\n\na,1,x\n\n\nb,,y\n"),
        "table.csv: line 6, column 2 (size): found an empty field, expected a number; `with_missing(true)` takes missing ones"
    );
}

#[test]
fn an_empty_field_is_a_category_of_its_own() {
    let table = read(&config(), "kind,size,class\n,1,x\na,2,\n").expect("whole");
    assert_eq!(categories(&table, "kind"), ["", "a"]);
    assert_eq!(table.labels().expect("asked for").name(1), "");
}

#[test]
fn fields_that_do_not_fit_are_errors() {
    for (row, expected) in [
        (
            &b"a,,x"[..],
            "line 3, column 2 (size): found an empty field, expected a number; `with_missing(true)` takes missing ones",
        ),
        (
            b"a, ,x",
            "line 3, column 2 (size): found an empty field, expected a number; `with_missing(true)` takes missing ones",
        ),
        (
            b"a,1.2.3,x",
            "line 3, column 2 (size): found `1.2.3`, expected a number",
        ),
        (
            b"a,\"1,5\",x",
            "line 3, column 2 (size): found `1,5`, expected a number; `with_decimal_comma(true)` takes decimal commas",
        ),
        (
            b"a,1\x01,x",
            "line 3, column 2 (size): found `1\\u{1}`, expected a number",
        ),
        (
            b"a,inf,x",
            "line 3, column 2 (size): found `inf`, expected a finite number, at most 3.4e38 in size; `with_infinite(true)` takes infinite ones",
        ),
        (
            b"a,-1e39,x",
            "line 3, column 2 (size): found `-1e39`, expected a finite number, at most 3.4e38 in size; `with_infinite(true)` takes infinite ones",
        ),
        (
            b"a,\xff,x",
            "line 3, column 2 (size): found bytes that are not UTF-8, expected a number; `with_encoding` takes other encodings",
        ),
        (
            b"\xff,1,x",
            "line 3, column 1 (kind): found bytes that are not UTF-8, expected text; `with_encoding` takes other encodings",
        ),
        (
            b"a,1,\xc3",
            "line 3, column 3 (class): found bytes that are not UTF-8, expected text; `with_encoding` takes other encodings",
        ),
        (b"a,1", "line 3: found 2 columns, expected 3"),
        (b"a,1,x,", "line 3: found 4 columns, expected 3"),
        (
            b"\"a,1,x\nb,2,y",
            "line 3: found a quote that is not closed, expected each row on one line; `with_quoted_line_breaks(true)` takes line breaks in quotes",
        ),
        (
            b"a,1,\"x\ny\"",
            "line 3: found a quote that is not closed, expected each row on one line; `with_quoted_line_breaks(true)` takes line breaks in quotes",
        ),
    ] {
        let text = [b"kind,size,class\na,1,x\n", row, b"\n"].concat();
        assert_eq!(message(&config(), text), format!("table.csv: {expected}"));
    }
    assert_eq!(
        message(&config(), b"kind,size,\xff\n"),
        "table.csv: line 1, column 3: found bytes that are not UTF-8, expected a name; `with_encoding` takes other encodings"
    );
}

#[test]
fn files_without_rows_are_errors() {
    for text in [
        "",
        "\n\n",
        "kind,size,class\n",
        "\u{feff}",
        "kind,size,class\n\n \n",
    ] {
        let message = message(&config(), text);
        match text.ends_with(" \n") {
            // White space is a row with one field.
            true => assert_eq!(message, "table.csv: line 3: found 1 column, expected 3"),
            false => assert_eq!(
                message,
                "table.csv: rows: found none, expected at least one"
            ),
        }
    }
}

#[test]
fn settings_that_do_not_fit_the_file_are_errors() {
    let text = "a,b,a,c\n1,2,3,4\n";
    let numeric = |columns: &[&str]| TableConfig::default().with_numeric(columns.iter().copied());
    for (config, expected) in [
        (
            numeric(&["d"]),
            "column `d`: not in the file, expected one of `a`, `b`, `a`, `c`",
        ),
        (
            numeric(&["b"]).with_label(5),
            "column 5: not in the file, expected 1 to 4",
        ),
        (
            numeric(&["b"]).with_label(0),
            "column 0: not in the file, expected 1 to 4",
        ),
        (
            numeric(&["a"]),
            "columns 1 and 3: found the name `a` twice, expected distinct names; `with_repeated_names(RepeatedNames::Numbered)` tells them apart",
        ),
        (
            TableConfig::default().with_others(ColumnKind::Numeric),
            "columns 1 and 3: found the name `a` twice, expected distinct names; `with_repeated_names(RepeatedNames::Numbered)` tells them apart",
        ),
        (
            numeric(&["b"]).with_label(2),
            "column 2 (b): found both numeric and label, expected one kind",
        ),
        (
            numeric(&["b"]).with_others(ColumnKind::Label),
            "labels: found 3 columns, expected at most one",
        ),
        (
            TableConfig::default().with_label("b"),
            "columns: found none that is numeric or categorical, expected at least one",
        ),
        (
            numeric(&["b"]).with_delimiter('"'),
            "delimiter: found '\"', expected an ASCII character other than a quote or a line break",
        ),
        (
            numeric(&["b"]).with_delimiter('—'),
            "delimiter: found '—', expected an ASCII character other than a quote or a line break",
        ),
    ] {
        assert_eq!(message(&config, text), format!("table.csv: {expected}"));
    }
    // A name that occurs twice does no harm where it is not read.
    let table = read(&numeric(&["b", "b"]), text).expect("distinct");
    assert_eq!(table.columns().len(), 1);
}

#[test]
fn memory_is_bounded() {
    let line = |text: String| format!("kind,size,class\na,1,x\n{text}");
    assert_eq!(
        message(&config(), line("b".repeat(1 << 21))),
        "table.csv: line 3: found more than 1048576 bytes, expected a row of text"
    );
    // Three rows of 8 + 4 + 4 + 8 bytes, and a category and a label.
    let text = "kind,size,class\na,1,x\na,2,x\na,3,x\n";
    let limited = config().with_max_bytes(3 * 24 + 2 * 130);
    assert_eq!(read(&limited, text).expect("within the limit").rows(), 3);
    let limited = config().with_max_bytes(3 * 24 + 2 * 130 - 1);
    assert_eq!(
        message(&limited, text),
        "table.csv: line 4: found more than a table of 331 bytes may hold, the limit set"
    );
    let names: String = (0..100).map(|row| format!("{row:0>1000},1,x\n")).collect();
    assert_eq!(
        message(
            &config().with_max_bytes(10_000),
            format!("kind,size,class\n{names}")
        ),
        "table.csv: line 6: found more than a table of 10000 bytes may hold, the limit set"
    );
}

#[test]
fn settings_survive_serialisation() {
    let config = config()
        .with_ignored([7])
        .with_others(ColumnKind::Categorical)
        .with_header(Header::Names(vec!["a".to_string()]))
        .with_delimiter('\t')
        .with_max_bytes(5);
    let text = serde_json::to_string(&config).expect("plain data");
    let read: TableConfig = serde_json::from_str(&text).expect("own text");
    assert_eq!(read, config);
    let short = r#"{"numeric": ["size", 3], "label": "class"}"#;
    let short: TableConfig = serde_json::from_str(short).expect("defaults");
    let expected = TableConfig::default()
        .with_numeric(["size"])
        .with_numeric([3])
        .with_label("class");
    assert_eq!(short, expected);
}

#[test]
fn debug_output_leaves_out_values() {
    let table = read(&config(), "kind,size,class\na,1,x\n").expect("whole");
    let text = format!("{table:?}");
    assert!(
        text.ends_with(r#"rows: 1, columns: ["kind", "size"], .. }"#),
        "{text}"
    );
}

proptest! {
    /// What is written is what is read, in the same order, however it is quoted.
    #[test]
    fn fields_are_read_as_written(
        rows in proptest::collection::vec(("[a-c,\"é ]{0,3}", -1e30..1e30f64, "[xy]"), 1..23),
    ) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let lines = rows.iter().map(|(kind, size, class)| format!("{},{size},{class}\n", quoted(kind)));
        let table = read(&config(), format!("kind,size,class\n{}", lines.collect::<String>()))
            .expect("whole");
        let sizes: Vec<f64> = rows.iter().map(|row| row.1).collect();
        prop_assert_eq!(numbers(&table, "size"), sizes);
        let kinds: Vec<&str> = rows.iter().map(|row| row.0.trim()).collect();
        prop_assert_eq!(categories(&table, "kind"), kinds);
        let labels = table.labels().expect("asked for");
        for (row, (_, _, class)) in rows.iter().enumerate() {
            prop_assert_eq!(labels.name(row), class);
        }
    }

    #[test]
    fn no_file_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = [b"kind,size,class\n", &bytes[..]].concat();
        let _ = read(&config(), text);
        let all = TableConfig::default().with_header(Header::Absent).with_others(ColumnKind::Categorical);
        let _ = read(&all, [b"\x1f\x8b", &bytes[..]].concat());
        let _ = read(&all, bytes);
    }
}
