use std::collections::VecDeque;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use memae_models::train::Interrupter;

use super::plan::Cell;
use super::results::Record;

/// How often a run is looked at.
const POLL: Duration = Duration::from_millis(50);

/// Why a run gave nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Its process failed.
    #[error("run {id}: {reason}")]
    Failed {
        /// Which run it was.
        id: String,
        /// The last line of what it said.
        reason: String,
    },
    /// The table was stopped from outside.
    #[error("stopped")]
    Interrupted,
}

/// Makes all runs, each in a process of its own, as random numbers come from one generator a process: `jobs` at a time, and hands each record to `done` as it comes. After a failure the
/// runs that have begun are ended and no further one is.
///
/// `command` makes the process of a run: it prints a record on its standard output, and ends when its
/// standard input does.
pub(super) fn run_all<E>(
    cells: &[&Cell],
    jobs: usize,
    command: &(dyn Fn(&Cell) -> Command + Sync),
    interrupter: &Interrupter,
    mut done: impl FnMut(Record) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<RunError>,
{
    let queue: Mutex<VecDeque<&Cell>> = Mutex::new(cells.iter().copied().collect());
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.pop_front()
    };
    // Ends all runs of this call, and leaves the caller's interrupter alone.
    let failed = Interrupter::new();
    let should_stop = || interrupter.should_stop() || failed.should_stop();
    thread::scope(|scope| {
        let (sender, records) = mpsc::channel();
        for _ in 0..jobs.clamp(1, cells.len().max(1)) {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                while !should_stop()
                    && let Some(cell) = next()
                {
                    if sender.send(run(cell, command(cell), &should_stop)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut result = Ok(());
        for record in records {
            // What other runs found is kept after a failure, and the first failure is the one that is told.
            let outcome = record.map_err(E::from).and_then(&mut done);
            if outcome.is_err() {
                failed.stop(Some("a run failed"));
            }
            result = result.and(outcome);
        }
        if result.is_ok() && interrupter.should_stop() {
            result = Err(RunError::Interrupted.into());
        }
        result
    })
}

fn run(
    cell: &Cell,
    mut command: Command,
    should_stop: &dyn Fn() -> bool,
) -> Result<Record, RunError> {
    let failed = |reason: String| RunError::Failed {
        id: cell.id(),
        reason,
    };
    // Ctrl-C is for the process that started the runs, which ends them.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let output = collect(child.stdout.take());
    let errors = collect(child.stderr.take());
    let status = wait(&mut child, should_stop)?.map_err(|error| failed(error.to_string()))?;
    let text = |thread: thread::JoinHandle<String>| thread.join().unwrap_or_default();
    let (output, errors) = (text(output), text(errors));
    if !status.success() {
        if should_stop() {
            return Err(RunError::Interrupted);
        }
        let last = errors.lines().rfind(|line| !line.trim().is_empty());
        let last = last
            .unwrap_or("no word of why")
            .trim_start_matches("error: ");
        return Err(failed(format!("{last} ({status})")));
    }
    let line = output.lines().last().unwrap_or_default();
    Record::parse(line).map_err(|(_, reason)| failed(format!("found no record ({reason})")))
}

/// Waits for a run, or ends it when it is to stop.
fn wait(
    child: &mut Child,
    should_stop: &dyn Fn() -> bool,
) -> Result<std::io::Result<ExitStatus>, RunError> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(Ok(status)),
            Ok(None) if should_stop() => {
                // It may have ended by itself a moment ago.
                let _ = child.kill();
                let _ = child.wait();
                return Err(RunError::Interrupted);
            }
            Ok(None) => thread::sleep(POLL),
            Err(error) => return Ok(Err(error)),
        }
    }
}

/// Reads all that comes, so that a process never waits for its reader.
fn collect(source: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut source) = source {
            // What came before a failure is still of use.
            let _ = source.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
