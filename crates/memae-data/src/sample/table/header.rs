//! The first line of a file where it holds the names of the columns.

use std::io::Read;

use super::config::{ColumnId, ColumnKind, TableConfig};
use super::error::TableError;
use super::numbers::Number;
use super::parse::{NOT_UTF8, NumberRules, OTHER_ENCODINGS};
use super::place::{Counted, FieldPlace};
use crate::format::Rows;
use crate::short_text::shortened;

/// The name that the current row has for a column.
pub(super) fn header_name(rows: &Rows<impl Read>, column: usize) -> Result<String, TableError> {
    match std::str::from_utf8(rows.field(column)) {
        // Other blanks than those of ASCII too.
        Ok(name) => Ok(name.trim().to_string()),
        Err(_) => Err(TableError::Field {
            place: FieldPlace {
                counted: Counted::Lines,
                line: rows.line(),
                column: column + 1,
                name: String::new(),
            },
            found: NOT_UTF8.to_string(),
            expected: "a name".to_string(),
            hint: OTHER_ENCODINGS,
        }),
    }
}

/// The current row, which holds the names of columns of these kinds, must not look like a row of numbers: in a file
/// without names that row would be lost.
pub(super) fn refuse_numbers(
    config: &TableConfig,
    kinds: &[ColumnKind],
    rows: &Rows<impl Read>,
) -> Result<(), TableError> {
    let rules = NumberRules::new(&config.clone().with_missing(true).with_infinite(true));
    let number = |field: &[u8]| match field.is_empty() && !config.missing {
        // A column may go without a name, as that of an index does.
        true => None,
        false => rules.number(field).ok(),
    };
    let asked = [&config.numeric, &config.categorical, &config.ignored];
    let mut asked = asked.into_iter().flatten().chain(&config.label);
    let is_a_name = |id: &ColumnId| match id {
        ColumnId::Name(name) => number(name.trim().as_bytes()).is_none(),
        ColumnId::Number(_) => false,
    };
    // It was found in this row.
    if asked.any(is_a_name) {
        return Ok(());
    }
    let all: Vec<usize> = (0..kinds.len()).collect();
    let is_numeric = |&column: &usize| kinds[column] == ColumnKind::Numeric;
    let numeric: Vec<usize> = all.iter().copied().filter(is_numeric).collect();
    for columns in [numeric, all] {
        let numbers = columns.iter().map(|&column| number(rows.field(column)));
        let Some(numbers) = numbers.collect::<Option<Vec<Number>>>() else {
            continue;
        };
        // What stands for a missing number tells nothing by itself.
        let known = numbers.iter().position(|&number| number != Number::Missing);
        if let Some(index) = known {
            return Err(TableError::NumbersForNames {
                line: rows.line(),
                column: columns[index] + 1,
                found: shortened(&String::from_utf8_lossy(rows.field(columns[index]))),
            });
        }
    }
    Ok(())
}
