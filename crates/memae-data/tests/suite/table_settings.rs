//! Tables as people have them: gaps, infinite numbers, equal names, other encodings and line ends, each refused with the
//! setting that takes it, and read with that.

mod columns;
mod gaps;
mod header;

use std::path::Path;

use memae_data::encode::{
    InfiniteNumber, MissingNumber, NumericScale, TableEncoder, TableEncoderConfig,
};
use memae_data::format::TextEncoding;
use memae_data::sample::{
    ColumnKind, ColumnValues, Header, InputColumn, Number, RepeatedNames, Table, TableConfig,
};
use proptest::prelude::*;

fn read(config: &TableConfig, bytes: impl AsRef<[u8]>) -> Result<Table, String> {
    let table = config.decode(bytes.as_ref(), Path::new("table.csv"));
    table.map_err(|error| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    })
}

fn message(config: &TableConfig, bytes: impl AsRef<[u8]>) -> String {
    read(config, bytes).expect_err("no table")
}

/// All columns are numbers.
fn numeric() -> TableConfig {
    TableConfig::default().with_others(ColumnKind::Numeric)
}

/// All columns are categories.
fn categorical() -> TableConfig {
    TableConfig::default().with_others(ColumnKind::Categorical)
}

fn numbers(table: &Table, column: &str) -> Vec<Number> {
    match &table.column(column).expect("read").values {
        ColumnValues::Numeric(numbers) => numbers.iter().collect(),
        ColumnValues::Categorical(_) => panic!("{column} is numeric"),
    }
}

fn finite(table: &Table, column: &str) -> Vec<f64> {
    let numbers = numbers(table, column).into_iter();
    numbers
        .map(|number| match number {
            Number::Finite(number) => number,
            gap => panic!("{column}: {gap:?}"),
        })
        .collect()
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    match &table.column(column).expect("read").values {
        ColumnValues::Categorical(texts) => (0..table.rows())
            .map(|row| texts.name(row).to_string())
            .collect(),
        ColumnValues::Numeric(_) => panic!("{column} is categorical"),
    }
}

/// Network flows as a public tool writes them: a name twice, blanks before names, gaps, and a dash of Windows-1252.
const FLOWS: &[u8] =
    b"Flow ID, Flow Duration,Flow Bytes/s, Fwd Header Length, Fwd Header Length, Label\r\n\
    a-1,3,4000000,40,40,BENIGN\r\na-2,0,Infinity,20,20,BENIGN\r\na-3,0,NaN,20,20,BENIGN\r\n\
    a-4,1,90,20,20,Web Attack \x96 Brute Force\r\n";

type Setting = fn(TableConfig) -> TableConfig;

#[test]
fn network_flows_are_refused_one_setting_at_a_time_and_read_with_all() {
    let mut config = numeric().with_ignored(["Flow ID"]).with_label("Label");
    let steps: [(&str, Setting); 4] = [
        (
            "columns 4 and 5: found the name `Fwd Header Length` twice, expected distinct names; \
             `with_repeated_names(RepeatedNames::Numbered)` tells them apart",
            |config| config.with_repeated_names(RepeatedNames::Numbered),
        ),
        (
            "line 3, column 3 (Flow Bytes/s): found `Infinity`, expected a finite number, at most 3.4e38 in size; \
             `with_infinite(true)` takes infinite ones",
            |config| config.with_infinite(true),
        ),
        (
            "line 4, column 3 (Flow Bytes/s): found `NaN`, expected a number; `with_missing(true)` takes missing ones",
            |config| config.with_missing(true),
        ),
        (
            "line 5, column 6 (Label): found bytes that are not UTF-8, expected text; `with_encoding` takes other encodings",
            |config| config.with_encoding(TextEncoding::Windows1252),
        ),
    ];
    for (refused, set) in steps {
        assert_eq!(message(&config, FLOWS), refused);
        config = set(config);
    }
    let table = read(&config, FLOWS).expect("every setting is set");
    let names: Vec<&str> = table
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Flow Duration",
            "Flow Bytes/s",
            "Fwd Header Length",
            "Fwd Header Length.1"
        ]
    );
    assert_eq!(
        numbers(&table, "Flow Bytes/s"),
        [
            Number::Finite(4e6),
            Number::PlusInfinity,
            Number::Missing,
            Number::Finite(90.0)
        ]
    );
    assert_eq!(
        table.labels().expect("asked for").names(),
        ["BENIGN", "Web Attack – Brute Force"]
    );
    let gaps = table.gaps();
    assert_eq!(gaps.len(), 1);
    assert_eq!(
        (gaps[0].column.as_str(), gaps[0].missing, gaps[0].infinite),
        ("Flow Bytes/s", 1, 1)
    );
    assert_eq!(table.gaps_in(&[2, 3])[0].infinite, 0);
    assert!(table.gaps_in(&[0, 3]).is_empty());
    assert_eq!(table.rows_without_gaps(), [0, 3]);

    // What becomes of the gaps is set where rows become vectors.
    let encoding = TableEncoderConfig::default();
    let refused = |encoding: &TableEncoderConfig, rows: &[usize]| {
        let error = encoding.fit(&table, rows).expect_err("gaps");
        error.to_string()
    };
    assert_eq!(
        refused(&encoding, &[0, 1]),
        "table.csv: line 3, column 3 (Flow Bytes/s): found an infinite number, expected a finite number; \
         `with_infinite` says what an infinite one becomes"
    );
    let encoding = encoding.with_infinite(InfiniteNumber::Extreme);
    assert_eq!(
        refused(&encoding, &[0, 1, 2, 3]),
        "table.csv: line 4, column 3 (Flow Bytes/s): found a missing number, expected a number; \
         `with_missing` says what a missing one becomes"
    );
    let encoding = encoding.with_missing(MissingNumber::Value(90.0));
    let encoder = encoding.fit(&table, &[0, 3]).expect("filled");
    let vectors = encoder.encode(&table).expect("filled");
    let bytes: Vec<f32> = (0..4).map(|row| vectors.row(row)[1]).collect();
    assert_eq!(bytes, [1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn missing_texts_are_those_of_the_list_and_those_given() {
    let config = numeric().with_missing(true);
    for text in [
        "", " ", "NaN", "nan", "-nan", "NA", "n/a", "NULL", "None", "<NA>", "#N/A", "\"\"",
    ] {
        let table = read(&config, format!("a,b\n{text},1\n")).expect(text);
        assert_eq!(numbers(&table, "a"), [Number::Missing], "{text:?}");
        assert!(
            message(&numeric(), format!("a,b\n{text},1\n"))
                .ends_with("expected a number; `with_missing(true)` takes missing ones")
        );
    }
    for text in ["?", "-", "--", "."] {
        assert_eq!(
            message(&config, format!("a,b\n{text},1\n")),
            format!(
                "line 2, column 1 (a): found `{text}`, expected a number; \
                 `with_missing(true)` and `with_missing_texts` take what stands for a missing one"
            )
        );
        let config = config.clone().with_missing_texts([text]);
        let table = read(&config, format!("a,b\n{text},1\n")).expect(text);
        assert_eq!(numbers(&table, "a"), [Number::Missing]);
    }
    // A number that stands for a missing one is one.
    let config = config.with_missing_texts(["-999"]);
    let table = read(&config, "a\n-999\n-999.5\n").expect("numbers");
    assert_eq!(
        numbers(&table, "a"),
        [Number::Missing, Number::Finite(-999.5)]
    );
    assert_eq!(
        message(&config, "a\nfew\n"),
        "line 2, column 1 (a): found `few`, expected a number"
    );
    // Texts of categories are what they are.
    let table = read(&categorical().with_missing(true), "a,b\nNA,\n").expect("texts");
    assert_eq!(
        (texts(&table, "a"), texts(&table, "b")),
        (vec!["NA".into()], vec![String::new()])
    );
}

#[test]
fn infinite_numbers_keep_their_sign() {
    let text = "a\ninf\n-Infinity\n+INF\n1e39\n-1e400\n1.#INF\n-1.#INF\n3e38\n";
    let table = read(&numeric().with_infinite(true), text).expect("allowed");
    use Number::{MinusInfinity as Minus, PlusInfinity as Plus};
    assert_eq!(
        numbers(&table, "a"),
        [
            Plus,
            Minus,
            Plus,
            Plus,
            Minus,
            Plus,
            Minus,
            Number::Finite(3e38)
        ]
    );
    assert_eq!(table.gaps()[0].infinite, 7);
    for line in text.lines().skip(1).take(7) {
        let message = message(&numeric(), format!("a\n{line}\n"));
        assert!(
            message.ends_with("`with_infinite(true)` takes infinite ones"),
            "{message}"
        );
    }
}

#[test]
fn decimal_commas_are_read_as_such_and_points_refused() {
    let text = "a;b\n1,5;-3\n+0,25;2,5e3\n";
    let config = numeric().with_delimiter(';');
    assert_eq!(
        message(&config, text),
        "line 2, column 1 (a): found `1,5`, expected a number; `with_decimal_comma(true)` takes decimal commas"
    );
    let config = config.with_decimal_comma(true);
    let table = read(&config, text).expect("commas");
    assert_eq!(finite(&table, "a"), [1.5, 0.25]);
    assert_eq!(finite(&table, "b"), [-3.0, 2500.0]);
    // 1.234 is a thousand and more to one, and little more than 1 to another.
    for text in ["1.5", "1.234,5", "1.234"] {
        assert_eq!(
            message(&config, format!("a;b\n{text};1\n")),
            format!(
                "line 2, column 1 (a): found `{text}`, expected a number with a decimal comma and without points"
            )
        );
    }
    assert_eq!(
        message(&config, "a;b\n1,234,5;1\n"),
        "line 2, column 1 (a): found `1,234,5`, expected a number"
    );
    let quoted = numeric().with_decimal_comma(true);
    assert_eq!(
        finite(&read(&quoted, "a,b\n\"1,5\",2\n").expect("quoted"), "a"),
        [1.5]
    );
}

#[test]
fn another_delimiter_is_said() {
    for delimiter in [';', '\t', '|'] {
        let text = format!("a{delimiter}b\n1{delimiter}2\n");
        let config = TableConfig::default().with_numeric(["b"]);
        let shown = delimiter.escape_default();
        let error = message(&config, &text);
        assert!(
            error.contains(&format!(
                "; `with_delimiter('{shown}')` separates fields by"
            )),
            "{error}"
        );
        let table = read(&config.with_delimiter(delimiter), &text).expect("its own");
        assert_eq!(finite(&table, "b"), [2.0]);
    }
}

#[test]
fn equal_names_get_numbers_that_are_free() {
    let config = numeric().with_repeated_names(RepeatedNames::Numbered);
    let table = read(&config, "a,a,a.1,,a,\n1,2,3,4,5,6\n").expect("numbered");
    let names: Vec<&str> = table
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["a", "a.2", "a.1", "column 4", "a.3", "column 6"]);
    let config = TableConfig::default()
        .with_repeated_names(RepeatedNames::Numbered)
        .with_numeric(["a.2"]);
    assert_eq!(
        finite(
            &read(&config, "a,a,a.1,,a,\n1,2,3,4,5,6\n").expect("numbered"),
            "a.2"
        ),
        [2.0]
    );
    // Names given by the program too, whose blanks are taken off.
    let config = config.with_header(Header::Names(vec!["a".into(), " a".into(), "a.1\t".into()]));
    assert_eq!(
        finite(&read(&config, "1,2,3\n").expect("numbered"), "a.2"),
        [2.0]
    );
}

#[test]
fn many_equal_names_take_no_time() {
    let names = vec!["a"; 200_000].join(",");
    let values = vec!["1"; 200_000].join(",");
    let config = numeric().with_repeated_names(RepeatedNames::Numbered);
    let table = read(&config, format!("{names}\n{values}\n")).expect("numbered");
    assert_eq!(table.columns()[199_999].name, "a.199999");
}

#[test]
fn blanks_around_names_are_taken_off() {
    let config = TableConfig::default().with_numeric([" size"]);
    let table = read(&config, " kind,\u{a0}size \u{2003},x\na,1,2\n").expect("trimmed");
    assert_eq!(table.columns()[0].name, "size");
}

#[test]
fn other_encodings_are_read_when_set() {
    let latin = b"k\xfchl,a\nM\xfcller \x80,1\n";
    let all = categorical();
    assert_eq!(
        message(&all, latin),
        "line 1, column 1: found bytes that are not UTF-8, expected a name; `with_encoding` takes other encodings"
    );
    let table = read(&all.clone().with_encoding(TextEncoding::Windows1252), latin).expect("set");
    assert_eq!(texts(&table, "kühl"), ["Müller €"]);
    assert_eq!(table.replaced(), 0);

    let table = read(&all.clone().with_encoding(TextEncoding::Utf8Lossy), latin).expect("set");
    assert_eq!(texts(&table, "k\u{fffd}hl"), ["M\u{fffd}ller \u{fffd}"]);
    assert_eq!(table.replaced(), 3);

    let text = "kühl,b\r\nMüller €,\u{1f600}\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [&b"\xff\xfe"[..], &little].concat();
    let big = text.encode_utf16().flat_map(u16::to_be_bytes);
    let big: Vec<u8> = b"\xfe\xff".iter().copied().chain(big).collect();
    for bytes in [&little, &marked, &big] {
        let config = all.clone().with_encoding(TextEncoding::Utf16);
        let table = read(&config, bytes).expect("set");
        assert_eq!(texts(&table, "kühl"), ["Müller €"]);
        assert_eq!(texts(&table, "b"), ["\u{1f600}"]);
        let error = message(&all, bytes);
        assert!(
            error.ends_with(
                "expected text in UTF-8; `with_encoding(TextEncoding::Utf16)` reads UTF-16"
            ),
            "{error}"
        );
    }
    // Half of a pair: a line later, so that the line is told.
    let mut broken: Vec<u8> = "a,b\n1,2\n3,"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    broken.extend([0x00, 0xd8, b'\n', 0]);
    assert_eq!(
        message(&all.clone().with_encoding(TextEncoding::Utf16), &broken),
        "line 3: found bytes that are no text in the encoding of the file, expected text"
    );
    // Longer than every buffer.
    let rows: String = (0..50_000).map(|row| format!("ü{row},€\n")).collect();
    let long: Vec<u8> = format!("a,b\n{rows}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let table = read(&all.with_encoding(TextEncoding::Utf16), long).expect("set");
    assert_eq!(
        (table.rows(), texts(&table, "a")[49_999].as_str()),
        (50_000, "ü49999")
    );
}

#[test]
fn line_breaks_in_quotes_are_read_when_set() {
    let text = "a,b\n\"one\ntwo\r\n\n\"\"three\"\"\",1\nx,2\n\"\ny\n\",3\n";
    let config = TableConfig::default()
        .with_categorical(["a"])
        .with_numeric(["b"]);
    assert_eq!(
        message(&config, text),
        "line 2: found a quote that is not closed, expected each row on one line; \
         `with_quoted_line_breaks(true)` takes line breaks in quotes"
    );
    let config = config.with_quoted_line_breaks(true);
    let table = read(&config, text).expect("set");
    assert_eq!(texts(&table, "a"), ["one\ntwo\n\n\"three\"", "x", "y"]);
    assert_eq!(finite(&table, "b"), [1.0, 2.0, 3.0]);
    let lines: Vec<u64> = (0..3).map(|row| table.line(row)).collect();
    assert_eq!(lines, [2, 6, 7]);
    assert_eq!(
        message(&config, "a,b\nx,1\n\"y,2\nz,3\n"),
        "line 3: found a quote that is not closed, expected its end before the file's"
    );
    // One open quote must not take the file into memory.
    let endless = format!("a,b\n\"{}", "x\n".repeat(1 << 20));
    assert_eq!(
        message(&config, endless),
        "line 2: found more than 1048576 bytes, expected a row of text"
    );
}

#[test]
fn carriage_returns_end_lines_when_set() {
    let config = TableConfig::default()
        .with_categorical(["a"])
        .with_numeric(["b"]);
    let mac = "a,b\rx,1\ry,2\r";
    let refused = "line 1: found a carriage return without a line feed, expected a line feed at the end of each line; \
                   `with_carriage_returns(true)` takes it as the end of a line";
    assert_eq!(message(&config, mac), refused);
    let long = format!("a,b\r{}", "x,1\r".repeat(1 << 19));
    assert_eq!(message(&config, &long), refused);
    let universal = config.clone().with_carriage_returns(true);
    for text in [mac, "a,b\r\nx,1\ry,2", "\ra,b\n\nx,1\r\r\r\ny,2\n"] {
        let table = read(&universal, text).expect("set");
        assert_eq!(texts(&table, "a"), ["x", "y"], "{text:?}");
    }
    let table = read(&universal, "a,b\rx,1\r\n\ny,2\n").expect("set");
    assert_eq!((table.line(0), table.line(1)), (2, 4));
    assert_eq!(read(&universal, long).expect("set").rows(), 1 << 19);
    // In quotes it is text, and so are those before a line feed, as some programs double them.
    let table = read(&config, "a,b\r\r\n\"x\ry\",1\r\r\n").expect("harmless");
    assert_eq!(texts(&table, "a"), ["x\ry"]);
}

#[test]
fn settings_can_be_kept() {
    let config = numeric()
        .with_missing(true)
        .with_missing_texts(["?"])
        .with_infinite(true)
        .with_decimal_comma(true)
        .with_delimiter(';')
        .with_repeated_names(RepeatedNames::Numbered)
        .with_encoding(TextEncoding::Windows1252)
        .with_quoted_line_breaks(true)
        .with_carriage_returns(true);
    let text = serde_json::to_string(&config).expect("plain data");
    assert!(text.contains(r#""encoding":"windows-1252""#), "{text}");
    assert_eq!(
        serde_json::from_str::<TableConfig>(&text).expect("own text"),
        config
    );

    let encoding = TableEncoderConfig::default()
        .with_missing(MissingNumber::Value(0.5))
        .with_infinite(InfiniteNumber::AsMissing)
        .with_gap_flags(true);
    let text = serde_json::to_string(&encoding).expect("plain data");
    assert_eq!(
        serde_json::from_str::<TableEncoderConfig>(&text).expect("own text"),
        encoding
    );
}
