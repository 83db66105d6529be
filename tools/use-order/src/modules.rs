//! The modules of a crate, found by following `mod` from its root file.

use std::fs;
use std::path::{Path, PathBuf};

use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};
use thiserror::Error;

use crate::test_code;

/// Why a source file could not be looked at.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The file could not be read.
    #[error("{}: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no Rust.
    #[error("{}:{line}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser found.
        message: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ModuleId(usize);

impl ModuleId {
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileId(usize);

/// The root is the first module.
pub(crate) const ROOT: ModuleId = ModuleId(0);

/// One module, be it a file or written in braces.
pub(crate) struct Module {
    /// Names from the crate's root to the module.
    pub(crate) path: Vec<String>,
    pub(crate) file: FileId,
    pub(crate) parent: Option<ModuleId>,
    /// Two can have one name, under different conditions.
    pub(crate) children: Vec<(String, ModuleId)>,
    /// What it holds, without tests.
    pub(crate) items: Vec<Item>,
    /// Whether its macros are known outside it (`#[macro_use]`).
    pub(crate) lends_macros: bool,
    /// File and line of its `mod`.
    pub(crate) declared: (FileId, usize),
}

/// A `mod` whose file is not there.
pub(crate) struct MissingFile {
    pub(crate) declared: (FileId, usize),
    pub(crate) name: String,
}

/// All modules of one target without those that only tests reach.
pub(crate) struct ModuleTree {
    modules: Vec<Module>,
    files: Vec<PathBuf>,
    pub(crate) missing: Vec<MissingFile>,
}

impl ModuleTree {
    pub(crate) fn read(root: &Path) -> Result<Self, SourceError> {
        let mut tree = Self {
            modules: Vec::new(),
            files: Vec::new(),
            missing: Vec::new(),
        };
        let file = tree.file_id(root);
        let items = parse(root)?;
        let folder = root.parent().unwrap_or(Path::new("")).to_path_buf();
        tree.modules.push(Module {
            path: Vec::new(),
            file,
            parent: None,
            children: Vec::new(),
            items: Vec::new(),
            lends_macros: false,
            declared: (file, 1),
        });
        let folders = Folders {
            of_paths: folder.clone(),
            of_modules: folder,
        };
        tree.fill(ROOT, items, &folders)?;
        Ok(tree)
    }

    pub(crate) fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0]
    }

    pub(crate) fn file(&self, id: FileId) -> &Path {
        &self.files[id.0]
    }

    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = ModuleId> + use<> {
        (0..self.modules.len()).map(ModuleId)
    }

    /// The modules with this path from the root.
    pub(crate) fn find(&self, path: &[String]) -> Vec<ModuleId> {
        self.ids()
            .filter(|id| self.module(*id).path == path)
            .collect()
    }

    fn file_id(&mut self, path: &Path) -> FileId {
        let position = self.files.iter().position(|file| file == path);
        FileId(position.unwrap_or_else(|| {
            self.files.push(path.to_path_buf());
            self.files.len() - 1
        }))
    }

    fn fill(
        &mut self,
        id: ModuleId,
        items: Vec<Item>,
        folders: &Folders,
    ) -> Result<(), SourceError> {
        for item in items {
            if test_code::is_test_only(test_code::of_item(&item)) {
                continue;
            }
            match item {
                Item::Mod(item) => self.add_module(id, item, folders)?,
                item => self.modules[id.0].items.push(item),
            }
        }
        Ok(())
    }

    fn add_module(
        &mut self,
        parent: ModuleId,
        item: ItemMod,
        folders: &Folders,
    ) -> Result<(), SourceError> {
        let name = item.ident.unraw().to_string();
        let declaring = self.modules[parent.0].file;
        let declared = (declaring, item.ident.span().start().line);
        let given = given_path(&item.attrs);
        let (file, items, inner) = match item.content {
            Some((_, items)) => (declaring, items, folders.inside(&name, given.as_deref())),
            None => match folders.file_of(&name, given.as_deref()) {
                Some((path, inner)) => (self.file_id(&path), parse(&path)?, inner),
                None => {
                    self.missing.push(MissingFile { declared, name });
                    return Ok(());
                }
            },
        };
        let id = ModuleId(self.modules.len());
        let mut path = self.modules[parent.0].path.clone();
        path.push(name.clone());
        self.modules[parent.0].children.push((name, id));
        self.modules.push(Module {
            path,
            file,
            parent: Some(parent),
            children: Vec::new(),
            items: Vec::new(),
            lends_macros: item
                .attrs
                .iter()
                .any(|attribute| attribute.path().is_ident("macro_use")),
            declared,
        });
        self.fill(id, items, &inner)
    }
}

/// Where the files of a module's children lie.
struct Folders {
    /// What `#[path]` is relative to.
    of_paths: PathBuf,
    /// Where `name.rs` and `name/mod.rs` are looked for.
    of_modules: PathBuf,
}

impl Folders {
    /// The folders of a module in braces.
    fn inside(&self, name: &str, given: Option<&Path>) -> Self {
        let folder = match given {
            Some(given) => plain(&self.of_paths.join(given)),
            None => self.of_modules.join(name),
        };
        Self {
            of_paths: folder.clone(),
            of_modules: folder,
        }
    }

    /// The file of a module and the folders of its children; `None` if there is none.
    fn file_of(&self, name: &str, given: Option<&Path>) -> Option<(PathBuf, Self)> {
        if let Some(given) = given {
            let file = plain(&self.of_paths.join(given));
            let folder = file.parent()?.to_path_buf();
            // A file that `#[path]` names has its children beside it, whatever it is called.
            let inner = Self {
                of_paths: folder.clone(),
                of_modules: folder,
            };
            return file.is_file().then_some((file, inner));
        }
        let inside = self.of_modules.join(name);
        let beside = self.of_modules.join(format!("{name}.rs"));
        if beside.is_file() {
            let inner = Self {
                of_paths: self.of_modules.clone(),
                of_modules: inside,
            };
            return Some((beside, inner));
        }
        let file = inside.join("mod.rs");
        file.is_file().then(|| {
            (
                file,
                Self {
                    of_paths: inside.clone(),
                    of_modules: inside,
                },
            )
        })
    }
}

/// The path that `#[path = "…"]` gives.
fn given_path(attributes: &[Attribute]) -> Option<PathBuf> {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(PathBuf::from(text.value())),
                _ => None,
            },
            _ => None,
        })
}

/// The path without `.` and `..`, so that one file has one path.
fn plain(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            component => plain.push(component),
        }
    }
    plain
}

fn parse(file: &Path) -> Result<Vec<Item>, SourceError> {
    let text = fs::read_to_string(file).map_err(|source| SourceError::Read {
        file: file.to_path_buf(),
        source,
    })?;
    let parsed = syn::parse_file(&text).map_err(|error| SourceError::Syntax {
        file: file.to_path_buf(),
        line: error.span().start().line,
        message: error.to_string(),
    })?;
    Ok(if test_code::is_test_only(&parsed.attrs) {
        Vec::new()
    } else {
        parsed.items
    })
}
