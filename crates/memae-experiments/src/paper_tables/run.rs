use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use memae_models::train::{Interrupter, ProgressDisplay};

use super::error::TableError;
use super::page::Page;
use super::plan::{Cell, Plan};
use super::results::{Place, Record, Results};
use super::schedule::run_all;
use super::table::seconds_left;
use super::work;

/// Makes one run in this process.
///
/// `device_name` and `command`, which repeats the run, are for the record.
///
/// # Errors
///
/// The run fails, or its data can't be read.
pub fn run_cell(
    plan: &Plan,
    cell: &Cell,
    (device_name, device): (&str, &Device),
    command: String,
    display: ProgressDisplay,
) -> Result<Record, TableError> {
    let start = Instant::now();
    let found = work::run(&cell.work, &plan.data, device, display)?;
    let place = Place::new(&plan.data, device_name)?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(Record::new(cell, command, &place, seconds, found))
}

/// Makes the runs of a table that are not there yet, and its page.
pub struct TableRun<'a> {
    plan: &'a Plan,
    path: PathBuf,
    results: Results,
}

impl<'a> TableRun<'a> {
    /// Opens the results in a folder, or starts them. They are this process's own from here on.
    ///
    /// `device`: its name.
    ///
    /// # Errors
    ///
    /// The data or the results can't be read; results that are not of this table, or in use.
    pub fn open(plan: &'a Plan, folder: &Path, device: &str) -> Result<Self, TableError> {
        let path = folder.join(format!("{}.jsonl", plan.name()));
        let results = Results::open(&path, &Place::new(&plan.data, device)?, &plan.cells)?;
        Ok(Self {
            plan,
            path,
            results,
        })
    }

    /// How many runs there are, and how many of them have been made.
    pub fn summary(&self) -> String {
        let plan = self.plan;
        let there = plan.cells.iter().filter(|cell| self.is_made(cell));
        format!(
            "{} on {}: {} runs, {} of them there already in {}",
            plan.table,
            plan.data.name(),
            plan.cells.len(),
            there.count(),
            self.path.display()
        )
    }

    /// Makes the runs that are missing, `jobs` at a time, each in a process of its own. A record is kept as soon as it is
    /// there.
    ///
    /// `command` makes the process of a run: it prints the line of its [`Record`] on its standard output, and ends when its
    /// standard input does.
    ///
    /// # Errors
    ///
    /// A run fails, its record can't be written, or a stop through the interrupter.
    pub fn make_missing(
        &mut self,
        jobs: usize,
        command: &(dyn Fn(&Cell) -> Command + Sync),
        interrupter: &Interrupter,
    ) -> Result<(), TableError> {
        let cells = &self.plan.cells;
        let missing: Vec<&Cell> = cells.iter().filter(|cell| !self.is_made(cell)).collect();
        let style = ProgressStyle::with_template(
            "{prefix:>12} [{bar:30}] {pos}/{len} runs, {elapsed} (left {msg})",
        )
        .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(missing.len() as u64).with_style(style);
        bar.set_prefix(self.plan.table.name());
        bar.enable_steady_tick(Duration::from_secs(1));
        let results = &mut self.results;
        let mut left = missing.clone();
        let outcome = run_all(&missing, jobs, command, interrupter, |record| {
            left.retain(|cell| cell.id() != record.id);
            results.add(record)?;
            bar.inc(1);
            let seconds = seconds_left(&left, cells, results) / jobs as f64;
            bar.set_message(HumanDuration(Duration::from_secs_f64(seconds)).to_string());
            Ok::<(), TableError>(())
        });
        bar.finish_and_clear();
        outcome
    }

    /// Writes the page and its pictures into a folder, and gives the page's text. A table that is not whole says so.
    ///
    /// # Errors
    ///
    /// The page or a picture can't be written.
    pub fn save_page(&self, folder: &Path) -> Result<String, TableError> {
        Page::new(self.plan, &self.results).save(folder, self.plan.name())
    }

    fn is_made(&self, cell: &Cell) -> bool {
        self.results.of(cell).is_some()
    }
}
