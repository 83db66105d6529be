//! KDDCUP99: network connections, normal ones and attacks.

use std::path::Path;

use super::error::SourceError;
use crate::sample::{
    Categories, ColumnKind, ColumnValues, Counted, FieldPlace, Header, SampleError, Table,
    TableConfig, TableError,
};
use crate::short_text::listed;

/// The column of categories that is the same everywhere, and what it holds.
const CONSTANT: (&str, &[&str]) = ("is_host_login", &["0"]);

const LABEL: &str = "label";

const SERVICES: [&str; 66] = [
    "IRC",
    "X11",
    "Z39_50",
    "auth",
    "bgp",
    "courier",
    "csnet_ns",
    "ctf",
    "daytime",
    "discard",
    "domain",
    "domain_u",
    "echo",
    "eco_i",
    "ecr_i",
    "efs",
    "exec",
    "finger",
    "ftp",
    "ftp_data",
    "gopher",
    "hostnames",
    "http",
    "http_443",
    "imap4",
    "iso_tsap",
    "klogin",
    "kshell",
    "ldap",
    "link",
    "login",
    "mtp",
    "name",
    "netbios_dgm",
    "netbios_ns",
    "netbios_ssn",
    "netstat",
    "nnsp",
    "nntp",
    "ntp_u",
    "other",
    "pm_dump",
    "pop_2",
    "pop_3",
    "printer",
    "private",
    "red_i",
    "remote_job",
    "rje",
    "shell",
    "smtp",
    "sql_net",
    "ssh",
    "sunrpc",
    "supdup",
    "systat",
    "telnet",
    "tftp_u",
    "tim_i",
    "time",
    "urh_i",
    "urp_i",
    "uucp",
    "uucp_path",
    "vmnet",
    "whois",
];

const LABELS: [&str; 23] = [
    "back.",
    "buffer_overflow.",
    "ftp_write.",
    "guess_passwd.",
    "imap.",
    "ipsweep.",
    "land.",
    "loadmodule.",
    "multihop.",
    "neptune.",
    "nmap.",
    "normal.",
    "perl.",
    "phf.",
    "pod.",
    "portsweep.",
    "rootkit.",
    "satan.",
    "smurf.",
    "spy.",
    "teardrop.",
    "warezclient.",
    "warezmaster.",
];

/// Network connections of KDDCUP99: a tenth of the data, 494,021 connections of which 97,278 are normal and 396,743 are
/// attacks.
///
/// A connection has 41 features and a label, `normal.` or the name of an attack. 34 features are numbers. Of the seven
/// categorical ones `is_host_login` is 0 in every row; it is checked and left out, as it would tell nothing. The others
/// have 3 + 66 + 11 + 2 + 2 + 2 categories, which makes 120 values with the 34 numbers.
///
/// Only 145,586 rows differ from each other: rows that are tested may also be trained on, whatever the split.
///
/// Source: S. Hettich, S. D. Bay, "The UCI KDD Archive", University of California, Irvine, 1999.
///
/// ```no_run
/// use memae_data::dataset::Kddcup99;
///
/// let kdd = Kddcup99::from_file("data/kddcup.data_10_percent.gz")?;
/// assert_eq!(kdd.table.rows(), 494_021);
/// # Ok::<(), memae_data::dataset::SourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Kddcup99 {
    /// The connections: 40 columns, as `is_host_login` is left out, and the labels.
    pub table: Table,
}

impl Kddcup99 {
    /// The label of a connection that is no attack.
    pub const NORMAL: &str = "normal.";

    /// Values of a connection once it is encoded.
    pub const WIDTH: usize = 120;

    /// The categorical columns, each with the categories that it may hold, 86 in all. `is_host_login` is not among them.
    ///
    /// An encoder with these vocabularies gives a connection [`WIDTH`](Self::WIDTH) values, whether the rows that it is
    /// fitted on hold each category or not.
    pub const VOCABULARIES: [(&str, &[&str]); 6] = [
        ("protocol_type", &["icmp", "tcp", "udp"]),
        ("service", &SERVICES),
        (
            "flag",
            &[
                "OTH", "REJ", "RSTO", "RSTOS0", "RSTR", "S0", "S1", "S2", "S3", "SF", "SH",
            ],
        ),
        ("land", &["0", "1"]),
        ("logged_in", &["0", "1"]),
        ("is_guest_login", &["0", "1"]),
    ];

    /// The names of the 41 features, in the order of the file.
    pub const FEATURES: [&str; 41] = [
        "duration",
        "protocol_type",
        "service",
        "flag",
        "src_bytes",
        "dst_bytes",
        "land",
        "wrong_fragment",
        "urgent",
        "hot",
        "num_failed_logins",
        "logged_in",
        "num_compromised",
        "root_shell",
        "su_attempted",
        "num_root",
        "num_file_creations",
        "num_shells",
        "num_access_files",
        "num_outbound_cmds",
        "is_host_login",
        "is_guest_login",
        "count",
        "srv_count",
        "serror_rate",
        "srv_serror_rate",
        "rerror_rate",
        "srv_rerror_rate",
        "same_srv_rate",
        "diff_srv_rate",
        "srv_diff_host_rate",
        "dst_host_count",
        "dst_host_srv_count",
        "dst_host_same_srv_rate",
        "dst_host_diff_srv_rate",
        "dst_host_same_src_port_rate",
        "dst_host_srv_diff_host_rate",
        "dst_host_serror_rate",
        "dst_host_srv_serror_rate",
        "dst_host_rerror_rate",
        "dst_host_srv_rerror_rate",
    ];

    /// Reads `kddcup.data_10_percent`, plain or compressed by gzip.
    ///
    /// Any number of rows is read.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is damaged; a row does not have 42 columns; a number is missing or is none; a
    /// category or a label is none of those in the whole file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, SourceError> {
        let names = Self::FEATURES.iter().chain([&LABEL]);
        let categorical = Self::VOCABULARIES.iter().chain([&CONSTANT]);
        let mut table = TableConfig::default()
            .with_header(Header::Names(names.map(ToString::to_string).collect()))
            .with_label(LABEL)
            .with_categorical(categorical.map(|&(name, _)| name))
            .with_others(ColumnKind::Numeric)
            .read(path)
            .map_err(without_hint)?;
        check(&table).map_err(|error| SampleError::Table {
            path: table.path().to_path_buf(),
            error: Box::new(error),
        })?;
        table.remove(CONSTANT.0);
        Ok(Self { table })
    }
}

/// The settings of the table are not the caller's: those that would take a field are of no use.
fn without_hint(mut error: SampleError) -> SampleError {
    if let SampleError::Table { error, .. } = &mut error
        && let TableError::Field { hint, .. } = error.as_mut()
    {
        *hint = "";
    }
    error
}

/// Every category and every label must be one of the data set's.
fn check(table: &Table) -> Result<(), TableError> {
    for (name, vocabulary) in Kddcup99::VOCABULARIES.iter().chain([&CONSTANT]) {
        let column = table.column(name);
        if let Some(ColumnValues::Categorical(found)) = column.map(|column| &column.values) {
            check_column(table, name, found, vocabulary)?;
        }
    }
    match table.labels() {
        Some(labels) => check_column(table, LABEL, labels, &LABELS),
        None => Ok(()),
    }
}

fn check_column(
    table: &Table,
    name: &str,
    found: &Categories,
    vocabulary: &[&str],
) -> Result<(), TableError> {
    let outside = |name: &String| !vocabulary.contains(&name.as_str());
    let unknown = found.names().iter().position(outside);
    // Names are in the order in which they were first read.
    let first = |code: usize| found.codes().iter().position(|&own| own as usize == code);
    let Some(row) = unknown.and_then(first) else {
        return Ok(());
    };
    let features = Kddcup99::FEATURES.iter();
    let index = features.take_while(|&&feature| feature != name).count();
    Err(TableError::Field {
        place: FieldPlace {
            counted: Counted::Lines,
            line: table.line(row),
            column: index + 1,
            name: name.to_string(),
        },
        found: listed(&[found.name(row)]),
        expected: format!("one of {}", listed(vocabulary)),
        hint: "",
    })
}
