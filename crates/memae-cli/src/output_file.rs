//! Files that a command is to write.

use std::path::{Path, PathBuf};

use memae::data::format::shown;

use crate::failure::Failure;

/// Checks that a file can be written and is none of those that are read, so that nothing is lost, and a long run does not fail at
/// its end.
pub(crate) fn check_output(output: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    if output.is_dir() {
        return Err(Failure::Other(format!(
            "{}: found a folder, expected the name of a file to write",
            shown(output)
        )));
    }
    // One that is not there yet is no input.
    if let Ok(resolved) = output.canonicalize() {
        let same = |input: &PathBuf| input.canonicalize().is_ok_and(|input| input == resolved);
        if inputs.iter().any(same) {
            return Err(Failure::Other(format!(
                "{}: found one of the files that are read, expected another file to write",
                shown(output)
            )));
        }
    }
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let metadata = folder.metadata().map_err(Failure::writing(folder))?;
    match metadata.is_dir() && !metadata.permissions().readonly() {
        true => Ok(()),
        false => Err(Failure::Other(format!(
            "{}: found no folder that can be written, expected one for {}",
            shown(folder),
            shown(output)
        ))),
    }
}
