//! Does what a run says.

mod run;

pub use run::{BASELINE_RULE, run};
