//! Lines on standard output and on standard error.

use std::fmt;
use std::io::{self, Write};

use crate::failure::Failure;

/// Prints a line of a result. A reader that has seen enough, as `head` has, is no fault: what goes to files is still written.
pub(crate) fn line(text: impl fmt::Display) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(Failure::Output),
    }
}

/// Prints a line for whoever looks on; nobody need.
pub(crate) fn note(text: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
