//! What to run in Python where a file holds something else than weights.

use std::io::{BufReader, Read};
use std::path::Path;

use memae_data::format::open_file;
use zip::ZipArchive;

/// The line that writes the weights of a TorchScript program.
pub(super) const OF_SCRIPT: &str = "in Python `torch.save(torch.jit.load(\"old.pt\").state_dict(), \"new.pt\")` writes its weights";

/// The attributes of every pickled module.
const MODULE_TABLES: [&[u8]; 3] = [b"_parameters", b"_buffers", b"_modules"];

/// The line that writes one of several dictionaries, whose keys are given as Python writes them.
pub(super) fn choosing(keys: &str) -> String {
    format!("torch.save(torch.load(\"old.pt\", map_location=\"cpu\"){keys}, \"new.pt\")")
}

/// Dictionaries as they stand in a message.
pub(super) fn listed(places: &[String]) -> String {
    let shown = places.iter().take(10).map(|keys| match keys.is_empty() {
        true => "the dictionary of the file",
        false => keys,
    });
    shown.collect::<Vec<_>>().join(" and in ")
}

/// Whether a file holds whole modules, not their weights alone; looked up when it matters.
pub(super) struct WholeModule {
    path: Option<std::path::PathBuf>,
    max_bytes: u64,
}

impl WholeModule {
    pub(super) fn new(path: &Path, max_bytes: u64) -> Self {
        Self {
            path: Some(path.to_path_buf()),
            max_bytes,
        }
    }

    /// No module at all.
    pub(super) fn none() -> Self {
        Self {
            path: None,
            max_bytes: 0,
        }
    }

    /// What an error says beside what is wrong, after a semicolon; nothing if there is no module.
    pub(super) fn hint(&self) -> &'static str {
        let pickle = self.path.as_deref().and_then(|path| self.pickle(path));
        let found = pickle.is_some_and(|pickle| {
            let tables = MODULE_TABLES.iter();
            let mut tables =
                tables.map(|table| pickle.windows(table.len()).any(|part| part == *table));
            tables.all(|found| found)
        });
        match found {
            true => {
                "; it holds a whole module: in Python `torch.save(model.state_dict(), \"new.pt\")` writes its weights alone"
            }
            false => "",
        }
    }

    /// The pickle of a file, or its beginning.
    fn pickle(&self, path: &Path) -> Option<Vec<u8>> {
        let mut pickle = Vec::new();
        let file = BufReader::new(open_file(path).ok()?);
        if let Ok(mut archive) = ZipArchive::new(file) {
            let count = archive.len();
            let mut is_pickle = |index: usize| {
                let entry = archive.by_index_raw(index);
                entry.is_ok_and(|entry| entry.name_raw().ends_with(b"data.pkl"))
            };
            let index = (0..count).find(|&index| is_pickle(index))?;
            let entry = archive.by_index(index).ok()?;
            entry.take(self.max_bytes).read_to_end(&mut pickle).ok()?;
        } else {
            let file = open_file(path).ok()?;
            file.take(self.max_bytes).read_to_end(&mut pickle).ok()?;
        }
        Some(pickle)
    }
}
