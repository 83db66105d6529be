//! Tables as people have them: gaps, infinite numbers, equal names, other encodings and line ends, each refused with the
//! setting that takes it, and read with that.

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
    // Names given by the program too.
    let config = config.with_header(Header::Names(vec!["a".into(), "a".into(), "a.1".into()]));
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

/// One column of these numbers.
fn column(values: &[Option<f64>]) -> Table {
    let column = InputColumn::optional_numbers("size", values.iter().copied());
    Table::from_columns("sensor", [column]).expect("a column")
}

fn encoded(encoder: &TableEncoder, table: &Table) -> Vec<f32> {
    encoder.encode(table).expect("filled").values().to_vec()
}

#[test]
fn gaps_are_filled_by_what_the_fitted_rows_teach_and_a_saved_encoder_fills_the_same() {
    let infinity = f64::INFINITY;
    let fitted = column(&[Some(0.0), None, Some(10.0), Some(2.0), Some(infinity)]);
    let fresh = column(&[
        None,
        Some(f64::NAN),
        Some(infinity),
        Some(-infinity),
        Some(5.0),
    ]);
    let rows = [0, 1, 2, 3, 4];
    let config = TableEncoderConfig::default();
    for (config, expected) in [
        (
            config
                .clone()
                .with_missing(MissingNumber::Median)
                .with_infinite(InfiniteNumber::AsMissing),
            vec![0.2, 0.2, 0.2, 0.2, 0.5],
        ),
        (
            config
                .clone()
                .with_missing(MissingNumber::Mean)
                .with_infinite(InfiniteNumber::Extreme),
            vec![0.4, 0.4, 1.0, 0.0, 0.5],
        ),
        // Rows that are fitted on count with what fills them: the range is 0 to 20 here.
        (
            config
                .clone()
                .with_missing(MissingNumber::Value(20.0))
                .with_infinite(InfiniteNumber::Extreme),
            vec![1.0, 1.0, 0.5, 0.0, 0.25],
        ),
        (
            config
                .clone()
                .with_missing(MissingNumber::Median)
                .with_infinite(InfiniteNumber::AsMissing)
                .with_gap_flags(true),
            vec![0.2, 1.0, 0.2, 1.0, 0.2, 1.0, 0.2, 1.0, 0.5, 0.0],
        ),
    ] {
        let encoder = config.fit(&fitted, &rows).expect("filled");
        assert_eq!(encoded(&encoder, &fresh), expected, "{config:?}");
        let text = serde_json::to_string(&encoder).expect("plain data");
        let saved: TableEncoder = serde_json::from_str(&text).expect("own text");
        assert_eq!(saved, encoder);
        assert_eq!(encoded(&saved, &fresh), expected);
        assert_eq!(saved.missing_numbers().len(), 1);
    }
    let flagged = config
        .clone()
        .with_missing(MissingNumber::Median)
        .with_infinite(InfiniteNumber::Extreme)
        .with_gap_flags(true)
        .fit(&fitted, &[0, 2, 3])
        .expect("no gaps");
    assert_eq!(flagged.output_names(), ["size", "size=missing"]);
    assert_eq!(flagged.missing_numbers(), [("size", 2.0)]);
    // The median of an even number lies between the two in the middle.
    let even = config.clone().with_missing(MissingNumber::Median);
    let even = even.fit(
        &column(&[Some(1.0), Some(9.0), Some(4.0), Some(2.0)]),
        &[0, 1, 2, 3],
    );
    assert_eq!(even.expect("numbers").missing_numbers(), [("size", 3.0)]);
    // Without gaps nothing changes, and nothing more is saved.
    let plain = config.fit(&fitted, &[0, 2, 3]).expect("no gaps");
    let text = serde_json::to_string(&plain).expect("plain data");
    assert!(!text.contains("fills") && !text.contains("flag"), "{text}");
}

#[test]
fn gaps_that_cannot_be_filled_are_errors() {
    let gaps = column(&[None, Some(f64::INFINITY), Some(1.0)]);
    let config = TableEncoderConfig::default();
    let message = |config: &TableEncoderConfig, rows: &[usize]| {
        config
            .fit(&gaps, rows)
            .expect_err("cannot be filled")
            .to_string()
    };
    let no_numbers = "`size`: found no finite number in the rows fitted on, expected at least one; \
                      `with_missing(MissingNumber::Value(0.0))` needs none, nor does a column that is ignored";
    for config in [
        config.clone().with_missing(MissingNumber::Median),
        config.clone().with_missing(MissingNumber::Mean),
        config.clone().with_infinite(InfiniteNumber::Extreme),
    ] {
        assert_eq!(message(&config, &[0, 1]), no_numbers);
    }
    assert_eq!(
        message(
            &config.clone().with_infinite(InfiniteNumber::AsMissing),
            &[2]
        ),
        "infinite numbers as missing ones: found no value for these, expected one set by `with_missing`"
    );
    for value in [f64::NAN, f64::INFINITY, -1e39] {
        assert_eq!(
            message(
                &config.clone().with_missing(MissingNumber::Value(value)),
                &[2]
            ),
            format!(
                "value of missing numbers: found {value}, expected a finite number, at most 3.4e38 in size"
            )
        );
    }
    let value = config.clone().with_missing(MissingNumber::Value(7.0));
    let encoder = value.fit(&gaps, &[0]).expect("needs no number");
    assert_eq!(
        encoder.encode_rows(&gaps, &[0]).expect("filled").values(),
        [0.0]
    );

    let encoder = config.fit(&gaps, &[2]).expect("no gaps");
    assert_eq!(
        encoder.encode(&gaps).expect_err("gaps").to_string(),
        "sensor: row 1, column 1 (size): found a missing number, expected a number; \
         `with_missing` says what a missing one becomes"
    );
    let saved = r#"{"columns": [{"name": "size", "encoding": {"numeric": {"log": false, "offset": "0", "spread": "0",
                   "fills": {"missing": "1e39"}}}}], "limit": "9", "unknown": "error"}"#;
    let error = serde_json::from_str::<TableEncoder>(saved).expect_err("too large");
    assert!(
        error.to_string().starts_with(
            "`size`: found 1000000000000000000000000000000000000000 to fill gaps with"
        ),
        "{error}"
    );
}

#[test]
fn columns_of_a_program_make_the_table_that_a_file_makes() {
    let text = "kind,size,class\na,1,x\nb,-2.5,y\na,300,x\n";
    let config = TableConfig::default()
        .with_categorical(["kind"])
        .with_numeric(["size"])
        .with_label("class");
    let of_file = read(&config, text).expect("whole");
    let table = Table::from_columns(
        "query",
        [
            InputColumn::texts("kind", ["a", "b", "a"]),
            InputColumn::numbers("size", [1.0, -2.5, 300.0]),
            InputColumn::labels(
                "class",
                vec!["x".to_string(), "y".to_string(), "x".to_string()],
            ),
        ],
    )
    .expect("columns");
    assert_eq!(table.columns(), of_file.columns());
    assert_eq!(table.labels(), of_file.labels());
    assert_eq!((table.path(), table.line(2)), (Path::new("query"), 3));
    let encoder = TableEncoderConfig::default()
        .fit(&of_file, &[0, 1, 2])
        .expect("rows");
    assert_eq!(
        encoder.encode(&table).expect("known"),
        encoder.encode(&of_file).expect("known")
    );
}

#[test]
fn columns_that_make_no_table_are_errors() {
    let size = || InputColumn::numbers("size", [1.0, 2.0]);
    let refused = "expected a finite number, at most 3.4e38 in size; \
                   `InputColumn::optional_numbers` takes missing and infinite ones";
    for (columns, expected) in [
        (
            vec![],
            "columns: found none that is numeric or categorical, expected at least one".to_string(),
        ),
        (
            vec![InputColumn::labels("class", ["x"])],
            "columns: found none that is numeric or categorical, expected at least one".to_string(),
        ),
        (
            vec![InputColumn::numbers("size", [])],
            "rows: found none, expected at least one".to_string(),
        ),
        (
            vec![size(), InputColumn::texts("kind", ["a"])],
            "column 2 (kind): found 1 rows, expected 2 as in the first column".to_string(),
        ),
        (
            vec![size(), size()],
            "columns 1 and 2: found the name `size` twice, expected distinct names".to_string(),
        ),
        (
            vec![
                size(),
                InputColumn::labels("a", ["x", "y"]),
                InputColumn::labels("b", ["x", "y"]),
            ],
            "labels: found 2 columns, expected at most one".to_string(),
        ),
        (
            vec![InputColumn::numbers("size", [1.0, f64::NAN])],
            format!("row 2, column 1 (size): found NaN, {refused}"),
        ),
        (
            vec![size(), InputColumn::numbers("load", [-1e39, 0.0])],
            format!(
                "row 1, column 2 (load): found -infinity, or a number below -3.4e38, {refused}"
            ),
        ),
    ] {
        let error = Table::from_columns("query", columns).expect_err("no table");
        assert_eq!(error.to_string(), format!("query: {expected}"));
    }
}

proptest! {
    /// Whatever gaps there are, wherever they are, no value is NaN or infinite, and rows without gaps are as without them.
    #[test]
    fn filled_vectors_are_finite(
        values in proptest::collection::vec(
            prop_oneof![Just(None), Just(Some(f64::INFINITY)), Just(Some(f64::NEG_INFINITY)), (-1e9..1e9f64).prop_map(Some)],
            1..29,
        ),
        standard: bool, log: bool, flags: bool, extreme: bool,
    ) {
        let table = column(&values);
        let fitted = table.rows_without_gaps();
        prop_assume!(!fitted.is_empty());
        let config = TableEncoderConfig::default()
            .with_scale(if standard { NumericScale::Standard } else { NumericScale::MinMax })
            .with_log(log)
            .with_gap_flags(flags)
            .with_missing(MissingNumber::Median)
            .with_infinite(if extreme { InfiniteNumber::Extreme } else { InfiniteNumber::AsMissing });
        let vectors = config.fit(&table, &fitted).expect("numbers").encode(&table).expect("filled");
        prop_assert!(vectors.values().iter().all(|value| value.is_finite()));
        let plain = config.with_missing(MissingNumber::Error).with_infinite(InfiniteNumber::Error);
        let plain = plain.fit(&table, &fitted).expect("no gaps").encode_rows(&table, &fitted).expect("no gaps");
        for (index, &row) in fitted.iter().enumerate() {
            prop_assert_eq!(vectors.row(row), plain.row(index));
        }
        for row in (0..table.rows()).filter(|row| !fitted.contains(row)) {
            prop_assert!(!flags || vectors.row(row)[1] == 1.0);
        }
    }

    #[test]
    fn no_file_makes_the_reader_panic(
        bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b'\r'), Just(b'\n'), Just(b',')], 0..200),
        breaks: bool, returns: bool, encoding in 0..4usize,
    ) {
        use TextEncoding::{Utf16, Utf8, Utf8Lossy, Windows1252};
        let config = categorical()
            .with_header(Header::Absent)
            .with_quoted_line_breaks(breaks)
            .with_carriage_returns(returns)
            .with_encoding([Utf8, Utf8Lossy, Windows1252, Utf16][encoding]);
        let _ = read(&config, &bytes);
        let _ = read(&numeric().with_missing(true).with_infinite(true).with_repeated_names(RepeatedNames::Numbered), bytes);
    }
}
