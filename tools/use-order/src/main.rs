//! Checks a workspace and prints what breaks its rules; see the library.

#![forbid(unsafe_code)]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use use_order::{Orders, Report, Workspace, check};

/// Finds circles of files, and uses and dependencies against the declared orders.
///
/// Leaves with 0 when there are none, with 1 when there are some, and with 2 when it could not look.
#[derive(Parser)]
struct Arguments {
    /// A folder of the workspace
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The declared orders [default: tools/use-order/orders.toml of the workspace]
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
}

fn run(arguments: Arguments) -> Result<Report, Box<dyn Error>> {
    let workspace = Workspace::find(&arguments.root)?;
    let file = arguments
        .orders
        .unwrap_or_else(|| workspace.root.join("tools/use-order/orders.toml"));
    let orders = Orders::read(&file)?;
    Ok(check(&workspace, &orders)?)
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(report) => {
            println!("{report}");
            ExitCode::from(u8::from(!report.findings.is_empty()))
        }
        Err(error) => {
            eprintln!("use-order: {error}");
            ExitCode::from(2)
        }
    }
}
