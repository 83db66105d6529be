//! The one-class protocol for tables keeps its word on every division.

use std::collections::BTreeSet;
use std::fs;

use memae_data::encode::TableEncoderConfig;
use memae_data::protocol::{NormalLabels, ProtocolError, TableOneClass, TableOneClassConfig};
use memae_data::sample::{Table, TableConfig};
use proptest::prelude::*;

/// A table whose rows have these labels and their index as number.
fn table(labels: &[&str]) -> Table {
    read(labels, &TableConfig::default().with_label("class"))
}

fn read(labels: &[&str], config: &TableConfig) -> Table {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("table.csv");
    let rows = labels.iter().enumerate();
    let rows: String = rows
        .map(|(row, label)| format!("{row},{label}\n"))
        .collect();
    fs::write(&path, format!("size,class\n{rows}")).expect("writable");
    let config = config.clone().with_numeric(["size"]);
    config.read(&path).expect("whole")
}

fn message(result: Result<TableOneClass, ProtocolError>) -> String {
    let message = result.expect_err("cannot be divided").to_string();
    assert!(!message.contains('\n'), "{message}");
    message
}

/// `count` rows of each of `good`, `fair` and `bad`, in turn.
fn balanced(count: usize) -> Table {
    table(&["good", "fair", "bad"].repeat(count))
}

#[test]
fn half_of_the_rows_are_tested() {
    let table = balanced(101);
    let split = TableOneClassConfig::only(["good"])
        .apply(&table)
        .expect("both kinds");
    assert_eq!(split.test.len(), 151);
    assert_eq!(
        (split.normal() + split.train.len(), split.anomalies() > 0),
        (101, true)
    );

    let wide = TableOneClassConfig::only(["good"]).with_train_share(0.9);
    assert_eq!(wide.apply(&table).expect("both kinds").test.len(), 30);
}

#[test]
fn labels_are_named_either_way() {
    let table = balanced(50);
    let only = TableOneClassConfig::only(["good", "fair"]).with_seed(5);
    let all_but = TableOneClassConfig::all_but(["bad"]).with_seed(5);
    assert_eq!(only.apply(&table), all_but.apply(&table));
}

#[test]
fn seeds_choose_rows() {
    let table = balanced(50);
    let split = |seed| {
        let config = TableOneClassConfig::only(["good"]).with_seed(seed);
        config.apply(&table).expect("both kinds")
    };
    assert_eq!(split(1), split(1));
    assert_ne!(split(1).train, split(2).train);
    assert_ne!(split(1).test, split(2).test);
}

#[test]
fn the_encoder_sees_only_rows_to_train_on() {
    let table = balanced(20);
    let split = TableOneClassConfig::only(["good"])
        .apply(&table)
        .expect("both kinds");
    let data = split
        .encode(&table, &TableEncoderConfig::default())
        .expect("numbers");
    assert_eq!(data.train.len(), split.train.len());
    assert_eq!(data.test.len(), split.test.len());
    let (first, last) = (
        split.train[0] as f32,
        *split.train.last().expect("not empty") as f32,
    );
    for (vectors, rows) in [(&data.train, &split.train), (&data.test, &split.test)] {
        for (index, &row) in rows.iter().enumerate() {
            let expected = (row as f32 - first) / (last - first);
            assert!((vectors.row(index)[0] - expected).abs() < 1e-6);
        }
    }
}

#[test]
fn data_that_cannot_be_divided_is_an_error() {
    let table = balanced(3);
    for share in [0.0, 1.0, f64::NAN] {
        let config = TableOneClassConfig::only(["good"]).with_train_share(share);
        assert_eq!(
            message(config.apply(&table)),
            format!(
                "training share: found {share}, expected a number between 0 and 1, both excluded"
            )
        );
    }
    for config in [
        TableOneClassConfig::only(["good", "ugly"]),
        TableOneClassConfig::all_but(["ugly"]),
    ] {
        assert_eq!(
            message(config.apply(&table)),
            "label `ugly`: not in the table, expected one of `good`, `fair`, `bad`"
        );
    }
    let unlabelled = read(&["good", "bad"], &TableConfig::default());
    assert_eq!(
        message(TableOneClassConfig::only(["good"]).apply(&unlabelled)),
        "labels: found none, expected a table with a column of labels"
    );
    assert_eq!(
        message(TableOneClassConfig::all_but(["good", "fair", "bad"]).apply(&table)),
        "training rows: found 5 and none of them normal, expected at least one"
    );
    assert_eq!(
        message(TableOneClassConfig::only(["good", "fair", "bad"]).apply(&table)),
        "test rows: found 4 normal and 0 anomalous, expected some of both"
    );
}

/// It is missed among the rows to train on or among those to test.
#[test]
fn one_normal_row_is_too_few() {
    let table = table(&["good", "bad", "bad", "bad"]);
    let messages = (0..20).map(|seed| {
        let config = TableOneClassConfig::only(["good"]).with_seed(seed);
        message(config.apply(&table))
    });
    let kinds: BTreeSet<String> = messages.collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        [
            "test rows: found 0 normal and 2 anomalous, expected some of both",
            "training rows: found 2 and none of them normal, expected at least one",
        ]
    );
}

#[test]
fn settings_survive_serialisation() {
    let config = TableOneClassConfig::kddcup99()
        .with_train_share(0.7)
        .with_seed(3);
    assert_eq!(
        config.normal,
        NormalLabels::AllBut(vec!["normal.".to_string()])
    );
    let text = serde_json::to_string(&config).expect("plain data");
    let read: TableOneClassConfig = serde_json::from_str(&text).expect("own text");
    assert_eq!(read, config);
    let short: TableOneClassConfig =
        serde_json::from_str(r#"{"normal": {"only": ["good"]}}"#).expect("defaults");
    assert_eq!(short, TableOneClassConfig::only(["good"]));
}

/// The rows of a seed are a promise across platforms and releases.
#[test]
fn rows_are_pinned() {
    let split = TableOneClassConfig::only(["good"])
        .with_seed(7)
        .apply(&balanced(4));
    let split = split.expect("both kinds");
    assert_eq!(split.train, [3, 6, 9]);
    assert_eq!(split.test, [0, 4, 5, 7, 8, 11]);
}

proptest! {
    #[test]
    fn every_division_is_sound(
        labels in proptest::collection::vec("[a-c]", 1..47),
        train_share in 0.01..0.99,
        seed: u64,
    ) {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let config = TableOneClassConfig::all_but(["a"]).with_train_share(train_share).with_seed(seed);
        let Ok(split) = config.apply(&table(&labels)) else {
            return Ok(());
        };
        prop_assert!(split.train.is_sorted() && split.test.is_sorted());
        prop_assert!(split.train.iter().all(|&row| labels[row] != "a"));
        prop_assert!(split.train.iter().all(|row| !split.test.contains(row)));
        let drawn = (labels.len() as f64 * train_share).round() as usize;
        prop_assert_eq!(split.test.len(), labels.len() - drawn);
        prop_assert_eq!(split.anomalous.len(), split.test.len());
        for (&row, &anomalous) in split.test.iter().zip(&split.anomalous) {
            prop_assert_eq!(labels[row] == "a", anomalous);
        }
        // Every normal row is trained on or tested.
        let normal = labels.iter().filter(|&&label| label != "a").count();
        prop_assert_eq!(split.train.len() + split.normal(), normal);
        prop_assert!(split.normal() > 0 && split.anomalies() > 0 && !split.train.is_empty());
    }
}
