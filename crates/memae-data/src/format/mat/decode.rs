use std::io::{BufReader, Read};

use super::error::MatError;
use super::value::{MatLimits, MatValue, MatVariable};
use super::visit::{MatPart, visit_variables};

/// Decodes the variables of a .mat file.
///
/// Memory grows with the bytes that are read, never with what the file claims, and all variables together take no more than
/// `limits` says for their values and 64 MiB besides.
///
/// # Errors
///
/// The bytes cannot be read, or are not such a file within `limits`; files of version 7.3 are HDF5 files and are not read.
pub fn decode_mat(reader: impl Read, limits: MatLimits) -> Result<Vec<MatVariable>, MatError> {
    let mut variables: Vec<MatVariable> = Vec::new();
    let mut left = limits.max_values;
    visit_variables(BufReader::new(reader), limits, &mut |name, part| {
        let value = match part {
            MatPart::CellsBegin => MatValue::Cells(Vec::new()),
            MatPart::Whole(value) | MatPart::Cell(value) if !fits(&value, &mut left) => {
                drop(value);
                return Err(MatError::TooManyValues {
                    place: format!("variable `{}`", name.escape_default()),
                    max_values: limits.max_values,
                });
            }
            MatPart::Whole(value) => value,
            MatPart::Cell(value) => {
                if let Some(variable) = variables.last_mut()
                    && let MatValue::Cells(cells) = &mut variable.value
                {
                    cells.push(value);
                }
                return Ok(());
            }
        };
        variables.push(MatVariable {
            name: name.to_string(),
            value,
        });
        Ok(())
    })?;
    Ok(variables)
}

/// Takes the values of an array from those that may still be read.
fn fits(value: &MatValue, left: &mut u64) -> bool {
    let MatValue::Array(array) = value else {
        return true;
    };
    match left.checked_sub(array.values.len() as u64) {
        Some(rest) => *left = rest,
        None => return false,
    }
    true
}
