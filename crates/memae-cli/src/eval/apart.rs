//! Tables whose rows are known to be normal, apart from those whose rows are known not to be.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use memae::data::format::shown;

use crate::failure::Failure;

/// Every table may be named once: its rows can't be both normal and anomalous, and would count twice.
pub(super) fn check_apart(normal: &[PathBuf], anomalous: &[PathBuf]) -> Result<(), Failure> {
    let mut seen: HashMap<PathBuf, &str> = HashMap::new();
    let named = |option: &'static str| move |path| (option, path);
    let normal = normal.iter().map(named("--normal"));
    for (option, path) in normal.chain(anomalous.iter().map(named("--anomalous"))) {
        match seen.insert(place(path), option) {
            None => {}
            Some(before) if before == option => {
                return Err(Failure::Other(format!(
                    "{}: found twice behind {option}, expected each table once",
                    shown(path)
                )));
            }
            Some(before) => {
                return Err(Failure::Other(format!(
                    "{}: found the same rows behind {before} and {option}, expected other rows behind each",
                    shown(path)
                )));
            }
        }
    }
    Ok(())
}

/// The file, however it is spelled; what can't be found is told when it is read.
fn place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}
