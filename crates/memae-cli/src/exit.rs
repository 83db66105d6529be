//! What the exit code says.

use std::io::{self, Write};
use std::process::ExitCode;

use memae::data::format::masked;

use crate::failure::Failure;

/// How a command ended that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Outcome {
    /// Whether some input was left out.
    pub(crate) left_out: bool,
    /// Whether anomalies were found that scripts are to be told of.
    pub(crate) anomalies: bool,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self {
                anomalies: true, ..
            } => 3,
            Self { left_out: true, .. } => 2,
            _ => 0,
        }
    }
}

/// The exit code; a failure is said on standard error, in one line, by `words`.
pub(crate) fn exit_code(result: Result<Outcome, Failure>, words: fn(&str) -> String) -> ExitCode {
    let error = match result {
        Ok(outcome) => return outcome.code().into(),
        Err(error) => error,
    };
    // Nobody may be there to read it any more; the exit code says it too.
    // An address that was meant for something else may stand in any message.
    let _ = writeln!(
        io::stderr(),
        "error: {}",
        masked(&words(&error.to_string()))
    );
    match error.is_interruption() {
        true => 130.into(),
        false => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anomalies_win_over_what_was_left_out() {
        let code = |left_out, anomalies| {
            Outcome {
                left_out,
                anomalies,
            }
            .code()
        };
        assert_eq!(
            [
                code(false, false),
                code(true, false),
                code(false, true),
                code(true, true)
            ],
            [0, 2, 3, 3]
        );
    }
}
