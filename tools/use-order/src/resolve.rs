//! From a path in the code to the module that defines what it names, through imports and re-exports.

use crate::modules::{ModuleId, ModuleTree, ROOT};
use crate::names::{Names, Spaces};
use crate::references::{Reference, References};

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A module itself.
    Module(ModuleId),
    /// An item of a module.
    Item(ModuleId),
    /// Another crate.
    Outside,
}

impl Target {
    pub(crate) fn module(self) -> Option<ModuleId> {
        match self {
            Self::Module(id) | Self::Item(id) => Some(id),
            Self::Outside => None,
        }
    }
}

/// A name that is not in the module where it is looked for.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) module: ModuleId,
    pub(crate) name: String,
    pub(crate) is_last: bool,
}

/// All that a path can mean.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    /// Empty for names of the language, of other crates, and of variables.
    pub(crate) targets: Vec<Target>,
    /// Set when `targets` is empty because a module lacks a name.
    pub(crate) missing: Option<Missing>,
}

/// Resolves the paths of one target.
pub(crate) struct Resolver<'tree> {
    tree: &'tree ModuleTree,
    names: Vec<Names>,
}

/// Lookups under way, so that imports that name one another come to an end.
type UnderWay = Vec<(ModuleId, String, Spaces)>;

impl<'tree> Resolver<'tree> {
    pub(crate) fn new(tree: &'tree ModuleTree, references: &[References]) -> Self {
        let mut names = Names::of_tree(tree);
        for (names, references) in names.iter_mut().zip(references) {
            names.globs.extend(references.globs.iter().cloned());
        }
        Self { tree, names }
    }

    /// What the path means in the module.
    pub(crate) fn resolve(&self, module: ModuleId, reference: &Reference) -> Resolution {
        let Reference {
            segments, spaces, ..
        } = reference;
        let resolution = self.path(module, segments, *spaces, &mut UnderWay::new());
        match segments.as_slice() {
            [name] if resolution.targets.is_empty() && spaces.meets(Spaces::MACRO) => {
                let targets = self.macro_in_scope(module, name).map(Target::Item);
                Resolution {
                    targets: targets.into_iter().collect(),
                    missing: None,
                }
            }
            _ => resolution,
        }
    }

    /// The module down to which the path, as it is written, goes by declared modules alone.
    pub(crate) fn written(&self, module: ModuleId, segments: &[String]) -> Option<ModuleId> {
        let (mut at, rest) = self.start(module, segments)?;
        for segment in rest {
            match self.child(at, segment).next() {
                Some(child) => at = child,
                None => break,
            }
        }
        Some(at)
    }

    fn child(&self, module: ModuleId, name: &str) -> impl Iterator<Item = ModuleId> {
        let children = self.tree.module(module).children.iter();
        children
            .filter(move |(child, _)| child == name)
            .map(|(_, id)| *id)
    }

    /// The module in which `crate`, `self` and `super` end, and the names after them; `None` above the root.
    fn start<'path>(
        &self,
        module: ModuleId,
        segments: &'path [String],
    ) -> Option<(ModuleId, &'path [String])> {
        let mut at = module;
        for (index, segment) in segments.iter().enumerate() {
            match segment.as_str() {
                "crate" => at = ROOT,
                "self" => {}
                "super" => at = self.tree.module(at).parent?,
                _ => return Some((at, &segments[index..])),
            }
        }
        Some((at, &[]))
    }

    fn path(
        &self,
        module: ModuleId,
        segments: &[String],
        spaces: Spaces,
        under_way: &mut UnderWay,
    ) -> Resolution {
        let Some((start, rest)) = self.start(module, segments) else {
            let missing = Missing {
                module: ROOT,
                name: "super".to_string(),
                is_last: false,
            };
            return Resolution {
                targets: Vec::new(),
                missing: Some(missing),
            };
        };
        let is_rooted = rest.len() < segments.len();
        let mut targets = vec![Target::Module(start)];
        for (index, name) in rest.iter().enumerate() {
            let is_last = index + 1 == rest.len();
            let mut next = Vec::new();
            let mut missing = None;
            for target in targets {
                let Target::Module(id) = target else {
                    // What follows a type is associated with it.
                    next.push(target);
                    continue;
                };
                let found = self.segment(id, name, is_last, spaces, under_way);
                if found.is_empty() && (index > 0 || is_rooted) {
                    missing = Some(Missing {
                        module: id,
                        name: name.clone(),
                        is_last,
                    });
                }
                next.extend(found);
            }
            if next.is_empty() {
                return Resolution {
                    targets: next,
                    missing,
                };
            }
            targets = next;
        }
        Resolution {
            targets,
            missing: None,
        }
    }

    fn segment(
        &self,
        module: ModuleId,
        name: &str,
        is_last: bool,
        spaces: Spaces,
        under_way: &mut UnderWay,
    ) -> Vec<Target> {
        if is_last {
            return self.lookup(module, name, spaces, under_way);
        }
        let found = self.lookup(module, name, Spaces::TYPE, under_way);
        if found.is_empty() {
            // Macros make modules out of functions.
            self.lookup(module, name, Spaces::ANY, under_way)
        } else {
            found
        }
    }

    fn lookup(
        &self,
        module: ModuleId,
        name: &str,
        spaces: Spaces,
        under_way: &mut UnderWay,
    ) -> Vec<Target> {
        let this = (module, name.to_string(), spaces);
        if under_way.contains(&this) {
            return Vec::new();
        }
        under_way.push(this);
        let mut found = Vec::new();
        if spaces.meets(Spaces::TYPE) {
            found.extend(self.child(module, name).map(Target::Module));
        }
        let names = &self.names[module.index()];
        if names.defines(name, spaces) {
            found.push(Target::Item(module));
        }
        for path in names.imports(name) {
            found.extend(self.import(module, path, spaces, under_way));
        }
        if found.is_empty() {
            for glob in &names.globs {
                let sources = self.path(module, glob, Spaces::TYPE, under_way).targets;
                for source in sources {
                    if let Target::Module(source) = source {
                        found.extend(self.lookup(source, name, spaces, under_way));
                    }
                }
            }
        }
        under_way.pop();
        found.dedup();
        found
    }

    /// What an import binds; where a macro makes the item, the module that calls it.
    fn import(
        &self,
        module: ModuleId,
        path: &[String],
        spaces: Spaces,
        under_way: &mut UnderWay,
    ) -> Vec<Target> {
        let resolution = self.path(module, path, spaces, under_way);
        match resolution.missing {
            // It can be there as something else than what is looked for.
            Some(_) if spaces != Spaces::ANY => {
                let anything = self.path(module, path, Spaces::ANY, under_way);
                anything
                    .missing
                    .map(|missing| Target::Item(missing.module))
                    .into_iter()
                    .collect()
            }
            Some(missing) => vec![Target::Item(missing.module)],
            None if resolution.targets.is_empty() => vec![Target::Outside],
            None => resolution.targets,
        }
    }

    /// The module above whose `macro_rules!` reaches down to this one without a path.
    fn macro_in_scope(&self, module: ModuleId, name: &str) -> Option<ModuleId> {
        let mut at = Some(module);
        while let Some(id) = at {
            let lenders = self
                .tree
                .module(id)
                .children
                .iter()
                .map(|(_, child)| *child);
            let lenders = lenders.filter(|child| self.tree.module(*child).lends_macros);
            let mut modules = std::iter::once(id).chain(lenders);
            let defining =
                modules.find(|module| self.names[module.index()].defines(name, Spaces::MACRO));
            if defining.is_some() {
                return defining;
            }
            at = self.tree.module(id).parent;
        }
        None
    }
}
