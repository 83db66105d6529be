//! Whether the crates of the workspace depend on one another as declared.

use std::fs;
use std::path::Path;

use crate::finding::{Broken, Finding};
use crate::orders::Orders;
use crate::workspace::{DependencyKind, Package, Workspace};

/// Dependencies that are not declared, crates without an entry, and entries without a crate.
///
/// `[dev-dependencies]` are free: tests and examples may use anything.
pub(crate) fn check(workspace: &Workspace, orders: &Orders) -> Vec<Finding> {
    let mut found = Vec::new();
    let is_member = |name: &str| {
        workspace
            .packages
            .iter()
            .any(|package| package.name == name)
    };
    for package in &workspace.packages {
        let Some(order) = orders.crates.get(&package.name) else {
            let broken = Broken::NoOrder {
                package: package.name.clone(),
            };
            found.push(Finding {
                file: package.manifest.clone(),
                line: 1,
                broken,
            });
            continue;
        };
        for dependency in &package.dependencies {
            let allowed = order
                .dependencies
                .iter()
                .any(|name| *name.get_ref() == dependency.name);
            if allowed || dependency.kind == DependencyKind::Dev || !is_member(&dependency.name) {
                continue;
            }
            found.push(Finding {
                file: package.manifest.clone(),
                line: line_of(package, &dependency.name),
                broken: Broken::Dependency {
                    package: package.name.clone(),
                    dependency: dependency.name.clone(),
                },
            });
        }
    }
    for (name, order) in &orders.crates {
        let mut absent = |line: usize, package: &str| {
            let broken = Broken::NoSuchPackage {
                package: package.to_string(),
            };
            found.push(Finding {
                file: orders.file.clone(),
                line,
                broken,
            });
        };
        if !is_member(name) {
            absent(orders.line_of_crate(name), name);
        }
        for dependency in &order.dependencies {
            if !is_member(dependency.get_ref()) {
                absent(orders.line(dependency), dependency.get_ref());
            }
        }
    }
    found
}

/// The line of a dependency in Cargo.toml, or the first one if its entry has an unusual form.
fn line_of(package: &Package, dependency: &str) -> usize {
    find_line(&package.manifest, dependency).unwrap_or(1)
}

fn find_line(manifest: &Path, dependency: &str) -> Option<usize> {
    let text = fs::read_to_string(manifest).ok()?;
    let mut in_table = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(table) = line.strip_prefix('[') {
            let parts = table.trim_end_matches(']').rsplit_once("dependencies");
            let (table, name) = parts.unwrap_or(("dev-", ""));
            let counts = !table.ends_with("dev-") && !table.starts_with("workspace.");
            if counts && name.strip_prefix('.') == Some(dependency) {
                return Some(index + 1);
            }
            in_table = counts && name.is_empty();
        } else if in_table {
            let rest = line.strip_prefix(dependency).map(str::trim_start);
            let is_named = rest.is_some_and(|rest| rest.starts_with(['.', '=']));
            if is_named || line.contains(&format!("package = \"{dependency}\"")) {
                return Some(index + 1);
            }
        }
    }
    None
}
