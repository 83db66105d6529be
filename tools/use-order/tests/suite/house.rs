//! A workspace in a temporary folder.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use use_order::{
    Dependency, DependencyKind, Orders, OrdersError, Package, Report, Target, Workspace, check,
};

pub struct House {
    folder: TempDir,
    packages: Vec<Package>,
}

impl House {
    /// One crate called `house` with these files; `src/lib.rs` is its root.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let mut house = Self {
            folder: TempDir::new().unwrap(),
            packages: Vec::new(),
        };
        house.write(files);
        house.add_crate("house", "", &[]);
        house
    }

    /// A workspace without crates.
    pub fn empty() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            packages: Vec::new(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = self.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// A library in the folder, which needs the other crates.
    pub fn add_crate(&mut self, name: &str, folder: &str, needs: &[(&str, DependencyKind)]) {
        let folder = self.path().join(folder);
        let dependency = |(name, kind): &(&str, DependencyKind)| Dependency {
            name: (*name).to_string(),
            kind: *kind,
        };
        self.packages.push(Package {
            name: name.to_string(),
            manifest: folder.join("Cargo.toml"),
            targets: vec![Target {
                kind: vec!["lib".to_string()],
                root: folder.join("src/lib.rs"),
            }],
            dependencies: needs.iter().map(dependency).collect(),
        });
    }

    pub fn orders(&self, text: &str) -> Result<Orders, OrdersError> {
        self.write(&[("orders.toml", text)]);
        Orders::read(&self.path().join("orders.toml"))
    }

    pub fn report(&self, orders: &str) -> Report {
        let (root, packages) = (self.path().to_path_buf(), self.packages.clone());
        check(&Workspace { root, packages }, &self.orders(orders).unwrap()).unwrap()
    }

    pub fn findings(&self, orders: &str) -> Vec<String> {
        self.report(orders)
            .findings
            .iter()
            .map(ToString::to_string)
            .collect()
    }
}

/// What is found in one crate without an order.
pub fn without_order(files: &[(&str, &str)]) -> Vec<String> {
    House::new(files).findings("[crate.house]")
}
