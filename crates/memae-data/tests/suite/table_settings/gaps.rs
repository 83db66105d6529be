//! What missing and infinite numbers become.

use memae_data::encode::Logarithm;

use super::*;

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
    let no_numbers = "sensor: `size`: found no finite number in the rows fitted on, expected at least one; \
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

proptest! {
    /// Whatever gaps there are, wherever they are, no value is NaN or infinite, and rows without gaps are as without them.
    #[test]
    fn filled_vectors_are_finite(
        values in proptest::collection::vec(
            prop_oneof![Just(None), Just(Some(f64::INFINITY)), Just(Some(f64::NEG_INFINITY)), (-1e9..1e9f64).prop_map(Some)],
            1..29,
        ),
        standard: bool, log in any::<bool>(), flags: bool, extreme: bool,
    ) {
        let table = column(&values);
        let fitted = table.rows_without_gaps();
        prop_assume!(!fitted.is_empty());
        let config = TableEncoderConfig::default()
            .with_scale(if standard { NumericScale::Standard } else { NumericScale::MinMax })
            .with_log(if log { Logarithm::Always } else { Logarithm::HeavyTailed })
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
