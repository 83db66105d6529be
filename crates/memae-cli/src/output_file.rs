//! Files that a command is to write.

use std::io::Read;
use std::path::{Path, PathBuf};

use memae::data::format::{open_file, replaceable, shown};

use crate::failure::Failure;

/// Checks that a file can be written and is none of those that are read, so that nothing is lost, and a long run does not fail at
/// its end. What lies in a folder that is read may be replaced only if it is what the program writes: a detector or a page.
pub(crate) fn check_output<P: AsRef<Path>>(output: &Path, inputs: &[P]) -> Result<(), Failure> {
    if output.is_dir() {
        return Err(Failure::Other(format!(
            "{}: found a folder, expected the name of a file to write",
            shown(output)
        )));
    }
    replaceable(output).map_err(|error| Failure::Other(format!("{}: {error}", shown(output))))?;
    // One that is not there yet is no input.
    if let Ok(resolved) = output.canonicalize() {
        let inputs = inputs
            .iter()
            .filter_map(|input| input.as_ref().canonicalize().ok());
        for input in inputs {
            let found = match input == resolved {
                true => "one of the files that are read",
                false if resolved.starts_with(&input) && !is_own(&resolved) => {
                    "a file in a folder that is read"
                }
                false => continue,
            };
            return Err(Failure::Other(format!(
                "{}: found {found}, expected another file to write",
                shown(output)
            )));
        }
    }
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    folder.metadata().map_err(Failure::writing(folder))?;
    // What permissions say is not all: of others' files, of file systems that are only read. A file without a name leaves nothing.
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::Other(format!(
            "{}: found no folder that can be written ({}), expected one for {}",
            shown(folder),
            error.kind(),
            shown(output)
        ))),
    }
}

/// Checks that a folder of pictures to write is none that pictures are read from: they would be read again, or replaced.
pub(crate) fn check_output_folder(output: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    let Ok(resolved) = output.canonicalize() else {
        // It may still be one below a folder that is read.
        return match output.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => check_output_folder(parent, inputs),
            Some(_) => check_output_folder(Path::new("."), inputs),
            None => Ok(()),
        };
    };
    let is_read = |input: &&PathBuf| {
        input.is_dir()
            && input
                .canonicalize()
                .is_ok_and(|input| resolved.starts_with(input))
    };
    match inputs.iter().find(is_read) {
        Some(input) => Err(Failure::Other(format!(
            "{}: found a folder in {}, which is read, expected another one to write to",
            shown(output),
            shown(input)
        ))),
        None => Ok(()),
    }
}

/// Whether a file is what the program writes: a detector or a page of HTML, or nothing yet.
fn is_own(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = open_file(path).map(|file| file.take(9).read_to_end(&mut start));
    matches!(read, Ok(Ok(_)))
        && (start.is_empty() || start.starts_with(b"<") || start.get(8) == Some(&b'{'))
}
