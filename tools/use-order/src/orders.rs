//! The file of declared orders.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

/// Why the file of orders can't be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OrdersError {
    /// It could not be read.
    #[error("{}: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It has another form.
    #[error("{}: {source}", file.display())]
    Form {
        /// The file.
        file: PathBuf,
        /// What was expected, with the place.
        source: Box<toml::de::Error>,
    },
    /// An exception is not of the form `"module -> module"`.
    #[error("{}:{line}: `{found}` is no exception, expected `module -> module`", file.display())]
    Exception {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// A crate's root has `alone` or `allow` without `order`, so that they mean nothing.
    #[error("{}:{line}: an entry beside no `order`", file.display())]
    WithoutOrder {
        /// The file.
        file: PathBuf,
        /// The line of the entry, from 1.
        line: usize,
    },
    /// A module has two places.
    #[error("{}:{line}: `{module}` has a place already", file.display())]
    Twice {
        /// The file.
        file: PathBuf,
        /// The line of the second place, from 1.
        line: usize,
        /// The module.
        module: String,
    },
}

/// The orders of all crates.
#[derive(Debug, Clone)]
pub struct Orders {
    /// The file that they stand in.
    pub file: PathBuf,
    /// By the crate's name.
    pub crates: BTreeMap<String, CrateOrder>,
    lines: Lines,
}

/// What a crate may use, and in what order its modules may use one another.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrateOrder {
    /// Crates of the workspace that its `[dependencies]` may name.
    #[serde(default)]
    pub dependencies: Vec<Spanned<String>>,
    /// Layers of the modules at its root; see [`FolderOrder::order`].
    pub order: Option<Vec<Vec<Spanned<String>>>>,
    /// See [`FolderOrder::alone`].
    #[serde(default)]
    pub alone: Vec<Spanned<String>>,
    /// See [`FolderOrder::allow`].
    #[serde(default)]
    pub allow: Vec<Spanned<String>>,
    /// The orders inside modules, by path (`addressing`, `addressing::kernel`).
    #[serde(default)]
    pub within: BTreeMap<Spanned<String>, FolderOrder>,
}

/// In what order the modules of one folder may use one another.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderOrder {
    /// Layers from low to high: a module may use those of lower layers, and no other.
    pub order: Vec<Vec<Spanned<String>>>,
    /// Modules that use no other one and that no other one uses.
    #[serde(default)]
    pub alone: Vec<Spanned<String>>,
    /// Exceptions, `"user -> used"`.
    #[serde(default)]
    pub allow: Vec<Spanned<String>>,
}

impl Orders {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// When it is not there or not of the form that the crate's documentation describes.
    pub fn read(file: &Path) -> Result<Self, OrdersError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Form {
            #[serde(rename = "crate", default)]
            crates: BTreeMap<String, CrateOrder>,
        }

        let text = fs::read_to_string(file).map_err(|source| OrdersError::Read {
            file: file.to_path_buf(),
            source,
        })?;
        let Form { crates } = toml::from_str(&text).map_err(|source| OrdersError::Form {
            file: file.to_path_buf(),
            source: Box::new(source),
        })?;
        let orders = Self {
            file: file.to_path_buf(),
            crates,
            lines: Lines::of(&text),
        };
        for order in orders.crates.values() {
            let useless = order.alone.iter().chain(&order.allow).next();
            if let (None, Some(entry)) = (&order.order, useless) {
                let line = orders.line(entry);
                return Err(OrdersError::WithoutOrder {
                    file: orders.file,
                    line,
                });
            }
            for folder in order.folders() {
                orders.validate(&folder.order)?;
            }
        }
        Ok(orders)
    }

    fn validate(&self, folder: &FolderOrder) -> Result<(), OrdersError> {
        let mut seen = BTreeSet::new();
        for module in folder.modules() {
            if !seen.insert(module.get_ref()) {
                let (file, line) = (self.file.clone(), self.line(module));
                return Err(OrdersError::Twice {
                    file,
                    line,
                    module: module.get_ref().clone(),
                });
            }
        }
        for exception in &folder.allow {
            if parts(exception.get_ref()).is_none() {
                let (file, line) = (self.file.clone(), self.line(exception));
                let found = exception.get_ref().clone();
                return Err(OrdersError::Exception { file, line, found });
            }
        }
        Ok(())
    }

    /// The line of something in the file, from 1.
    pub(crate) fn line<T>(&self, spanned: &Spanned<T>) -> usize {
        self.lines.at(spanned.span())
    }

    /// The line where a crate's entry begins, from 1.
    pub(crate) fn line_of_crate(&self, name: &str) -> usize {
        self.lines.of_entry(name)
    }
}

/// An order with the folder that it is about.
pub(crate) struct OrderOf {
    /// Path of the module whose children are ordered; empty for the crate's root.
    pub(crate) folder: Vec<String>,
    /// Where the path stands; the crate's root has no place of its own.
    pub(crate) named: Option<Spanned<String>>,
    pub(crate) order: FolderOrder,
}

impl CrateOrder {
    /// The orders of the crate's root and of the folders inside.
    pub(crate) fn folders(&self) -> Vec<OrderOf> {
        let root = self.order.as_ref().map(|order| OrderOf {
            folder: Vec::new(),
            named: None,
            order: FolderOrder {
                order: order.clone(),
                alone: self.alone.clone(),
                allow: self.allow.clone(),
            },
        });
        let inside = self.within.iter().map(|(path, order)| OrderOf {
            folder: path.get_ref().split("::").map(str::to_string).collect(),
            named: Some(path.clone()),
            order: order.clone(),
        });
        root.into_iter().chain(inside).collect()
    }
}

/// Where a module stands in a folder's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Layer(usize),
    Alone,
}

impl FolderOrder {
    /// All modules that have a place.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.order.iter().flatten().chain(&self.alone)
    }

    pub(crate) fn standing(&self, module: &str) -> Option<Standing> {
        let is = |entry: &Spanned<String>| entry.get_ref() == module;
        if self.alone.iter().any(is) {
            return Some(Standing::Alone);
        }
        self.order
            .iter()
            .position(|layer| layer.iter().any(is))
            .map(Standing::Layer)
    }

    /// The exceptions, each with its two modules.
    pub(crate) fn exceptions(&self) -> impl Iterator<Item = (&Spanned<String>, &str, &str)> {
        self.allow.iter().filter_map(|entry| {
            let (user, used) = parts(entry.get_ref())?;
            Some((entry, user, used))
        })
    }
}

/// The user and the used of an exception.
fn parts(exception: &str) -> Option<(&str, &str)> {
    let (user, used) = exception.split_once("->")?;
    let (user, used) = (user.trim(), used.trim());
    (!user.is_empty() && !used.is_empty()).then_some((user, used))
}

/// The file's text, to find lines in.
#[derive(Debug, Clone)]
struct Lines {
    text: String,
}

impl Lines {
    fn of(text: &str) -> Self {
        Self {
            text: text.to_string(),
        }
    }

    fn at(&self, place: Range<usize>) -> usize {
        let before = &self.text.as_bytes()[..place.start.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn of_entry(&self, name: &str) -> usize {
        let heads = [format!("[crate.{name}]"), format!("[crate.\"{name}\"]")];
        let line = self
            .text
            .lines()
            .position(|line| heads.iter().any(|head| line.trim() == head));
        line.map_or(1, |line| line + 1)
    }
}
