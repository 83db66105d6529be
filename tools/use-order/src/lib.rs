#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod attributes;
mod check;
mod circles;
mod dependencies;
mod finding;
mod folders;
mod modules;
mod names;
mod orders;
mod references;
mod report;
mod resolve;
mod target;
mod test_code;
mod tokens;
mod workspace;

pub use check::check;
pub use finding::{Against, Broken, Finding, WrongUse};
pub use modules::SourceError;
pub use orders::{CrateOrder, FolderOrder, Orders, OrdersError};
pub use report::Report;
pub use workspace::{Dependency, DependencyKind, Package, Target, Workspace, WorkspaceError};
