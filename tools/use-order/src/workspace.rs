//! The packages of a workspace, as cargo knows them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use thiserror::Error;

/// Why the packages are not known.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// Cargo did not start.
    #[error("cargo metadata in {}: {source}", folder.display())]
    Start {
        /// Where it was to run.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Cargo failed.
    #[error("cargo metadata in {}: {message}", folder.display())]
    Failed {
        /// Where it ran.
        folder: PathBuf,
        /// What it wrote.
        message: String,
    },
    /// Cargo's answer is not of the form that is known.
    #[error("answer of cargo metadata in {}: {source}", folder.display())]
    Answer {
        /// Where it ran.
        folder: PathBuf,
        /// What was not understood.
        source: serde_json::Error,
    },
}

/// A workspace and its members.
#[derive(Debug, Clone, Deserialize)]
pub struct Workspace {
    /// Its folder.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// Its members.
    pub packages: Vec<Package>,
}

/// A member of a workspace.
#[derive(Debug, Clone, Deserialize)]
pub struct Package {
    /// Its name in Cargo.toml.
    pub name: String,
    /// Its Cargo.toml.
    #[serde(rename = "manifest_path")]
    pub manifest: PathBuf,
    /// Library, programs, examples, tests.
    pub targets: Vec<Target>,
    /// All packages that it needs.
    pub dependencies: Vec<Dependency>,
}

/// What cargo builds from one root file.
#[derive(Debug, Clone, Deserialize)]
pub struct Target {
    /// `lib`, `bin`, `example`, `test`, …
    pub kind: Vec<String>,
    /// The root file.
    #[serde(rename = "src_path")]
    pub root: PathBuf,
}

/// A package that another one needs.
#[derive(Debug, Clone, Deserialize)]
pub struct Dependency {
    /// Its own name, not that under which it is used.
    pub name: String,
    /// What it is needed for.
    #[serde(default, deserialize_with = "kind_or_normal")]
    pub kind: DependencyKind,
}

/// What a dependency is needed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DependencyKind {
    /// `[dependencies]`
    #[default]
    Normal,
    /// `[build-dependencies]`
    Build,
    /// `[dev-dependencies]`
    Dev,
}

fn kind_or_normal<'de, D>(deserializer: D) -> Result<DependencyKind, D::Error>
where
    D: serde::Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl Workspace {
    /// Asks cargo for the workspace that the folder belongs to.
    ///
    /// # Errors
    ///
    /// When cargo is not there or finds no workspace.
    pub fn find(folder: &Path) -> Result<Self, WorkspaceError> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(folder)
            .output()
            .map_err(|source| WorkspaceError::Start {
                folder: folder.to_path_buf(),
                source,
            })?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr).trim().to_string();
            return Err(WorkspaceError::Failed {
                folder: folder.to_path_buf(),
                message,
            });
        }
        serde_json::from_slice(&output.stdout).map_err(|source| WorkspaceError::Answer {
            folder: folder.to_path_buf(),
            source,
        })
    }
}

impl Package {
    /// The root files that are looked at, without tests and build scripts.
    pub(crate) fn roots(&self) -> impl Iterator<Item = &Path> {
        let looked_at = self.targets.iter().filter(|target| {
            !target
                .kind
                .iter()
                .any(|kind| kind == "test" || kind == "custom-build")
        });
        looked_at.map(|target| target.root.as_path())
    }

    /// The root files whose modules the order is about: the library, or the programs where there is none.
    pub(crate) fn ordered_roots(&self) -> Vec<&Path> {
        let of_kind = |wanted: &str| -> Vec<&Path> {
            let targets = self.targets.iter();
            let wanted =
                targets.filter(|target| target.kind.iter().any(|kind| kind.ends_with(wanted)));
            wanted.map(|target| target.root.as_path()).collect()
        };
        let libraries = of_kind("lib");
        let libraries = if libraries.is_empty() {
            of_kind("proc-macro")
        } else {
            libraries
        };
        if libraries.is_empty() {
            of_kind("bin")
        } else {
            libraries
        }
    }
}
