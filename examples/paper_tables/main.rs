//! Runs the paper's tables again: every method on every class with several seeds, pages with tables and
//! pictures.
//!
//! `cargo run --release --example paper_tables -- --help`

#[allow(dead_code, reason = "no single experiment is run")]
#[path = "../arguments/mod.rs"]
mod arguments;
mod baseline;
mod cell;
mod data;
mod page;
mod plan;
mod record;
mod replace_file;
mod schedule;
mod statistics;
mod table;
mod work;

use std::error::Error;
use std::io::Read;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use clap::Parser;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use memae::train::ProgressDisplay;

use cell::Cell;
use data::Data;
use page::Page;
use plan::Selection;
use record::{Place, Record, Results};
use table::Table;

/// Trains AE, MemAE-nonSpar and MemAE as in the paper, MemAE as this library recommends it, and baselines, over classes
/// and seeds. A run that is there already is not made again; each line of the results file has the command that repeats
/// it.
#[derive(Parser)]
#[command(name = "paper_tables")]
struct Options {
    /// The table
    #[arg(value_enum)]
    table: Table,
    /// Folder or file of the data set [default: digits or a walkway drawn by memae itself, where that will do]
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
    /// Seeds 0, 1, … of each run
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// Normal classes, with commas between [default: all; 9 and 2 where one setting after the other is changed]
    #[arg(long)]
    classes: Option<String>,
    /// Passes over the training samples [default: a number for each method]
    #[arg(long)]
    epochs: Option<usize>,
    /// Runs side by side [default: one for each processor]
    #[arg(long)]
    jobs: Option<NonZero<usize>>,
    /// Threads of each run [default: the processors, divided by the runs side by side]
    #[arg(long)]
    threads: Option<NonZero<usize>>,
    /// Device, among those compiled in
    #[arg(long, default_value = memae::device::names()[0])]
    device: String,
    /// Folder for results, page and pictures
    #[arg(long, value_name = "DIR", default_value = "target/memae/paper_tables")]
    out: PathBuf,
    /// Another folder for the page and its pictures, written once the table is whole
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Makes this one run and prints its line; nothing is written
    #[arg(long, value_name = "RUN", conflicts_with_all = ["jobs", "out", "pages"])]
    run: Option<String>,
    /// Ends when its standard input does
    #[arg(long, hide = true, requires = "run")]
    end_with_input: bool,
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if options.end_with_input {
        end_with_input();
    }
    let data = Data::open(options.table, options.data.as_deref())?;
    let cells = plan::cells(options.table, &data, &options.selection())?;
    match &options.run {
        Some(id) => run_one(options, id, &cells, &data),
        None => run_table(options, &cells, &data),
    }
}

/// Makes one run and prints its line.
fn run_one(options: &Options, id: &str, cells: &[Cell], data: &Data) -> Result<(), Box<dyn Error>> {
    let cell = cells.iter().find(|cell| cell.id() == id).ok_or_else(|| {
        let example = cells.first().map(Cell::id).unwrap_or_default();
        format!("--run: found {id}, expected one of the table's runs, such as {example}")
    })?;
    let device = memae::device::by_name(&options.device)?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads().get())
        .build_global()?;
    let display = match options.end_with_input {
        true => ProgressDisplay::Silent,
        false => ProgressDisplay::default(),
    };
    let start = Instant::now();
    let found = work::run(&cell.work, data, &device, display)?;
    let record = Record::new(
        cell,
        options.command_line(cell),
        &options.place(data)?,
        start.elapsed().as_secs_f64(),
        found,
    );
    println!("{}", record.line()?);
    Ok(())
}

/// Makes the runs that are not there yet, and the page.
fn run_table(options: &Options, cells: &[Cell], data: &Data) -> Result<(), Box<dyn Error>> {
    memae::device::by_name(&options.device)?;
    memae::experiment::check_writable(&options.out)?;
    if let Some(pages) = &options.pages {
        memae::experiment::check_writable(pages)?;
    }
    let name = options.page_name(data);
    let path = options.out.join(format!("{name}.jsonl"));
    let mut results = Results::open(&path, &options.place(data)?, cells)?;
    let (there, missing): (Vec<&Cell>, Vec<&Cell>) =
        cells.iter().partition(|cell| results.of(cell).is_some());
    println!(
        "{} on {}: {} runs, {} of them there already in {}",
        options.table,
        data.name(),
        cells.len(),
        there.len(),
        path.display()
    );

    let interrupter = arguments::interrupter()?;
    let jobs = options.jobs().get();
    let executable = std::env::current_exe()?;
    let command = |cell: &Cell| {
        let mut command = Command::new(&executable);
        command
            .args(options.arguments(cell))
            .arg("--end-with-input");
        command
    };
    let bar = ProgressBar::new(missing.len() as u64).with_style(ProgressStyle::with_template(
        "{prefix:>12} [{bar:30}] {pos}/{len} runs, {elapsed} (left {msg})",
    )?);
    bar.set_prefix(options.table.name());
    bar.enable_steady_tick(Duration::from_secs(1));
    let mut left = missing.clone();
    let outcome = schedule::run_all(&missing, jobs, &command, &interrupter, |record| {
        left.retain(|cell| cell.id() != record.id);
        results.add(record)?;
        bar.inc(1);
        let seconds = statistics::seconds_left(&left, cells, &results) / jobs as f64;
        bar.set_message(HumanDuration(Duration::from_secs_f64(seconds)).to_string());
        Ok::<(), Box<dyn Error>>(())
    });
    bar.finish_and_clear();

    let selection = options.selection();
    let page = Page::new(options.table, data, &selection, cells, &results);
    let page_text = page.save(&options.out, &name);
    if let Err(error) = outcome {
        let interrupted = matches!(
            error.downcast_ref::<schedule::RunError>(),
            Some(schedule::RunError::Interrupted)
        );
        return Err(match interrupted {
            true => Box::new(memae::experiment::ExperimentError::from(
                memae::train::TrainError::Interrupted,
            )),
            false => error,
        });
    }
    print!("{}", page_text?);
    println!("page and pictures: {}", options.out.display());
    if let Some(pages) = &options.pages {
        page.save(pages, &name)?;
        println!("also in {}", pages.display());
    }
    Ok(())
}

/// Ends this process when whoever started it does, so that no run goes on alone.
fn end_with_input() {
    std::thread::spawn(|| {
        let mut input = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut input);
        std::process::exit(1);
    });
}

impl Options {
    fn selection(&self) -> Selection {
        Selection {
            seeds: self.seeds,
            classes: self.classes.clone(),
            epochs: self.epochs,
        }
    }

    fn place(&self, data: &Data) -> Result<Place, Box<dyn Error>> {
        Ok(Place {
            data: data.name().to_string(),
            digest: data.digest()?,
            device: self.device.clone(),
        })
    }

    fn jobs(&self) -> NonZero<usize> {
        self.jobs.unwrap_or_else(processors)
    }

    fn threads(&self) -> NonZero<usize> {
        self.threads.unwrap_or_else(|| {
            let share = processors().get() / self.jobs().get();
            NonZero::new(share).unwrap_or(NonZero::<usize>::MIN)
        })
    }

    /// Arguments that make one run.
    fn arguments(&self, cell: &Cell) -> Vec<String> {
        let mut arguments = vec![self.table.to_string()];
        let mut option = |name: &str, value: String| {
            arguments.push(format!("--{name}"));
            arguments.push(value);
        };
        if let Some(data) = &self.data {
            option("data", data.display().to_string());
        }
        option("seeds", (cell.seed + 1).to_string());
        if let Some(class) = &cell.class {
            option("classes", class.clone());
        }
        if let Some(epochs) = self.epochs {
            option("epochs", epochs.to_string());
        }
        option("threads", self.threads().to_string());
        option("device", self.device.clone());
        option("run", cell.id());
        arguments
    }

    /// The same for a shell.
    fn command_line(&self, cell: &Cell) -> String {
        let mut line = "cargo run --release --example paper_tables --".to_string();
        for argument in self.arguments(cell) {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=".contains(c);
            line.push(' ');
            match argument.chars().all(plain) {
                true => line.push_str(&argument),
                false => line.push_str(&format!("'{}'", argument.replace('\'', r"'\''"))),
            }
        }
        line
    }

    /// What results and page are called: by the table, and by the data set if it is another one than
    /// the table's own.
    fn page_name(&self, data: &Data) -> String {
        match self.data {
            Some(_) => self.table.to_string(),
            None => format!("{} on {}", self.table, data.name()).replace(' ', "-"),
        }
    }
}

fn processors() -> NonZero<usize> {
    std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}
