//! Runs the tests inside the modules of the example `paper_tables`.
//!
//! Cargo either builds an example or tests it, and `tests/paper_tables.rs` needs it built.

#![allow(dead_code, reason = "only the tests of these modules are run")]

#[path = "../examples/paper_tables/baseline/mod.rs"]
mod baseline;
#[path = "../examples/paper_tables/cell.rs"]
mod cell;
#[path = "../examples/paper_tables/page/markdown.rs"]
mod markdown;
#[path = "../examples/paper_tables/record.rs"]
mod record;
#[path = "../examples/paper_tables/replace_file.rs"]
mod replace_file;
#[path = "../examples/paper_tables/statistics.rs"]
mod statistics;
