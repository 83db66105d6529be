//! Command-line options that the digit examples share, and what all examples do at their end.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use burn::tensor::Device;
use clap::Args;
use memae::device::DeviceError;
use memae::train::Interrupter;
use memae_experiments::ExperimentError;
use memae_experiments::digits::{DigitSource, Experiment};
use memae_experiments::paper_tables::TableError;

/// Where digits come from, and what computes.
#[derive(Args)]
pub struct SourceArguments {
    /// Folder with the four MNIST files [default: digits drawn by memae itself]
    #[arg(long, value_name = "DIR", env = "MEMAE_DATA")]
    data: Option<PathBuf>,
    /// Fetch MNIST into burn-dataset's cache (needs the feature `download`)
    #[arg(long, conflicts_with = "data")]
    download: bool,
    /// Device, among those compiled in
    #[arg(long, default_value = memae::device::names()[0])]
    device: String,
}

impl SourceArguments {
    pub fn device(&self) -> Result<Device, DeviceError> {
        memae::device::by_name(&self.device)
    }

    pub fn source(&self) -> Result<DigitSource, Box<dyn std::error::Error>> {
        if self.download {
            #[cfg(feature = "download")]
            return Ok(DigitSource::Download);
            #[cfg(not(feature = "download"))]
            return Err(
                "--download: this build can't, expected one with `--features download`".into(),
            );
        }
        Ok(match &self.data {
            Some(folder) => DigitSource::Folder(folder.clone()),
            None => DigitSource::Embedded,
        })
    }
}

/// What a run of an [`Experiment`] needs.
#[derive(Args)]
#[allow(dead_code, reason = "an example that only scores trains nothing")]
pub struct Arguments {
    #[command(flatten)]
    pub source: SourceArguments,
    /// Passes over the training images [default: those of the preset]
    #[arg(long)]
    epochs: Option<usize>,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[allow(dead_code, reason = "an example that only scores trains nothing")]
impl Arguments {
    pub fn device_name(&self) -> &str {
        &self.source.device
    }

    pub fn experiment(&self) -> Result<Experiment, Box<dyn std::error::Error>> {
        let device = self.source.device()?;
        let mut experiment = Experiment::mnist(device).with_interrupter(interrupter()?);
        experiment.train.seed = self.seed;
        if let Some(epochs) = self.epochs {
            experiment.train = experiment.train.with_total_epochs(epochs);
        }
        Ok(experiment)
    }
}

/// Stops a run after its present step on Ctrl-C; a second Ctrl-C ends the process.
#[allow(dead_code, reason = "an example that only scores is not stopped")]
pub fn interrupter() -> Result<Interrupter, ctrlc::Error> {
    let interrupter = Interrupter::new();
    let handle = interrupter.clone();
    ctrlc::set_handler(move || {
        if handle.should_stop() {
            std::process::exit(130);
        }
        handle.stop(Some("Ctrl-C"));
    })?;
    Ok(interrupter)
}

/// Prints to standard output. A reader that has seen enough, as `head` has, is no fault: what goes to files is still
/// written.
pub fn print(text: impl fmt::Display) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match write!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Prints a line as `println!` does, but by [`print`].
macro_rules! print_line {
    ($($text:tt)*) => {
        $crate::arguments::print(format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use print_line;

/// One line on standard error and exit code 1; 130 after Ctrl-C.
pub fn finish(result: Result<(), Box<dyn std::error::Error>>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    // Nobody may be there to read it any more; the exit code says it too.
    let _ = writeln!(io::stderr(), "error: {error}");
    let experiment = error.downcast_ref::<ExperimentError>();
    let table = error.downcast_ref::<TableError>();
    let interrupted = experiment.is_some_and(ExperimentError::is_interruption)
        || table.is_some_and(TableError::is_interruption);
    ExitCode::from(if interrupted { 130 } else { 1 })
}
