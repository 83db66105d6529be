//! Which pictures of a folder are new, and whole.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use memae::data::dataset::visit_images;
use memae::data::format::{FileError, PassedOver};

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
    /// What was passed over, where it is more or less than before.
    pub(super) passed_over: Option<PassedOver>,
}

/// What is known of the pictures of a folder.
#[derive(Default)]
pub(super) struct Arrivals {
    /// The state of each by the hash of its path, by hashes alone: a folder may be watched for years. One that is overwritten is new.
    seen: HashMap<u64, u64>,
    waiting: HashMap<PathBuf, State>,
    /// How much was passed over at the last look.
    passed_over: usize,
}

impl Arrivals {
    pub(super) fn look(&mut self, folder: &Path) -> Look {
        let mut look = Look {
            whole: Vec::new(),
            unreadable: Vec::new(),
            waiting: false,
            passed_over: None,
        };
        let mut waiting = HashMap::new();
        let passed_over = visit_images(folder, &mut |image| {
            match image {
                Ok(path) => match state(&path) {
                    Some(state) if self.seen.get(&hash(&path)) == Some(&hash(&state)) => {}
                    Some(state) if self.waiting.get(&path) == Some(&state) => {
                        self.seen.insert(hash(&path), hash(&state));
                        look.whole.push(path);
                    }
                    // Gone again, or still to be looked at.
                    state => waiting.extend(state.map(|state| (path, state))),
                },
                Err(error) => {
                    let said = error.to_string();
                    if self.seen.insert(hash(&said), 0).is_none() {
                        look.unreadable.push((error.path().to_path_buf(), error));
                    }
                }
            }
            ControlFlow::Continue(())
        });
        if passed_over.count() != self.passed_over {
            self.passed_over = passed_over.count();
            look.passed_over = Some(passed_over);
        }
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
