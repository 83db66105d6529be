use super::config::{ColumnId, ColumnKind, Header, TableConfig};
use super::error::TableError;
use super::place::unnamed;
use crate::short_text::{listed, shortened};

/// The name and the kind of each column of a file, given the names that stand in it, or how many columns it has.
pub(super) fn resolve(
    config: &TableConfig,
    names: Vec<String>,
) -> Result<Vec<(String, ColumnKind)>, TableError> {
    let mut kinds: Vec<Option<ColumnKind>> = vec![None; names.len()];
    let asked = [
        (ColumnKind::Numeric, &config.numeric[..]),
        (ColumnKind::Categorical, &config.categorical[..]),
        (ColumnKind::Ignored, &config.ignored[..]),
        (ColumnKind::Label, config.label.as_slice()),
    ];
    for (kind, ids) in asked {
        for id in ids {
            let index = find(id, &names)?;
            match kinds[index] {
                Some(first) if first != kind => {
                    return Err(TableError::TwoKinds {
                        column: index + 1,
                        name: names[index].clone(),
                        first,
                        second: kind,
                    });
                }
                _ => kinds[index] = Some(kind),
            }
        }
    }
    let columns: Vec<(String, ColumnKind)> = names
        .into_iter()
        .zip(kinds)
        .map(|(name, kind)| (name, kind.unwrap_or(config.others)))
        .collect();
    check(&columns)?;
    Ok(columns)
}

fn find(id: &ColumnId, names: &[String]) -> Result<usize, TableError> {
    match id {
        ColumnId::Number(number) => match (1..=names.len()).contains(number) {
            true => Ok(number - 1),
            false => Err(TableError::UnknownNumber {
                found: *number,
                columns: names.len(),
            }),
        },
        ColumnId::Name(name) => {
            let mut found = (0..names.len()).filter(|&index| names[index] == *name);
            match (found.next(), found.next()) {
                (Some(index), None) => Ok(index),
                (Some(first), Some(second)) => Err(repeated(name, first, second)),
                (None, _) => Err(TableError::UnknownName {
                    found: shortened(name),
                    present: listed(names),
                }),
            }
        }
    }
}

/// What is read must be something, with one label at most, under distinct names.
fn check(columns: &[(String, ColumnKind)]) -> Result<(), TableError> {
    let of_kind = |wanted: &[ColumnKind]| -> Vec<usize> {
        let kept = |&index: &usize| wanted.contains(&columns[index].1);
        (0..columns.len()).filter(kept).collect()
    };
    let read = of_kind(&[ColumnKind::Numeric, ColumnKind::Categorical]);
    if read.is_empty() {
        return Err(TableError::NoColumns);
    }
    let labels = of_kind(&[ColumnKind::Label]).len();
    if labels > 1 {
        return Err(TableError::SeveralLabels { found: labels });
    }
    let mut by_name = read;
    by_name.sort_by_key(|&index| &columns[index].0);
    let repeats = |pair: &&[usize]| columns[pair[0]].0 == columns[pair[1]].0;
    match by_name.windows(2).find(repeats) {
        Some(pair) => Err(repeated(&columns[pair[0]].0, pair[0], pair[1])),
        None => Ok(()),
    }
}

fn repeated(name: &str, first: usize, second: usize) -> TableError {
    TableError::RepeatedName {
        name: shortened(name),
        first: first + 1,
        second: second + 1,
    }
}

/// The names of the columns where the file does not hold them.
pub(super) fn given_names(header: &Header, columns: usize) -> Vec<String> {
    match header {
        Header::Names(names) => names.clone(),
        _ => (1..=columns).map(unnamed).collect(),
    }
}
