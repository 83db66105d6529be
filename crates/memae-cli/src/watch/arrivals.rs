//! Which pictures of a folder are new, and whole.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use memae::data::dataset::visit_images;
use memae::data::format::FileError;

/// Length and time of the last change: a file that keeps both is taken to be whole.
type State = (u64, Option<SystemTime>);

/// What a look at a folder found.
pub(super) struct Look {
    /// New pictures that have not changed since the look before.
    pub(super) whole: Vec<PathBuf>,
    /// What could not be looked at, once each.
    pub(super) unreadable: Vec<(PathBuf, FileError)>,
    /// Whether some are still being written.
    pub(super) waiting: bool,
}

/// What is known of the pictures of a folder.
#[derive(Default)]
pub(super) struct Arrivals {
    /// By their hash alone: a folder may be watched for years.
    seen: HashSet<u64>,
    waiting: HashMap<PathBuf, State>,
}

impl Arrivals {
    pub(super) fn look(&mut self, folder: &Path) -> Look {
        let mut look = Look {
            whole: Vec::new(),
            unreadable: Vec::new(),
            waiting: false,
        };
        let mut waiting = HashMap::new();
        visit_images(folder, &mut |image| {
            match image {
                Ok(path) if self.seen.contains(&hash(&path)) => {}
                Ok(path) => match state(&path) {
                    Some(state) if self.waiting.get(&path) == Some(&state) => {
                        self.seen.insert(hash(&path));
                        look.whole.push(path);
                    }
                    // Gone again, or still to be looked at.
                    state => waiting.extend(state.map(|state| (path, state))),
                },
                Err(error) => {
                    let said = error.to_string();
                    if self.seen.insert(hash(&said)) {
                        look.unreadable.push((folder.to_path_buf(), error));
                    }
                }
            }
            ControlFlow::Continue(())
        });
        look.waiting = !waiting.is_empty();
        self.waiting = waiting;
        look
    }
}

fn state(path: &Path) -> Option<State> {
    let metadata = path.metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
