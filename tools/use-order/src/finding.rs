//! What was found, and how it is said in one line.

use std::fmt;
use std::path::{Path, PathBuf};

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The rule.
    pub broken: Broken,
}

impl Finding {
    /// Says where files lie as seen from the folder.
    pub(crate) fn shorten_paths(&mut self, folder: &Path) {
        let shorten = |path: &mut PathBuf| {
            if let Ok(short) = path.strip_prefix(folder) {
                *path = short.to_path_buf();
            }
        };
        shorten(&mut self.file);
        if let Broken::Circle { chain, .. } = &mut self.broken {
            chain.iter_mut().for_each(|(path, _)| shorten(path));
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.broken)
    }
}

/// A rule that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Broken {
    /// Files use one another in a circle.
    Circle {
        /// The path that the first file names.
        written: String,
        /// The files in order, each with the line where it uses the next; the last uses the first.
        chain: Vec<(PathBuf, usize)>,
    },
    /// A module uses one that it may not use.
    Order {
        /// The path that it names.
        written: String,
        /// The modules, and why the one may not use the other.
        wrong: WrongUse,
    },
    /// A module has no place in its folder's order.
    NoPlace {
        /// The crate.
        package: String,
        /// The module.
        module: String,
    },
    /// The order names a module that is not there.
    NoSuchModule {
        /// The crate.
        package: String,
        /// The module.
        module: String,
    },
    /// A path or a `mod` leads to no module.
    NotFound {
        /// The path, or the name of the `mod`.
        written: String,
        /// What is not found.
        name: String,
    },
    /// A crate depends on another one against the order.
    Dependency {
        /// The crate.
        package: String,
        /// What it depends on.
        dependency: String,
    },
    /// A crate has no entry.
    NoOrder {
        /// The crate.
        package: String,
    },
    /// The orders name a crate that the workspace does not have.
    NoSuchPackage {
        /// The crate.
        package: String,
    },
}

/// Two modules of a folder of which one may not use the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WrongUse {
    /// The folder's path; empty for the crate's root.
    pub folder: Vec<String>,
    /// The module of the folder that uses.
    pub user: String,
    /// The module of the folder that is used.
    pub used: String,
    /// Why it may not.
    pub why: Against,
}

/// Why a module may not use another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Against {
    /// The other lies higher.
    Higher,
    /// Both lie in one layer.
    SameLayer,
    /// The user stands alone.
    UserAlone,
    /// The used stands alone.
    UsedAlone,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Circle { written, chain } => {
                write!(f, "`{written}` closes a circle of {} files: ", chain.len())?;
                for (file, line) in chain {
                    write!(f, "{}:{line} -> ", file.display())?;
                }
                chain
                    .first()
                    .map_or(Ok(()), |(file, _)| write!(f, "{}", file.display()))
            }
            Self::Order {
                written,
                wrong:
                    WrongUse {
                        folder,
                        user,
                        used,
                        why,
                    },
            } => {
                write!(f, "`{written}` runs against the order")?;
                if !folder.is_empty() {
                    write!(f, " of `{}`", folder.join("::"))?;
                }
                match why {
                    Against::Higher => write!(f, ": `{used}` lies above `{user}`"),
                    Against::SameLayer => write!(f, ": `{user}` and `{used}` lie in one layer"),
                    Against::UserAlone => write!(f, ": `{user}` stands alone and uses `{used}`"),
                    Against::UsedAlone => write!(f, ": `{used}` stands alone and `{user}` uses it"),
                }
            }
            Self::NoPlace { package, module } => {
                write!(
                    f,
                    "module `{module}` has no place in the order of {package}"
                )
            }
            Self::NoSuchModule { package, module } => {
                write!(f, "{package} has no module `{module}` outside tests")
            }
            Self::NotFound { written, name } => {
                write!(f, "`{written}` leads nowhere: no module `{name}`")
            }
            Self::Dependency {
                package,
                dependency,
            } => {
                write!(f, "{package} may not depend on {dependency}")
            }
            Self::NoOrder { package } => {
                write!(f, "the crate {package} has no entry in the orders")
            }
            Self::NoSuchPackage { package } => {
                write!(f, "the workspace has no crate {package}")
            }
        }
    }
}
