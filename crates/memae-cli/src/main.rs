//! From a folder of normal pictures, videos or a table to a detector, verdicts and findings; `memae --help` says how.

#![forbid(unsafe_code)]

mod arguments;
mod command_line;
mod compare;
mod completions;
mod eval;
mod exit;
mod failure;
mod input;
mod inspect;
mod left_out;
mod motion_notes;
mod output_file;
mod print;
mod progress;
mod promise;
mod recalibrate;
mod recipe;
mod score;
mod shared;
mod suspects;
mod train;
mod watch;
mod wording;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command};
use exit::{Outcome, exit_code};
use failure::Failure;
use wording::{in_options, in_options_of_eval, without_hints};

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => {
            let words = match arguments.command {
                Command::Train(_) => in_options,
                Command::Eval(_) => in_options_of_eval,
                _ => without_hints,
            };
            exit_code(run(&arguments), words)
        }
        Err(usage) => {
            // Nobody may read it.
            let _ = usage.print();
            // The library's own code, 2, says here that input was left out.
            match usage.use_stderr() {
                true => ExitCode::FAILURE,
                false => ExitCode::SUCCESS,
            }
        }
    }
}

fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let shared = &arguments.shared;
    match &arguments.command {
        Command::Train(options) => train::run(options, shared),
        Command::Score(options) => score::run(options, shared),
        Command::Watch(options) => watch::run(options, shared),
        Command::Eval(options) => eval::run(options, shared),
        Command::Inspect(options) => inspect::run(options, shared),
        Command::Compare(options) => compare::run(options, shared),
        Command::Recalibrate(options) => recalibrate::run(options, shared),
        Command::Suspects(options) => suspects::run(options, shared),
        Command::Completions(options) => completions::run(options, Arguments::command()),
    }
}
