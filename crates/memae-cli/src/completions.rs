//! Completions for shells and pages of the manual, made of the options themselves.

use std::io;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::Outcome;
use crate::failure::Failure;

#[derive(Args)]
pub(crate) struct Options {
    /// Print the completions of this shell
    #[arg(required_unless_present = "man")]
    shell: Option<Shell>,
    /// Write the manual's pages into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "shell")]
    man: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, mut command: Command) -> Result<Outcome, Failure> {
    if let Some(folder) = &options.man {
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder));
        written.map_err(Failure::writing(folder))?;
    } else if let Some(shell) = options.shell {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut command, "memae", &mut text);
        match io::Write::write_all(&mut io::stdout(), &text) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            result => result.map_err(Failure::Output)?,
        }
    }
    Ok(Outcome::default())
}
