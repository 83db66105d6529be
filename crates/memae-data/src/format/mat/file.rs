use std::io::BufReader;
use std::path::Path;

use super::decode::decode_mat;
use super::error::MatError;
use super::value::{MatLimits, MatVariable};
use super::visit::{MatPart, visit_variables};
use crate::format::error::FileError;
use crate::format::open::open_file;

/// Reads the variables of a .mat file.
///
/// Memory grows with the bytes that are read, never with what the file claims, and all variables together take no more than
/// `limits` says for their values and 64 MiB besides.
///
/// # Errors
///
/// The file cannot be read ([`FileError::Read`]), or is not such a file within `limits` ([`FileError::Mat`]); files
/// of version 7.3 are HDF5 files and are not read.
///
/// ```no_run
/// use memae_data::format::{MatLimits, MatValue, read_mat};
///
/// let variables = read_mat("1_label.mat", MatLimits::default().with_max_values(1 << 28))?;
/// assert_eq!(variables[0].name, "volLabel");
/// let MatValue::Cells(masks) = &variables[0].value else { panic!("one mask in each cell") };
/// println!("{} frames", masks.len());
/// # Ok::<(), memae_data::format::FileError>(())
/// ```
pub fn read_mat(path: impl AsRef<Path>, limits: MatLimits) -> Result<Vec<MatVariable>, FileError> {
    let path = path.as_ref();
    decode_mat(open_file(path)?, limits).map_err(|error| located(path, error))
}

/// Calls `visit` with the name of each variable and its parts, of which one at a time is in memory.
///
/// The limit of values holds for each part alone; what is kept of them has to have a limit too.
pub(crate) fn visit_mat(
    path: &Path,
    limits: MatLimits,
    visit: &mut dyn FnMut(&str, MatPart) -> Result<(), MatError>,
) -> Result<(), FileError> {
    let reader = BufReader::new(open_file(path)?);
    visit_variables(reader, limits, visit).map_err(|error| located(path, error))
}

fn located(path: &Path, error: MatError) -> FileError {
    FileError::Mat {
        path: path.to_path_buf(),
        error,
    }
}
