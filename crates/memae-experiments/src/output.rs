use memae_data::format::shown;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::ExperimentError;

/// Checks that files can be written in a folder, which need not be there yet, so that a long run does not fail at its end.
/// Nothing is made: a run that ends before it has results leaves no folder behind.
///
/// # Errors
///
/// The folder can't be written, or can't be made where the nearest one above it that is there can't be written.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let out = folder.path().join("results");
/// memae_experiments::check_writable(&out)?;
/// assert!(!out.exists());
/// # Ok(())
/// # }
/// ```
pub fn check_writable(folder: impl AsRef<Path>) -> Result<(), ExperimentError> {
    let folder = folder.as_ref();
    // A link that leads nowhere is in the way, too.
    let is_there = |path: &&Path| path.symlink_metadata().is_ok();
    let there = folder.ancestors().find(is_there);
    let there = there.unwrap_or(Path::new("."));
    tempfile::tempfile_in(there)
        .map(|_| ())
        .map_err(|error| ExperimentError::write(folder, error))
}

/// Checks that a file can be written and is none of those that are read, so that nothing is lost, and a long run does not fail
/// at its end.
///
/// # Errors
///
/// It is one of the files that are read, by whatever name; its folder can't be written.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let video = folder.path().join("camera.mp4");
/// std::fs::write(&video, "frames")?;
/// memae_experiments::check_output(&folder.path().join("scores.csv"), &[&video])?;
/// assert!(memae_experiments::check_output(&video, &[&video]).is_err());
/// # Ok(())
/// # }
/// ```
pub fn check_output(output: &Path, inputs: &[&Path]) -> Result<(), ExperimentError> {
    // One that is not there yet is no input.
    if let Ok(output) = output.canonicalize() {
        let same = |input: &&&Path| input.canonicalize().is_ok_and(|input| input == output);
        if inputs.iter().any(|input| same(&input)) {
            return Err(ExperimentError::OutputIsInput {
                path: shown(output),
            });
        }
    }
    let folder = match output.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    tempfile::tempfile_in(folder)
        .map(|_| ())
        .map_err(|error| ExperimentError::write(output, error))
}

/// Makes a folder for results if need be.
pub(crate) fn make_folder(folder: &Path) -> Result<(), ExperimentError> {
    std::fs::create_dir_all(folder).map_err(|error| ExperimentError::write(folder, error))
}

/// Writes a report, in place of an older one.
pub(crate) fn write_json(path: &Path, report: &impl Serialize) -> Result<(), ExperimentError> {
    let json = serde_json::to_string_pretty(report)
        .map_err(|error| ExperimentError::write(path, error))?;
    replace_file(path, |file| file.write_all(json.as_bytes()))
        .map_err(|error| ExperimentError::write(path, error))
}

/// Writes a file beside `path`, in a folder that is made if need be, and renames it to `path`: after a crash the old file is
/// there, or the new one, and never a part of it. On failure no file is left behind.
pub(crate) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    memae_data::format::replace_file(path, write)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_a_folder_can_be_written_is_found_without_making_it() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("results/of/today");
        check_writable(&out).unwrap();
        assert!(folder.path().read_dir().unwrap().next().is_none());
        write_json(&out.join("report.json"), &1).unwrap();
        check_writable(&out).unwrap();
        assert_eq!(out.read_dir().unwrap().count(), 1);
        let below_a_file = out.join("report.json/more");
        let error = check_writable(&below_a_file).unwrap_err().to_string();
        assert!(error.contains("report.json"), "{error}");
    }

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let names = || -> Vec<_> {
            let entries = std::fs::read_dir(folder.path()).unwrap();
            entries.map(|entry| entry.unwrap().file_name()).collect()
        };
        replace_file(&path, |file| file.write_all(b"first")).unwrap();
        replace_file(&path, |file| file.write_all(b"second")).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");

        let failure = replace_file(&path, |file| {
            file.write_all(b"a part")?;
            Err(io::Error::other("disk full"))
        });
        assert_eq!(failure.unwrap_err().to_string(), "disk full");
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(names(), ["report.json"]);

        // A rename that fails leaves nothing behind either.
        assert!(replace_file(folder.path(), |_| Ok(())).is_err());
        std::fs::create_dir(folder.path().join("taken")).unwrap();
        assert!(replace_file(&folder.path().join("taken"), |_| Ok(())).is_err());
        assert_eq!(names().len(), 2);
    }
}
