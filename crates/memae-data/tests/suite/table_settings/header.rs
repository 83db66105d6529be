//! A first line that may hold names or numbers.

use super::*;

/// What the header is taken for, by the number of rows or the message.
fn rows(config: &TableConfig, bytes: &str) -> Result<usize, String> {
    read(config, bytes).map(|table| table.rows())
}

fn refused(line: u64, column: usize, found: &str) -> Result<usize, String> {
    Err(format!(
        "line {line}, column {column}: found the number `{found}`, expected the name of a column; \
         `with_header(Header::Absent)` takes the first line as a row, \
         `with_header(Header::FirstLine)` as names whatever they are"
    ))
}

#[test]
fn a_first_line_of_numbers_is_no_header_unless_it_is_said_to_be() {
    let comma = || numeric().with_delimiter(';').with_decimal_comma(true);
    for (config, first, second, refused) in [
        (numeric(), "1,2", "3,4", refused(1, 1, "1")),
        (numeric(), "1", "3", refused(1, 1, "1")),
        (categorical(), "1,2", "3,4", refused(1, 1, "1")),
        (numeric(), "-1e3, +.5", "3,4", refused(1, 1, "-1e3")),
        (comma(), "1,5;2", "3;4", refused(1, 1, "1,5")),
        // Two fields of one value are no name that is there twice.
        (numeric(), "1,1", "3,4", refused(1, 1, "1")),
        (
            numeric().with_infinite(true),
            "inf,2",
            "3,4",
            refused(1, 1, "inf"),
        ),
        // What stands for a missing number makes no name of a row.
        (numeric(), "NaN,2", "3,4", refused(1, 2, "2")),
        (
            numeric().with_missing(true),
            ",2",
            "3,4",
            refused(1, 2, "2"),
        ),
        (
            numeric().with_missing(true).with_missing_texts(["?"]),
            "?,2",
            "3,4",
            refused(1, 2, "2"),
        ),
        // Labels and categories at the end of a row of numbers.
        (
            numeric().with_label(3),
            "5.1,3.5,setosa",
            "4.9,3,setosa",
            refused(1, 1, "5.1"),
        ),
        (
            numeric().with_categorical([1]),
            "tcp,3.5,1.4",
            "udp,3,1.4",
            refused(1, 2, "3.5"),
        ),
    ] {
        let text = format!("{first}\n{second}\n");
        assert_eq!(rows(&config, &text), refused, "{text:?}");
        let absent = config.clone().with_header(Header::Absent);
        let config = config.with_header(Header::FirstLine);
        if !first.starts_with(['i', 'N']) {
            assert_eq!(rows(&absent, &text), Ok(2), "{text:?}");
        }
        if first != "1,1" {
            assert_eq!(rows(&config, &text), Ok(1), "{text:?}");
        }
    }
    assert_eq!(rows(&numeric(), "\n\n7\n8\n"), refused(3, 1, "7"));
}

#[test]
fn names_that_are_no_row_of_numbers_are_names() {
    for (config, text) in [
        (numeric(), "a,2\n3,4\n"),
        (numeric(), "1 kHz,2 kHz\n3,4\n"),
        (numeric(), "#1,#2\n3,4\n"),
        (numeric(), "NaN,NA\n3,4\n"),
        // The column of an index has no name.
        (numeric(), ",0,1\n3,4,5\n"),
        (categorical(), ",\n3,4\n"),
        // A name that was asked for is there.
        (
            numeric().with_categorical(["land"]),
            "land,2019,2020\nUS,3,4\n",
        ),
        (numeric().with_label(" land "), "land,2019,2020\nUS,3,4\n"),
        (numeric().with_ignored(["land"]), "land,2019,2020\nUS,3,4\n"),
    ] {
        assert_eq!(
            rows(&config.with_repeated_names(RepeatedNames::Numbered), text),
            Ok(1),
            "{text:?}"
        );
    }
    // Numbers may be asked for by name, but may stand in a row as well.
    let years = TableConfig::default().with_numeric(["2019", "2020"]);
    assert_eq!(rows(&years, "2019,2020\n3,4\n"), refused(1, 1, "2019"));
    let years = years.with_header(Header::FirstLine);
    let table = read(&years, "2019,2020\n3,4\n").expect("names");
    assert_eq!(finite(&table, "2020"), [4.0]);
}

#[test]
fn settings_name_the_header_as_before() {
    let header = |text: &str| serde_json::from_str::<Header>(text).expect(text);
    assert_eq!(header("\"first-line\""), Header::FirstLine);
    assert_eq!(header("\"absent\""), Header::Absent);
    assert_eq!(
        header("{\"names\":[\"a\"]}"),
        Header::Names(vec!["a".to_string()])
    );
    assert_eq!(header("\"checked\""), Header::default());
    let config: TableConfig = serde_json::from_str("{}").expect("all are default");
    assert_eq!(config.header, Header::Checked);
}

#[test]
fn separators_between_thousands_are_named() {
    const DECIMAL: &str = "`with_decimal_comma(true)` takes a decimal comma; ";
    for (text, decimal) in [
        ("1,234", DECIMAL),
        ("-12,345", DECIMAL),
        ("1,234,567", ""),
        ("1,234.5", ""),
    ] {
        let found = message(&numeric(), format!("a\n\"{text}\"\n"));
        let expected = format!(
            "line 2, column 1 (a): found `{text}`, expected a number; {decimal}separators between thousands are not read"
        );
        assert_eq!(found, expected);
    }
    let comma = numeric().with_decimal_comma(true);
    assert_eq!(
        finite(&read(&comma, "a\n\"1,234\"\n").expect("set"), "a"),
        [1.234]
    );
    assert_eq!(
        message(&comma, "a\n\"1,234,567\"\n"),
        "line 2, column 1 (a): found `1,234,567`, expected a number; separators between thousands are not read"
    );
    for text in ["1,23", "1234,567", ",123", "1,,234", "a,123"] {
        let found = message(&numeric(), format!("a\n\"{text}\"\n"));
        assert!(!found.contains("thousands"), "{found}");
    }
}
