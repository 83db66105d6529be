//! The names that a module binds: its own items, what it imports, and everything of other modules (`*`).

use syn::ext::IdentExt;
use syn::{Fields, ForeignItem, Ident, Item, ItemUse, UseTree, Visibility};

use crate::modules::{ModuleId, ModuleTree};

/// Namespaces, as a set: one name can be a type, a value and a macro at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spaces(u8);

impl Spaces {
    pub(crate) const TYPE: Self = Self(1);
    pub(crate) const VALUE: Self = Self(2);
    pub(crate) const MACRO: Self = Self(4);
    pub(crate) const ANY: Self = Self(7);

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One path of a `use`.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    pub(crate) binds: Binds,
}

/// What a path of a `use` brings in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Binds {
    Name(String),
    /// `as _`: the methods of a trait.
    Nothing,
    /// `*`
    Everything,
}

/// What a module binds.
#[derive(Debug, Default)]
pub(crate) struct Names {
    definitions: Vec<(String, Spaces)>,
    imports: Vec<(String, Vec<String>)>,
    pub(crate) globs: Vec<Vec<String>>,
}

impl Names {
    /// The names of every module, in the order of their numbers.
    pub(crate) fn of_tree(tree: &ModuleTree) -> Vec<Self> {
        let mut all: Vec<Self> = tree.ids().map(|id| Self::of_module(tree, id)).collect();
        // `#[macro_export]` puts a macro at the root, wherever it is written; a path by the root leads to its module.
        for id in tree.ids() {
            for item in &tree.module(id).items {
                if let (Some(name), true) = (macro_name(item), is_exported_macro(item)) {
                    let mut path = vec!["crate".to_string()];
                    path.extend(tree.module(id).path.iter().cloned());
                    path.push(name.clone());
                    if path.len() > 2 {
                        all[0].imports.push((name, path));
                    }
                }
            }
        }
        all
    }

    fn of_module(tree: &ModuleTree, id: ModuleId) -> Self {
        let mut names = Self::default();
        for item in &tree.module(id).items {
            if let Item::Use(item) = item {
                for import in imports(item) {
                    match import.binds {
                        Binds::Name(name) => names.imports.push((name, import.segments)),
                        Binds::Everything => names.globs.push(import.segments),
                        Binds::Nothing => {}
                    }
                }
            } else if let Item::ExternCrate(item) = item {
                if let (true, Some((_, rename))) = (item.ident == "self", &item.rename) {
                    names
                        .imports
                        .push((text(rename), vec!["crate".to_string()]));
                }
            } else {
                names.definitions.extend(definitions(item));
            }
        }
        names
    }

    /// Whether the module itself defines the name.
    pub(crate) fn defines(&self, name: &str, spaces: Spaces) -> bool {
        self.definitions
            .iter()
            .any(|(defined, of)| defined == name && of.meets(spaces))
    }

    /// The paths that `use` gives the name.
    pub(crate) fn imports(&self, name: &str) -> impl Iterator<Item = &[String]> {
        let same = move |(bound, _): &&(String, Vec<String>)| bound == name;
        self.imports
            .iter()
            .filter(same)
            .map(|(_, path)| path.as_slice())
    }
}

/// The names that an item defines.
pub(crate) fn definitions(item: &Item) -> Vec<(String, Spaces)> {
    let one = |ident: &Ident, spaces| vec![(text(ident), spaces)];
    match item {
        Item::Const(item) => one(&item.ident, Spaces::VALUE),
        Item::Static(item) => one(&item.ident, Spaces::VALUE),
        Item::Fn(item) => one(&item.sig.ident, Spaces::VALUE),
        Item::Enum(item) => one(&item.ident, Spaces::TYPE),
        Item::Trait(item) => one(&item.ident, Spaces::TYPE),
        Item::TraitAlias(item) => one(&item.ident, Spaces::TYPE),
        Item::Type(item) => one(&item.ident, Spaces::TYPE),
        Item::Union(item) => one(&item.ident, Spaces::TYPE),
        Item::Struct(item) => match item.fields {
            Fields::Named(_) => one(&item.ident, Spaces::TYPE),
            _ => one(&item.ident, Spaces::TYPE.and(Spaces::VALUE)),
        },
        Item::Macro(item) => item
            .ident
            .as_ref()
            .map_or_else(Vec::new, |ident| one(ident, Spaces::MACRO)),
        Item::ForeignMod(item) => item.items.iter().filter_map(of_foreign_item).collect(),
        _ => Vec::new(),
    }
}

fn of_foreign_item(item: &ForeignItem) -> Option<(String, Spaces)> {
    match item {
        ForeignItem::Fn(item) => Some((text(&item.sig.ident), Spaces::VALUE)),
        ForeignItem::Static(item) => Some((text(&item.ident), Spaces::VALUE)),
        ForeignItem::Type(item) => Some((text(&item.ident), Spaces::TYPE)),
        _ => None,
    }
}

fn macro_name(item: &Item) -> Option<String> {
    match item {
        Item::Macro(item) => item.ident.as_ref().map(text),
        _ => None,
    }
}

fn is_exported_macro(item: &Item) -> bool {
    let attributes = crate::test_code::of_item(item);
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("macro_export"))
}

/// Whether a `use` is seen outside its module.
pub(crate) fn is_reexport(item: &ItemUse) -> bool {
    match &item.vis {
        Visibility::Inherited => false,
        Visibility::Restricted(restricted) => !restricted.path.is_ident("self"),
        Visibility::Public(_) => true,
    }
}

/// Every path of a `use`, without those that begin with another crate by a leading `::`.
pub(crate) fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    if item.leading_colon.is_none() {
        flatten(&item.tree, &[], &mut found);
    }
    found
}

fn flatten(tree: &UseTree, prefix: &[String], found: &mut Vec<Import>) {
    let mut leaf = |ident: Option<&Ident>, line: usize, binds: Binds| {
        let mut segments = prefix.to_vec();
        let name = ident
            .map(text)
            .filter(|name| name != "self" || prefix.is_empty());
        segments.extend(name);
        found.push(Import {
            segments,
            line,
            binds,
        });
    };
    match tree {
        UseTree::Path(path) => {
            let mut longer = prefix.to_vec();
            longer.push(text(&path.ident));
            flatten(&path.tree, &longer, found);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, prefix, found);
            }
        }
        UseTree::Name(name) => {
            let bound = if name.ident == "self" {
                prefix.last().cloned()
            } else {
                None
            };
            let binds = Binds::Name(bound.unwrap_or_else(|| text(&name.ident)));
            leaf(Some(&name.ident), name.ident.span().start().line, binds);
        }
        UseTree::Rename(rename) => {
            let name = text(&rename.rename);
            let binds = if name == "_" {
                Binds::Nothing
            } else {
                Binds::Name(name)
            };
            leaf(Some(&rename.ident), rename.ident.span().start().line, binds);
        }
        UseTree::Glob(glob) => leaf(None, glob.star_token.span.start().line, Binds::Everything),
    }
}

pub(crate) fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}
