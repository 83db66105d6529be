//! KDDCUP99: the real file where it is at hand, and everything that can be wrong with one.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use memae_data::dataset::Kddcup99;
use memae_data::encode::{Logarithm, NumericScale, TableEncoderConfig};
use memae_data::protocol::TableOneClassConfig;
use memae_data::sample::ColumnValues;

/// A row of the file.
const NORMAL: &str = "0,tcp,http,SF,181,5450,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,8,8,0.00,0.00,0.00,0.00,1.00,0.00,0.00,\
                      9,9,1.00,0.00,0.11,0.00,0.00,0.00,0.00,0.00,normal.";
const ATTACK: &str = "0,icmp,ecr_i,SF,1032,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,511,511,0.00,0.00,0.00,0.00,1.00,0.00,\
                      0.00,255,255,1.00,0.00,1.00,0.00,0.00,0.00,0.00,0.00,smurf.";

/// The real file, if it is there.
fn real() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/kddcup99/kddcup.data_10_percent.gz");
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

/// What a file of these rows is read as.
fn read(rows: &[String]) -> Result<Kddcup99, String> {
    read_bytes((rows.join("\n") + "\n").as_bytes())
}

/// What a file of these bytes is read as; an error without the folder's name, which changes from run to run.
fn read_bytes(bytes: &[u8]) -> Result<Kddcup99, String> {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::write(folder.path().join("kdd"), bytes).expect("writable");
    Kddcup99::from_file(folder.path().join("kdd")).map_err(|error| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        let folder = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
        message.replace(&folder, "")
    })
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// A normal row and an attack, whose field of this number, counted from 0, is another.
fn with_field(field: usize, value: &str) -> Vec<String> {
    let mut fields: Vec<&str> = ATTACK.split(',').collect();
    fields[field] = value;
    vec![NORMAL.to_string(), fields.join(",")]
}

fn message(rows: &[String]) -> String {
    read(rows).expect_err("damaged")
}

fn encoder() -> TableEncoderConfig {
    TableEncoderConfig::default().with_vocabularies(Kddcup99::VOCABULARIES)
}

#[test]
fn attacks_are_the_normal_class_of_the_protocol() {
    let attacks = TableOneClassConfig::all_but([Kddcup99::NORMAL]);
    assert_eq!(TableOneClassConfig::kddcup99(), attacks);
}

#[test]
fn the_real_file_is_what_the_literature_says() {
    let Some(path) = real() else {
        return;
    };
    let start = Instant::now();
    let kdd = Kddcup99::from_file(&path).expect("whole");
    println!("read in {:.2?}", start.elapsed());
    assert_eq!((kdd.table.rows(), kdd.table.columns().len()), (494_021, 40));
    assert_eq!(kdd.table.line(494_020), 494_021);
    let columns = kdd.table.columns().iter();
    let numeric = columns.filter(|column| matches!(column.values, ColumnValues::Numeric(_)));
    assert_eq!(numeric.count(), 34);
    let labels = kdd.table.labels().expect("labelled");
    let of_normal: usize = std::iter::zip(labels.names(), labels.counts())
        .filter_map(|(name, count)| (name == Kddcup99::NORMAL).then_some(count))
        .sum();
    assert_eq!(labels.names().len(), 23);
    assert_eq!(of_normal, 97_278);
    assert_eq!(labels.codes().len() - of_normal, 396_743);
    assert_eq!(
        numbers(&kdd, "src_bytes").fold(0.0, f64::max),
        693_375_640.0
    );
    assert!(numbers(&kdd, "num_outbound_cmds").all(|number| number == 0.0));

    let mut plain = Vec::new();
    let mut file = GzDecoder::new(fs::File::open(&path).expect("readable"));
    file.read_to_end(&mut plain).expect("whole");
    let plain = read_bytes(&plain).expect("whole");
    assert!(plain.table.columns() == kdd.table.columns());
    assert!(plain.table.labels() == kdd.table.labels());
}

#[test]
fn the_real_file_makes_120_values() {
    let Some(path) = real() else {
        return;
    };
    let kdd = Kddcup99::from_file(&path).expect("whole");
    let protocol = TableOneClassConfig::kddcup99();
    let split = protocol.apply(&kdd.table).expect("both kinds");
    assert_eq!(split.test.len(), 247_010);
    let share = split.anomalies() as f64 / 247_010.0;
    assert!((share - 97_278.0 / 494_021.0).abs() < 0.005, "{share}");
    for config in [
        encoder(),
        encoder().with_log(Logarithm::Always),
        encoder().with_scale(NumericScale::Standard),
    ] {
        let data = split.encode(&kdd.table, &config).expect("known categories");
        assert_eq!(data.encoder.width(), Kddcup99::WIDTH);
        for (vectors, rows) in [(&data.train, &split.train), (&data.test, &split.test)] {
            assert_eq!((vectors.len(), vectors.width()), (rows.len(), 120));
            assert!(vectors.values().iter().all(|value| value.is_finite()));
        }
        if config.scale == NumericScale::MinMax {
            let mut train = data.train.values().iter();
            assert!(train.all(|value| (0.0..=1.0).contains(value)));
        }
    }
}

/// Numbers of a column.
fn numbers<'a>(kdd: &'a Kddcup99, column: &str) -> impl Iterator<Item = f64> + 'a {
    let column = kdd.table.column(column).expect("a feature");
    match &column.values {
        ColumnValues::Numeric(numbers) => numbers.finite().expect("no gaps").iter().copied(),
        ColumnValues::Categorical(_) => panic!("{} is numeric", column.name),
    }
}

#[test]
fn features_are_read_under_their_names() {
    let kdd = read(&[NORMAL.to_string(), ATTACK.to_string()]).expect("whole");
    assert_eq!(kdd.table.columns()[3].name, "flag");
    assert_eq!(
        numbers(&kdd, "src_bytes").collect::<Vec<_>>(),
        [181.0, 1032.0]
    );
    assert_eq!(
        numbers(&kdd, "dst_host_srv_count").collect::<Vec<_>>(),
        [9.0, 255.0]
    );
    assert!(
        kdd.table.column("is_host_login").is_none(),
        "it tells nothing"
    );
    assert_eq!(kdd.table.labels().expect("labelled").name(1), "smurf.");
}

#[test]
fn every_category_has_its_value_whatever_was_fitted() {
    let kdd = read(&[NORMAL.to_string(), ATTACK.to_string()]).expect("whole");
    let encoder = encoder().fit(&kdd.table, &[1]).expect("a row");
    let names = encoder.output_names();
    assert_eq!((encoder.width(), names.len()), (120, 120));
    let vectors = encoder.encode(&kdd.table).expect("known categories");
    let value = |row: usize, name: &str| {
        let index = names.iter().position(|found| found == name);
        vectors.row(row)[index.expect("a value")]
    };
    assert_eq!(value(0, "service=http"), 1.0);
    assert_eq!(value(1, "service=http"), 0.0);
    assert_eq!(value(1, "service=ecr_i"), 1.0);
    assert_eq!(value(0, "logged_in=1"), 1.0);
    // Fitted on one row, every number is constant: it becomes 0 in that row and stays within (-1, 1) in others.
    assert_eq!(value(1, "src_bytes"), 0.0);
    assert_eq!(value(0, "src_bytes"), (-851.0 / 852.0) as f32);
    assert_eq!(vectors.row(1).iter().sum::<f32>(), 6.0);
    assert!(vectors.row(0).iter().all(|value| value.abs() <= 1.0));
}

#[test]
fn plain_and_compressed_files_give_the_same() {
    let text = format!("{NORMAL}\n{ATTACK}\n");
    let plain = read_bytes(text.as_bytes()).expect("whole");
    let compressed = read_bytes(&compressed(text.as_bytes())).expect("whole");
    assert_eq!(plain.table.columns(), compressed.table.columns());
    assert_eq!(plain.table.labels(), compressed.table.labels());
}

#[test]
fn columns_too_few_or_too_many_are_errors() {
    let missing = ATTACK.replacen(",SF", "", 1);
    assert_eq!(
        message(&[NORMAL.to_string(), missing]),
        "kdd: line 2: found 41 columns, expected 42"
    );
    let more = format!("{ATTACK},1");
    assert_eq!(
        message(&[more]),
        "kdd: line 1: found 43 columns, expected 42"
    );
}

#[test]
fn categories_of_no_such_data_set_are_errors() {
    for (field, found, expected) in [
        (
            1,
            "sctp",
            "line 2, column 2 (protocol_type): found `sctp`, expected one of `icmp`, `tcp`, `udp`",
        ),
        (
            2,
            "aol",
            "line 2, column 3 (service): found `aol`, expected one of `IRC`, `X11`, `Z39_50`, `auth`, `bgp`, \
             `courier`, `csnet_ns`, `ctf`, `daytime`, `discard`, `domain`, `domain_u`, … (66 in all)",
        ),
        (
            3,
            "",
            "line 2, column 4 (flag): found ``, expected one of `OTH`, `REJ`, `RSTO`, `RSTOS0`, `RSTR`, `S0`, `S1`, \
             `S2`, `S3`, `SF`, `SH`",
        ),
        (
            6,
            "2",
            "line 2, column 7 (land): found `2`, expected one of `0`, `1`",
        ),
        (
            20,
            "1",
            "line 2, column 21 (is_host_login): found `1`, expected one of `0`",
        ),
        (
            41,
            "smurf",
            "line 2, column 42 (label): found `smurf`, expected one of `back.`, `buffer_overflow.`, `ftp_write.`, \
             `guess_passwd.`, `imap.`, `ipsweep.`, `land.`, `loadmodule.`, `multihop.`, `neptune.`, `nmap.`, `normal.`, \
             … (23 in all)",
        ),
    ] {
        assert_eq!(
            message(&with_field(field, found)),
            format!("kdd: {expected}")
        );
    }
}

#[test]
fn fields_without_a_number_are_errors() {
    for (field, found, expected) in [
        (
            4,
            "",
            "column 5 (src_bytes): found an empty field, expected a number",
        ),
        (0, "-", "column 1 (duration): found `-`, expected a number"),
        (
            40,
            "nan",
            "column 41 (dst_host_srv_rerror_rate): found `nan`, expected a number",
        ),
    ] {
        assert_eq!(
            message(&with_field(field, found)),
            format!("kdd: line 2, {expected}")
        );
    }
    let header = Kddcup99::FEATURES.join(",") + ",label";
    assert_eq!(
        message(&[header, NORMAL.to_string()]),
        "kdd: line 1, column 1 (duration): found `duration`, expected a number"
    );
}

#[test]
fn compressed_files_that_end_anywhere_are_errors() {
    let whole = compressed(format!("{NORMAL}\n{ATTACK}\n").as_bytes());
    for end in 0..whole.len() {
        read_bytes(&whole[..end]).expect_err("cut short");
    }
    assert_eq!(
        read_bytes(&whole[..whole.len() - 5]).expect_err("cut short"),
        "kdd: line 3: found the end of the compressed data too early: the file is cut short"
    );
}

#[test]
fn plain_files_that_end_within_a_row_are_errors() {
    let text = format!("{NORMAL}\n{ATTACK}");
    read_bytes(text.as_bytes()).expect("a last line without an end");
    for end in NORMAL.len() + 2..text.len() {
        read_bytes(&text.as_bytes()[..end]).expect_err("cut short");
    }
    assert_eq!(
        read_bytes(b"").expect_err("empty"),
        "kdd: rows: found none, expected at least one"
    );
}

#[test]
fn a_file_that_is_not_there_says_so() {
    let error = Kddcup99::from_file("absent.gz").expect_err("absent");
    let message = error.to_string();
    assert!(
        message.starts_with("absent.gz: cannot be read: "),
        "{message}"
    );
}
