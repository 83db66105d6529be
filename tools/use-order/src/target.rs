//! The check of one target: a library, a program, an example or a benchmark.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::circles::{FileUses, Use};
use crate::finding::{Broken, Finding, WrongUse};
use crate::folders::Folders;
use crate::modules::{FileId, ModuleId, ModuleTree};
use crate::references::{Reference, References, Role};
use crate::resolve::Resolver;

/// The check of one target.
pub(crate) struct TargetCheck<'a> {
    tree: &'a ModuleTree,
    /// Nothing where no order is declared.
    folders: Option<Folders<'a>>,
    file_uses: FileUses,
    /// Places where one file names something of another.
    pub(crate) uses: usize,
    /// What breaks the order, file by file.
    told: HashSet<(FileId, WrongUse)>,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> TargetCheck<'a> {
    pub(crate) fn new(tree: &'a ModuleTree, folders: Option<Folders<'a>>) -> Self {
        let (file_uses, told) = (FileUses::default(), HashSet::new());
        Self {
            tree,
            folders,
            file_uses,
            uses: 0,
            told,
            findings: Vec::new(),
        }
    }

    pub(crate) fn run(&mut self) {
        let tree = self.tree;
        for missing in &tree.missing {
            let (file, line) = missing.declared;
            let (written, name) = (format!("mod {}", missing.name), missing.name.clone());
            let broken = Broken::NotFound { written, name };
            self.findings.push(Finding {
                file: tree.file(file).to_path_buf(),
                line,
                broken,
            });
        }
        let references: Vec<References> = tree
            .ids()
            .map(|id| References::of(&tree.module(id).items))
            .collect();
        let resolver = Resolver::new(tree, &references);
        for (module, references) in tree.ids().zip(&references) {
            let (names, imports): (Vec<_>, Vec<_>) = references
                .found
                .iter()
                .partition(|reference| reference.role == Role::Name);
            for reference in imports.into_iter().chain(names) {
                self.look_at(&resolver, module, reference);
            }
        }
        self.add_circles();
    }

    fn look_at(&mut self, resolver: &Resolver, module: ModuleId, reference: &Reference) {
        let written = reference.segments.join("::");
        let resolution = resolver.resolve(module, reference);
        let mut used: Vec<ModuleId> = resolution
            .targets
            .iter()
            .filter_map(|target| target.module())
            .collect();
        if let Some(missing) = resolution.missing {
            // Macros make items that no file shows; they count as items of the module that is there.
            let is_item = missing.is_last || missing.name.starts_with(char::is_uppercase);
            if is_item {
                used.push(missing.module);
            } else if is_rooted(reference) {
                let broken = Broken::NotFound {
                    written,
                    name: missing.name,
                };
                self.report(module, reference.line, broken);
                return;
            }
        }
        let place = || Use {
            line: reference.line,
            written: written.clone(),
        };
        let file = self.tree.module(module).file;
        for used in &used {
            let to = self.tree.module(*used).file;
            self.uses += usize::from(to != file);
            if reference.role != Role::Reexport || !self.is_below_file_of(*used, module) {
                self.file_uses.add(file, to, place());
            }
        }
        self.compare_with_order(resolver, module, reference, &used, written);
    }

    /// Whether a module lies below the one that the other's file begins with.
    fn is_below_file_of(&self, lower: ModuleId, other: ModuleId) -> bool {
        let mut top = self.tree.module(other);
        while let Some(parent) = top.parent.map(|parent| self.tree.module(parent)) {
            if parent.file != top.file {
                break;
            }
            top = parent;
        }
        let lower = &self.tree.module(lower).path;
        lower.len() > top.path.len() && lower.starts_with(&top.path)
    }

    /// Looks at where the path leads, and at the module through which it is written.
    fn compare_with_order(
        &mut self,
        resolver: &Resolver,
        module: ModuleId,
        reference: &Reference,
        used: &[ModuleId],
        written: String,
    ) {
        let Some(folders) = &self.folders else { return };
        let named = resolver
            .written(module, &reference.segments)
            .filter(|_| !used.is_empty());
        let mut wrong = used
            .iter()
            .chain(&named)
            .filter_map(|used| folders.wrong(module, *used));
        let Some(wrong) = wrong.next() else { return };
        // A name that a `use` brought in is told at the `use`.
        let is_new = self
            .told
            .insert((self.tree.module(module).file, wrong.clone()));
        if reference.role == Role::Name && !is_new {
            return;
        }
        let broken = Broken::Order { written, wrong };
        self.report(module, reference.line, broken);
    }

    fn report(&mut self, module: ModuleId, line: usize, broken: Broken) {
        let file = self.tree.file(self.tree.module(module).file).to_path_buf();
        self.findings.push(Finding { file, line, broken });
    }

    fn add_circles(&mut self) {
        for circle in self.file_uses.circles() {
            let next = circle.iter().cycle().skip(1);
            let places: Vec<&Use> = circle
                .iter()
                .zip(next)
                .map(|(from, to)| self.file_uses.place(*from, *to))
                .collect();
            let files = circle
                .iter()
                .map(|file| self.tree.file(*file).to_path_buf());
            let chain: Vec<(PathBuf, usize)> = files
                .zip(&places)
                .map(|(file, place)| (file, place.line))
                .collect();
            let file = self.tree.file(circle[0]).to_path_buf();
            let (line, written) = (places[0].line, places[0].written.clone());
            let broken = Broken::Circle { written, chain };
            self.findings.push(Finding { file, line, broken });
        }
    }
}

/// Whether a path begins inside its crate.
fn is_rooted(reference: &Reference) -> bool {
    matches!(reference.segments[0].as_str(), "crate" | "self" | "super")
}
