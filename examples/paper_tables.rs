//! Runs the paper's tables again: every method on every class with several seeds, pages with tables and
//! pictures.
//!
//! `cargo run --release --example paper_tables -- --help`

#[allow(dead_code, reason = "no single experiment is run")]
mod arguments;

use std::error::Error;
use std::io::Read;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use arguments::print_line;
use clap::{Parser, ValueEnum};
use memae::train::ProgressDisplay;
use memae_experiments::check_writable;
use memae_experiments::paper_tables::{Cell, Plan, Selection, Table, TableRun, run_cell};

/// Trains AE, MemAE-nonSpar and MemAE as in the paper, MemAE as this library recommends it, and baselines, over classes
/// and seeds. A run that is there already is not made again; each line of the results file has the command that repeats
/// it.
#[derive(Parser)]
#[command(name = "paper_tables")]
struct Options {
    /// The table
    #[arg(value_enum)]
    table: TableName,
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
    #[arg(long, value_parser = side_by_side)]
    jobs: Option<NonZero<usize>>,
    /// Threads of each run [default: the processors, divided by the runs side by side]
    #[arg(long, value_parser = side_by_side)]
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

/// More processes or threads than this are a slip of the finger.
const MOST_SIDE_BY_SIDE: usize = 1024;

fn side_by_side(text: &str) -> Result<NonZero<usize>, String> {
    let number = text.parse().ok().and_then(NonZero::new);
    let number = number.filter(|number| number.get() <= MOST_SIDE_BY_SIDE);
    number.ok_or_else(|| format!("expected 1 to {MOST_SIDE_BY_SIDE}"))
}

#[derive(Clone, Copy, ValueEnum)]
enum TableName {
    /// MNIST, each digit in turn the normal class: AUC
    Mnist,
    /// CIFAR-10 or images in class folders, each class in turn the normal class: AUC
    Cifar10,
    /// Network intrusions of KDDCUP99: precision, recall, F1
    Kddcup,
    /// One setting after the other, on MNIST: AUC and active items
    Ablation,
    /// Number of memory items, on MNIST: AUC and active items
    MemorySize,
    /// UCSD Ped2 or another set of videos: frame-level AUC
    Video,
}

impl From<TableName> for Table {
    fn from(name: TableName) -> Self {
        match name {
            TableName::Mnist => Table::Mnist,
            TableName::Cifar10 => Table::Cifar10,
            TableName::Kddcup => Table::Kddcup,
            TableName::Ablation => Table::Ablation,
            TableName::MemorySize => Table::MemorySize,
            TableName::Video => Table::Video,
        }
    }
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if options.end_with_input {
        end_with_input();
    }
    let selection = Selection {
        seeds: options.seeds,
        classes: options.classes.clone(),
        epochs: options.epochs,
    };
    let plan = Plan::open(options.table.into(), options.data.as_deref(), selection)?;
    match &options.run {
        Some(id) => run_one(options, &plan, plan.cell(id)?),
        None => run_table(options, &plan),
    }
}

/// Makes one run and prints its line.
fn run_one(options: &Options, plan: &Plan, cell: &Cell) -> Result<(), Box<dyn Error>> {
    let device = memae::device::by_name(&options.device)?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads().get())
        .build_global()?;
    let display = match options.end_with_input {
        true => ProgressDisplay::Silent,
        false => ProgressDisplay::default(),
    };
    let device = (options.device.as_str(), &device);
    let record = run_cell(plan, cell, device, options.command_line(cell), display)?;
    print_line!("{}", record.line()?)?;
    Ok(())
}

/// Makes the runs that are not there yet, and the page.
fn run_table(options: &Options, plan: &Plan) -> Result<(), Box<dyn Error>> {
    memae::device::by_name(&options.device)?;
    check_writable(&options.out)?;
    if let Some(pages) = &options.pages {
        check_writable(pages)?;
    }
    let mut table = TableRun::open(plan, &options.out, &options.device)?;
    print_line!("{}", table.summary())?;

    let executable = std::env::current_exe()?;
    let command = |cell: &Cell| {
        let mut command = Command::new(&executable);
        command
            .args(options.arguments(cell))
            .arg("--end-with-input");
        command
    };
    let made = table.make_missing(options.jobs().get(), &command, &arguments::interrupter()?);
    // What has been made is worth a page, whether or not it is all.
    let page = table.save_page(&options.out);
    made?;
    arguments::print(page?)?;
    print_line!("page and pictures: {}", options.out.display())?;
    if let Some(pages) = &options.pages {
        table.save_page(pages)?;
        print_line!("also in {}", pages.display())?;
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
        let mut arguments = vec![Table::from(self.table).to_string()];
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
}

fn processors() -> NonZero<usize> {
    std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}
