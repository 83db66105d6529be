//! All rules over a whole workspace.

use std::collections::BTreeSet;

use crate::dependencies;
use crate::folders::Folders;
use crate::modules::{ModuleTree, SourceError};
use crate::orders::Orders;
use crate::report::Report;
use crate::target::TargetCheck;
use crate::workspace::Workspace;

/// Looks for circles of files, and for uses and dependencies against the orders.
///
/// # Errors
///
/// When a source file can't be read or parsed.
pub fn check(workspace: &Workspace, orders: &Orders) -> Result<Report, SourceError> {
    let mut findings = dependencies::check(workspace, orders);
    let mut files = BTreeSet::new();
    let mut uses = 0;
    for package in &workspace.packages {
        let ordered = package.ordered_roots();
        for root in package.roots() {
            let tree = ModuleTree::read(root)?;
            files.extend(tree.files().iter().cloned());
            let order = orders
                .crates
                .get(&package.name)
                .filter(|_| ordered.contains(&root));
            let folders = order.map(|order| Folders::new(&tree, order));
            if let Some(folders) = &folders {
                findings.extend(folders.places(orders, &package.name));
            }
            let mut target = TargetCheck::new(&tree, folders);
            target.run();
            uses += target.uses;
            findings.append(&mut target.findings);
        }
    }
    for finding in &mut findings {
        finding.shorten_paths(&workspace.root);
    }
    findings.sort_by_cached_key(|finding| {
        (
            finding.file.clone(),
            finding.line,
            finding.broken.to_string(),
        )
    });
    findings.dedup();
    Ok(Report {
        findings,
        crates: workspace.packages.len(),
        files: files.len(),
        uses,
    })
}
