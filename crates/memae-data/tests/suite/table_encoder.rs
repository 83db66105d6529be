//! Encoders of tables: fitted to some rows, they encode others.

use std::fs;
use std::path::Path;

use memae_data::encode::{
    Logarithm, NumericScale, TableEncoder, TableEncoderConfig, TableEncoderError,
    TablePreprocessing, UnknownCategory,
};
use memae_data::sample::{ColumnKind, Header, RepeatedNames, Table, TableConfig};
use proptest::prelude::*;

/// A table of columns `kind` and `size`.
fn table(rows: &[(&str, f64)]) -> Table {
    let lines = rows.iter().map(|(kind, size)| format!("{kind},{size}\n"));
    read(&["kind", "size"], &lines.collect::<String>())
}

/// A table of a categorical and a numeric column.
fn read(names: &[&str; 2], text: &str) -> Table {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("table.csv");
    fs::write(&path, text).expect("writable");
    TableConfig::default()
        .with_header(Header::Names(names.map(String::from).to_vec()))
        .with_categorical([names[0]])
        .with_numeric([names[1]])
        .read(&path)
        .expect("whole")
}

/// The message without the file's folder, which changes from run to run.
fn message<T: std::fmt::Debug>(result: Result<T, TableEncoderError>) -> String {
    let message = result.expect_err("cannot be encoded").to_string();
    assert!(!message.contains('\n'), "{message}");
    match message.find("table.csv") {
        Some(start) => message[start..].to_string(),
        None => message,
    }
}

/// Sizes as encoded by an encoder that was fitted to the first `fitted` of them.
fn encoded(config: &TableEncoderConfig, sizes: &[f64], fitted: usize) -> Vec<f32> {
    let rows: Vec<(&str, f64)> = sizes.iter().map(|&size| ("a", size)).collect();
    let table = table(&rows);
    let fitted: Vec<usize> = (0..fitted).collect();
    let encoder = config.fit(&table, &fitted).expect("rows");
    let vectors = encoder.encode(&table).expect("known categories");
    (0..vectors.len()).map(|row| vectors.row(row)[1]).collect()
}

#[test]
fn categories_of_the_fitted_rows_are_in_order() {
    let table = table(&[("c", 1.0), ("a", 2.0), ("b", 3.0), ("a", 5.0)]);
    let encoder = TableEncoderConfig::default()
        .fit(&table, &[3, 0])
        .expect("rows");
    assert_eq!(encoder.output_names(), ["kind=a", "kind=c", "size"]);
    let vectors = encoder.encode_rows(&table, &[1, 0, 1]).expect("known");
    assert_eq!(vectors.row(0), [1.0, 0.0, 0.25]);
    assert_eq!(vectors.row(1), [0.0, 1.0, 0.0]);
    assert_eq!(vectors.row(2), vectors.row(0));
    assert!(
        encoder
            .encode_rows(&table, &[])
            .expect("nothing")
            .is_empty()
    );
}

#[test]
fn a_category_that_was_not_fitted_is_an_error_or_zeros() {
    let table = table(&[("b", 1.0), ("a", 2.0), ("c", 3.0), ("a\u{a0}b", 4.0)]);
    let config = TableEncoderConfig::default();
    let encoder = config.fit(&table, &[0, 1]).expect("rows");
    assert_eq!(
        message(encoder.encode(&table)),
        "table.csv: line 3, column 1 (kind): found `c`, expected one of `a`, `b`"
    );
    assert_eq!(
        message(encoder.encode_rows(&table, &[3])),
        "table.csv: line 4, column 1 (kind): found `a\\u{a0}b`, expected one of `a`, `b`"
    );
    assert_eq!(
        encoder.encode_rows(&table, &[1, 0]).expect("known").len(),
        2
    );

    let config = config.with_unknown(UnknownCategory::Zeros);
    let encoder = config.fit(&table, &[0, 1]).expect("rows");
    let vectors = encoder.encode(&table).expect("zeros");
    assert_eq!(vectors.row(2), [0.0, 0.0, 2.0]);
}

#[test]
fn a_given_vocabulary_is_kept_as_it_is() {
    let table = table(&[("b", 1.0), ("a", 2.0), ("z", 3.0)]);
    let config = TableEncoderConfig::default().with_vocabulary("kind", ["b", "x", "a"]);
    let encoder = config.fit(&table, &[1]).expect("rows");
    assert_eq!(
        encoder.output_names(),
        ["kind=b", "kind=x", "kind=a", "size"]
    );
    let vectors = encoder.encode_rows(&table, &[0]).expect("known");
    assert_eq!(vectors.row(0)[..3], [1.0, 0.0, 0.0]);
    assert_eq!(
        message(encoder.encode(&table)),
        "table.csv: line 3, column 1 (kind): found `z`, expected one of `b`, `x`, `a`"
    );
}

#[test]
fn numbers_are_scaled_by_the_fitted_rows() {
    let sizes = [10.0, 30.0, 20.0, 1030.0, 0.0];
    let config = TableEncoderConfig::default();
    assert_eq!(encoded(&config, &sizes, 3), [0.0, 1.0, 0.5, 51.0, -0.5]);
    let clipped = config.clone().with_clip(7.0);
    assert_eq!(encoded(&clipped, &sizes, 3), [0.0, 1.0, 0.5, 7.0, -0.5]);

    // Mean 3, deviation 2 of the population.
    let standard = config.with_scale(NumericScale::Standard);
    let sizes = [1.0, 5.0, 1.0, 5.0, 13.0, -1.0];
    assert_eq!(
        encoded(&standard, &sizes, 4),
        [-1.0, 1.0, -1.0, 1.0, 5.0, -2.0]
    );
}

#[test]
fn logarithms_keep_the_sign() {
    let e = std::f64::consts::E;
    let sizes = [0.0, e - 1.0, 1.0 - e, e * e - 1.0];
    let config = TableEncoderConfig::default().with_log(Logarithm::Always);
    let expected = [0.5, 1.0, 0.0, 1.5];
    for (found, expected) in encoded(&config, &sizes, 3).into_iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
}

#[test]
fn only_columns_with_a_heavy_tail_are_scaled_by_their_logarithm() {
    let config = TableEncoderConfig::default().with_log(Logarithm::HeavyTailed);
    let e = std::f64::consts::E;
    // Half lie within 1.7 of their median, the farthest 145 beyond it.
    let bytes = [0.0, e - 1.0, e * e - 1.0, e.powi(5) - 1.0, e - 1.0];
    let expected = [0.0, 0.2, 0.4, 1.0, 0.2];
    for (found, expected) in encoded(&config, &bytes, 5).into_iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
    assert_eq!(
        encoded(&config, &[-10.0, 0.0, 10.0, 5.0, 2.5], 5),
        [0.0, 0.5, 1.0, 0.75, 0.625]
    );
    // Rows that were not fitted have no say.
    assert_eq!(encoded(&config, &[0.0, 1.0, 2.0, 4096.0], 3)[3], 2048.0);
}

#[test]
fn a_constant_column_is_zero_and_shows_change() {
    // 0.1 is no binary fraction: its mean over three rows need not be 0.1.
    let sizes = [0.1, 0.1, 0.1, 1.1, -0.9, 1e30];
    for scale in [NumericScale::MinMax, NumericScale::Standard] {
        let config = TableEncoderConfig::default().with_scale(scale);
        assert_eq!(encoded(&config, &sizes, 3), [0.0, 0.0, 0.0, 0.5, -0.5, 1.0]);
    }
}

#[test]
fn values_stay_finite_whatever_was_fitted() {
    let tiny = 5e-324;
    let huge = f64::from(f32::MAX);
    for scale in [NumericScale::MinMax, NumericScale::Standard] {
        for log in [Logarithm::Never, Logarithm::HeavyTailed, Logarithm::Always] {
            let config = TableEncoderConfig::default()
                .with_scale(scale)
                .with_log(log);
            let values = encoded(&config, &[0.0, tiny, huge, -huge], 2);
            let limit = TableEncoder::MAX_SIZE as f32;
            assert!(
                values.iter().all(|value| value.abs() <= limit),
                "{values:?}"
            );
            let values = encoded(&config, &[-huge, huge, 0.0], 2);
            assert!(values.iter().all(|value| value.abs() <= 1.0), "{values:?}");
        }
    }
}

#[test]
fn settings_that_do_not_fit_are_errors() {
    let table = table(&[("a", 1.0), ("b", 2.0)]);
    let config = TableEncoderConfig::default();
    assert_eq!(
        message(config.fit(&table, &[])),
        "rows to fit an encoder to: found none, expected at least one"
    );
    for clip in [0.5, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            message(config.clone().with_clip(clip).fit(&table, &[0])),
            format!("clip: found {clip}, expected 1 to 1e15")
        );
    }
    let vocabulary = |column: &str, categories: &[&str]| {
        let config = config
            .clone()
            .with_vocabulary(column, categories.iter().copied());
        message(config.fit(&table, &[0]))
    };
    for column in ["size", "colour"] {
        assert_eq!(
            vocabulary(column, &["a"]),
            format!(
                "vocabulary of `{column}`: found no such categorical column, expected one of `kind`"
            )
        );
    }
    assert_eq!(
        vocabulary("kind", &[]),
        "vocabulary of `kind`: found no categories, expected at least one"
    );
    assert_eq!(
        vocabulary("kind", &["a", "b", "a"]),
        "vocabulary of `kind`: found `a` twice, expected distinct categories"
    );
}

#[test]
fn another_table_is_an_error() {
    let fitted = table(&[("a", 1.0), ("b", 2.0)]);
    let encoder = TableEncoderConfig::default()
        .fit(&fitted, &[0, 1])
        .expect("rows");
    let renamed = read(&["kind", "length"], "a,1\n");
    assert_eq!(
        message(encoder.encode(&renamed)),
        "table.csv: column 2: found `length` (numeric), expected `size` (numeric) as fitted"
    );
    let numeric = |columns: &[usize]| {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("table.csv");
        fs::write(&path, "kind,size\n1,2\n").expect("writable");
        let config = TableConfig::default().with_numeric(columns.iter().copied());
        config.read(&path).expect("whole")
    };
    assert_eq!(
        message(encoder.encode(&numeric(&[1, 2]))),
        "table.csv: column 1: found `kind` (numeric), expected `kind` (categorical) as fitted"
    );
    assert_eq!(
        message(encoder.encode(&numeric(&[2]))),
        "table.csv: found 1 column, expected 2 as fitted"
    );
}

#[test]
fn values_beyond_memory_are_an_error() {
    let text: String = (0..40_000).map(|row| format!("{row},0\n")).collect();
    let table = read(&["kind", "size"], &text);
    let rows: Vec<usize> = (0..table.rows()).collect();
    let encoder = TableEncoderConfig::default()
        .fit(&table, &rows)
        .expect("rows");
    assert_eq!(
        message(encoder.encode(&table)),
        "table.csv: vectors: found 40000 rows of 40001 values, expected at most 1073741824 values"
    );
    assert_eq!(
        encoder
            .encode_rows(&table, &[39_999])
            .expect("one row")
            .width(),
        40_001
    );
}

/// It ends: no column of many is looked for among all the others, neither to read them, nor to fit, nor to encode other tables.
#[test]
fn wide_tables_are_read_and_encoded() {
    const COLUMNS: usize = 100_000;
    let names: Vec<String> = (0..COLUMNS).map(|column| format!("c{column}")).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..12 {
        let fields = (0..COLUMNS).map(|column| ((row + column) % 10).to_string());
        text += &(fields.collect::<Vec<_>>().join(",") + "\n");
    }
    let (categorical, numeric) = names.split_at(COLUMNS / 2);
    let reading = TableConfig::default()
        .with_categorical(categorical.iter().map(String::as_str))
        .with_numeric(numeric.iter().map(String::as_str));
    let path = Path::new("table.csv");
    let table = reading.decode(text.as_bytes(), path).expect("whole");
    for (index, name) in names.iter().enumerate() {
        assert_eq!(table.column(name).expect("read").number, index + 1);
    }
    let vocabularies = categorical
        .iter()
        .fold(TableEncoderConfig::default(), |config, name| {
            config.with_vocabulary(
                name.as_str(),
                ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            )
        });
    let encoder = vocabularies.fit(&table, &[0, 1, 2]).expect("rows");
    let way = TablePreprocessing::new(reading, encoder);
    let other = way.reading.decode(text.as_bytes(), path).expect("whole");
    let vectors = way.encoder.encode_rows(&other, &[11]).expect("known");
    assert_eq!(vectors.width(), COLUMNS / 2 * 11);
    assert_eq!(vectors.row(0)[..3], [0.0, 1.0, 0.0]);
}

#[test]
fn saved_encoders_are_the_same_or_errors() {
    let table = table(&[("a", 0.1), ("b", 0.7), ("é\"", -1.0 / 3.0)]);
    let config = TableEncoderConfig::default()
        .with_scale(NumericScale::Standard)
        .with_log(Logarithm::Always)
        .with_clip(4.3);
    let encoder = config.fit(&table, &[0, 1, 2]).expect("rows");
    let text = serde_json::to_string(&encoder).expect("plain data");
    let read: TableEncoder = serde_json::from_str(&text).expect("own text");
    assert_eq!(read, encoder);
    assert_eq!(
        read.encode(&table).expect("known"),
        encoder.encode(&table).expect("known")
    );

    let message = |damaged: &str| {
        let error = serde_json::from_str::<TableEncoder>(damaged).expect_err("damaged");
        error.to_string()
    };
    let text = r#"{"columns": [{"name": "size", "encoding": {"numeric": {"log": false, "offset": "0", "spread": "1"}}},
                  {"name": "kind", "encoding": {"categorical": ["a", "b"]}}], "limit": "9", "unknown": "error"}"#
        .replace('\n', " ");
    serde_json::from_str::<TableEncoder>(&text).expect("whole");
    for (part, damage, expected) in [
        (
            r#""spread": "1""#,
            r#""spread": "-1""#,
            "saved encoder: `size`: found a spread of -1, expected at least 0",
        ),
        (
            r#""spread": "1""#,
            r#""spread": "NaN""#,
            "found \"NaN\", expected a finite number as text",
        ),
        (
            r#"["a", "b"]"#,
            r#"[]"#,
            "vocabulary of `kind`: found no categories, expected at least one",
        ),
        (
            r#"["a", "b"]"#,
            r#"["a", "a"]"#,
            "vocabulary of `kind`: found `a` twice, expected distinct categories",
        ),
        (
            r#""limit": "9""#,
            r#""limit": "0""#,
            "clip: found 0, expected 1 to 1e15",
        ),
    ] {
        let message = message(&text.replace(part, damage));
        assert!(message.starts_with(expected), "{message}");
    }
    let message = message(r#"{"columns": [], "limit": "9", "unknown": "error"}"#);
    assert!(
        message.starts_with("saved encoder: found no columns, expected at least one"),
        "{message}"
    );
}

#[test]
fn settings_survive_serialisation() {
    let config = TableEncoderConfig::default()
        .with_scale(NumericScale::Standard)
        .with_log(Logarithm::Always)
        .with_clip(5.0)
        .with_unknown(UnknownCategory::Zeros)
        .with_vocabulary("kind", ["a"]);
    let text = serde_json::to_string(&config).expect("plain data");
    let read: TableEncoderConfig = serde_json::from_str(&text).expect("own text");
    assert_eq!(read, config);
    let short: TableEncoderConfig = serde_json::from_str("{}").expect("defaults");
    assert_eq!(short, TableEncoderConfig::default());
}

proptest! {
    #[test]
    fn fitted_rows_are_within_range_and_one_hot(
        rows in proptest::collection::vec(("[a-e]", -1e9..1e9f64), 1..31),
        log in prop::sample::select(vec![Logarithm::Never, Logarithm::HeavyTailed, Logarithm::Always]),
    ) {
        let rows: Vec<(&str, f64)> = rows.iter().map(|(kind, size)| (kind.as_str(), *size)).collect();
        let table = table(&rows);
        let fitted: Vec<usize> = (0..rows.len()).collect();
        let encoder = TableEncoderConfig::default().with_log(log).fit(&table, &fitted).expect("rows");
        let names = encoder.output_names();
        prop_assert_eq!(names.len(), encoder.width());
        let vectors = encoder.encode(&table).expect("known categories");
        prop_assert_eq!((vectors.len(), vectors.width()), (rows.len(), encoder.width()));
        for (row, (kind, _)) in rows.iter().enumerate() {
            let (size, kinds) = vectors.row(row).split_last().expect("not empty");
            prop_assert!((0.0..=1.0).contains(size));
            prop_assert_eq!(kinds.iter().sum::<f32>(), 1.0);
            let index = kinds.iter().position(|&value| value == 1.0).expect("sums to 1");
            prop_assert_eq!(&names[index], &format!("kind={kind}"));
        }
        // Encoding keeps the order of numbers.
        for (first, second) in (0..rows.len()).zip(1..rows.len()) {
            let size = |row: usize| vectors.row(row)[encoder.width() - 1];
            if rows[first].1 <= rows[second].1 {
                prop_assert!(size(first) <= size(second));
            }
        }
    }

    #[test]
    fn rows_that_were_not_fitted_change_nothing(
        sizes in proptest::collection::vec(-1e6..1e6f64, 2..23),
        others in proptest::collection::vec(-1e6..1e6f64, 1..7),
    ) {
        let config = TableEncoderConfig::default().with_scale(NumericScale::Standard);
        let alone = encoded(&config, &sizes, sizes.len());
        let all = [sizes.clone(), others].concat();
        prop_assert_eq!(&encoded(&config, &all, sizes.len())[..sizes.len()], &alone[..]);
        let mean = alone.iter().map(|&value| f64::from(value)).sum::<f64>() / alone.len() as f64;
        prop_assert!(mean.abs() < 1e-5);
    }
}

/// What a detector keeps of the settings that its training table was read with.
#[test]
fn tables_without_labels_go_the_way_of_those_with_them() {
    let decode = |config: &TableConfig, text: &str| {
        let read = config.decode(text.as_bytes(), std::path::Path::new("table.csv"));
        read.unwrap_or_else(|error| panic!("{config:?}: {error}"))
    };
    let trained = "id,kind,size,class\n1,a,1,ok\n2,b,3,ok\n";
    let bare = "kind,size\na,2\n";
    let turned = "class,note,kind,size\nok,x,a,2\n";
    let base = TableConfig::default().with_max_bytes(500);
    let by_name = base.clone().with_ignored(["id"]).with_label("class");
    let by_number = base.with_ignored([1usize]).with_label(4usize);
    let numbered = by_number
        .clone()
        .with_repeated_names(RepeatedNames::Numbered);
    let known = |config: &TableConfig| {
        config
            .clone()
            .with_categorical(["kind"])
            .with_numeric(["size"])
    };
    let others = |config: &TableConfig| {
        let config = config.clone().with_categorical(["kind"]);
        config.with_others(ColumnKind::Numeric)
    };
    for (reading, is_free) in [
        (known(&by_name), true),
        (known(&by_number), true),
        (others(&by_name), true),
        (others(&numbered), true),
        // The name of a column that is known by its number may be that of one that is read.
        (others(&by_number), false),
    ] {
        let table = decode(&reading, trained);
        let encoder = TableEncoderConfig::default()
            .fit(&table, &[0, 1])
            .expect("rows");
        let preprocessing = TablePreprocessing::new(reading.clone(), encoder.clone());
        assert_eq!(
            preprocessing.reading.max_bytes,
            TableConfig::default().max_bytes
        );
        let saved = serde_json::to_string(&preprocessing).expect("JSON");
        assert_eq!(
            serde_json::from_str::<TablePreprocessing>(&saved).expect("JSON"),
            preprocessing
        );
        // As files held it that were written before.
        let old = serde_json::json!({ "reading": reading, "encoder": encoder });
        let old: TablePreprocessing = serde_json::from_value(old).expect("settings");
        assert_eq!(old, preprocessing);

        let texts = [trained, bare, turned];
        for text in &texts[..if is_free { 3 } else { 1 }] {
            let table = decode(&preprocessing.reading, text);
            let vectors = preprocessing
                .encoder
                .encode(&table)
                .expect("the same columns");
            assert_eq!(vectors.row(0)[..2], [1.0, 0.0], "{text}");
        }
        // Names are still asked for.
        let rows = preprocessing
            .reading
            .decode(&b"a,2\nb,3\n"[..], std::path::Path::new("rows.csv"));
        assert!(rows.is_err());
    }
}

/// Names that are numbers tell by those of other columns that they are names.
#[test]
fn names_that_are_numbers_stay_names_without_labels() {
    let reading = TableConfig::default()
        .with_numeric(["1", "2"])
        .with_label("class");
    let path = std::path::Path::new("table.csv");
    let table = reading
        .decode(&b"1,2,class\n5,6,ok\n7,8,ok\n"[..], path)
        .expect("whole");
    let encoder = TableEncoderConfig::default()
        .fit(&table, &[0, 1])
        .expect("rows");
    let preprocessing = TablePreprocessing::new(reading, encoder);
    let table = preprocessing
        .reading
        .decode(&b"1,2\n6,8\n"[..], path)
        .expect("whole");
    assert_eq!(
        preprocessing
            .encoder
            .encode(&table)
            .expect("the same columns")
            .row(0),
        [0.5, 1.0]
    );
}
